"""Given a folder with orders, then each command does its work, as a person would call it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from unit.study.supervised.tables import customers, written

from patron.faces.cli.commands import COMMANDS
from patron.faces.cli.demo import speaks, up_to_date
from patron.faces.cli.main import main
from patron.faces.cli.summary import as_json
from patron.study.run import open_run

# A command line in a process of its own in which Django can't be imported, and imports of it are mistakes.
WITHOUT_DJANGO = (
    "import sys; sys.modules['django'] = None; from patron.faces.cli.main import main; sys.exit(main(sys.argv[1:]))"
)
ASKED = ["--as-of", "2011-09-30", "--horizon", "10w"]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders of every 40th customer of the sample, as CSV."""
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    sample = files("patron") / "data" / "online_retail.parquet"
    with duckdb.connect() as db:
        rows = f"select * replace (CustomerID::int as CustomerID) from '{sample}' where CustomerID % 40 = 0"
        db.execute(f"copy ({rows}) to '{path}' (header)")
    return path


@pytest.fixture(scope="module")
def answer(orders: Path) -> tuple[str, str]:
    """What `patron analyze` says in Chinese on stdout and on stderr; it leaves the folder of `run`."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        assert main(["analyze", str(orders), *ASKED, "--out", str(orders.parent / "run"), "--lang", "zh"]) == 0
    return out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def run(orders: Path, answer: tuple[str, str]) -> Path:
    """A run of these orders."""
    assert answer
    return orders.parent / "run"


def test_analyze_writes_the_whole_folder(run: Path) -> None:
    names = {"scores.csv", "scores.parquet", "rejected.csv", "card.json", "figures.json", "report.html", "parts"}
    assert set(os.listdir(run)) == names
    assert pcsv.read_csv(run / "scores.csv").num_rows == pq.read_table(run / "scores.parquet").num_rows > 80


def test_analyze_ends_with_words_that_agree_with_the_run(run: Path, answer: tuple[str, str]) -> None:
    out, err = answer
    card = json.loads((run / "card.json").read_text(encoding="utf-8"))["input"]
    assert f"{pq.read_table(run / 'scores.parquet').num_rows} 位客户" in out
    assert f"读取 {card['rows_file']:,} 行：使用 {card['rows_used']:,} 行" in out
    assert f"报告：{run / 'report.html'}" in out
    assert "读取订单" in err


def test_a_run_is_summed_up_in_json_for_machines(run: Path) -> None:
    found = json.loads(as_json(open_run(run), run / "report.html"))
    assert found["report"] == str(run / "report.html")
    assert found["as_of"] == "2011-09-30"
    assert found["horizon_days"] == 70
    assert found["customers"] == pq.read_table(run / "scores.parquet").num_rows
    assert sum(stage["customers"] for stage in found["stages"]) == found["customers"]


def test_an_earlier_run_stays_unless_overwrite_is_said(
    orders: Path, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / "card.json").stat()
    assert main(["analyze", str(orders), *ASKED, "--out", str(run), "--lang", "en"]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (run / "card.json").stat() == before


@pytest.mark.parametrize(
    "words, code, said",
    [
        (["nowhere.csv"], 3, "nowhere.csv"),
        (["empty.csv"], 3, "empty.csv"),
        (["orders.csv", "--map", "customer=Nobody"], 2, "Nobody"),
        (["orders.csv", "--as-of", "1990-01-01"], 2, "1990-01-01"),
        (["orders.csv", "--horizon", "soon"], 2, "soon"),
        (["orders.csv", "--timezone", "Mars/Olympus"], 2, "Mars/Olympus"),
        (["orders.csv", "--use", "nowhere"], 3, "nowhere"),
        (["orders.csv", "--date-order", "dym"], 2, "dym"),
        (["orders.csv", "--decimal", ";"], 2, "--decimal"),
        (["orders.csv", "--delimiter", "semicolon"], 2, "semicolon"),
        (["orders.csv", "--encoding", "klingon"], 2, "klingon"),
        (["orders.csv", "--out", "orders.csv"], 2, "orders.csv"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    orders: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").symlink_to(orders)
    (tmp_path / "empty.csv").touch()
    assert main(["analyze", *words, "--lang", "en"]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert sorted(os.listdir(tmp_path)) == ["empty.csv", "orders.csv"]


@pytest.mark.parametrize(
    "order, first, last", [("dmy", "2024-02-01", "2024-12-03"), ("mdy", "2024-01-02", "2024-12-03")]
)
def test_the_order_of_an_ambiguous_date_is_as_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], order: str, first: str, last: str
) -> None:
    days = ["01/02/2024", "02/02/2024", "05/03/2024", "03/05/2024", "06/07/2024", "03/12/2024", "12/03/2024"]
    rows = "".join(f"c{i % 3};{day};{10 + i},50;Köln\n" for i, day in enumerate(days))
    (tmp_path / "orders.csv").write_bytes(f"customer;date;amount;city\n{rows}".encode("cp1252"))
    told = ["--date-order", order, "--delimiter", ";", "--decimal", ",", "--encoding", "cp1252", "--json"]
    words = ["analyze", str(tmp_path / "orders.csv"), "--out", str(tmp_path / "out"), "--lang", "en", *told]
    assert main(words) == 0, capsys.readouterr().err
    scores = pq.read_table(tmp_path / "out" / "scores.parquet")
    assert str(min(scores["first_order"].to_pylist()))[:10] == first
    assert str(max(scores["last_order"].to_pylist()))[:10] == last
    assert sum(scores["revenue"].to_pylist()) == pytest.approx(7 * 10.5 + 21)


@pytest.mark.parametrize("how, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_in_the_middle_leaves_nothing(
    orders: Path, tmp_path: Path, how: signal.Signals, code: int
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environ = {**os.environ, "TMPDIR": str(scratch)}
    command = [
        sys.executable,
        "-P",
        "-m",
        "patron",
        "analyze",
        str(orders),
        "--out",
        str(tmp_path / "out"),
        "--lang",
        "en",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)
    assert process.stderr is not None
    for line in process.stderr:
        if "Testing the models" in line:
            break
    time.sleep(0.2)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == ["scratch"]
    assert os.listdir(scratch) == []


def test_totals_of_a_group_are_less_than_of_everybody(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = pq.read_table(run / "scores.parquet").column("customer_id").to_pylist()[:30]
    (tmp_path / "ids.txt").write_text("\n".join([*ids, "nobody", ""]))
    assert main(["totals", str(run), "--json"]) == 0
    everybody = json.loads(capsys.readouterr().out)
    assert main(["totals", str(run), "--ids", str(tmp_path / "ids.txt"), "--json", "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    some = json.loads(out)
    assert (some["customers"], some["unknown"]) == (30, ["nobody"])
    assert "nobody" in err
    for quantity in ("expected_purchases", "clv"):
        total = some[quantity]
        assert total["low95"] <= total["low"] <= total["value"] <= total["high"] <= total["high95"]
        assert total["value"] < everybody[quantity]["value"]


def test_totals_are_a_table_in_words(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["totals", str(run), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "80% 区间" in out
    assert "购买次数" in out


@pytest.mark.parametrize(
    "content, said",
    [(b"", "no ids"), (b"\n  \n", "no ids"), (b"\xff\xfe\x00", "not UTF-8"), (b"nobody", "none of these")],
)
def test_a_list_without_ids_is_refused(
    run: Path, tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ids.txt").write_bytes(content)
    assert main(["totals", str(run), "--ids", str(tmp_path / "ids.txt"), "--lang", "en"]) == 3
    assert said in capsys.readouterr().err


def test_a_report_is_written_anew_in_the_other_language(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("en", "zh"):
        assert main(["report", str(run), "--lang", lang]) == 0
        assert capsys.readouterr().out == f"{run / 'report.html'}\n"
        assert speaks(run / "report.html", lang)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["totals", str(tmp_path)], ["report", str(tmp_path)], ["compare", str(tmp_path), str(tmp_path)]):
        assert main([*words, "--lang", "en"]) == 3
        assert str(tmp_path) in capsys.readouterr().err


def test_an_earlier_run_scores_later_orders_and_is_compared(
    orders: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later"
    words = ["analyze", str(orders), "--as-of", "2011-12-09", "--use", str(run), "--out", str(later), "--quiet"]
    assert main(words) == 0
    card, earlier = (json.loads((folder / "card.json").read_text()) for folder in (later, run))
    assert card["chosen"] == earlier["chosen"]
    capsys.readouterr()
    assert main(["compare", str(run), str(later), "--lang", "en"]) == 0
    assert "2011-12-09" in capsys.readouterr().out


def test_the_demo_is_up_to_date_until_the_package_changes(tmp_path: Path) -> None:
    assert not up_to_date(tmp_path)
    card = tmp_path / "card.json"
    card.touch()
    assert up_to_date(tmp_path)
    os.utime(card, (0, 0))
    assert not up_to_date(tmp_path)


def test_a_report_says_which_language_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text('<!doctype html>\n<html lang="zh-Hans">')
    assert speaks(tmp_path / "report.html", "zh")
    assert not speaks(tmp_path / "report.html", "en")
    assert not speaks(tmp_path / "nowhere.html", "en")


def called(name: str, orders: Path, run: Path, tmp_path: Path) -> list[str]:
    """Words that make a command do its whole work."""
    people, model = written(customers(300), tmp_path / "people.csv"), tmp_path / "model"
    if name in ("score", "explain", "backtest"):
        assert main(["train", str(people), "--target", "left", "--out", str(model)]) == 0
    words = {
        "analyze": [str(orders), *ASKED, "--out", str(tmp_path / "out")],
        "compare": [str(run), str(run)],
        "totals": [str(run)],
        "report": [str(run)],
        "demo": ["--help"],  # analyze on a larger file
        "version": [],
        "train": [str(people), "--target", "left", "--out", str(tmp_path / "m")],
        "score": [str(model), str(people), "--out", str(tmp_path / "s.csv")],
        "explain": [str(model), str(people), "--out", str(tmp_path / "e.csv")],
        "backtest": [str(model), str(people)],
    }
    return [name, *words[name]]


SERVER = [name for name, command in COMMANDS.items() if command.target.startswith("patron.faces.project.")]
ANALYST = [name for name in COMMANDS if name not in SERVER or name == "demo"]


WHAT_THEY_NEED = {
    "import": ["--resume", "1"],
    "user": ["--email", "a@example.org"],
    "backup": ["base.zip"],
    "restore": [__file__],  # it looks for the file first
}


@pytest.mark.parametrize("name", [name for name in SERVER if name != "demo"])
def test_a_command_of_the_server_names_what_is_missing_where_django_is_not(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", WITHOUT_DJANGO, name, *WHAT_THEY_NEED.get(name, [])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "patron[server]" in done.stderr


@pytest.mark.parametrize("name", ANALYST)
def test_every_command_works_where_django_is_not(name: str, orders: Path, run: Path, tmp_path: Path) -> None:
    words = called(name, orders, run, tmp_path)
    done = subprocess.run(
        [sys.executable, "-P", "-c", WITHOUT_DJANGO, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
