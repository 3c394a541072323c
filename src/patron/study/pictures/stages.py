"""The base by stage: how many customers are where, what they are worth and what is at risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known, known_all
from patron.study.pictures.svg import group, joined, line, rect, text
from patron.study.pictures.terms import STAGES, term
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
TOP, HIGH = 26, 30
"""Where the first row begins and how high each is, in pixels."""


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Bars from zero for customers, value so far, expected value and value at risk of each stage."""
    v = Voice.of(figures, lang)
    rows = [row for row in figures.get("stages") or [] if known(row.get("customers"))]
    if not rows:
        return nothing("stages", v, Text("No customers by stage yet", "暂无客户阶段数据"), _WHY)
    columns = _columns(v)

    def draw(width: float) -> Drawing:
        left, some = (112, columns) if width >= WIDE else (96, [columns[0], columns[-1]])
        each = (width - left) / len(some)
        marks = [_label(row, i, v) for i, row in enumerate(rows)]
        for i, column in enumerate(some):
            marks += _bars(rows, column, left + each * i, each)
        return Drawing(width, TOP + HIGH * len(rows), joined(marks))

    names = {column.name: [known(row.get(column.name)) for row in rows] for column in columns}
    stage = Shown("stage", v.pick("Stage", "阶段"), lambda code: term(STAGES, code, lang), False)
    return Picture(
        "stages",
        lang,
        finding(rows, v),
        v.unit(v.pick("Customers and value by stage", "各阶段客户数与价值"), v.currency or ""),
        _about(rows, v),
        pa.table({"stage": [str(row["stage"]) for row in rows], **names}),
        [stage, *columns],
        both(draw),
    )


_WHY = Text(
    "A stage needs at least one customer with an order. Check the column of customers in the file.",
    "至少需要一位有订单的客户才能划分阶段。请检查文件中的客户列。",
)


def finding(rows: Sequence[Row], v: Voice) -> str:
    """Where most of the value at risk sits; without money, which stage is the largest."""
    risky = [row for row in rows if (known(row.get("value_at_risk")) or 0) > 0]
    if not risky:
        top = max(rows, key=lambda row: row["customers"])
        name = term(STAGES, top["stage"], v.lang)
        part = v.share(top["customers"] / sum(row["customers"] for row in rows))
        return v.pick(f"“{name}” is the largest stage, with {part} of customers", f"“{name}”人数最多，占客户的 {part}")
    top = max(risky, key=lambda row: row["value_at_risk"])
    total = sum(row["value_at_risk"] for row in risky)
    name, part, whole = term(STAGES, top["stage"], v.lang), v.money(top["value_at_risk"]), v.money(total)
    most = top["value_at_risk"] > total / 2
    how_much = v.pick("Most" if most else "The largest part", "占大半" if most else "占比最大")
    return v.pick(
        f"{how_much} of the value at risk sits with “{name}” customers: {part} of {whole}",
        f"{whole} 风险价值中，“{name}”客户{how_much}：{part}",
    )


def _columns(v: Voice) -> list[Shown]:
    return [
        Shown("customers", v.pick("Customers", "客户数"), v.count),
        Shown("revenue", v.pick("Revenue so far", "累计收入"), v.money),
        Shown("clv", v.pick(f"Expected, next {v.ahead}", f"未来{v.ahead}预期"), v.money),
        Shown("value_at_risk", v.pick("Value at risk", "风险价值"), v.money),
    ]


def _label(row: Row, index: int, v: Voice) -> Markup:
    y = TOP + HIGH * index
    square = rect(0, y + 9, 10, 10, f"stage-{row['stage']}", rx=2)
    return group([square, text(17, y + 18, term(STAGES, row["stage"], v.lang), "ink")])


def _bars(rows: Sequence[Row], column: Shown, left: float, width: float) -> list[Markup]:
    values = [known(row.get(column.name)) for row in rows]
    low, high = min([0.0, *known_all(values)]), max([0.0, *known_all(values)])
    scale = Linear(low, high if high > low else low + 1, left, left + width - 66)
    zero = scale(0)
    marks = [text(left, 12, column.heading), line(zero - 0.5, TOP - 2, zero - 0.5, TOP + HIGH * len(rows), "zero")]
    for i, (row, value) in enumerate(zip(rows, values, strict=True)):
        marks.append(_bar(value, scale, TOP + HIGH * i, f"stage-{row['stage']}", column.say))
    return marks


def _bar(value: float | None, scale: Linear, y: float, kind: str, say: Callable[[object], str]) -> Markup:
    at, zero = scale(value or 0), scale(0)
    bar = rect(min(at, zero), y + 6, abs(at - zero), 16, kind) if value else None
    return group([bar, text(max(at, zero) + 6, y + 18, say(value), "ink")])


def _about(rows: Sequence[Row], v: Voice) -> str:
    parts = v.listed([f"{term(STAGES, row['stage'], v.lang)} {v.count(row['customers'])}" for row in rows])
    return v.pick("Customers by stage: ", "各阶段客户数：") + parts
