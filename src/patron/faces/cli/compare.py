"""`patron compare RUN1 RUN2`: what moved between two runs."""

from __future__ import annotations

from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.words import Text

_ABOUT = Text(
    "Shows what moved from one run to another: customers gained and lost, stages changed, value and risk.",
    "比较两次运行：增减了哪些客户、阶段有何变化、价值与风险如何移动。",
)


def compare(words: list[str], terminal: Terminal) -> int:
    """Prints the comparison of two run folders, the earlier first."""
    parser = Parser("compare", _ABOUT, terminal)
    parser.argument("earlier", metavar="RUN1", about=Text("folder of the earlier run", "较早一次运行的目录"))
    parser.argument("later", metavar="RUN2", about=Text("folder of the later run", "较晚一次运行的目录"))
    args = parser.parse_args(words)
    from patron.study.compare import compare as study
    from patron.study.run import open_run

    terminal.answer(study(open_run(args.earlier), open_run(args.later)).text)
    return 0
