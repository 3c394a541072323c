"""What a customer bought: the columns of tables.SUMMARY, each with its one definition [definitions.md, Value]."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from patron.lifecycle.facts.money import money
from patron.lifecycle.features.base import Feature
from patron.lifecycle.periods import DAYS_A_WEEK
from patron.words import Text


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def min_by(value: dt.int64, key: dt.date) -> dt.int64:
    """`value` where `key` is least; DuckDB and Spark both call it so.

    Ibis' own `argmin` becomes an ordered FIRST on DuckDB, which writes a sort key of text for every row.
    """


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def max_by(value: dt.int64, key: dt.date) -> dt.int64:
    """`value` where `key` is greatest."""


def _weeks(start: Any, end: Any) -> Any:
    """Weeks between two calendar days; 0 where one is empty."""
    return (end.delta(start, unit="day").cast("float64") / float(DAYS_A_WEEK)).fill_null(0.0)


# A column that is empty where nothing was bought is quicker than a filter on each of six aggregates.
def _occasion(days: Any) -> Any:
    """The day, where something was bought."""
    return ibis.ifelse(days.purchase, days.day, ibis.null("date"))


def _paid(days: Any) -> Any:
    """The net money of an occasion, where it is above 0."""
    return ibis.ifelse(days.purchase & (days.revenue > 0), days.revenue, ibis.null("int64"))


def _first_paid(days: Any, _: date) -> Any:
    return ibis.greatest(min_by(days.revenue, _occasion(days)).fill_null(0), 0)


def _repeat_n(row: Any, _: date) -> Any:
    return row.paid_n - (row.first_paid > 0).cast("int64")


def _repeat_mean(row: Any, day: date) -> Any:
    n = _repeat_n(row, day)
    return ibis.ifelse(n > 0, money(row.paid_sum - row.first_paid) / n, 0.0)


# paid_n, paid_sum and first_paid are no columns of tables.SUMMARY; kept apart, the engine looks for each first occasion
# once.
BEHAVIOUR = (
    Feature(
        "orders",
        "occasions",
        Text("purchase occasions up to the day", "截至当日的购买次数"),
        "days",
        lambda days, _: _occasion(days).count(),
    ),
    Feature(
        "first_order",
        "date",
        Text("day of the first occasion", "首次购买日期"),
        "days",
        lambda days, _: _occasion(days).min(),
    ),
    Feature(
        "last_order",
        "date",
        Text("day of the last occasion", "最近一次购买日期"),
        "days",
        lambda days, _: _occasion(days).max(),
    ),
    Feature(
        "revenue",
        "money",
        Text("net money up to the day, returns and fees included", "截至当日的净收入，含退货与费用"),
        "days",
        lambda days, _: money(days.revenue.sum()),
    ),
    Feature(
        "cost",
        "money",
        Text("cost of what was sold, as far as it is known", "已知的销售成本"),
        "days",
        lambda days, _: money(days.cost.sum()),
    ),
    Feature(
        "return_days",
        "days",
        Text("days on which a product came back", "发生退货的天数"),
        "days",
        lambda days, _: days.count(where=days.returned),
    ),
    Feature(
        "paid_n",
        "occasions",
        Text("occasions with net money above 0, the first included", "净收入为正的购买次数，含首次"),
        "days",
        lambda days, _: _paid(days).count(),
    ),
    Feature(
        "paid_sum",
        "millionths of money",
        Text("net money of those occasions", "上述购买的净收入合计"),
        "days",
        lambda days, _: _paid(days).sum().fill_null(0),
    ),
    Feature(
        "first_paid",
        "millionths of money",
        Text("net money of the first occasion, 0 where it is not above 0", "首次购买的净收入，不为正时记为零"),
        "days",
        _first_paid,
    ),
    Feature(
        "repeat_n",
        "occasions",
        Text("occasions after the first, with net money above 0", "首次之后净收入为正的购买次数"),
        "row",
        _repeat_n,
    ),
    Feature(
        "x",
        "occasions",
        Text("repeat occasions: orders − 1, never below 0", "复购次数：购买次数减一，不小于零"),
        "row",
        lambda row, _: ibis.greatest(row.orders - 1, 0),
    ),
    Feature(
        "t_x",
        "weeks",
        Text("from the first to the last occasion", "首次到最近一次购买的周数"),
        "row",
        lambda row, _: _weeks(row.first_order, row.last_order),
    ),
    Feature(
        "T",
        "weeks",
        Text("from the first occasion to the day", "首次购买到当日的周数"),
        "row",
        lambda row, day: _weeks(row.first_order, ibis.literal(day)),
    ),
    Feature(
        "repeat_mean",
        "money",
        Text("mean net money of the repeat occasions counted in repeat_n", "复购的平均净收入"),
        "row",
        _repeat_mean,
    ),
)

GAPS = (
    Feature(
        "usual_gap",
        "days",
        Text("median days between occasions", "两次购买间隔天数的中位数"),
        "gaps",
        lambda gaps, _: gaps.gap.median().cast("float64"),
    ),
    Feature(
        "last_gap_before",
        "days",
        Text("days from the last occasion but one to the last", "倒数第二次到最近一次购买的天数"),
        "gaps",
        lambda gaps, _: max_by(gaps.gap, gaps.day).cast("float64"),
    ),
)

FEATURES = (*BEHAVIOUR, *GAPS)
