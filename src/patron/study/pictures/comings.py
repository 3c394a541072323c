"""Who came and who was lost, month by month: new customers above the line, lapsed ones below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Slots, known
from patron.study.pictures.svg import group, joined, rect
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
_WHY = Text("It appears with the first customer's first purchase.", "首位客户首次购买后显示。")


def comings(figures: Mapping[str, Any], lang: str) -> Picture:
    """`figures`: as_of; months: [{month: "2026-03", new, lapsed}] in order. Months before anybody came are left out.

    A customer counts as lapsed in the month in which their silence grew longer than the horizon.
    """
    v = Voice.of(figures, lang)
    given: Sequence[Row] = figures.get("months") or []
    begun = next((i for i, row in enumerate(given) if row.get("new") or row.get("lapsed")), None)
    if begun is None:
        return nothing("comings", v, Text("Nobody has come yet", "尚无新客户"), _WHY)
    rows = given[begun:]
    columns = [
        Shown("new", v.pick("New", "新客户"), v.count),
        Shown("lapsed", v.pick("Lapsed", "流失"), v.count),
    ]
    values = {column.name: [known(row.get(column.name)) or 0.0 for row in rows] for column in columns}
    return Picture(
        "comings",
        lang,
        _finding(values, rows, v),
        v.unit(v.pick("New and lapsed customers a month", "每月新客户与流失客户")),
        v.pick("Bars up for new customers, down for lapsed ones.", "向上为新客户，向下为流失客户。"),
        pa.table({"month": [str(row["month"]) for row in rows], **values}),
        [Shown("month", v.pick("Month", "月份"), v.month, False), *columns],
        both(lambda width: _draw(rows, values, width, v)),
    )


def _finding(values: Mapping[str, Sequence[float]], rows: Sequence[Row], v: Voice) -> str:
    """The last whole three months: how many came, how many were lost."""
    whole = slice(-4, -1) if len(rows) > 3 and numbers.is_running(str(rows[-1]["month"]), v.as_of) else slice(-3, None)
    new, lapsed = (sum(values[name][whole]) for name in ("new", "lapsed"))
    months = len(values["new"][whole])
    return v.pick(
        f"{v.count(new)} new and {v.count(lapsed)} lapsed customers in the last {months} months"
        if months != 1
        else f"{v.count(new)} new and {v.count(lapsed)} lapsed customers in a month",
        f"最近 {months} 个月新增 {v.count(new)} 位，流失 {v.count(lapsed)} 位",
    )


def _draw(rows: Sequence[Row], values: Mapping[str, Sequence[float]], width: float, v: Voice) -> Drawing:
    high, low = max(values["new"], default=0.0), -max(values["lapsed"], default=0.0)

    def size(value: float) -> str:
        return v.short(abs(value))

    left = room(low, high, size, whole=True)
    panel = Panel.over((left, 26, width - left, 180), low, high, whole=True)
    slots = Slots(len(rows), left, width)
    marks = panel.frame(size)
    marks += legend(left, panel.top - 12, [("bar", v.pick("new", "新客户")), ("pale", v.pick("lapsed", "流失"))])
    marks += [
        _month(str(row["month"]), values["new"][i], values["lapsed"][i], slots, i, panel, v)
        for i, row in enumerate(rows)
    ]
    names = [numbers.month_tick(str(row["month"]), v.lang, first=i == 0) for i, row in enumerate(rows)]
    marks += bottom_labels([slots.middle(i) for i in range(len(rows))], names, panel.bottom + 18, width)
    return Drawing(width, panel.bottom + 26, joined(marks))


def _month(month: str, new: float, lapsed: float, slots: Slots, i: int, panel: Panel, v: Voice) -> Markup:
    zero = panel.y(0)
    tip = v.pick(f"{v.count(new)} new, {v.count(lapsed)} lapsed", f"新客户 {v.count(new)}，流失 {v.count(lapsed)}")
    up, down = panel.y(new), panel.y(-lapsed)
    bars = [
        rect(slots.left(i), up, slots.width, zero - up, "bar"),
        rect(slots.left(i), zero, slots.width, down - zero, "pale"),
    ]
    return group(bars, f"{v.month(month)}: {tip}")
