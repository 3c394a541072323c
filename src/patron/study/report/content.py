"""Everything the page says, gathered for one language; the template only places it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from patron.study.pictures import PICTURES, plot
from patron.study.pictures.voice import Voice
from patron.study.report.account import read
from patron.study.report.calls import calls
from patron.study.report.head import about, answer, key_figures
from patron.study.report.meanings import MEANINGS
from patron.study.report.proof import backtest
from patron.study.report.safe import clean, said
from patron.study.report.trust import trust
from patron.words import Text

TITLE = Text("Who are our customers, what are they worth, who to keep?", "客户是谁，价值几何，该留住谁？")
CONTENTS = [
    ("read", Text("What was read", "读取")),
    ("stages", Text("Stages", "阶段")),
    ("months", Text("Months", "月度")),
    ("concentration", Text("Concentration", "集中度")),
    ("cohorts", Text("Cohorts", "同期群留存")),
    ("rfm", Text("RFM map", "RFM 分布")),
    ("clv", Text("Expected value", "预期价值")),
    ("keep", Text("Who to keep", "该留住谁")),
    ("calibration", Text("Proof", "验证")),
    ("backtest", Text("Choice of model", "模型选择")),
    ("trust", Text("Trust", "可信程度")),
    ("means", Text("Meanings", "释义")),
]
"""Sections of the page one can jump to."""


def content(scores: pa.Table, card: Mapping[str, Any], figures: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What `sheet.html` needs for `lang`."""
    v = Voice.of(figures, lang)
    return {
        "lang": lang,
        "html_lang": v.pick("en", "zh-Hans"),
        "t": v.pick,
        "title": TITLE.say(lang),
        "contents": [(name, words.say(lang)) for name, words in CONTENTS],
        "about": about(card, figures, v),
        "answer": answer(figures, v),
        "key": key_figures(scores, figures, v),
        "notes": [said(note, lang) for note in card.get("notes") or []],
        "input": read(card, v),
        "pictures": {name: plot(name, figures, lang) for name in PICTURES},
        "calls": calls(scores, v),
        "backtest": backtest(card, figures, v),
        "trust": trust(scores, card, figures, v),
        "meanings": [(m.term.say(lang), m.sentence.say(lang), m.source) for m in MEANINGS],
        "ahead": v.ahead,
        "versions": {clean(k, 40): clean(version, 40) for k, version in (card.get("versions") or {}).items()},
    }
