"""The base by stage: how many customers are where, what they are worth and what is at risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import Linear, known, known_all
from patron.study.pictures.svg import group, line, rect, text
from patron.study.pictures.terms import STAGES, pick, term, value_word
from patron.words import Text

ROW = 30
_MONEY = ("revenue", "clv", "value_at_risk")


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Bars from zero for customers, value so far, expected value and value at risk of each stage."""
    rows = [row for row in figures.get("stages") or [] if known(row.get("customers"))]
    if not rows:
        return nothing("stages", lang, figures, Text("No customers by stage yet", "暂无客户阶段数据"), _WHY)
    currency = figures.get("currency")
    heads = _headings(figures, lang)

    def cash(value: object) -> str:
        return numbers.money(value, currency, lang)

    says = {"customers": lambda value: numbers.count(value, lang), **dict.fromkeys(_MONEY, cash)}

    def draw(width: float) -> Drawing:
        names = ["customers", *_MONEY] if width >= WIDE else ["customers", "value_at_risk"]
        left = 112 if width >= WIDE else 96
        each = (width - left) / len(names)
        marks = [_label(row, i, lang) for i, row in enumerate(rows)]
        for i, name in enumerate(names):
            marks += _column(rows, name, heads[name], says[name], left + each * i, each)
        return Drawing(width, 26 + ROW * len(rows), Markup("").join(marks))

    table = pa.table(
        {"stage": [str(row["stage"]) for row in rows], **{n: [known(r.get(n)) for r in rows] for n in says}}
    )
    shown = [Shown("stage", "阶段" if lang == "zh" else "Stage", lambda code: term(STAGES, code, lang), False)]
    shown += [Shown(name, heads[name], says[name]) for name in says]
    unit = as_of_line(
        figures, lang, "各阶段客户数与价值" if lang == "zh" else "Customers and value by stage", currency or ""
    )
    return Picture("stages", lang, finding(rows, currency, lang), unit, _about(rows, lang), table, shown, **both(draw))


_WHY = Text(
    "A stage needs at least one customer with an order. Check the column of customers in the file.",
    "至少需要一位有订单的客户才能划分阶段。请检查文件中的客户列。",
)


def finding(rows: list[dict[str, Any]], currency: str | None, lang: str) -> str:
    """Where most of the value at risk sits; without money, which stage is the largest."""
    risky = [row for row in rows if (known(row.get("value_at_risk")) or 0) > 0]
    if risky:
        top = max(risky, key=lambda row: row["value_at_risk"])
        total = sum(row["value_at_risk"] for row in risky)
        part, whole = (numbers.money(v, currency, lang) for v in (top["value_at_risk"], total))
        name = term(STAGES, top["stage"], lang)
        most = top["value_at_risk"] > total / 2
        if lang == "zh":
            return f"{whole} 风险价值中，“{name}”客户{'占大半' if most else '占比最大'}：{part}"
        return f"{'Most' if most else 'The largest part'} of the value at risk sits with “{name}” customers: {part} of {whole}"
    top = max(rows, key=lambda row: row["customers"])
    total = sum(row["customers"] for row in rows)
    name, part = term(STAGES, top["stage"], lang), numbers.share(top["customers"] / max(total, 1), lang)
    return (
        f"“{name}”是人数最多的阶段，占客户的 {part}"
        if lang == "zh"
        else f"“{name}” is the largest stage, with {part} of customers"
    )


def _headings(figures: Mapping[str, Any], lang: str) -> dict[str, str]:
    span, value = numbers.span(figures.get("clv_horizon_days"), lang), value_word(figures, lang)
    names = (
        pick(lang, "Customers", "客户数"),
        pick(lang, f"{value.capitalize()} so far", f"累计{value}"),
        pick(lang, f"Expected, next {span}", f"未来{span}预期"),
        pick(lang, "Value at risk", "风险价值"),
    )
    return dict(zip(("customers", *_MONEY), names, strict=True))


def _label(row: dict[str, Any], index: int, lang: str) -> Markup:
    y = 26 + ROW * index
    return group(
        [
            rect(0, y + 9, 10, 10, f"stage-{row['stage']}", rx=2),
            text(17, y + 18, term(STAGES, row["stage"], lang), "ink"),
        ]
    )


def _column(rows: list[dict[str, Any]], name: str, heading: str, say: Any, left: float, width: float) -> list[Markup]:
    values = [known(row.get(name)) for row in rows]
    low, high = min([0.0, *known_all(values)]), max([0.0, *known_all(values)])
    scale = Linear(low, high or 1.0, left, left + width - 66)
    marks = [text(left, 12, heading), line(scale(0) - 0.5, 24, scale(0) - 0.5, 26 + ROW * len(rows), "zero")]
    for i, (row, value) in enumerate(zip(rows, values, strict=True)):
        y, at = 26 + ROW * i, scale(value or 0)
        bar = rect(min(at, scale(0)), y + 6, abs(at - scale(0)), 16, f"stage-{row['stage']}") if value else None
        marks.append(group([bar, text(max(at, scale(0)) + 6, y + 18, say(value), "ink")]))
    return marks


def _about(rows: list[dict[str, Any]], lang: str) -> str:
    parts = [f"{term(STAGES, row['stage'], lang)} {numbers.count(row['customers'])}" for row in rows]
    return pick(lang, "Customers by stage: " + ", ".join(parts), "各阶段客户数：" + "，".join(parts))
