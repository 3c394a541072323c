"""`patron report RUN`: writes report.html of a run anew, in the language asked for."""

from __future__ import annotations

from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.words import Text

_ABOUT = Text(
    "Writes report.html of a run anew, in either language; no figure is computed again.",
    "用任一语言重新生成一次运行的 report.html；不重新计算任何数字。",
)


def report(words: list[str], terminal: Terminal) -> int:
    """Renders the report of a run folder again and prints its path."""
    parser = Parser("report", _ABOUT, terminal)
    parser.argument("run", metavar="RUN", about=Text("folder of a run", "一次运行的目录"))
    args = parser.parse_args(words)
    from patron.study.run import open_run

    terminal.answer(str(open_run(args.run).write_report(terminal.lang)))
    return 0
