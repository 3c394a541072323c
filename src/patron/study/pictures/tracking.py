"""Tracking plots [Fader & Hardie 2005]: repeat purchases week by week and summed up, against the expectation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.calibration import WHY
from patron.study.pictures.picture import Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import Linear, every, known, known_all
from patron.study.pictures.svg import dot, group, line, path, rect, text, text_width, wrap
from patron.study.pictures.terms import pick
from patron.words import Text

MOST = 156
"""Points drawn at most; longer histories are summed up to several weeks a point, which the unit line says."""


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Dots for what came, dashes for what the model expected, and a shade over the weeks it had not seen."""
    given = figures.get("tracking") or {}
    weeks = [
        row for row in given.get("weeks") or [] if None not in (known(row.get("actual")), known(row.get("expected")))
    ]
    if len(weeks) < 2:
        return nothing(
            "tracking", lang, figures, Text("Too little data to follow week by week", "数据不足，无法逐周跟踪"), WHY
        )
    at_once = every(len(weeks), MOST, 1)
    rows = [_merged(weeks[i : i + at_once]) for i in range(0, len(weeks), at_once)]

    def draw(width: float) -> Drawing:
        return _draw(rows, width, lang, numbers.day(given.get("origin"), lang))

    names = ("actual", "expected", "cumulative_actual", "cumulative_expected")
    heads = pick(lang, "Came|Expected|Came, summed up|Expected, summed up", "实际|预期|累计实际|累计预期").split("|")
    columns = {n: [known(row.get(n)) for row in rows] for n in names}
    table = pa.table(
        {"day": [str(row["day"]) for row in rows], **columns, "holdout": [bool(r.get("holdout")) for r in rows]}
    )
    shown = [Shown("day", pick(lang, "Week of", "周起始日"), lambda iso: numbers.day(iso, lang), False)]
    shown += [Shown(n, h, lambda v: numbers.short(v, lang)) for n, h in zip(names, heads, strict=True)]
    per = pick(
        lang, "a week" if at_once == 1 else f"in {at_once} weeks", "每周" if at_once == 1 else f"每 {at_once} 周"
    )
    unit = as_of_line(figures, lang, pick(lang, f"Repeat purchases {per}", f"{per}复购次数"))
    about = pick(lang, "Two line plots over time: weekly and summed up.", "两幅时间折线图：逐周与累计。")
    return Picture("tracking", lang, finding(rows, lang), unit, about, table, shown, **both(draw))


def _merged(weeks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several weeks as one point: sums of the week's figures, the last of the running totals."""
    last = weeks[-1]
    return {
        "day": weeks[0]["day"],
        "actual": sum(week["actual"] for week in weeks),
        "expected": sum(week["expected"] for week in weeks),
        "cumulative_actual": last.get("cumulative_actual"),
        "cumulative_expected": last.get("cumulative_expected"),
        "holdout": bool(weeks[0].get("holdout")),
    }


def finding(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """In the weeks the model had not seen: how many came, how many it expected."""
    unseen = [row for row in rows if row.get("holdout")]
    came, hoped = sum(row["actual"] for row in unseen), sum(row["expected"] for row in unseen)
    if not unseen or came <= 0:
        return pick(lang, "Repeat purchases, week by week", "逐周复购次数")
    off = hoped / came - 1
    words = (numbers.short(hoped, lang), numbers.short(came, lang), numbers.share(abs(off), lang))
    side = pick(lang, "over" if off > 0 else "under", "高估" if off > 0 else "低估")
    return pick(
        lang,
        f"In the weeks it had not seen, the model expected {words[0]} repeat purchases; {words[1]} came ({words[2]} {side})",
        f"在未见过的时段里，模型预期 {words[0]} 次复购，实际 {words[1]} 次（{side} {words[2]}）",
    )


def _draw(rows: Sequence[Mapping[str, Any]], width: float, lang: str, origin: str) -> Drawing:
    def say(value: float) -> str:
        return numbers.short(value, lang)

    weekly = max(known_all(row[name] for row in rows for name in ("actual", "expected")))
    summed = max(
        known_all(row[name] for row in rows for name in ("cumulative_actual", "cumulative_expected")), default=0
    )
    left = max(room(0, weekly, say), room(0, summed, say, target=3))
    across = Linear(0, len(rows) - 1, left + 4, width - 6)
    first = Panel.over((left, 26, width - left, 160), 0, weekly)
    second = Panel.over((left, 252, width - left, 130), 0, summed, target=3)
    marks = []
    came, hoped = pick(lang, "came", "实际"), pick(lang, "expected", "预期")
    for panel, names, heading, mark in (
        (first, ("actual", "expected"), pick(lang, "Each week" if len(rows) < MOST else "Each point", "逐周"), "dot"),
        (second, ("cumulative_actual", "cumulative_expected"), pick(lang, "Summed up", "累计"), "fact"),
    ):
        marks += _unseen(rows, panel, across)
        marks += panel.frame(say, heading)
        marks += legend(text_width(heading) + 22, panel.top - 12, [(mark, came), ("expect", hoped)])
        marks += _lines(rows, names, panel, across, dots=panel is first)
        marks += _days(rows, panel, across, lang)
    marks += _origin(rows, second, across, origin, lang) + _tips(rows, first, across, lang)
    return Drawing(width, second.bottom + 26, Markup("").join(marks))


def _start(rows: Sequence[Mapping[str, Any]]) -> int | None:
    return next((i for i, row in enumerate(rows) if row.get("holdout")), None)


def _unseen(rows: Sequence[Mapping[str, Any]], panel: Panel, across: Linear) -> list[Markup]:
    start = _start(rows)
    if start is None:
        return []
    x = across(max(start - 0.5, 0))
    return [rect(x, panel.top, panel.right - x, panel.height, "unseen")]


def _origin(rows: Sequence[Mapping[str, Any]], panel: Panel, across: Linear, origin: str, lang: str) -> list[Markup]:
    start = _start(rows)
    if start is None:
        return []
    x = across(max(start - 0.5, 0))
    words = wrap(pick(lang, f"not seen by the model, from {origin}", f"{origin}起模型未见"), panel.right - x - 12, 11)
    # a sum only rises, so that the lower right is free
    lines = [
        text(panel.right - 6, panel.bottom - 8 - 14 * i, part, "small", "end") for i, part in enumerate(reversed(words))
    ]
    return [line(x, panel.top, x, panel.bottom, "split"), *lines]


def _lines(
    rows: Sequence[Mapping[str, Any]], names: tuple[str, str], panel: Panel, across: Linear, *, dots: bool
) -> list[Markup]:
    came, hoped = (
        [(across(i), panel.y(v)) for i, row in enumerate(rows) if (v := known(row.get(name))) is not None]
        for name in names
    )
    marks = [path(came, "fact"), path(hoped, "expect")]
    return marks + ([dot(x, y, 2.5, "dot") for x, y in came] if dots else [])


def _days(rows: Sequence[Mapping[str, Any]], panel: Panel, across: Linear, lang: str) -> list[Markup]:
    """A label where a month begins."""
    months = [str(row["day"])[:7] for row in rows]
    begins = [i for i, name in enumerate(months) if i == 0 or name != months[i - 1]]
    names = [numbers.month_tick(months[i], lang, first=k == 0) for k, i in enumerate(begins)]
    return bottom_labels([across(i) for i in begins], names, panel.bottom + 18, panel.width - 20)


def _tips(rows: Sequence[Mapping[str, Any]], panel: Panel, across: Linear, lang: str) -> list[Markup]:
    step = across(1) - across(0)
    out = []
    for i, row in enumerate(rows):
        came, hoped = numbers.short(row["actual"], lang), numbers.short(row["expected"], lang)
        tip = f"{numbers.day(row['day'], lang)}: " + pick(
            lang, f"{came} came, {hoped} expected", f"实际 {came}，预期 {hoped}"
        )
        out.append(group([rect(across(i) - step / 2, panel.top, step, panel.height, "over")], tip))
    return out
