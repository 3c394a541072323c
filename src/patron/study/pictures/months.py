"""Revenue and customers by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Slots, known
from patron.study.pictures.svg import group, joined, rect, text, text_width
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
LATEST = 48
"""More months than this are not drawn: the earlier ones are left out, and the unit line says so."""


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Bars of revenue, and below them customers who bought: returning and new. A month still running is pale."""
    v = Voice.of(figures, lang)
    whole = [row for row in figures.get("months") or [] if known(row.get("revenue")) is not None]
    if not whole:
        return nothing("months", v, Text("No months to show yet", "暂无月度数据"), _WHY)
    rows = whole[-LATEST:]
    running = numbers.is_running(str(rows[-1]["month"]), v.as_of)
    columns = [
        Shown("revenue", v.pick("Revenue", "收入"), v.money),
        Shown("orders", v.pick("Purchases", "购买次数"), v.count),
        Shown("customers", v.pick("Customers", "购买客户"), v.count),
        Shown("new", v.pick("New customers", "新客户"), v.count),
    ]
    values = {column.name: [known(row.get(column.name)) for row in rows] for column in columns}
    cut = v.pick(f"the last {LATEST} months", f"最近 {LATEST} 个月") if len(whole) > LATEST else ""
    return Picture(
        "months",
        lang,
        finding(rows[:-1] if running and len(rows) > 1 else rows, v),
        v.unit(v.pick("Revenue and customers a month", "每月收入与购买客户数"), v.currency or "", cut),
        v.pick(f"Bars for {len(rows)} months, from {v.month(rows[0]['month'])}.", f"{len(rows)} 个月的柱状图。"),
        pa.table({"month": [str(row["month"]) for row in rows], **values}),
        [Shown("month", v.pick("Month", "月份"), v.month, False), *columns],
        both(lambda width: _draw(rows, width, v, running)),
    )


_WHY = Text(
    "Months appear as soon as one order has a day that can be read.", "有日期可识别的订单后，这里会显示月度数据。"
)


def finding(rows: Sequence[Row], v: Voice) -> str:
    """The best whole month against the mean of all whole months."""
    best = max(rows, key=lambda row: row["revenue"])
    mean = sum(row["revenue"] for row in rows) / len(rows)
    amount, name = v.money(best["revenue"]), v.month(best["month"])
    if len(rows) == 1 or mean <= 0:
        return v.pick(f"{name} brought {amount}", f"{name}收入 {amount}")
    more = v.share(best["revenue"] / mean - 1)
    return v.pick(
        f"{name} was the strongest month: {amount}, {more} above the average month",
        f"{name}收入最高：{amount}，比月均高 {more}",
    )


def _draw(rows: Sequence[Row], width: float, v: Voice, running: bool) -> Drawing:
    money = [row["revenue"] for row in rows]
    people = [known(row.get("customers")) or 0 for row in rows]
    low, high = min([0.0, *money]), max([0.0, *money])
    left = max(room(low, high, v.money), room(0, max(people), v.short, target=2, whole=True))
    upper = Panel.over((left, 26, width - left, 190), low, high)
    lower = Panel.over((left, 282, width - left, 90), 0, max(people), target=2, whole=True)
    slots = Slots(len(rows), left, width)
    heading = v.pick("Customers", "购买客户")
    entries = [("bar", v.pick("returning", "老客户")), ("pale", v.pick("new", "新客户"))]
    marks = [*upper.frame(v.money, v.pick("Revenue", "收入")), *lower.frame(v.short, heading)]
    marks += legend(text_width(heading) + 22, lower.top - 12, entries)
    for i, row in enumerate(rows):
        kind = "running" if running and i == len(rows) - 1 else "bar"
        marks += [_money(row, slots, i, upper, kind, v), _people(row, slots, i, lower, v)]
    names = [numbers.month_tick(str(row["month"]), v.lang, first=i == 0) for i, row in enumerate(rows)]
    places = [slots.middle(i) for i in range(len(rows))]
    for panel in (upper, lower):
        marks += bottom_labels(places, names, panel.bottom + 18, width)
    if running:
        marks.append(_so_far(slots.middle(len(rows) - 1), upper.y(max(0, money[-1])), width, v))
    return Drawing(width, lower.bottom + 26, joined(marks))


def _so_far(x: float, y: float, width: float, v: Voice) -> Markup:
    words = v.pick("so far", "未完")
    return text(min(x, width - text_width(words, 11) / 2), y - 6, words, "small", "middle")


def _money(row: Row, slots: Slots, i: int, panel: Panel, kind: str, v: Voice) -> Markup:
    head, foot = sorted((panel.y(row["revenue"]), panel.y(0)))
    tip = f"{v.month(row['month'])}: {v.money(row['revenue'])}"
    return group([rect(slots.left(i), head, slots.width, foot - head, kind)], tip)


def _people(row: Row, slots: Slots, i: int, panel: Panel, v: Voice) -> Markup:
    everybody, new = known(row.get("customers")) or 0, known(row.get("new")) or 0
    old = max(everybody - new, 0)
    base, middle, head = panel.y(0), panel.y(old), panel.y(everybody)
    said = v.pick(f"{v.count(old)} returning, {v.count(new)} new", f"老客户 {v.count(old)}，新客户 {v.count(new)}")
    bars = [
        rect(slots.left(i), middle, slots.width, base - middle, "bar"),
        rect(slots.left(i), head, slots.width, middle - head, "pale"),
    ]
    return group(bars, f"{v.month(row['month'])}: {said}")
