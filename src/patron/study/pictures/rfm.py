"""The RFM map: recency up, frequency and money across, with the segments' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import known
from patron.study.pictures.svg import group, line, rect, text, wrap
from patron.study.pictures.terms import SEGMENTS, pick, term, value_word
from patron.study.pictures.theme import HEAT
from patron.words import Text

Cells = Mapping[tuple[int, int], Mapping[str, Any]]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A 5 by 5 map: green deepens with the square root of value, since the best cell outshines all; lines part segments."""
    given = figures.get("rfm") or {}
    rows = [row for row in given.get("cells") or [] if known(row.get("customers")) is not None]
    if not any(row["customers"] for row in rows):
        return nothing("rfm", lang, figures, Text("No customer can be scored yet", "暂无可评分的客户"), _WHY)
    cells = {(int(row["r"]), int(row["fm"])): row for row in rows}
    currency, value = figures.get("currency"), value_word(figures, lang)

    def cash(amount: object) -> str:
        return numbers.money(amount, currency, lang)

    def draw(width: float) -> Drawing:
        return _draw(cells, width, lang, cash)

    kinds = {
        "r": pa.int64(),
        "fm": pa.int64(),
        "segment": pa.string(),
        "customers": pa.int64(),
        "revenue": pa.float64(),
    }
    table = pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})
    shown = [
        Shown("r", "R"),
        Shown("fm", "FM"),
        Shown("segment", pick(lang, "Segment", "细分"), lambda code: term(SEGMENTS, code, lang), False),
        Shown("customers", pick(lang, "Customers", "客户数"), numbers.count),
        Shown("revenue", value.capitalize(), cash),
    ]
    said = pick(lang, f"Customers and {value} by RFM score", f"按 RFM 评分的客户数与{value}")
    about = pick(
        lang, "A map of five recency scores by five frequency and money scores.", "近度五级与频次金额五级构成的分布图。"
    )
    unit = as_of_line(figures, lang, said, currency or "")
    return Picture("rfm", lang, finding(given, rows, value, lang), unit, about, table, shown, **both(draw))


_WHY = Text("RFM needs customers with at least one order.", "RFM 评分需要至少有一笔订单的客户。")


def finding(given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], value: str, lang: str) -> str:
    """The segment that brings most, by customers and by value."""
    segments = [row for row in given.get("segments") or [] if (known(row.get("revenue")) or 0) > 0]
    people = sum(row["customers"] for row in rows)
    money = sum(row["revenue"] for row in segments)
    if not segments or money <= 0:
        return pick(
            lang, f"{numbers.count(people)} customers on the RFM map", f"RFM 分布图上共 {numbers.count(people)} 位客户"
        )
    best = max(segments, key=lambda row: row["revenue"])
    name = term(SEGMENTS, best["segment"], lang)
    few, much = numbers.share(best["customers"] / max(people, 1), lang), numbers.share(best["revenue"] / money, lang)
    return pick(
        lang,
        f"“{name}” customers are {few} of the base and {much} of {value}",
        f"“{name}”占客户的 {few}，贡献 {much} 的{value}",
    )


def _draw(cells: Cells, width: float, lang: str, cash: Any) -> Drawing:
    wide = width >= WIDE
    left, top, high = (76 if wide else 22), 8, 66 if wide else 70
    across = (width - left) / 5
    best = max((known(row.get("revenue")) or 0 for row in cells.values()), default=0) or 1.0
    marks = []
    for r in range(5, 0, -1):
        y = top + high * (5 - r)
        marks.append(text(left - 8, y + high / 2 + 4, str(r), "ink", "end"))
        for fm in range(1, 6):
            marks.append(_cell(cells.get((r, fm), {}), (left + across * (fm - 1), y, across, high), best, lang, cash))
    marks += _borders(cells, left, top, across, high)
    marks += [text(left + across * (fm - 0.5), top + 5 * high + 18, str(fm), "ink", "middle") for fm in range(1, 6)]
    foot = top + 5 * high + 36
    if wide:
        for i, words in enumerate(wrap(pick(lang, "Recency: 5 bought last", "近度：5 为最近购买"), 58)):
            marks.append(text(0, top + 14 + 15 * i, words))
        marks.append(
            text(width, foot, pick(lang, "Frequency and money: 5 is most →", "频次与金额：5 为最高 →"), None, "end")
        )
    else:
        marks.append(text(0, foot, pick(lang, "↑ Recency: 5 bought last", "↑ 近度：5 为最近购买")))
        marks.append(text(width, foot, pick(lang, "Frequency and money →", "频次与金额 →"), None, "end"))
    return Drawing(width, foot + 8, Markup("").join(marks))


def _cell(row: Mapping[str, Any], box: tuple[float, float, float, float], best: float, lang: str, cash: Any) -> Markup:
    x, y, width, height = box
    money = max(known(row.get("revenue")) or 0.0, 0.0)
    people = known(row.get("customers")) or 0
    strength = HEAT[0] + (HEAT[1] - HEAT[0]) * min((money / best) ** 0.5, 1)
    filled = (
        rect(x, y, width - 1, height - 1, "heat", fill_opacity=f"{strength:.2f}")
        if people
        else rect(x, y, width - 1, height - 1, "cell")
    )
    name = term(SEGMENTS, row.get("segment", ""), lang)
    tight = width < 90
    pad, kind = (4, "ink tiny") if tight else (7, "ink small")
    lines = wrap(name, width - pad, 10 if tight else 11)[:2]
    words = [text(x + pad, y + 16 + 12 * i, part, kind) for i, part in enumerate(lines)]
    words.append(
        text(
            x + pad, y + height - 24, numbers.short(people, lang) if people >= 1e5 else numbers.count(people), "strong"
        )
    )
    words.append(text(x + pad, y + height - 9, cash(money) if people else "", "ink small"))
    tip = f"{name}: {numbers.count(people)} · {cash(row.get('revenue'))}"
    return group([filled, *words], tip)


def _borders(cells: Cells, left: float, top: float, across: float, high: float) -> list[Markup]:
    """A line wherever two neighbours belong to different segments."""

    def segment(r: int, fm: int) -> object:
        return cells.get((r, fm), {}).get("segment")

    out = []
    for r in range(5, 0, -1):
        for fm in range(1, 6):
            x, y = left + across * fm - 0.5, top + high * (6 - r) - 0.5
            if fm < 5 and segment(r, fm) != segment(r, fm + 1):
                out.append(line(x, y - high, x, y, "edge"))
            if r > 1 and segment(r, fm) != segment(r - 1, fm):
                out.append(line(x - across, y, x, y, "edge"))
    return out
