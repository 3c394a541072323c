"""Calibration after Fader & Hardie: purchases that came, by purchases before, against what the model expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Slots, known, known_all
from patron.study.pictures.svg import dot, group, joined, line, path, rect, text, text_width
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Mean purchases in the days the model had not seen, by repeat purchases before: dots came, dashes expected."""
    v = Voice.of(figures, lang)
    given = figures.get("calibration") or {}
    rows = [r for r in given.get("by_x") or [] if None not in (known(r.get("actual")), known(r.get("expected")))]
    if not rows:
        return nothing("calibration", v, Text("Too little data to look back", "数据不足，无法回测"), WHY)
    columns = [
        Shown("customers", v.pick("Customers", "客户数"), v.count),
        Shown("expected", v.pick("Expected", "预期"), numbers.decimal),
        Shown("actual", v.pick("Came", "实际"), numbers.decimal),
        Shown("low", v.pick("Came, low", "实际下限"), numbers.decimal),
        Shown("high", v.pick("Came, high", "实际上限"), numbers.decimal),
    ]
    values = {column.name: [known(row.get(column.name)) for row in rows] for column in columns}
    return Picture(
        "calibration",
        lang,
        finding(rows, v),
        unit(given, v.pick("Mean purchases of a customer", "每位客户的平均购买次数"), v),
        v.pick(f"{len(rows)} groups of customers by purchases before.", f"按此前购买次数分成 {len(rows)} 组。"),
        pa.table({"x": [str(row["x"]) for row in rows], **values}),
        [Shown("x", v.pick("Repeat purchases before", "此前复购次数"), str, False), *columns],
        both(lambda width: _draw(rows, width, v)),
    )


WHY = Text(
    "A look back needs a period long enough to hide a part of it from the model.",
    "回测需要足够长的历史，以便留出一段不给模型看。",
)


def unit(given: Mapping[str, Any], what: str, v: Voice) -> str:
    """What is drawn and over which days the model did not see."""
    start, length = v.day(given.get("origin")), v.span(given.get("horizon_days"))
    return v.pick(
        f"{what} · in the {length} after {start}, unseen by the model", f"{what} · {start}之后{length}，模型未见"
    )


def finding(rows: Sequence[Row], v: Voice) -> str:
    """All purchases that came against all expected."""
    people = [known(row.get("customers")) or 0 for row in rows]
    came = sum(row["actual"] * n for row, n in zip(rows, people, strict=True))
    expected = sum(row["expected"] * n for row, n in zip(rows, people, strict=True))
    if came <= 0:
        return v.pick("No purchase came in the days looked back on", "回测期内没有购买")
    off, seen, hoped = expected / came - 1, v.short(came), v.short(expected)
    if abs(off) < 0.005:
        return v.pick(f"The model expected {hoped} purchases and as many came", f"模型预期 {hoped} 次购买，与实际相符")
    side = v.pick("many" if off > 0 else "few", "高估" if off > 0 else "低估")
    part = v.share(abs(off))
    return v.pick(
        f"The model expected {hoped} purchases and {seen} came: {part} too {side}",
        f"模型预期 {hoped} 次购买，实际 {seen} 次，{side} {part}",
    )


def _draw(rows: Sequence[Row], width: float, v: Voice) -> Drawing:
    highest = max(known_all(row.get(name) for row in rows for name in ("actual", "expected", "high")))
    left = room(0, highest, v.short)
    panel = Panel.over((left, 26, width - left, 230), 0, highest)
    slots = Slots(len(rows), panel.left, panel.right)
    places = [slots.middle(i) for i in range(len(rows))]
    heading = v.pick("Purchases", "购买次数")
    entries = [
        ("dot", v.pick("came", "实际")),
        ("whisker", v.pick("80 %", "80% 区间")),
        ("expect", v.pick("expected", "预期")),
    ]
    marks = [*panel.frame(v.short, heading), *legend(text_width(heading) + 22, panel.top - 12, entries)]
    marks.append(path([(x, panel.y(row["expected"])) for x, row in zip(places, rows, strict=True)], "expect"))
    marks += [_group(row, slots, i, panel, v) for i, row in enumerate(rows)]
    marks += bottom_labels(places, [str(row["x"]) for row in rows], panel.bottom + 18, width)
    people = [f"n {v.short(row.get('customers'))}" for row in rows]
    marks += bottom_labels(places, people, panel.bottom + 33, width)
    foot = v.pick("Repeat purchases before, and how many customers →", "此前复购次数及客户数 →")
    marks.append(text(panel.right, panel.bottom + 52, foot, None, "end"))
    return Drawing(width, panel.bottom + 60, joined(marks))


def _group(row: Row, slots: Slots, i: int, panel: Panel, v: Voice) -> Markup:
    x, low, high = slots.middle(i), known(row.get("low")), known(row.get("high"))
    came, hoped, people = (
        numbers.decimal(row["actual"]),
        numbers.decimal(row["expected"]),
        v.count(row.get("customers")),
    )
    tip = v.pick(
        f"{row['x']} before: {came} came, {hoped} expected ({people} customers)",
        f"此前 {row['x']} 次：实际 {came}，预期 {hoped}（{people} 位客户）",
    )
    over = rect(slots.edge(i), panel.top, slots.step, panel.height, "over")
    bar = None if low is None or high is None else line(x, panel.y(low), x, panel.y(high), "whisker")
    return group([over, bar, dot(x, panel.y(row["actual"]), 5, "dot")], tip)
