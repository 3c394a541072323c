"""How revenue is spread over customers: the concentration curve and classes A, B and C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.axes import QUARTERS, Panel, bottom_labels
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, joined, line, path, rect, text
from patron.study.pictures.voice import Voice
from patron.words import Text

Curve = Sequence[tuple[float, float]]
Classes = Sequence[Mapping[str, Any]]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Share of value (up) that the best customers (across) bring, against equal shares, and the ABC classes."""
    v = Voice.of(figures, lang)
    given = figures.get("concentration") or {}
    curve = [(float(x), float(y)) for x, y in given.get("curve") or [] if None not in (known(x), known(y))]
    if len(curve) < 2:
        return nothing("concentration", v, Text("No spread of value to show yet", "暂无价值集中度数据"), _WHY)
    classes = [row for row in given.get("abc") or [] if known(row.get("customers"))]
    gini, top = known(given.get("gini")), known(given.get("top_decile_share"))
    return Picture(
        "concentration",
        lang,
        finding(top, v),
        v.unit(
            v.pick(f"Cumulative share of {v.value}", f"累计{v.value}占比"),
            "" if gini is None else v.pick(f"Gini {gini:.2f}", f"基尼系数 {gini:.2f}"),
        ),
        v.pick(
            "A curve of customers by falling value against their share of value.",
            "按价值从高到低排列客户的累计占比曲线。",
        ),
        pa.table({"customers_share": [x for x, _ in curve], "value_share": [y for _, y in curve]}),
        [
            Shown("customers_share", v.pick("Best customers", "价值最高的客户"), v.share),
            Shown("value_share", v.pick(f"Share of {v.value}", f"{v.value}占比"), v.share),
        ],
        both(lambda width: _draw(curve, classes, top, width, v)),
    )


_WHY = Text("It needs at least one customer with value above zero.", "至少需要一位价值大于零的客户。")


def finding(top: float | None, v: Voice) -> str:
    """The share of the top tenth."""
    if top is None:
        return v.pick(f"How {v.value} is spread over customers", f"{v.value}在客户间的分布")
    return v.pick(
        f"The top tenth of customers brings {v.share(top)} of {v.value}",
        f"价值最高的一成客户带来 {v.share(top)} 的{v.value}",
    )


def _draw(curve: Curve, classes: Classes, top: float | None, width: float, v: Voice) -> Drawing:
    wide = width >= WIDE
    size = 400 if wide else width
    low, high = min(0.0, *(y for _, y in curve)), max(1.0, *(y for _, y in curve))
    # returns can lift the curve a little above all of the value before they take it down again: no tick for that
    panel = Panel(52, 26, size - 72, 270, Linear(low, high, 296, 26), QUARTERS)
    across = Linear(0, 1, panel.left, panel.right)
    marks = panel.frame(v.share, v.pick(f"Share of {v.value}", f"{v.value}占比"))
    places = [across(part) for part in QUARTERS]
    marks += bottom_labels(places, [v.share(part) for part in QUARTERS], panel.bottom + 18, size)
    heading = v.pick("Customers, best first →", "客户（价值由高到低）→")
    marks.append(text(panel.right, panel.bottom + 36, heading, None, "end"))
    points = [(across(x), panel.y(y)) for x, y in curve]
    marks.append(path([*points, (across(1), panel.y(0)), (across(0), panel.y(0))], "band", close=True))
    marks.append(line(across(0), panel.y(0), across(1), panel.y(1), "equal"))
    marks.append(text(across(0.98), panel.y(0.55), v.pick("if all were equal", "若人人相同"), "small", "end"))
    marks.append(path(points, "line"))
    if top is not None:
        marks += _top_tenth(across(0.1), panel.y(top), panel.y(0), top, v)
    marks += _classes(classes, (430.0, 38.0, width - 430, 84) if wide else (0.0, 380.0, width, 58), v)
    return Drawing(width, 344 if wide or not classes else 380 + 58 * len(classes), joined(marks))


def _top_tenth(x: float, y: float, foot: float, share: float, v: Voice) -> list[Markup]:
    words = v.pick(f"top {v.share(0.1)}: {v.share(share)}", f"前 {v.share(0.1)}：{v.share(share)}")
    return [line(x, foot, x, y, "split"), dot(x, y, 5, "mark"), text(x + 12, y + 14, words, "strong")]


def _classes(classes: Classes, box: tuple[float, float, float, float], v: Voice) -> list[Markup]:
    """Two bars a class: its share of customers above its share of value."""
    left, top, width, step = box
    people = sum(row["customers"] for row in classes) or 1
    scale = Linear(0, 1, left + 24, left + width - 116)
    marks = []
    for i, row in enumerate(classes):
        y = top + step * i
        marks.append(text(left, y + 20, str(row["class"]), "head"))
        for at, part, kind, of in (
            (y, row["customers"] / people, "pale", v.pick("customers", "客户")),
            (y + 20, max(known(row.get("share")) or 0, 0), "bar", v.value),
        ):
            words = text(scale(part) + 6, at + 11, f"{v.share(part)} {of}", "ink")
            marks.append(group([rect(scale(0), at, scale(part) - scale(0), 14, kind), words]))
    return marks
