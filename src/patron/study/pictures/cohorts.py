"""The cohort heat map: which share of those who first bought together buys again, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import known, known_all
from patron.study.pictures.svg import group, joined, rect, text
from patron.study.pictures.theme import heat
from patron.study.pictures.voice import Voice
from patron.words import Text

LATEST = 24
"""Cohorts and periods drawn at most: earlier cohorts are left out, and the unit line says so."""
HIGH = 26
_UNITS = {
    "week": Text("week", "周"),
    "month": Text("month", "个月"),
    "quarter": Text("quarter", "个季度"),
    "year": Text("year", "年"),
}


@dataclass(frozen=True)
class Cohort:
    """One row of the map: its name, how many, the rate of each later period, and the period that is not over."""

    name: str
    size: float | None
    rates: Sequence[float | None]
    running: int | None

    def whole(self, period: int) -> float | None:
        """The rate of a period that is over."""
        return None if period == self.running else self.rates[period]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """A heat map, one row a cohort, one column a period after the first purchase; a dashed cell is not over yet."""
    v = Voice.of(figures, lang)
    given = figures.get("cohorts") or {}
    rows = _cohorts(given, v)
    if not known_all(rate for row in rows for rate in row.rates):
        return nothing("cohorts", v, Text("No cohort is old enough to return yet", "尚无可观察回购的同期群"), _WHY)
    unit = _UNITS.get(str(given.get("unit")), _UNITS["month"]).say(lang)
    periods = len(rows[0].rates)
    columns: dict[str, Any] = {"cohort": [row.name for row in rows], "customers": [row.size for row in rows]}
    for k in range(periods):
        columns[f"period_{k + 1}"] = pa.array([row.rates[k] for row in rows], pa.float64())
    cut = v.pick(f"the last {LATEST} cohorts", f"最近 {LATEST} 个同期群") if len(given["cohorts"]) > LATEST else ""
    return Picture(
        "cohorts",
        lang,
        finding(rows, unit, v),
        v.unit(v.pick(f"Percentage of each cohort that buys in {unit} n", f"各同期群第 n {unit}的购买比例（%）"), cut),
        v.pick(f"{len(rows)} cohorts by {periods} periods.", f"{len(rows)} 个同期群，{periods} 个时期。"),
        pa.table(columns),
        [
            Shown("cohort", v.pick("Cohort", "同期群"), v.month, False),
            Shown("customers", v.pick("Customers", "客户数"), v.count),
            *(Shown(f"period_{k + 1}", str(k + 1), v.share) for k in range(periods)),
        ],
        both(lambda width: _draw(rows, width, unit, v)),
    )


_WHY = Text(
    "The map fills when customers have been around for more than one period.",
    "客户首次购买满一个时期后，这里会显示留存热力图。",
)


def _cohorts(given: Mapping[str, Any], v: Voice) -> list[Cohort]:
    names = [str(name) for name in given.get("cohorts") or []][-LATEST:]
    sizes = list(given.get("sizes") or [])[-LATEST:]
    table = [list(row or [])[1 : LATEST + 1] for row in (given.get("retention") or [])[-LATEST:]]
    periods = max((len(row) for row in table), default=0)
    now = str(v.as_of)[:7]
    months = given.get("unit") == "month" and numbers.is_running(now, v.as_of)
    out = []
    for name, size, row in zip(names, sizes, table, strict=True):
        rates = [known(rate) for rate in row] + [None] * (periods - len(row))
        out.append(Cohort(name, known(size), rates, numbers.months_between(name, now) - 1 if months else None))
    return out


def finding(rows: Sequence[Cohort], unit: str, v: Voice) -> str:
    """How many come back in the first period, and in the last one that at least three cohorts have seen whole."""
    first = _mean(rows, 0)
    if first is None:
        return v.pick("Who comes back, cohort by cohort", "各同期群的回购情况")
    seen = [k for k in range(len(rows[0].rates)) if sum(row.whole(k) is not None for row in rows) >= 3]
    late = max(seen, default=0)
    early = v.share(first)
    if late == 0:
        return v.pick(
            f"{early} of customers buy again one {unit} after their first purchase",
            f"首购后第 1 {unit}有 {early} 的客户再次购买",
        )
    later = v.share(_mean(rows, late))
    return v.pick(
        f"{early} of customers buy again in the {unit} after their first purchase, {later} in {unit} {late + 1}",
        f"首购后第 1 {unit}有 {early} 的客户再次购买，第 {late + 1} {unit}为 {later}",
    )


def _mean(rows: Sequence[Cohort], period: int) -> float | None:
    """The rate of a period over all cohorts that have seen it whole, by customers."""
    seen = [(row.size, rate) for row in rows if row.size and (rate := row.whole(period)) is not None]
    people = sum(size for size, _ in seen)
    return sum(size * rate for size, rate in seen) / people if people else None


def _draw(rows: Sequence[Cohort], width: float, unit: str, v: Voice) -> Drawing:
    start, top, periods = (146.0 if v.lang == "zh" else 132.0), 40, len(rows[0].rates)
    cell = min((width - start) / periods, 72)
    highest = max(known_all(row.whole(k) for row in rows for k in range(periods)), default=0) or 1.0
    after = v.pick(f"{unit.capitalize()} after the first purchase →", f"首次购买后的{unit.removeprefix('个')}数 →")
    marks = [
        text(0, 12, v.pick("First purchase", "首次购买")),
        text(start - 10, top - 8, v.pick("customers", "人数"), None, "end"),
        text(start, 12, after),
    ]
    step = max(1, -(-22 // max(int(cell), 1)))
    marks += [text(start + cell * (k + 0.5), top - 8, str(k + 1), None, "middle") for k in range(0, periods, step)]
    for i, row in enumerate(rows):
        y = top + HIGH * i
        marks += [text(0, y + 17, v.month(row.name), "ink"), text(start - 10, y + 17, v.count(row.size), None, "end")]
        marks += _cells(row, (start, y, cell, HIGH), highest, unit, v)
    return Drawing(width, top + HIGH * len(rows) + 4, joined(marks))


def _cells(row: Cohort, box: tuple[float, float, float, float], highest: float, unit: str, v: Voice) -> list[Markup]:
    left, y, width, height = box
    out = []
    for k, rate in enumerate(row.rates):
        if rate is None:
            continue
        x = left + width * k
        name = v.month(row.name)
        tip = v.pick(f"{name}, {unit} {k + 1}: {v.share(rate)}", f"{name}，第 {k + 1} {unit}：{v.share(rate)}")
        words = (
            text(x + width / 2, y + height / 2 + 4, f"{100 * rate:.0f}", "ink small", "middle") if width >= 24 else None
        )
        if k == row.running:
            tip += v.pick(" (so far)", "（未完）")
            square = rect(x + 1.5, y + 1.5, width - 4, height - 4, "ghost")
        else:
            square = rect(x, y, width - 1, height - 1, "heat", fill_opacity=heat(rate / highest))
        out.append(group([square, words], tip))
    return out
