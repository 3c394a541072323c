"""`patron backtest MODEL TABLE`: how good a trained model is on rows whose outcome is known by now."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from patron.faces.cli.arguments import Parser
from patron.faces.cli.reading import reading
from patron.faces.cli.score import arguments
from patron.faces.cli.tables import columns
from patron.faces.cli.terminal import Terminal
from patron.faces.cli.train import SHOWN
from patron.words import Text

_ABOUT = Text(
    "Compares what the model says of the rows with what came of them, beside what its card promised.",
    "将模型对各行的预测与实际结果比较，并与模型卡的承诺对照。",
)


def backtest(words: list[str], terminal: Terminal) -> int:
    """Prints measures with 95 % intervals, and those of the card."""
    parser = Parser("backtest", _ABOUT, terminal)
    arguments(parser, out=False)
    parser.argument("--json", action="store_true", about=Text("one line of JSON instead of words", "输出一行 JSON"))
    args = parser.parse_args(words)
    from patron.history.files.options import ReadOptions
    from patron.study.supervised.keeping import load
    from patron.study.supervised.scoring import backtest as study

    options = ReadOptions(lang=terminal.lang, **reading(args))
    found = study(load(Path(args.model)), Path(args.table), today=date.today(), options=options)
    for told in found["told"]:
        terminal.note(Text(told["en"], told["zh"]))
    terminal.answer(json.dumps(found, ensure_ascii=False) if args.json else in_words(found, terminal.lang))
    return 0


def in_words(found: dict[str, Any], lang: str) -> str:
    """A table of measures, and what was said beside what came."""
    head = ["", Text("here", "此表").say(lang), "95 %", Text("on the card", "模型卡").say(lang)]
    rows = []
    for name, words in SHOWN:
        one = found["measures"].get(name)
        if one is not None:
            between = f"{one['low']:.4g} – {one['high']:.4g}" if "low" in one else ""
            card = "–" if one["card"] is None else f"{one['card']:.4g}"
            rows.append([words.say(lang), f"{one['value']:.4g}", between, card])
    last = Text(
        f"{found['rows']} rows; said on average {found['said']:.4g}, came {found['base']:.4g}.",
        f"共 {found['rows']} 行；平均预测 {found['said']:.4g}，实际 {found['base']:.4g}。",
    )
    return f"{columns([head, *rows])}\n{last.say(lang)}"
