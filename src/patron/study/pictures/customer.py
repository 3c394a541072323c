"""Pictures of one customer: purchases over time with what the model expects, and an interval as a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, joined, line, path, rect, tag
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
DASH = "\u2060–\u2060"
"""Between the ends of an interval: no line breaks there."""
RANGE = (200.0, 16.0)
"""Width and height of an interval's bar, in pixels."""


def purchases(figures: Mapping[str, Any], lang: str) -> Picture:
    """One customer's purchases, summed up and one by one, and the model's expectation after the as-of day.

    `figures`: as_of, currency; orders: [{day, revenue}] in order of day, one an occasion; ahead: [{day, expected}] with
    the expected number of purchases from the as-of day up to that day; low, high: ends of the 80 % interval of the
    last of them.
    """
    v = Voice.of(figures, lang)
    orders: Sequence[Row] = figures.get("orders") or []
    if not orders:
        return nothing("purchases", v, Text("No purchase yet", "尚无购买"), _WHY)
    ahead: Sequence[Row] = figures.get("ahead") or []
    summed = [
        {"day": str(o["day"]), "purchases": float(i + 1), "revenue": known(o.get("revenue")), "ahead": False}
        for i, o in enumerate(orders)
    ]
    coming = [
        {"day": str(a["day"]), "purchases": len(orders) + float(a["expected"]), "revenue": None, "ahead": True}
        for a in ahead
    ]
    rows = summed + coming
    columns = [
        Shown("day", v.pick("Day", "日期"), v.day, False),
        Shown("revenue", v.pick("Amount", "金额"), v.money),
        Shown("purchases", v.pick("Purchases up to then", "累计购买次数"), v.short),
    ]
    names = ("day", "purchases", "revenue", "ahead")
    return Picture(
        "purchases",
        lang,
        _finding(len(orders), ahead, figures, v),
        v.unit(v.pick("Purchases summed up", "累计购买次数"), v.currency or ""),
        v.pick("A stepped line of purchases, and dashes for what is expected.", "阶梯线为实际购买，虚线为预期购买。"),
        pa.table({name: [row[name] for row in rows] for name in names}),
        columns,
        both(lambda width: _draw(orders, ahead, figures, width, v)),
    )


_WHY = Text("The first order will appear here.", "首个订单将显示在这里。")


def _finding(bought: int, ahead: Sequence[Row], figures: Mapping[str, Any], v: Voice) -> str:
    """What came and what is expected, with its interval."""
    times = v.pick(f"{bought} purchase{'s' if bought != 1 else ''} so far", f"至今购买 {bought} 次")
    if not ahead:
        return times
    expected = known(ahead[-1]["expected"]) or 0.0
    low, high = known(figures.get("low")), known(figures.get("high"))
    ends = ""
    if low is not None and high is not None:
        ends = v.pick(f" ({low:.0f}{DASH}{high:.0f})", f"（{low:.0f}{DASH}{high:.0f}）")
    until = v.day(ahead[-1]["day"])
    return v.pick(
        f"{times}; about {v.short(round(expected, 2))}{ends} expected until {until}",
        f"{times}；预计到{until}约 {v.short(round(expected, 2))} 次{ends}",
    )


def _ordinal(iso: object) -> int:
    return date.fromisoformat(str(iso)[:10]).toordinal()


def _draw(orders: Sequence[Row], ahead: Sequence[Row], figures: Mapping[str, Any], width: float, v: Voice) -> Drawing:
    bought = float(len(orders))
    end = bought + max(known(figures.get("high")) or 0.0, float(ahead[-1]["expected"]) if ahead else 0.0)
    days = [_ordinal(o["day"]) for o in orders]
    today = _ordinal(figures["as_of"])
    last = _ordinal(ahead[-1]["day"]) if ahead else today
    left = room(0, end, v.short, whole=True)
    panel = Panel.over((left, 26, width - left - 14, 150), 0, end, whole=True)
    across = Linear(days[0], max(last, days[-1] + 1), left + 4, width - 20)
    marks: list[Markup] = []
    if last > today:
        marks.append(rect(across(today), panel.top, panel.right - across(today), panel.height, "unseen"))
    marks += panel.frame(v.short, "")
    entries = [("fact", v.pick("bought", "实际")), ("expect", v.pick("expected", "预期"))]
    marks += legend(left, panel.top - 12, entries)
    marks.append(path(_steps(days, today, across, panel), "fact"))
    marks += _ahead(bought, today, ahead, figures, across, panel)
    marks += [_mark(o, i, across, panel, v) for i, o in enumerate(orders)]
    marks += _labels(days[0], max(last, days[-1] + 1), across, panel, width, v)
    return Drawing(width, panel.bottom + 26, joined(marks))


def _steps(days: Sequence[int], today: int, across: Linear, panel: Panel) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = [(across(days[0]), panel.y(0))]
    for i, day in enumerate(days):
        points += [(across(day), panel.y(i)), (across(day), panel.y(i + 1))]
    return [*points, (across(max(today, days[-1])), panel.y(len(days)))]


def _ahead(
    bought: float, today: int, ahead: Sequence[Row], figures: Mapping[str, Any], across: Linear, panel: Panel
) -> list[Markup]:
    """The dashes of what is expected, and a whisker for the interval at their end."""
    if not ahead:
        return []
    points = [(across(today), panel.y(bought))]
    points += [(across(_ordinal(a["day"])), panel.y(bought + float(a["expected"]))) for a in ahead]
    marks = [path(points, "expect")]
    low, high = known(figures.get("low")), known(figures.get("high"))
    if low is not None and high is not None:
        x = points[-1][0]
        marks.append(line(x, panel.y(bought + low), x, panel.y(bought + high), "whisker"))
    return marks


def _mark(order: Row, i: int, across: Linear, panel: Panel, v: Voice) -> Markup:
    x, y = across(_ordinal(order["day"])), panel.y(i + 1)
    return group([dot(x, y, 3.5, "dot")], f"{v.day(order['day'])}: {v.money(order.get('revenue'))}")


def _labels(first: int, last: int, across: Linear, panel: Panel, width: float, v: Voice) -> list[Markup]:
    """Days at the two ends and between them."""
    places = [first + (last - first) * i / 4 for i in range(5)]
    words = [v.month(date.fromordinal(round(place)).isoformat()[:7]) for place in places]
    kept = [i for i, word in enumerate(words) if i == 0 or word != words[i - 1]]
    return bottom_labels([across(places[i]) for i in kept], [words[i] for i in kept], panel.bottom + 18, width)


def interval_bar(value: float | None, ends: Sequence[float | None], highest: float, about: str) -> Markup:
    """A figure in its interval, as a bar of `RANGE`: the 80 % interval thick, the 95 % one thin, the figure a dot.

    `ends`: low95, low80, high80, high95; any may be None. `highest`: the value at the right end. `about` is said to who
    can't see it. Empty where the value is unknown.
    """
    if known(value) is None or value is None:
        return Markup("")
    width, height = RANGE
    scale = Linear(0, highest if highest > 0 else 1, 4, width - 4)
    low95, low80, high80, high95 = (known(end) for end in ends)
    marks: list[Markup] = [line(0, height / 2, width, height / 2, "grid")]
    if low95 is not None and high95 is not None:
        marks.append(line(scale(low95), height / 2, scale(min(high95, highest)), height / 2, "whisker"))
    if low80 is not None and high80 is not None:
        marks.append(rect(scale(low80), height / 2 - 4, scale(high80) - scale(low80), 8, "pale", rx=4))
    marks.append(dot(scale(value), height / 2, 4, "mark"))
    return tag(
        "svg", tag("title", about), *marks, viewBox=f"0 0 {width:g} {height:g}", class_="pp range", role="img",
        xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip


__all__ = ["RANGE", "interval_bar", "purchases"]
