"""`patron totals RUN --ids FILE`: what a group of customers will bring together, with the group's own intervals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from patron.errors import InputError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.tables import columns
from patron.faces.cli.terminal import Terminal
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.totals import Total, Totals

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
    parser.argument(
        "--json", action="store_true", about=Text("one line of JSON instead of words", "输出一行 JSON 而非文字")
    )
    args = parser.parse_args(words)
    ids = read_ids(args.ids) if args.ids else None
    from patron.study.run import open_run
    from patron.study.totals import totals as study

    run = open_run(args.run)
    found = study(run, ids, args.seed)
    if found.unknown:
        few = ", ".join(found.unknown[:5]) + (" …" if len(found.unknown) > 5 else "")
        terminal.note(
            Text(
                f"{len(found.unknown)} of the ids are not in the run: {few}",
                f"{len(found.unknown)} 个编号不在此次运行中：{few}",
            )
        )
    terminal.answer(
        json.dumps(asdict(found), ensure_ascii=False)
        if args.json
        else in_words(found, run.settings.currency, terminal.lang)
    )
    return 0


def in_words(found: Totals, currency: str | None, lang: str) -> str:
    """The totals as a small table, each with its 80 % and 95 % interval."""
    from patron.study.pictures.numbers import count, money, short, span
    from patron.study.pictures.terms import value_word

    near, far = span(found.horizon_days, lang), span(found.clv_horizon_days, lang)
    word = value_word({"value_basis": found.value_basis}, lang)
    head = Text("{} customers", "{} 位客户").format(count(found.customers, lang)).say(lang)
    rows = [
        (
            Text(f"purchases, next {near}", f"购买次数（未来{near}）"),
            found.expected_purchases,
            lambda v: short(v, lang),
        ),
        (Text(f"{word}, next {far}", f"{word}（未来{far}）"), found.clv, lambda v: money(v, currency, lang)),
    ]
    titles = [Text("expected", "预期"), Text("80 % interval", "80% 区间"), Text("95 % interval", "95% 区间")]
    table = [["", *(title.say(lang) for title in titles)]]
    table += [[text.say(lang), *_cells(total, show)] for text, total, show in rows]
    return f"{head}\n{columns(table)}"


def _cells(total: Total, show: Callable[[float], str]) -> list[str]:
    """Expected value, 80 % and 95 % interval."""
    return [show(total.value), f"{show(total.low)} – {show(total.high)}", f"{show(total.low95)} – {show(total.high95)}"]


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
