"""How expected value is spread: customers by what they are expected to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, room
from patron.study.pictures.picture import Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import Slots, known
from patron.study.pictures.svg import group, line, rect, text, text_width
from patron.study.pictures.terms import pick
from patron.words import Text


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A histogram of customers by expected value; every bar spans the values written at its feet."""
    given = figures.get("clv") or {}
    bins = [row for row in given.get("bins") or [] if None not in (known(row.get("low")), known(row.get("high")))]
    if not any(known(row.get("customers")) for row in bins):
        return nothing("clv", lang, figures, Text("No expected value to show yet", "暂无预期价值数据"), _WHY)
    currency, span = figures.get("currency"), numbers.span(figures.get("clv_horizon_days"), lang)

    def cash(value: object) -> str:
        return numbers.money(value, currency, lang)

    def draw(width: float) -> Drawing:
        return _draw(given, bins, width, lang, cash)

    names = ("low", "high", "customers", "clv")
    heads = pick(lang, "From|Up to|Customers|Expected value", "从|到|客户数|预期价值").split("|")
    table = pa.table({name: [known(row.get(name)) for row in bins] for name in names})
    says = (cash, cash, numbers.count, cash)
    shown = [Shown(name, head, say) for name, head, say in zip(names, heads, says, strict=True)]
    said = pick(lang, f"Customers by value expected in the next {span}", f"按未来{span}预期价值划分的客户数")
    about = pick(lang, f"A histogram with {len(bins)} bars.", f"共 {len(bins)} 个区间的直方图。")
    unit = as_of_line(figures, lang, said, currency or "")
    return Picture("clv", lang, finding(given, span, cash, lang), unit, about, table, shown, **both(draw))


_WHY = Text(
    "Expected value appears when at least one customer has ordered.", "有客户下单后，这里会显示预期价值的分布。"
)


def finding(given: Mapping[str, Any], span: str, cash: Any, lang: str) -> str:
    """What half of the customers stay below, and the share of the top tenth."""
    median, top = known(given.get("median")), known(given.get("top_decile_share"))
    if median is None or top is None:
        return pick(lang, f"What customers are expected to bring in the next {span}", f"客户未来{span}的预期价值")
    return pick(
        lang,
        f"Half of the customers are expected to bring less than {cash(median)}; the top tenth, {numbers.share(top, lang)} of it all",
        f"半数客户的预期价值低于 {cash(median)}；最高的一成客户占总额的 {numbers.share(top, lang)}",
    )


def _draw(given: Mapping[str, Any], bins: Sequence[Mapping[str, Any]], width: float, lang: str, cash: Any) -> Drawing:
    people = [known(row.get("customers")) or 0 for row in bins]

    def counted(value: float) -> str:
        return numbers.short(value, lang)

    left = room(0, max(people), counted, whole=True)
    edges = [*(row["low"] for row in bins), bins[-1]["high"]]
    panel = Panel.over((left, 62, width - left - text_width(cash(edges[-1])) / 2 - 2, 200), 0, max(people), whole=True)
    slots = Slots(len(bins), panel.left, panel.right, gap=0.06)
    marks = panel.frame(counted)
    marks.append(text(0, 12, pick(lang, "Customers", "客户数"), "ink"))
    for i, row in enumerate(bins):
        y = panel.y(people[i])
        tip = f"{cash(row['low'])}–{cash(row['high'])}: {numbers.count(people[i])}"
        marks.append(group([rect(slots.left(i), y, slots.width, panel.bottom - y, "bar")], tip))
    marks += bottom_labels(
        [slots.edge(i) for i in range(len(edges))], [cash(v) for v in edges], panel.bottom + 18, panel.width
    )
    marks.append(
        text(
            panel.right,
            panel.bottom + 36,
            pick(lang, "Expected value of a customer →", "单个客户的预期价值 →"),
            None,
            "end",
        )
    )
    for level, name, words in (
        (22, "median", pick(lang, "median", "中位数")),
        (40, "mean", pick(lang, "mean", "平均")),
    ):
        value = known(given.get(name))
        if value is not None:
            marks += _flag(_place(edges, slots, value), level, f"{words} {cash(value)}", panel)
    return Drawing(width, panel.bottom + 44, Markup("").join(marks))


def _place(edges: Sequence[float], slots: Slots, value: float) -> float:
    """Where `value` lies on an axis whose bars have equal widths but spans of their own."""
    value = min(max(value, edges[0]), edges[-1])
    for i, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
        if value <= high:
            return slots.edge(i + ((value - low) / (high - low) if high > low else 0.5))
    return slots.end


def _flag(x: float, level: float, words: str, panel: Panel) -> list[Markup]:
    turned = x + 8 + text_width(words) > panel.right + 12
    return [
        line(x, level, x, panel.bottom, "split"),
        text(x + (-6 if turned else 6), level + 8, words, "strong", "end" if turned else None),
    ]
