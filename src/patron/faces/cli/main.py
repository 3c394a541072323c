"""`patron COMMAND …`: finds the command, runs it, and turns what went wrong into words and an exit code.

Exit codes (docs/cli.md): 0 done, 1 a mistake in Patron itself, 2 wrong words, 3 input, 4 leak, 5 resources,
130 interrupted, 141 the reader of the output went away, 143 told to end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from patron.errors import PatronError, ResourceError, UsageError
from patron.faces.cli.commands import COMMANDS
from patron.faces.cli.terminal import Terminal, standard
from patron.words import Text

INTERRUPTED, READER_GONE, TOLD_TO_END = 130, 141, 143
_ABOUT = Text(
    "Patron: what every customer has been worth, will be worth, whether they are still there, and who to keep.",
    "Patron：每位客户带来过多少价值、还将带来多少、是否还在，以及该留住谁。",
)
_USAGE = Text(
    "usage: patron COMMAND …   (patron COMMAND --help shows its options)",
    "用法：patron 命令 …（patron 命令 --help 显示选项）",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line; returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    terminal = Terminal("en", sys.stdout, sys.stderr)
    stop = Stop()
    try:
        terminal = standard(words, os.environ)
        with stop.listening():
            code = _dispatch(words, terminal)
            terminal.out.flush()
    except BrokenPipeError:
        # Python flushes stdout once more on its way out; give it something that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), terminal.out.fileno())
        return READER_GONE
    except SystemExit as leaving:  # argparse after --help
        return leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        return _stopped(terminal, stop.code or INTERRUPTED)
    except Exception as error:
        # An engine that is interrupted in the middle of a query reports that as an error of its own.
        return _stopped(terminal, stop.code) if stop.code else _explain(error, terminal)
    return code


def _dispatch(words: list[str], terminal: Terminal) -> int:
    """The command named first (options for every command may come before it), called with the words after it."""
    before: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word in {"-h", "--help"}:
            return _help(terminal)
        if word in {"-V", "--version"}:
            rest.insert(0, "version")
            break
        before.append(word)
        if word == "--lang" and rest:
            before.append(rest.pop(0))
    if not rest or rest[0] == "help":
        return _help(terminal)
    name = rest.pop(0)
    if name not in COMMANDS:
        raise _unknown(name)
    return COMMANDS[name].load()([*before, *rest], terminal)


def _help(terminal: Terminal) -> int:
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {c.name:<{width}}{c.about.say(terminal.lang)}" for c in COMMANDS.values()]
    terminal.answer("\n".join([_ABOUT.say(terminal.lang), "", _USAGE.say(terminal.lang), "", *lines]))
    return 0


def _unknown(name: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    remedy = Text(f"Did you mean 'patron {near[0]}'?", f"是否想输入“patron {near[0]}”？") if near else None
    return UsageError(
        Text(f"there is no command '{name}'.", f"没有命令“{name}”。"),
        remedy=remedy or Text("'patron --help' lists them.", "“patron --help”列出所有命令。"),
    )


class Stop:
    """Ctrl-C and SIGTERM: both end the command on its own way out, so that half-written folders are taken away.

    `code` is the exit code that the last signal asks for, 0 as long as none came.
    """

    def __init__(self) -> None:
        self.code = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While inside, signals raise KeyboardInterrupt; afterwards they do what they did before."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may listen
            return
        before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heard(self, number: int, _frame: FrameType | None) -> NoReturn:
        self.code = TOLD_TO_END if number == signal.SIGTERM else INTERRUPTED
        raise KeyboardInterrupt


def _stopped(terminal: Terminal, code: int) -> int:
    said = Text("stopped; nothing was left half-written.", "已停止；没有留下写到一半的文件。")
    terminal.problem(said.say(terminal.lang))
    return code


def _explain(error: Exception, terminal: Terminal) -> int:
    """Says what went wrong in words; the traceback goes to a file, or to stderr with --debug."""
    if terminal.debug:
        import traceback

        traceback.print_exception(error, file=terminal.err)
    known = _known(error)
    if known is not None:
        terminal.problem(known.say(terminal.lang))
        return known.exit_code
    from patron.faces.cli.mishap import keep

    place = keep(error)
    said = Text(
        f"met an error it did not expect: {type(error).__name__}: {error}\nWhere it happened is in {place}; "
        "please report it with that file (read it first: it may name your files and quote a cell of them).",
        f"遇到意料之外的错误：{type(error).__name__}：{error}\n详细位置见 {place}；"
        "请附上该文件反馈（请先看一遍：其中可能含有您的文件名或某个单元格的内容）。",
    )
    terminal.problem(said.say(terminal.lang))
    return 1


def _known(error: Exception) -> PatronError | None:
    """`error` as one of Patron's own: running out of memory or disk, and refusals of the system, are resources."""
    if isinstance(error, PatronError):
        return error
    if isinstance(error, MemoryError):
        return ResourceError(
            Text("memory ran out.", "内存不足。"),
            remedy=Text("Close other programs or analyse fewer lines.", "请关闭其他程序，或减少分析的行数。"),
        )
    if isinstance(error, OSError):
        name = None if error.filename is None else str(error.filename)
        reason = error.strerror or str(error)
        return ResourceError(
            Text(f"the system refused: {reason}.", f"系统拒绝了操作：{reason}。"),
            file=name,
            remedy=Text(
                "Check that it exists, may be used and has room.", "请检查它是否存在、有无权限、空间是否足够。"
            ),
        )
    return None
