"""The cohort heat map: which share of those who first bought together buys again, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.picture import Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import known, known_all
from patron.study.pictures.svg import group, rect, text
from patron.study.pictures.terms import pick
from patron.study.pictures.theme import HEAT
from patron.words import Text

LATEST = 24
"""Cohorts and periods drawn at most; earlier cohorts are left out and the unit line says so."""

Rates = Sequence[Sequence[float | None]]

_UNITS = {
    "week": Text("week", "周"),
    "month": Text("month", "个月"),
    "quarter": Text("quarter", "个季度"),
    "year": Text("year", "年"),
}


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A heat map, one row a cohort, one column a period after the first purchase; '–' has not happened yet."""
    given = figures.get("cohorts") or {}
    names = [str(name) for name in given.get("cohorts") or []][-LATEST:]
    sizes = list(given.get("sizes") or [])[-LATEST:]
    rates = [list(row or [])[1 : LATEST + 1] for row in (given.get("retention") or [])[-LATEST:]]
    periods = max((len(row) for row in rates), default=0)
    if not names or not periods or not known_all(v for row in rates for v in row):
        return nothing(
            "cohorts", lang, figures, Text("No cohort is old enough to return yet", "尚无可观察回购的同期群"), _WHY
        )
    rates = [[known(v) for v in row] + [None] * (periods - len(row)) for row in rates]
    running = _running(given, names, figures.get("as_of"))
    unit = _UNITS.get(str(given.get("unit")), _UNITS["month"]).say(lang)

    def draw(width: float) -> Drawing:
        return _draw(names, sizes, rates, running, width, lang, unit)

    cut = pick(lang, f"the last {LATEST} cohorts", f"最近 {LATEST} 个同期群") if len(given["cohorts"]) > LATEST else ""
    line = as_of_line(
        figures, lang, pick(lang, f"Share of each cohort active in {unit} n", f"各同期群第 n {unit}的购买比例"), cut
    )
    about = pick(lang, f"{len(names)} cohorts by {periods} periods.", f"{len(names)} 个同期群，{periods} 个时期。")
    table, shown = _table(names, sizes, rates, lang)
    return Picture(
        "cohorts", lang, finding(sizes, _whole(rates, running), unit, lang), line, about, table, shown, **both(draw)
    )


_WHY = Text(
    "The map fills when customers have been around for more than one period.",
    "客户首次购买满一个时期后，这里会显示留存热力图。",
)


def _running(given: Mapping[str, Any], names: Sequence[str], as_of: object) -> list[int | None]:
    """For each cohort the column of the month that is not over, if there is one."""
    now = str(as_of)[:7]
    if str(given.get("unit")) != "month" or not numbers.is_running(now, as_of):
        return [None] * len(names)
    return [numbers.months_between(name, now) - 1 for name in names]


def _whole(rates: Rates, running: Sequence[int | None]) -> list[list[float | None]]:
    """The rates without those of a month that is not over."""
    return [
        [None if k == last else rate for k, rate in enumerate(row)] for row, last in zip(rates, running, strict=True)
    ]


def finding(sizes: Sequence[Any], rates: Rates, unit: str, lang: str) -> str:
    """How many come back in the first period, and in the last one that at least three cohorts have seen."""
    first = _mean(sizes, rates, 0)
    late = max((k for k in range(len(rates[0])) if sum(row[k] is not None for row in rates) >= 3), default=0)
    if first is None:
        return pick(lang, "Who comes back, cohort by cohort", "各同期群的回购情况")
    early = numbers.share(first, lang)
    if late == 0:
        return pick(
            lang,
            f"{early} of customers buy again one {unit} after their first purchase",
            f"首购后第 1 {unit}有 {early} 的客户再次购买",
        )
    later = numbers.share(_mean(sizes, rates, late), lang)
    return pick(
        lang,
        f"{early} of customers buy again in the {unit} after their first purchase, {later} in {unit} {late + 1}",
        f"首购后第 1 {unit}有 {early} 的客户再次购买，第 {late + 1} {unit}为 {later}",
    )


def _mean(sizes: Sequence[Any], rates: Rates, period: int) -> float | None:
    seen = [(n, row[period]) for n, row in zip(sizes, rates, strict=True) if known(n) and row[period] is not None]
    people = sum(n for n, _ in seen)
    return sum(n * rate for n, rate in seen if rate is not None) / people if people else None


def _cohort(name: str, lang: str) -> str:
    return numbers.month(name, lang) if len(name) == 7 else name


def _table(names: Sequence[str], sizes: Sequence[Any], rates: Rates, lang: str) -> Any:
    columns: dict[str, Any] = {"cohort": names, "customers": [known(n) for n in sizes]}
    columns |= {f"period_{k + 1}": pa.array([row[k] for row in rates], pa.float64()) for k in range(len(rates[0]))}
    shown = [
        Shown("cohort", pick(lang, "Cohort", "同期群"), lambda name: _cohort(str(name), lang), False),
        Shown("customers", pick(lang, "Customers", "客户数"), numbers.count),
        *(Shown(f"period_{k + 1}", str(k + 1), lambda v: numbers.share(v, lang)) for k in range(len(rates[0]))),
    ]
    return pa.table(columns), shown


def _draw(
    names: Sequence[str],
    sizes: Sequence[Any],
    rates: Rates,
    running: Sequence[int | None],
    width: float,
    lang: str,
    unit: str,
) -> Drawing:
    left, row_height = 132 if lang == "en" else 146, 26
    cell = min((width - left) / len(rates[0]), 72)
    top = 40
    highest = max(known_all(v for row in _whole(rates, running) for v in row), default=0) or 1.0
    marks = [
        text(0, 12, pick(lang, "First purchase", "首次购买")),
        text(left - 10, top - 8, pick(lang, "customers", "人数"), None, "end"),
        text(
            left,
            12,
            pick(lang, f"{unit.capitalize()} after the first purchase →", f"首次购买后的{unit.lstrip('个')}数 →"),
        ),
    ]
    step = max(1, round(22 / cell + 0.49))
    marks += [text(left + cell * (k + 0.5), top - 8, str(k + 1), None, "middle") for k in range(0, len(rates[0]), step)]
    so_far = pick(lang, " (so far)", "（未完）")
    for i, (name, size, row) in enumerate(zip(names, sizes, rates, strict=True)):
        y = top + row_height * i
        marks += [
            text(0, y + 17, _cohort(name, lang), "ink"),
            text(left - 10, y + 17, numbers.count(size), None, "end"),
        ]
        for k, rate in enumerate(row):
            if rate is not None:
                tip = pick(
                    lang, f"{_cohort(name, lang)}, {unit} {k + 1}: ", f"{_cohort(name, lang)}，第 {k + 1} {unit}："
                )
                box = (left + cell * k, y, cell, row_height)
                tip += numbers.share(rate, lang) + (so_far if k == running[i] else "")
                marks.append(_cell(box, rate, highest, tip, running=k == running[i]))
    return Drawing(width, top + row_height * len(names) + 4, Markup("").join(marks))


def _cell(box: tuple[float, float, float, float], rate: float, highest: float, tip: str, *, running: bool) -> Markup:
    x, y, width, height = box
    strength = HEAT[0] + (HEAT[1] - HEAT[0]) * min(rate / highest, 1)
    words = text(x + width / 2, y + height / 2 + 4, f"{100 * rate:.0f}", "ink small", "middle") if width >= 24 else None
    if running:
        return group([rect(x + 1.5, y + 1.5, width - 4, height - 4, "ghost"), words], tip)
    return group([rect(x, y, width - 1, height - 1, "heat", fill_opacity=f"{strength:.2f}"), words], tip)
