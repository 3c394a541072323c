"""How expected value is spread: customers by what they are expected to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.axes import Panel, bottom_labels, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Slots, known, ticks
from patron.study.pictures.svg import group, joined, line, rect, text, text_width
from patron.study.pictures.voice import Voice
from patron.words import Text

Bins = Sequence[Mapping[str, Any]]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A histogram of customers by expected value; a last bar that spans more than the others is pale."""
    v = Voice.of(figures, lang)
    given = figures.get("clv") or {}
    bins = [row for row in given.get("bins") or [] if None not in (known(row.get("low")), known(row.get("high")))]
    if not any(known(row.get("customers")) for row in bins):
        return nothing("clv", v, Text("No expected value to show yet", "暂无预期价值数据"), _WHY)
    columns = [
        Shown("low", v.pick("From", "从"), v.money),
        Shown("high", v.pick("Up to", "到"), v.money),
        Shown("customers", v.pick("Customers", "客户数"), v.count),
        Shown("clv", v.pick("Expected value", "预期价值"), v.money),
    ]
    what = v.pick(f"Customers by value expected in the next {v.ahead}", f"按未来{v.ahead}预期价值划分的客户数")
    return Picture(
        "clv",
        lang,
        finding(given, v),
        v.unit(what, v.currency or ""),
        v.pick(f"A histogram with {len(bins)} bars.", f"共 {len(bins)} 个区间的直方图。"),
        pa.table({column.name: [known(row.get(column.name)) for row in bins] for column in columns}),
        columns,
        both(lambda width: _draw(given, bins, width, v)),
    )


_WHY = Text(
    "Expected value appears when at least one customer has ordered.", "有客户下单后，这里会显示预期价值的分布。"
)


def finding(given: Mapping[str, Any], v: Voice) -> str:
    """What half of the customers stay below, and the share of the top tenth."""
    median, top = known(given.get("median")), known(given.get("top_decile_share"))
    if median is None or top is None:
        return v.pick(f"What customers are expected to bring in the next {v.ahead}", f"客户未来{v.ahead}的预期价值")
    return v.pick(
        f"Half of the customers are expected to bring less than {v.money(median)}; "
        f"the top tenth brings {v.share(top)} of it all",
        f"半数客户的预期价值低于 {v.money(median)}；最高的一成客户占总额的 {v.share(top)}",
    )


def _draw(given: Mapping[str, Any], bins: Bins, width: float, v: Voice) -> Drawing:
    people = [known(row.get("customers")) or 0 for row in bins]
    edges = [*(float(row["low"]) for row in bins), float(bins[-1]["high"])]
    left = room(0, max(people), v.short, whole=True)
    right = width - text_width(v.money(edges[-1])) / 2 - 2
    panel = Panel.over((left, 62, right - left, 200), 0, max(people), whole=True)
    slots = Slots(len(bins), panel.left, panel.right, gap=0.06)
    over = _runs_over(edges)
    marks = [*panel.frame(v.short), text(0, 12, v.pick("Customers", "客户数"), "ink")]
    for i, row in enumerate(bins):
        y = panel.y(people[i])
        kind = "pale" if over and i == len(bins) - 1 else "bar"
        tip = f"{v.money(row['low'])}–{v.money(row['high'])}: {v.count(people[i])}"
        marks.append(group([rect(slots.left(i), y, slots.width, panel.bottom - y, kind)], tip))
    shown = _ticks(edges, over)
    places = [_place(edges, slots, value) for value in shown]
    marks += bottom_labels(places, [v.money(value) for value in shown], panel.bottom + 18, width)
    heading = v.pick("Expected value of a customer →", "单个客户的预期价值 →")
    if over:
        more = v.pick(
            f"pale: {v.money(edges[-2])} to {v.money(edges[-1])}", f"浅色：{v.money(edges[-2])} 至 {v.money(edges[-1])}"
        )
        heading = f"{more} · {heading}"
    marks.append(text(width, panel.bottom + 36, heading, None, "end"))
    for level, name, words in ((22, "median", v.pick("median", "中位数")), (40, "mean", v.pick("mean", "平均"))):
        value = known(given.get(name))
        if value is not None:
            marks += _flag(_place(edges, slots, value), level, f"{words} {v.money(value)}", panel)
    return Drawing(width, panel.bottom + 44, joined(marks))


def _runs_over(edges: Sequence[float]) -> bool:
    """Whether all bars span alike but the last, which takes in everything above."""
    widths = [high - low for low, high in pairwise(edges)]
    alike = len(widths) > 2 and max(widths[:-1]) - min(widths[:-1]) <= 1e-6 * max(widths[:-1])
    return alike and widths[-1] > 1.01 * widths[0]


def _ticks(edges: Sequence[float], over: bool) -> list[float]:
    """Round values where bars span alike, else the edges of the bars."""
    alike = edges[:-1] if over else edges
    widths = [high - low for low, high in pairwise(alike)]
    if widths and max(widths) - min(widths) <= 1e-6 * max(widths):
        return [value for value in ticks(alike[0], alike[-1], 5) if alike[0] <= value <= alike[-1]]
    return list(edges)


def _place(edges: Sequence[float], slots: Slots, value: float) -> float:
    """Where `value` lies on an axis whose bars have equal widths but spans of their own."""
    value = min(max(value, edges[0]), edges[-1])
    for i, (low, high) in enumerate(pairwise(edges)):
        if value <= high:
            return slots.edge(i + ((value - low) / (high - low) if high > low else 0.5))
    return slots.end


def _flag(x: float, level: float, words: str, panel: Panel) -> list[Markup]:
    turned = x + 8 + text_width(words) > panel.right + 12
    label = text(x + (-6 if turned else 6), level + 8, words, "strong", "end" if turned else None)
    return [line(x, level, x, panel.bottom, "split"), label]
