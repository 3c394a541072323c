"""The RFM map: recency up, frequency and money across, with the segments' names."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import known
from patron.study.pictures.svg import group, joined, line, rect, text, wrap
from patron.study.pictures.terms import SEGMENTS, term
from patron.study.pictures.theme import heat
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
Cells = Mapping[tuple[int, int], Row]
_KINDS = {
    "r": pa.int64(),
    "fm": pa.int64(),
    "segment": pa.string(),
    "customers": pa.int64(),
    "revenue": pa.float64(),
}


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A 5 by 5 map with lines between segments; green deepens with the square root of value, since the best cell
    would outshine all others.
    """
    v = Voice.of(figures, lang)
    given = figures.get("rfm") or {}
    rows = [row for row in given.get("cells") or [] if known(row.get("customers"))]
    if not rows:
        return nothing("rfm", v, Text("No customer can be scored yet", "暂无可评分的客户"), _WHY)
    cells = {(int(row["r"]), int(row["fm"])): row for row in rows}
    return Picture(
        "rfm",
        lang,
        finding(given, rows, v),
        v.unit(v.pick("Customers and revenue by RFM score", "按 RFM 评分的客户数与收入"), v.currency or ""),
        v.pick(
            "A map of five recency scores by five frequency and money scores.", "近度五级与频次金额五级构成的分布图。"
        ),
        pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in _KINDS.items()}),
        [
            Shown("r", "R"),
            Shown("fm", "FM"),
            Shown("segment", v.pick("Segment", "分群"), lambda code: term(SEGMENTS, code, lang), False),
            Shown("customers", v.pick("Customers", "客户数"), v.count),
            Shown("revenue", v.pick("Revenue", "收入"), v.money),
        ],
        both(lambda width: _draw(cells, width, v)),
    )


_WHY = Text("RFM needs customers with at least one order.", "RFM 评分需要至少有一笔订单的客户。")


def finding(given: Mapping[str, Any], rows: Sequence[Row], v: Voice) -> str:
    """The segment that brings most, by customers and by revenue."""
    segments = [row for row in given.get("segments") or [] if (known(row.get("revenue")) or 0) > 0]
    people = sum(row["customers"] for row in rows)
    if not segments:
        return v.pick(f"{v.count(people)} customers on the RFM map", f"RFM 分布图上共 {v.count(people)} 位客户")
    best = max(segments, key=lambda row: row["revenue"])
    name = term(SEGMENTS, best["segment"], v.lang)
    few = v.share(best["customers"] / people)
    much = v.share(best["revenue"] / sum(row["revenue"] for row in segments))
    return v.pick(
        f"“{name}” customers are {few} of the base and bring {much} of revenue",
        f"“{name}”占客户的 {few}，贡献 {much} 的收入",
    )


def _draw(cells: Cells, width: float, v: Voice) -> Drawing:
    wide = width >= WIDE
    left, top, high = (76 if wide else 22), 8, (66 if wide else 70)
    across = (width - left) / 5
    best = max((known(row.get("revenue")) or 0 for row in cells.values()), default=0) or 1.0
    marks = []
    for r in range(5, 0, -1):
        y = top + high * (5 - r)
        marks.append(text(left - 8, y + high / 2 + 4, str(r), "ink", "end"))
        for fm in range(1, 6):
            box = (left + across * (fm - 1), y, across, high)
            row = cells.get((r, fm))
            marks += [rect(box[0], y, across - 1, high - 1, "cell")] if row is None else [_cell(row, box, best, v)]
    marks += _borders(cells, left, top, across, high)
    foot = top + 5 * high
    marks += [text(left + across * (fm - 0.5), foot + 18, str(fm), "ink", "middle") for fm in range(1, 6)]
    return Drawing(width, foot + 44, joined([*marks, *_axis_names(width, top, foot + 36, v)]))


def _axis_names(width: float, top: float, foot: float, v: Voice) -> list[Markup]:
    if width < WIDE:
        return [
            text(0, foot, v.pick("↑ Recency: 5 bought last", "↑ 近度：5 为最近购买")),
            text(width, foot, v.pick("Frequency and money →", "频次与金额 →"), None, "end"),
        ]
    up = wrap(v.pick("Recency: 5 bought last", "近度：5 为最近购买"), 58)
    return [
        *(text(0, top + 14 + 15 * i, words) for i, words in enumerate(up)),
        text(width, foot, v.pick("Frequency and money: 5 is most →", "频次与金额：5 为最高 →"), None, "end"),
    ]


def _cell(row: Row, box: tuple[float, float, float, float], best: float, v: Voice) -> Markup:
    x, y, width, height = box
    money, people = known(row.get("revenue")) or 0.0, row["customers"]
    pad, kind, size = (4, "ink tiny", 10) if width < 90 else (7, "ink small", 11)
    name = term(SEGMENTS, row.get("segment", ""), v.lang)
    marks = [rect(x, y, width - 1, height - 1, "heat", fill_opacity=heat(math.sqrt(max(money, 0) / best)))]
    marks += [text(x + pad, y + 16 + 12 * i, part, kind) for i, part in enumerate(wrap(name, width - pad, size)[:2])]
    marks.append(text(x + pad, y + height - 24, v.count(people) if people < 1e5 else v.short(people), "strong"))
    marks.append(text(x + pad, y + height - 9, v.money(money), "ink small"))
    return group(marks, f"{name}: {v.count(people)} · {v.money(money)}")


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
