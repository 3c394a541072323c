"""`patron explain MODEL [TABLE --out FILE]`: what weighs in a model, and why each row is scored as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from patron.errors import UsageError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.reading import add_reading, reading
from patron.faces.cli.score import check_kind, opened, written
from patron.faces.cli.tables import columns
from patron.faces.cli.terminal import Terminal
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.supervised.keeping import Kept

_ABOUT = Text(
    "Without a table: what weighs in the model, and its rules if it has any. With one: the reasons of each row in "
    "words, and terms that add up to the score on the link (the logit of p, or the value itself).",
    "不带表格：列出模型中影响最大的列及其规则。带表格：写出每行的原因，以及"
    "在连接尺度（p 的 logit 或数值本身）上相加等于评分的各项。",
)
SHOWN = 15


def explain(words: list[str], terminal: Terminal) -> int:
    """Says what weighs, or writes the reasons of a table."""
    parser = Parser("explain", _ABOUT, terminal)
    parser.argument("model", metavar="MODEL", about=Text("folder that patron train wrote", "patron train 写出的目录"))
    parser.argument("table", nargs="?", metavar="TABLE", about=Text("rows to explain", "要解释的表格"))
    parser.argument("--out", metavar="FILE", about=Text("file to write (.csv, .parquet)", "输出文件（.csv、.parquet）"))
    parser.argument("--top", type=int, default=5, metavar="N", about=Text("reasons in words a row", "每行写出几条原因"))
    add_reading(parser)
    args = parser.parse_args(words)
    if bool(args.table) != bool(args.out):
        raise UsageError(Text("TABLE and --out go together.", "TABLE 与 --out 须同时给出。"))
    if not args.table:
        from patron.study.supervised.keeping import load

        terminal.answer(in_words(load(Path(args.model)), terminal.lang))
        return 0
    from patron.study.supervised.scoring import explain as study

    check_kind(Path(args.out))
    kept, table = opened(args.model, args.table, reading(args), terminal)
    found = study(kept, table, terminal.lang, max(args.top, 1))
    written(found, Path(args.out))
    terminal.answer(Text(f"{found.num_rows} rows explained: {args.out}", f"已解释 {found.num_rows} 行：{args.out}"))
    return 0


def in_words(kept: Kept, lang: str) -> str:
    """What weighs most, and the visible rules."""
    card = kept.card
    head = [Text("column", "列").say(lang), Text("mean weight on the link", "平均影响（连接尺度）").say(lang)]
    rows = [[one["feature"], f"{one['size']:.3f}"] for one in card["importance"][:SHOWN]]
    rules = [_rule(rule, lang) for rule in sorted(card["rules"], key=lambda rule: -rule["p"])]
    return "\n".join([columns([head, *rows]), *rules])


def _rule(rule: dict[str, Any], lang: str) -> str:
    from patron.study.supervised.wording import question

    asked = [question(q["feature"], q["edge"], q["level"], yes=q["answer"]).say(lang) for q in rule["questions"]]
    said = Text("everybody", "所有人").say(lang) if not asked else Text(" and ", "，且").say(lang).join(asked)
    return Text(
        f"{said}: {rule['p']:.0%} ({rule['cases']:.0f} rows)", f"{said}：{rule['p']:.0%}（{rule['cases']:.0f} 行）"
    ).say(lang)
