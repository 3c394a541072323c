"""`patron totals RUN --ids FILE`: what a group of customers will bring together, with intervals that hold for the group."""

from __future__ import annotations

import sys
from pathlib import Path

from patron.errors import InputError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.tables import columns, money
from patron.faces.cli.terminal import Terminal
from patron.words import Text

_ABOUT = Text(
    "Expected purchases and value of a group together. The intervals come from joint draws: those of single "
    "customers do not add up.",
    "一组客户合计的预期购买次数与价值。区间由联合抽样得出：单个客户的区间不能直接相加。",
)


def totals(words: list[str], terminal: Terminal) -> int:
    """Prints the totals of the customers whose ids a file (or stdin: '-') lists; of everybody without --ids."""
    parser = Parser("totals", _ABOUT, terminal)
    parser.argument("run", metavar="RUN", about=Text("folder of a run", "一次运行的目录"))
    parser.argument(
        "--ids",
        metavar="FILE",
        about=Text("file of customer ids, one a line ('-': stdin)", "客户编号文件，每行一个（“-”为标准输入）"),
    )
    parser.argument("--seed", type=int, default=0, metavar="N", about=Text("seed of the draws", "抽样的随机种子"))
    args = parser.parse_args(words)
    ids = read_ids(args.ids) if args.ids else None
    from patron.study.run import open_run
    from patron.study.totals import totals as study

    found = study(open_run(args.run), ids, args.seed)
    terminal.answer(_table(found, terminal.lang))
    return 0


def read_ids(name: str) -> list[str]:
    """The ids that a text file lists, one a line, blanks around them and empty lines left out."""
    if name == "-":
        text = sys.stdin.read()
    else:
        try:
            text = Path(name).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                Text("the list of ids is not UTF-8 text.", "编号列表不是 UTF-8 文本。"),
                file=name,
                remedy=Text("Save it as plain text, one id a line.", "请另存为纯文本，每行一个编号。"),
            ) from error
        except FileNotFoundError:
            raise InputError(Text("there is no such file.", "找不到该文件。"), file=name) from None
    ids = [line.strip() for line in text.splitlines() if line.strip()]
    if not ids:
        raise InputError(
            Text("there are no ids in it.", "其中没有编号。"),
            file=name,
            remedy=Text("Write one customer id a line.", "请每行写一个客户编号。"),
        )
    return ids
