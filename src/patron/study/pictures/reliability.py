"""Reliability: of those given a chance of p, which share did buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import calibration, numbers
from patron.study.pictures.axes import Panel, bottom_labels
from patron.study.pictures.concentration import QUARTERS
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, line, text
from patron.study.pictures.terms import pick
from patron.words import Text


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Predicted chance to buy (across) against the share that bought (up), with its interval; on the dashes is right."""
    given = figures.get("calibration") or {}
    rows = [
        row
        for row in given.get("probability") or []
        if None not in (known(row.get("predicted")), known(row.get("actual")))
    ]
    if not rows:
        return nothing(
            "reliability",
            lang,
            figures,
            Text("Too little data to check chances", "数据不足，无法检验概率"),
            calibration.WHY,
        )

    def draw(width: float) -> Drawing:
        return _draw(rows, width, lang)

    def percent(value: object) -> str:
        return numbers.share(value, lang)

    names = ("predicted", "actual", "low", "high", "n")
    heads = pick(lang, "Predicted chance|Did buy|Low|High|Customers", "预测概率|实际购买|下限|上限|客户数").split("|")
    table = pa.table({name: [known(row.get(name)) for row in rows] for name in names})
    shown = [Shown(n, h, numbers.count if n == "n" else percent) for n, h in zip(names, heads, strict=True)]
    unit = calibration.unit(given, lang, pick(lang, "Share of customers who bought", "购买客户占比"))
    about = pick(lang, f"{len(rows)} groups of customers by predicted chance.", f"按预测概率分成 {len(rows)} 组。")
    return Picture("reliability", lang, finding(rows, lang), unit, about, table, shown, **both(draw))


def finding(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """What came of the group with the highest chance, and of the one with the lowest."""
    top, low = max(rows, key=lambda row: row["predicted"]), min(rows, key=lambda row: row["predicted"])

    def say(value: float) -> str:
        return numbers.share(round(value, 2), lang)

    if len(rows) == 1:
        return pick(
            lang,
            f"Given a chance of {say(top['predicted'])}, {say(top['actual'])} bought",
            f"预测 {say(top['predicted'])}，实际 {say(top['actual'])} 购买",
        )
    return pick(
        lang,
        f"Where the model said {say(top['predicted'])}, {say(top['actual'])} bought; where it said {say(low['predicted'])}, {say(low['actual'])}",
        f"模型给出 {say(top['predicted'])} 的客户中有 {say(top['actual'])} 购买；给出 {say(low['predicted'])} 的有 {say(low['actual'])}",
    )


def _draw(rows: Sequence[Mapping[str, Any]], width: float, lang: str) -> Drawing:
    def percent(value: float) -> str:
        return numbers.share(value, lang)

    side = 420 if width >= WIDE else width
    panel = Panel(52, 26, side - 72, 250, Linear(0, 1, 276, 26), QUARTERS)
    across = Linear(0, 1, panel.left, panel.right)
    marks = panel.frame(percent, pick(lang, "Share that bought", "实际购买占比"))
    marks.append(line(across(0), panel.y(0), across(1), panel.y(1), "equal"))
    marks += bottom_labels(
        [across(v) for v in QUARTERS], [percent(v) for v in QUARTERS], panel.bottom + 18, panel.width
    )
    marks.append(text(panel.right, panel.bottom + 36, pick(lang, "Predicted chance →", "预测概率 →"), None, "end"))
    for row in rows:
        x, low, high = across(row["predicted"]), known(row.get("low")), known(row.get("high"))
        tip = pick(
            lang,
            f"Said {percent(row['predicted'])}: {percent(row['actual'])} bought ({numbers.count(row.get('n'))} customers)",
            f"预测 {percent(row['predicted'])}：实际 {percent(row['actual'])}（{numbers.count(row.get('n'))} 位客户）",
        )
        bar = None if low is None or high is None else line(x, panel.y(low), x, panel.y(high), "whisker")
        marks.append(group([bar, dot(x, panel.y(row["actual"]), 5, "dot")], tip))
    if width >= WIDE:
        marks += _legend(side + 28, lang)
    return Drawing(width, panel.bottom + 46, Markup("").join(marks))


def _legend(x: float, lang: str) -> list[Markup]:
    entries = [
        (dot(x + 8, 56, 5, "dot"), pick(lang, "a tenth of the customers", "十分之一的客户")),
        (line(x + 8, 72, x + 8, 92, "whisker"), pick(lang, "95 % interval of the share", "占比的 95% 区间")),
        (line(x, 112, x + 17, 112, "equal"), pick(lang, "said and came alike", "预测与实际一致")),
    ]
    return [part for i, (mark, words) in enumerate(entries) for part in (mark, text(x + 28, 60 + 28 * i, words, "ink"))]
