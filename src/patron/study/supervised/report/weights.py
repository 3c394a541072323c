"""What weighs most: the mean size of each column's part in a prediction."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear
from patron.study.pictures.svg import group, joined, line, rect, text, text_width
from patron.study.report.safe import clean
from patron.study.supervised.report.subject import LONGEST_NAME, Card, Subject, rows
from patron.words import Text

Weights = Sequence[tuple[str, float]]
NAME = "weighs"
DRAWN, LISTED = 12, 200
_NONE = Text("Nothing is known of what weighs most", "暂无各列影响的数据")
_WHY = Text("It needs a model that learns from columns.", "需要由列学习而成的模型。")


def picture(card: Card, s: Subject) -> Picture:
    """A bar a column, largest first."""
    v = s.v
    found = [(clean(row.get("feature"), 80), float(row["size"])) for row in rows(card.get("importance"), "size")]
    found = found[:LISTED]
    top = [(name, size) for name, size in found if size > 0][:DRAWN]
    if not top:
        return nothing(NAME, v, _NONE, _WHY)
    scale = (
        v.pick(f"in units of “{s.target}”", f"单位同“{s.target}”")
        if s.number
        else v.pick("on the scale of log odds", "对数几率尺度")
    )
    none = sum(size <= 0 for _, size in found)
    more = len(found) - len(top) - none
    rest = v.pick(f"{more} more in the table", f"其余 {more} 列见表格") if more else ""
    idle = v.pick(f"{none} weigh nothing", f"{none} 列没有影响") if none else ""
    what = v.pick(f"Mean size of each column’s part, {scale}", f"各列作用的平均大小，{scale}")
    return Picture(
        NAME,
        v.lang,
        finding(top, s),
        v.unit(what, rest, idle),
        v.pick(f"{len(top)} bars, largest first.", f"{len(top)} 根条形，由大到小。"),
        pa.table({"column": [name for name, _ in found], "size": [size for _, size in found]}),
        [
            Shown("column", v.pick("Column", "列"), str, False),
            Shown("size", v.pick("Mean size", "平均大小"), v.short),
        ],
        both(lambda width: _draw(top, width, s)),
    )


def finding(top: Weights, s: Subject) -> str:
    """The first three by name."""
    names = [f"“{clean(name, LONGEST_NAME)}”" for name, _ in top[:3]]
    if len(names) == 1:
        return s.v.pick(f"Only {names[0]} weighs", f"只有{names[0]}有影响")
    return s.v.pick(
        f"{names[0]} weighs most, then {' and '.join(names[1:])}",
        f"影响最大的是{names[0]}，其次是{'和'.join(names[1:])}",
    )


def fit(words: str, width: float) -> str:
    """`words`, cut with an ellipsis where they are wider than `width` pixels."""
    if text_width(words) <= width:
        return words
    while words and text_width(words + "…") > width:
        words = words[:-1]
    return words + "…"


def _draw(top: Weights, width: float, s: Subject) -> Drawing:
    wide = width >= WIDE
    left, step, drop = (220.0, 26.0, 0.0) if wide else (0.0, 40.0, 18.0)
    scale = Linear(0, max(size for _, size in top), left, width - 64)
    marks: list[Markup] = []
    for i, (name, size) in enumerate(top):
        y = 4 + step * i
        named = (
            text(left - 12, y + 13, fit(name, left - 20), "ink", "end")
            if wide
            else text(0, y + 12, fit(name, width), "ink")
        )
        said = s.v.short(size)
        bar = rect(left, y + drop, scale(size) - left, 16, "bar", rx=2)
        value = text(scale(size) + 8, y + drop + 13, said)
        marks.append(group([named, bar, value], f"{name}: {said}"))
    height = 4 + step * len(top)
    return Drawing(width, height + 4, joined([*marks, line(left, 0, left, height, "zero")] if wide else marks))
