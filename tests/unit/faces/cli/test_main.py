"""Given words on a command line, then this answer and this exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from patron.errors import InputError, LeakError, PatronError, ResourceError, UsageError
from patron.faces.cli import commands
from patron.faces.cli.commands import COMMANDS
from patron.faces.cli.main import main
from patron.faces.cli.terminal import language
from patron.words import Text

PATRON = [sys.executable, "-P", "-m", "patron"]


def raising(error: BaseException) -> Callable[..., int]:
    def command(*_: object) -> int:
        raise error

    return command


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Lets the command `version` fail with an error."""

    def put(error: BaseException) -> None:
        monkeypatch.setattr(commands.Command, "load", lambda _: raising(error))

    return put


def test_help_lists_every_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("en", "zh"):
        assert main(["--lang", lang, "--help"]) == 0
        said = capsys.readouterr().out
        for command in COMMANDS.values():
            assert command.name in said
            assert command.about.say(lang) in said


@pytest.mark.parametrize("words", [[], ["help"], ["-h"], ["--help"]])
def test_no_words_are_a_question_for_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "analyze" in capsys.readouterr().out


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize("lang, usage", [("en", "usage: patron "), ("zh", "用法：patron ")])
def test_every_command_has_help_in_both_languages(
    name: str, lang: str, usage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help", "--lang", lang]) == 0
    assert capsys.readouterr().out.startswith(usage + name)


def test_options_for_every_command_may_come_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "-q", "version", "--help"]) == 0
    assert capsys.readouterr().out.startswith("用法：")


@pytest.mark.parametrize("words", [["version"], ["--version"], ["-V"]])
def test_versions_are_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said.startswith("patron ")
    assert "\nduckdb " in said


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analize"]) == 2
    assert "'patron analyze'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, said",
    [
        (["--lang", "fr", "version"], "does not speak 'fr'"),
        (["version", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["compare", "one"], "the following arguments are required: RUN2"),
        (["analyze"], "name either order files or --sql"),
        (["analyze", "a.csv", "--sql", "sqlite:///x", "--query", "select 1"], "name either order files or --sql"),
        (["analyze", "--sql", "sqlite:///x"], "--sql and --query go together"),
        (["analyze", "a.csv", "--as-of", "yesterday"], "'yesterday' is not a calendar day"),
        (["analyze", "a.csv", "--margin", "3"], "--margin can't be '3'"),
        (["analyze", "a.csv", "--discount", "lots"], "--discount can't be 'lots'"),
        (["analyze", "a.csv", "--map", "customer"], "'customer' is not role=column"),
        (["analyze", "--map", "customer=2", "orders.csv"], "order files come before --map"),
        (["analyze", "a.csv", "--map", "date=2", "--map", "date=3"], "--map names 'date' twice"),
    ],
)
def test_wrong_words_end_with_2_and_say_how(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_wrong_words_are_answered_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--lang", "zh"]) == 2
    assert "缺少参数：RUN1, RUN2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error, code",
    [
        (PatronError("x"), 1),
        (UsageError("x"), 2),
        (InputError("x"), 3),
        (LeakError("x"), 4),
        (ResourceError("x"), 5),
        (MemoryError(), 5),
        (PermissionError(13, "Permission denied", "/out"), 5),
        (OSError(28, "No space left on device"), 5),
        (KeyboardInterrupt(), 130),
        (SystemExit(0), 0),
    ],
)
def test_each_error_has_its_exit_code(
    error: BaseException, code: int, stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(error)
    assert main(["version"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_an_error_is_said_with_its_place_and_remedy(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(
        InputError(Text("is empty", "为空"), file="a.csv", row=3, column="price", remedy=Text("Fill it.", "请补上。"))
    )
    assert main(["version", "--lang", "zh"]) == 3
    assert capsys.readouterr().err == "Patron：a.csv，第 3 行，“price”列：为空\n请补上。\n"


def test_an_unexpected_error_keeps_its_traceback_in_a_file(
    stand_in: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    stand_in(ZeroDivisionError("by nothing"))
    assert main(["version"]) == 1
    said = capsys.readouterr().err
    (kept,) = scratch.glob("patron-error-*.txt")
    assert "ZeroDivisionError: by nothing" in said
    assert str(kept) in said
    assert "Traceback" not in said
    assert "Traceback" in kept.read_text()


def engine_under_a_signal(number: signal.Signals) -> Callable[..., int]:
    """A command whose engine swallows the interruption and reports an error of its own, as DuckDB does."""

    def command(*_: object) -> int:
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None
        return 0

    return command


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_engine_that_is_interrupted_is_no_mishap(
    number: signal.Signals, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    monkeypatch.setattr(commands.Command, "load", lambda _: engine_under_a_signal(number))
    assert main(["version", "--lang", "en"]) == code
    assert capsys.readouterr().err == "Patron: stopped; nothing was left half-written.\n"
    assert signal.getsignal(number) == before


def test_debug_shows_where_an_error_comes_from(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(InputError("x"))
    assert main(["version", "--debug"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_mishap() -> None:
    reader, writer = os.pipe()
    os.close(reader)  # nobody reads: the first flush fails
    done = subprocess.run([*PATRON, "version"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    "words, environ, lang",
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "PATRON_LANG": "zh"}, "zh"),
        (["analyze", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["analyze", "--lang=zh"], {}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for(words: list[str], environ: dict[str, str], lang: str) -> None:
    assert language(words, environ) == lang


def test_help_takes_under_three_tenths_of_a_second() -> None:
    took = []
    for _ in range(5):
        process = subprocess.Popen([*PATRON, "--help"], stdout=subprocess.DEVNULL)
        _, process.returncode, used = os.wait4(process.pid, 0)
        assert process.returncode == 0
        took.append(used.ru_utime + used.ru_stime)  # wall time would measure the neighbours too
    assert min(took) < 0.3


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from patron.faces.cli.main import main; main(['--help']); "
        "heavy = {'numpy', 'scipy', 'pyarrow', 'ibis', 'duckdb', 'jinja2', 'django'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
