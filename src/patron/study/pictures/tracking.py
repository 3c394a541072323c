"""Tracking plots [Fader & Hardie 2005]: repeat purchases week by week and summed up, against the expectation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import calibration, numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known, known_all
from patron.study.pictures.svg import dot, group, joined, line, path, rect, text, text_width, wrap
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]
WEEKLY, SUMMED = ("actual", "expected"), ("cumulative_actual", "cumulative_expected")
MOST = 156
"""Points drawn at most: longer histories are summed up to several weeks a point, which the unit line says."""


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Dots for what came, dashes for what the model expected, and a shade over the weeks it had not seen."""
    v = Voice.of(figures, lang)
    given = figures.get("tracking") or {}
    weeks = [r for r in given.get("weeks") or [] if None not in (known(r.get("actual")), known(r.get("expected")))]
    if len(weeks) < 2:
        title = Text("Too little data to follow week by week", "数据不足，无法逐周跟踪")
        return nothing("tracking", v, title, calibration.WHY)
    at_once = math.ceil(len(weeks) / MOST)
    rows = [_merged(weeks[i : i + at_once]) for i in range(0, len(weeks), at_once)]
    columns = [
        Shown("actual", v.pick("Came", "实际"), v.short),
        Shown("expected", v.pick("Expected", "预期"), v.short),
        Shown("cumulative_actual", v.pick("Came, summed up", "累计实际"), v.short),
        Shown("cumulative_expected", v.pick("Expected, summed up", "累计预期"), v.short),
    ]
    values = {column.name: [known(row.get(column.name)) for row in rows] for column in columns}
    per = v.pick("a week", "每周") if at_once == 1 else v.pick(f"in {at_once} weeks", f"每 {at_once} 周")
    return Picture(
        "tracking",
        lang,
        finding(rows, v),
        v.unit(v.pick(f"Repeat purchases {per}", f"{per}复购次数")),
        v.pick("Two line plots over time: week by week, and summed up.", "两幅随时间变化的折线图：逐周与累计。"),
        pa.table({"day": [str(r["day"]) for r in rows], **values, "holdout": [bool(r["holdout"]) for r in rows]}),
        [Shown("day", v.pick("Up to", "截至"), v.day, False), *columns],
        both(lambda width: _draw(rows, width, v.day(given.get("origin")), v)),
    )


def _merged(weeks: Sequence[Row]) -> dict[str, Any]:
    """Several weeks as one point, named by its last: sums of the week's figures, the running totals as they stand."""
    last = weeks[-1]
    return {
        "day": last["day"],
        **{name: sum(week[name] for week in weeks) for name in WEEKLY},
        **{name: last.get(name) for name in SUMMED},
        "holdout": bool(last.get("holdout")),
    }


def finding(rows: Sequence[Row], v: Voice) -> str:
    """In the weeks the model had not seen: how many came, how many it expected."""
    unseen = [row for row in rows if row["holdout"]]
    came, hoped = (sum(row[name] for row in unseen) for name in WEEKLY)
    if came <= 0:
        return v.pick("Repeat purchases, week by week", "逐周复购次数")
    off = hoped / came - 1
    side = v.pick("over" if off > 0 else "under", "高估" if off > 0 else "低估")
    part = v.share(abs(off))
    return v.pick(
        f"In the weeks it had not seen, the model expected {v.short(hoped)} repeat purchases; "
        f"{v.short(came)} came ({part} {side})",
        f"在未见过的时段里，模型预期 {v.short(hoped)} 次复购，实际 {v.short(came)} 次（{side} {part}）",
    )


def _draw(rows: Sequence[Row], width: float, origin: str, v: Voice) -> Drawing:
    weekly, summed = (
        max(known_all(r.get(name) for r in rows for name in names), default=0) for names in (WEEKLY, SUMMED)
    )
    left = max(room(0, weekly, v.short), room(0, summed, v.short, target=3))
    across = Linear(0, len(rows) - 1, left + 4, width - 16)
    upper = Panel.over((left, 26, width - left - 12, 160), 0, weekly)
    lower = Panel.over((left, 252, width - left - 12, 130), 0, summed, target=3)
    marks: list[Markup] = []
    for panel, names, heading, kind in (
        (upper, WEEKLY, v.pick("Each week", "逐周"), "dot"),
        (lower, SUMMED, v.pick("Summed up", "累计"), "fact"),
    ):
        marks += _unseen(rows, panel, across)
        marks += panel.frame(v.short, heading)
        entries = [(kind, v.pick("came", "实际")), ("expect", v.pick("expected", "预期"))]
        marks += legend(text_width(heading) + 22, panel.top - 12, entries)
        marks += _lines(rows, names, panel, across)
        marks += _days(rows, panel, across, v)
    marks += _origin(rows, lower, across, origin, v) + _tips(rows, upper, across, v)
    return Drawing(width, lower.bottom + 26, joined(marks))


def _start(rows: Sequence[Row], across: Linear) -> float | None:
    """Where the weeks begin that the model had not seen, in pixels."""
    first = next((i for i, row in enumerate(rows) if row["holdout"]), None)
    return None if first is None else across(max(first - 0.5, 0))


def _unseen(rows: Sequence[Row], panel: Panel, across: Linear) -> list[Markup]:
    x = _start(rows, across)
    return [] if x is None else [rect(x, panel.top, panel.right - x, panel.height, "unseen")]


def _origin(rows: Sequence[Row], panel: Panel, across: Linear, origin: str, v: Voice) -> list[Markup]:
    """The border of the shade and what it means, at the lower right: a sum only rises, so that it is free there."""
    x = _start(rows, across)
    if x is None:
        return []
    words = wrap(v.pick(f"after {origin}: not seen by the model", f"{origin}之后：模型未见"), panel.right - x - 12, 11)
    lines = [
        text(panel.right - 6, panel.bottom - 8 - 14 * i, part, "small", "end") for i, part in enumerate(reversed(words))
    ]
    return [line(x, panel.top, x, panel.bottom, "split"), *lines]


def _lines(rows: Sequence[Row], names: tuple[str, str], panel: Panel, across: Linear) -> list[Markup]:
    came, hoped = (
        [(across(i), panel.y(value)) for i, row in enumerate(rows) if (value := known(row.get(name))) is not None]
        for name in names
    )
    dots = [dot(x, y, 2.5, "dot") for x, y in came] if names is WEEKLY else []
    return [path(came, "fact"), path(hoped, "expect"), *dots]


def _days(rows: Sequence[Row], panel: Panel, across: Linear, v: Voice) -> list[Markup]:
    """A label where a month begins."""
    months = [str(row["day"])[:7] for row in rows]
    begins = [i for i, name in enumerate(months) if i == 0 or name != months[i - 1]]
    names = [numbers.month_tick(months[i], v.lang, first=i == 0) for i in begins]
    return bottom_labels([across(i) for i in begins], names, panel.bottom + 18, panel.right + 12)


def _tips(rows: Sequence[Row], panel: Panel, across: Linear, v: Voice) -> list[Markup]:
    """An invisible column over each point, to point at."""
    step = across(1) - across(0)
    out = []
    for i, row in enumerate(rows):
        came, hoped = v.short(row["actual"]), v.short(row["expected"])
        tip = f"{v.day(row['day'])}: " + v.pick(f"{came} came, {hoped} expected", f"实际 {came}，预期 {hoped}")
        out.append(group([rect(across(i) - step / 2, panel.top, step, panel.height, "over")], tip))
    return out
