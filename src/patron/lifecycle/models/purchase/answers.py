"""How a model of purchase counts answers for a table: scores with intervals, and reasons that add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import logit

from patron.errors import UsageError
from patron.lifecycle import tables
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.base import cells, numbers
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.histories import check, distinct
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.words import Text

LEVELS = (0.1, 0.9, 0.025, 0.975)
"""Quantiles of low80, high80, low95, high95."""

Value = Callable[[Vector, Vector, Vector], Vector]


@dataclass(frozen=True, eq=False)
class Asked:
    """The customers of a table (rows,), who of them ever bought, the distinct (x, t_x, T) and which each row has."""

    customers: pa.ChunkedArray
    bought: npt.NDArray[np.bool_]
    x: Vector
    t_x: Vector
    T: Vector
    back: npt.NDArray[np.int64]

    @staticmethod
    def of(table: pa.Table) -> Asked:
        """Raises InputError where a column is missing or a history impossible."""
        x, t_x, T = (numbers(table, name) for name in ("x", "t_x", "T"))
        check(x, t_x, T)
        bought = numbers(table, "orders") > 0
        (x, t_x, T), back = distinct(x, t_x, T)
        return Asked(cells(table, "customer_id"), bought, x, t_x, T, back)


def scores(fitted: CountFitted, table: pa.Table, horizon: float) -> pa.Table:
    """`tables.SCORES` over the next `horizon` weeks, rows in the order of `table`, quantity by quantity.

    Customers without a purchase occasion get empty values. The interval belongs to the count of purchases, with
    parameter uncertainty; a probability is the mean of a yes or no and has none of its own.
    """
    _sensible(horizon)
    asked = Asked.of(table)
    x, t_x, T = asked.x, asked.t_x, asked.T
    interval = CountPredictive(fitted, x.astype(np.int64), t_x, T, horizon).quantiles(LEVELS)
    expected, p_purchase, p_alive = fitted.outlook(x, t_x, T, horizon)
    blocks: list[tuple[str, Vector, Vector | None]] = [
        ("expected_purchases", expected, interval),
        ("p_purchase", p_purchase, None),
    ]
    if fitted.shows_p_alive:
        blocks.append(("p_alive", p_alive, None))
    return pa.concat_tables([_block(asked, quantity, value, ends) for quantity, value, ends in blocks])


def reasons(fitted: CountFitted, table: pa.Table, horizon: float) -> pa.Table:
    """`tables.REASONS`: exact Shapley values over (x, t_x, T) against a one-time buyer of typical age [Shapley 1953].

    Expected purchases add up on the log link, probabilities on the logit. In the mixed histories a Shapley value
    asks about, a last purchase without a repeat purchase counts as none, and one after T as at T.
    """
    _sensible(horizon)
    asked = Asked.of(table)
    wanted: list[tuple[str, str, Value]] = [
        ("expected_purchases", "log", lambda x, t, T: np.log(np.maximum(fitted.expected(x, t, T, horizon), 1e-300))),
        ("p_purchase", "logit", lambda x, t, T: _logit(fitted.p_purchase(x, t, T, horizon))),
    ]
    if fitted.shows_p_alive:
        wanted.append(("p_alive", "logit", lambda x, t, T: _logit(fitted.p_alive(x, t, T))))
    out = []
    for quantity, link, value in wanted:
        terms = shapley(value, (asked.x, asked.t_x, asked.T), (0.0, 0.0, fitted.typical_T))
        out += [
            _reason(asked, quantity, link, term, worth)
            for term, worth in zip(("base", "x", "t_x", "T"), terms, strict=True)
        ]
    return pa.concat_tables(out)


def shapley(value: Value, own: tuple[Vector, Vector, Vector], reference: tuple[float, float, float]) -> list[Vector]:
    """The value at `reference`, then what x, t_x and T each add; together they make the value at `own`."""
    size = len(own)

    def worth(present: tuple[int, ...]) -> Vector:
        x, t_x, T = (own[i] if i in present else np.full_like(own[i], reference[i]) for i in range(size))
        return value(x, np.where(x > 0, np.minimum(t_x, T), 0.0), T)

    worths = {present: worth(present) for r in range(size + 1) for present in combinations(range(size), r)}
    terms = [worths[()]]
    for i in range(size):
        total = np.zeros_like(own[0])
        for present in (p for p in worths if i not in p):
            share = factorial(len(present)) * factorial(size - len(present) - 1) / factorial(size)
            total = total + share * (worths[tuple(sorted((*present, i)))] - worths[present])
        terms.append(total)
    return terms


def _block(asked: Asked, quantity: str, value: Vector, interval: Vector | None) -> pa.Table:
    """One quantity of everybody, in the shape of `tables.SCORES`."""
    n = len(asked.bought)
    missing = None if asked.bought.all() else ~asked.bought
    columns = [asked.customers, pa.repeat(quantity, n), pa.array(value[asked.back], mask=missing)]
    if interval is None:
        columns += [pa.nulls(n, pa.float64())] * len(LEVELS)
    else:
        columns += [pa.array(ends[asked.back], mask=missing) for ends in interval]
    return pa.table(columns, schema=tables.SCORES.schema)


def _reason(asked: Asked, quantity: str, link: str, term: str, worth: Vector) -> pa.Table:
    """One term of everybody who ever bought, in the shape of `tables.REASONS`."""
    n = len(asked.bought)
    words = [pa.repeat(word, n) for word in (quantity, link, term)]
    table = pa.table([asked.customers, *words, pa.array(worth[asked.back])], schema=tables.REASONS.schema)
    return table.filter(pa.array(asked.bought))


def _logit(p: Vector) -> Vector:
    """logit, with certainty kept a number."""
    return np.asarray(logit(np.clip(p, 1e-300, 1.0 - 1e-16)))


def _sensible(horizon: float) -> None:
    if not (np.isfinite(horizon) and horizon > 0):
        raise UsageError(
            Text(f"A horizon of {horizon} weeks can't be predicted.", f"无法预测 {horizon} 周。"),
            remedy=Text("Give a number of weeks above 0.", "请给出大于 0 的周数。"),
        )
