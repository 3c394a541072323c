"""Revenue and customers by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import Slots, known, known_all
from patron.study.pictures.svg import group, rect, text, text_width
from patron.study.pictures.terms import pick
from patron.words import Text

LATEST = 48
"""More months than this are not drawn; the earlier ones are left out and the unit line says so."""


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Bars of revenue, and below them customers who bought: returning and new. A month still running is pale."""
    every_month = [row for row in figures.get("months") or [] if known(row.get("revenue")) is not None]
    if not every_month:
        return nothing("months", lang, figures, Text("No months to show yet", "暂无月度数据"), _WHY)
    rows = every_month[-LATEST:]
    currency = figures.get("currency")
    running = numbers.is_running(rows[-1]["month"], figures.get("as_of"))

    def cash(value: object) -> str:
        return numbers.money(value, currency, lang)

    def draw(width: float) -> Drawing:
        return _draw(rows, width, lang, cash, running)

    names = ("revenue", "orders", "customers", "new")
    heads = pick(lang, "Revenue|Purchases|Customers|New customers", "收入|购买次数|购买客户|新客户").split("|")
    table = pa.table({"month": [r["month"] for r in rows], **{n: [known(r.get(n)) for r in rows] for n in names}})
    shown = [Shown("month", pick(lang, "Month", "月份"), lambda iso: numbers.month(iso, lang), False)]
    shown += [Shown(n, h, cash if n == "revenue" else numbers.count) for n, h in zip(names, heads, strict=True)]
    cut = pick(lang, f"the last {LATEST} months", f"最近 {LATEST} 个月") if len(every_month) > LATEST else ""
    unit = as_of_line(
        figures, lang, pick(lang, "Revenue and customers a month", "每月收入与购买客户数"), currency or "", cut
    )
    said = finding(rows[:-1] if running and len(rows) > 1 else rows, currency, lang)
    about = pick(
        lang, f"Bars for {len(rows)} months, from {numbers.month(rows[0]['month'])}.", f"{len(rows)} 个月的柱状图。"
    )
    return Picture("months", lang, said, unit, about, table, shown, **both(draw))


_WHY = Text(
    "Months appear as soon as one order has a day that can be read.",
    "只要有一笔日期可识别的订单，这里就会显示月度数据。",
)


def finding(rows: Sequence[Mapping[str, Any]], currency: str | None, lang: str) -> str:
    """The best whole month against the mean of all whole months."""
    best = max(rows, key=lambda row: row["revenue"])
    mean = sum(known_all(row["revenue"] for row in rows)) / len(rows)
    amount, name = numbers.money(best["revenue"], currency, lang), numbers.month(best["month"], lang)
    if len(rows) == 1 or mean <= 0:
        return pick(lang, f"{name} brought {amount}", f"{name}收入 {amount}")
    more = numbers.share(best["revenue"] / mean - 1, lang)
    return pick(
        lang,
        f"{name} was the strongest month: {amount}, {more} above the average month",
        f"{name}收入最高：{amount}，比月均高 {more}",
    )


def _draw(rows: Sequence[Mapping[str, Any]], width: float, lang: str, cash: Any, running: bool) -> Drawing:
    money = [row["revenue"] for row in rows]
    people = [known(row.get("customers")) or 0 for row in rows]
    low, high = min([0.0, *money]), max([0.0, *money])

    def counted(value: float) -> str:
        return numbers.short(value, lang)

    left = max(room(low, high, cash), room(0, max(people), counted, target=2, whole=True))
    top = Panel.over((left, 26, width - left, 190), low, high)
    under = Panel.over((left, 282, width - left, 90), 0, max(people), target=2, whole=True)
    slots = Slots(len(rows), left, width)
    marks = [*top.frame(cash, pick(lang, "Revenue", "收入"))]
    people_heading = pick(lang, "Customers", "购买客户")
    marks += under.frame(counted, people_heading)
    entries = [("bar", pick(lang, "returning", "老客户")), ("pale", pick(lang, "new", "新客户"))]
    marks += legend(text_width(people_heading) + 22, under.top - 12, entries)
    for i, row in enumerate(rows):
        last = running and i == len(rows) - 1
        marks.append(_money_bar(row, slots.left(i), slots.width, top, "running" if last else "bar", cash, lang))
        marks.append(_people_bar(row, slots.left(i), slots.width, under, lang))
    names = [numbers.month_tick(row["month"], lang, first=i == 0) for i, row in enumerate(rows)]
    places = [slots.middle(i) for i in range(len(rows))]
    marks += bottom_labels(places, names, top.bottom + 18, width - left) + bottom_labels(
        places, names, under.bottom + 18, width - left
    )
    if running:
        so_far = pick(lang, "so far", "未完")
        middle = min(slots.middle(len(rows) - 1), width - text_width(so_far, 11) / 2)
        marks.append(text(middle, top.y(max(0, money[-1])) - 6, so_far, "small", "middle"))
    return Drawing(width, under.bottom + 26, Markup("").join(marks))


def _money_bar(row: Mapping[str, Any], x: float, width: float, panel: Panel, kind: str, cash: Any, lang: str) -> Markup:
    ends = sorted((panel.y(row["revenue"]), panel.y(0)))
    tip = f"{numbers.month(row['month'], lang)}: {cash(row['revenue'])}"
    return group([rect(x, ends[0], width, ends[1] - ends[0], kind)], tip)


def _people_bar(row: Mapping[str, Any], x: float, width: float, panel: Panel, lang: str) -> Markup:
    everybody, new = known(row.get("customers")) or 0, known(row.get("new")) or 0
    old = max(everybody - new, 0)
    base, middle, head = panel.y(0), panel.y(old), panel.y(everybody)
    back, first = numbers.count(old), numbers.count(new)
    tip = f"{numbers.month(row['month'], lang)}: " + pick(
        lang, f"{back} returning, {first} new", f"老客户 {back}，新客户 {first}"
    )
    return group([rect(x, middle, width, base - middle, "bar"), rect(x, head, width, middle - head, "pale")], tip)
