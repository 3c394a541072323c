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
from patron.study.pictures.svg import dot, group, path, rect, text, text_width
from patron.study.pictures.terms import pick
from patron.words import Text


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Mean purchases in the days the model had not seen, by repeat purchases before: dots came, dashes expected."""
    given = figures.get("calibration") or {}
    rows = [
        row for row in given.get("by_x") or [] if None not in (known(row.get("actual")), known(row.get("expected")))
    ]
    if not rows:
        return nothing("calibration", lang, figures, Text("Too little data to look back", "数据不足，无法回测"), WHY)

    def draw(width: float) -> Drawing:
        return _draw(rows, width, lang)

    names = ("customers", "actual", "expected", "low", "high")
    heads = pick(lang, "Customers|Came|Expected|Low|High", "客户数|实际|预期|下限|上限").split("|")
    table = pa.table({"x": [str(row["x"]) for row in rows], **{n: [known(row.get(n)) for row in rows] for n in names}})
    shown = [Shown("x", pick(lang, "Repeat purchases before", "此前复购次数"), str, False)]
    shown += [
        Shown(n, h, numbers.count if n == "customers" else numbers.decimal) for n, h in zip(names, heads, strict=True)
    ]
    said = pick(lang, "Mean purchases of a customer", "每位客户的平均购买次数")
    about = pick(lang, f"{len(rows)} groups of customers by purchases before.", f"按此前购买次数分成 {len(rows)} 组。")
    return Picture(
        "calibration", lang, finding(given, rows, lang), unit(given, lang, said), about, table, shown, **both(draw)
    )


WHY = Text(
    "A look back needs a period long enough to hide a part from the model. The expected figures here are wide for the same reason.",
    "回测需要足够长的历史，以便留出一段不给模型看。出于同样的原因，这里的预期区间较宽。",
)


def unit(given: Mapping[str, Any], lang: str, what: str) -> str:
    """What is drawn and over which days the model did not see."""
    start, length = numbers.day(given.get("origin"), lang), numbers.span(given.get("horizon_days"), lang)
    return pick(
        lang, f"{what} · in the {length} after {start}, unseen by the model", f"{what} · {start}之后{length}，模型未见"
    )


def finding(given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """All purchases that came against all expected."""
    came = sum(row["actual"] * (known(row.get("customers")) or 0) for row in rows)
    expected = sum(row["expected"] * (known(row.get("customers")) or 0) for row in rows)
    if came <= 0:
        return pick(lang, "No purchase came in the days looked back on", "回测期内没有购买")
    off = expected / came - 1
    seen, hoped, part = numbers.short(came, lang), numbers.short(expected, lang), numbers.share(abs(off), lang)
    if abs(off) < 0.005:
        return pick(
            lang, f"The model expected {hoped} purchases and as many came", f"模型预期 {hoped} 次购买，与实际相符"
        )
    return pick(
        lang,
        f"The model expected {hoped} purchases and {seen} came: {part} too {'many' if off > 0 else 'few'}",
        f"模型预期 {hoped} 次购买，实际 {seen} 次，{'高估' if off > 0 else '低估'} {part}",
    )


def _draw(rows: Sequence[Mapping[str, Any]], width: float, lang: str) -> Drawing:
    highest = max(known_all(row.get(name) for row in rows for name in ("actual", "expected", "high")))

    def plain(value: float) -> str:
        return f"{value:g}"

    left = room(0, highest, plain)
    panel = Panel.over((left, 26, width - left, 230), 0, highest)
    slots = Slots(len(rows), panel.left, panel.right)
    heading = pick(lang, "Purchases", "购买次数")
    entries = [
        ("dot", pick(lang, "came", "实际")),
        ("expect", pick(lang, "expected", "预期")),
        ("band", pick(lang, "80 %", "80% 区间")),
    ]
    marks = [*panel.frame(plain, heading), *legend(text_width(heading) + 22, panel.top - 12, entries)]
    places = [slots.middle(i) for i in range(len(rows))]
    ends = [(known(row.get("low")), known(row.get("high"))) for row in rows]
    banded = [
        (x, low, high) for x, (low, high) in zip(places, ends, strict=True) if low is not None and high is not None
    ]
    upper, lower = [(x, panel.y(high)) for x, _, high in banded], [(x, panel.y(low)) for x, low, _ in reversed(banded)]
    marks += [
        path([*upper, *lower], "band", close=True),
        path([(x, panel.y(r["expected"])) for x, r in zip(places, rows, strict=True)], "expect"),
    ]
    for i, row in enumerate(rows):
        tip = pick(
            lang,
            f"{row['x']} before: {row['actual']:.2f} came, {row['expected']:.2f} expected ({numbers.count(row.get('customers'))} customers)",
            f"此前 {row['x']} 次：实际 {row['actual']:.2f}，预期 {row['expected']:.2f}（{numbers.count(row.get('customers'))} 位客户）",
        )
        over = rect(slots.edge(i), panel.top, slots.step, panel.height, "over")
        marks.append(group([over, dot(places[i], panel.y(row["actual"]), 5, "dot")], tip))
    marks += bottom_labels(places, [str(row["x"]) for row in rows], panel.bottom + 18, panel.width)
    marks += bottom_labels(places, [_people(row, lang) for row in rows], panel.bottom + 33, panel.width)
    marks.append(
        text(
            panel.right,
            panel.bottom + 52,
            pick(lang, "Repeat purchases before, and how many customers →", "此前复购次数及客户数 →"),
            None,
            "end",
        )
    )
    return Drawing(width, panel.bottom + 60, Markup("").join(marks))


def _people(row: Mapping[str, Any], lang: str) -> str:
    return f"n {numbers.short(row.get('customers'), lang)}"
