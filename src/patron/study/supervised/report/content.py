"""Everything the page says, gathered for one language; the template only places it."""

from __future__ import annotations

from typing import Any

from patron.study.pictures.picture import Picture
from patron.study.pictures.scales import known
from patron.study.pictures.terms import term
from patron.study.report.safe import clean
from patron.study.supervised.report import blocks, calibration, gains, weights
from patron.study.supervised.report.head import about, answer, title
from patron.study.supervised.report.keys import key_figures
from patron.study.supervised.report.known import columns, told
from patron.study.supervised.report.meanings import meanings
from patron.study.supervised.report.rules import rules
from patron.study.supervised.report.subject import Card, Subject, features, in_time, judged, mapping
from patron.study.supervised.report.tables import candidates, folds, measures, thresholds
from patron.study.supervised.report.terms import KINDS
from patron.words import Text

CONTENTS = [
    ("known", Text("What to know", "须知")),
    ("calibration", Text("Chances", "概率")),
    ("gains", Text("Order", "排序")),
    ("weighs", Text("What weighs", "影响")),
    ("rules", Text("Rules", "规则")),
    ("thresholds", Text("Thresholds", "阈值")),
    ("measures", Text("Measures", "指标")),
    ("chosen", Text("Choice of model", "模型选择")),
    ("time", Text("Over time", "时间")),
    ("read", Text("Input", "输入")),
    ("means", Text("Meanings", "释义")),
]
"""Sections of the page one can jump to, where they are shown."""
LISTED = 300
"""Columns listed at most."""


def content(card: Card, lang: str) -> dict[str, Any]:
    """What `model.html` needs for `lang`."""
    s = Subject.of(card, lang)
    v = s.v
    pictures = _pictures(card, s)
    shown = {"rules": bool(rules(card, s)), "thresholds": not s.number}
    return {
        "lang": lang,
        "html_lang": v.pick("en", "zh-Hans"),
        "t": v.pick,
        "number": s.number,
        "title": title(s),
        "outcome": s.outcome,
        "yes": s.yes,
        "contents": [(k, w.say(lang)) for k, w in CONTENTS if shown.get(k, k in pictures or k not in _DRAWN)],
        "about": about(card, s),
        "answer": answer(card, s),
        "key": [key for key in key_figures(card, s) if key.to in pictures or key.to not in _DRAWN],
        "notes": told(card, s),
        "columns": columns(card, s),
        "options": any(column.option for column in columns(card, s)),
        "left_known": "left_out" in card,
        "pictures": pictures,
        "rules": rules(card, s),
        "thresholds": thresholds(card, s),
        "all_thresholds": thresholds(card, s, whole=True),
        "gap": blocks.gap(card, s),
        "measures": measures(card, s),
        "candidates": candidates(card, s),
        "folds": None if in_time(card) else folds(card, s),
        "input": read(card, s),
        "kinds": kinds(card, s),
        "meanings": [(m.term.say(lang), m.sentence.say(lang), m.source) for m in meanings(number=s.number)],
        "versions": {clean(k, 40): clean(one, 40) for k, one in mapping(card.get("versions")).items()},
    }


_DRAWN = ("calibration", "gains", "weighs", "time")


def _pictures(card: Card, s: Subject) -> dict[str, Picture]:
    """Those that fit the task: a number may have no groups to calibrate, time is shown where it was asked for."""
    drawn = {"gains": gains.picture(card, s), "weighs": weights.picture(card, s)}
    if not s.number or judged(card).get("calibration"):
        drawn["calibration"] = calibration.picture(card, s)
    if in_time(card):
        drawn["time"] = blocks.picture(card, s)
    return drawn


def read(card: Card, s: Subject) -> list[tuple[str, str]]:
    """What was read, as pairs of words: file, rows, what was set aside, how to tell the file again."""
    v, given = s.v, mapping(card.get("input"))
    counted = [
        ("rows", v.pick("Rows in the file", "文件行数")),
        ("used", v.pick("Rows used", "使用行数")),
        ("without_outcome", v.pick(f"Without “{s.target}”", f"缺少“{s.target}”")),
        ("malformed", v.pick("Malformed", "格式错误")),
    ]
    named = [("id", v.pick("Names rows", "标识列")), ("time", v.pick("Order of time", "时间列"))]
    pairs = [(v.pick("File", "文件"), clean(given.get("file") or "", 200))]
    pairs += [(words, v.count(given.get(key))) for key, words in counted if known(given.get(key)) is not None]
    pairs += [(words, clean(card[key], 80)) for key, words in named if card.get(key)]
    pairs.append(("SHA-256", clean(given.get("sha256") or "", 64)))
    seed = known(card.get("seed"))
    pairs.append((v.pick("Seed", "随机种子"), "" if seed is None else f"{seed:g}"))
    return [(words, said) for words, said in pairs if said] if given else []


def kinds(card: Card, s: Subject) -> list[tuple[str, str, str]]:
    """Each column of the file: its name, what it holds, what it was for."""
    used = set(features(card))
    roles = {str(card.get("target")): s.v.pick("target", "目标"), str(card.get("id")): s.v.pick("names rows", "标识")}

    def role(name: str) -> str:
        learnt = s.v.pick("learnt from", "用于学习")
        return roles.get(name) or (learnt if name in used else s.v.pick("left out", "未使用"))

    listed = list(mapping(card.get("columns")).items())[:LISTED]
    return [(clean(n, 80), clean(term(KINDS, kind, s.v.lang), 20), role(n)) for n, kind in listed]
