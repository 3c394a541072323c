"""Worlds in which the truth is known: customers who behave exactly as a model says, from planted parameters.

Vectorised over all events, so that a million customers with ten million orders take seconds. Times are continuous,
as the models have them, or whole days, as a shop has them (`by_day`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import UsageError
from patron.lifecycle import tables
from patron.lifecycle.periods import DAYS_A_WEEK
from patron.words import Text

Vector = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

PLANTED = {
    "bg_nbd": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
    "mbg_nbd": {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614},
    "pareto_nbd": {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
}
"""Parameters (in weeks) as on CDNOW [Fader & Hardie], for whoever has none of their own."""
SPEND = {"p": 6.25, "q": 3.74, "gamma": 15.44}


@dataclass(frozen=True, eq=False)
class World:
    """Customers, their repeat purchases up to `horizon` weeks after the as-of day, and the truth.

    T (n,) weeks from a customer's first purchase to the as-of day; `customer`, `age`, `money` (events,) the repeat
    purchases in order of customer and age (weeks since the first); `first_money` (n,); `alive` (n,) at T; `rate`
    (n,) purchases a week while alive; `typical_money` (n,) the mean of what the customer spends an occasion.
    """

    model: str
    params: Mapping[str, float]
    spend: Mapping[str, float]
    horizon: float
    T: Vector
    customer: Index
    age: Vector
    money: Vector
    first_money: Vector
    alive: npt.NDArray[np.bool_]
    rate: Vector
    typical_money: Vector

    @property
    def customers(self) -> int:
        """How many there are."""
        return len(self.T)

    @cached_property
    def _past(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.age <= self.T[self.customer])

    def _count(self, events: npt.NDArray[np.bool_]) -> Index:
        return np.bincount(self.customer[events], minlength=self.customers)

    def _sum(self, events: npt.NDArray[np.bool_]) -> Vector:
        return np.asarray(
            np.bincount(self.customer[events], weights=self.money[events], minlength=self.customers), float
        )

    @cached_property
    def x(self) -> Index:
        """Repeat purchases up to the as-of day, (n,)."""
        return self._count(self._past)

    @cached_property
    def t_x(self) -> Vector:
        """Weeks from the first to the last purchase up to the as-of day, (n,)."""
        out = np.zeros(self.customers)
        # events run in order of age, so the last one written for a customer is its latest
        out[self.customer[self._past]] = self.age[self._past]
        return out

    @cached_property
    def repeat_mean(self) -> Vector:
        """Mean money of the repeat purchases up to the as-of day, 0 without one, (n,)."""
        return np.asarray(self._sum(self._past) / np.maximum(self.x, 1))

    @cached_property
    def future(self) -> Index:
        """Purchases in the `horizon` weeks after the as-of day, (n,)."""
        return self._count(~self._past)

    @cached_property
    def future_money(self) -> Vector:
        """Money of those, (n,)."""
        return self._sum(~self._past)

    @cached_property
    def ids(self) -> pa.Array:
        """Customer ids as text, in rising order."""
        width = len(str(max(self.customers - 1, 1)))
        return pc.utf8_lpad(pa.array(np.arange(self.customers)).cast(pa.string()), width=width, padding="0")

    def summary(self, as_of: date = date(2020, 12, 31)) -> pa.Table:
        """`tables.SUMMARY` of everybody as of the day."""
        today = np.datetime64(as_of, "D")
        first = today - _days(self.T)
        last = first + _days(self.t_x)
        empty = pa.nulls(self.customers, pa.float64())
        values = {
            "customer_id": self.ids,
            "orders": self.x + 1,
            "first_order": first,
            "last_order": last,
            "revenue": self.first_money + self._sum(self._past),
            "cost": empty,
            "x": self.x,
            "t_x": self.t_x,
            "T": self.T,
            "repeat_n": self.x,
            "repeat_mean": self.repeat_mean,
            "usual_gap": empty,
            "last_gap_before": empty,
            "return_days": np.zeros(self.customers, np.int64),
        }
        return pa.table([pa.array(values[name]) for name in tables.SUMMARY.names], schema=tables.SUMMARY.schema)

    def orders(self, as_of: date = date(2020, 12, 31), *, future: bool = False) -> pa.Table:
        """One row an order: customer_id, day, revenue; up to the as-of day, or with the horizon after it."""
        kept = np.ones(len(self.age), bool) if future else self._past
        who = np.concatenate([np.arange(self.customers), self.customer[kept]])
        first = np.datetime64(as_of, "D") - _days(self.T)
        days = np.concatenate([np.zeros(self.customers, np.int64), _days(self.age[kept])])
        money = np.concatenate([self.first_money, self.money[kept]])
        columns = [self.ids.take(pa.array(who)), pa.array(first[who] + days), pa.array(money)]
        return pa.table(columns, names=["customer_id", "day", "revenue"])


def _days(weeks: Vector) -> Index:
    """Whole days in so many weeks; k/7 weeks are k days, whichever way the quotient was rounded."""
    return np.floor(weeks * DAYS_A_WEEK + 1e-6).astype(np.int64)


def simulate(
    model: str,
    customers: int,
    *,
    seed: int,
    params: Mapping[str, float] | None = None,
    spend: Mapping[str, float] | None = None,
    weeks: float = 39.0,
    arrivals: float = 12.0,
    horizon: float = 39.0,
    by_day: bool = False,
) -> World:
    """A world of `customers` who came evenly over the first `arrivals` of `weeks`, then lived on for `horizon` more.

    `model` one of `PLANTED`; `params` and `spend` default to those of CDNOW. With `by_day` purchases of one calendar
    day are one occasion, and ages are whole days. Raises UsageError for a model it does not know.

    >>> world = simulate("bg_nbd", 1000, seed=1)
    >>> world.customers, bool(world.x.sum() > 0)
    (1000, True)
    """
    if model not in PLANTED:
        raise UsageError(
            Text(f"There is no world of '{model}'.", f"没有“{model}”的模拟世界。"),
            remedy=Text(f"Choose one of: {', '.join(PLANTED)}.", f"可选：{'、'.join(PLANTED)}。"),
        )
    chance = np.random.default_rng(seed)
    planted, money = dict(params or PLANTED[model]), dict(spend or SPEND)
    began = np.sort(chance.uniform(0.0, arrivals, customers))
    T = weeks - began
    rate = chance.gamma(planted["r"], 1.0 / planted["alpha"], customers)
    customer, age = _poisson(chance, rate, T + horizon)
    kept, alive = _until_they_leave(chance, model, planted, (customer, age), T)
    customer, age = customer[kept], age[kept]
    if by_day:
        began_day = np.floor(began * DAYS_A_WEEK)
        customer, age = _one_a_day(customer, np.floor((began[customer] + age) * DAYS_A_WEEK) - began_day[customer])
        T = (np.ceil(weeks * DAYS_A_WEEK) - 1.0 - began_day) / DAYS_A_WEEK
        inside = age <= T[customer] + horizon
        customer, age = customer[inside], age[inside]
    nu = chance.gamma(money["q"], 1.0 / money["gamma"], customers)
    return World(
        model=model,
        params=planted,
        spend=money,
        horizon=horizon,
        T=T,
        customer=customer,
        age=age,
        money=chance.standard_gamma(money["p"], len(age)) / nu[customer],
        first_money=chance.standard_gamma(money["p"], customers) / nu,
        alive=alive,
        rate=rate,
        typical_money=money["p"] / nu,
    )


def _poisson(chance: np.random.Generator, rate: Vector, until: Vector) -> tuple[Index, Vector]:
    """Everybody's Poisson events in (0, until]: whose (events,) and when, in order of customer and time."""
    counts = chance.poisson(rate * until)
    customer = np.repeat(np.arange(len(rate)), counts)
    # sorting customer + share of the time sorts by both in one pass of plain floats
    share = np.sort(customer + chance.random(len(customer))) - customer
    return customer, np.clip(share, 1e-12, 1.0) * until[customer]


def _until_they_leave(
    chance: np.random.Generator, model: str, params: Mapping[str, float], events: tuple[Index, Vector], T: Vector
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which events happen before their customer leaves (events,), and who is still there at T (n,)."""
    customer, age = events
    if model == "pareto_nbd":
        leaves = chance.exponential(1.0 / chance.gamma(params["s"], 1.0 / params["beta"], len(T)))
        return age <= leaves[customer], leaves > T
    chance_to_leave = np.maximum(chance.beta(params["a"], params["b"], len(T)), 1e-15)
    last = chance.geometric(chance_to_leave)
    if model == "mbg_nbd":
        last = last - 1
    counts = np.bincount(customer, minlength=len(T))
    nth = np.arange(len(customer)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    past = np.bincount(customer[age <= T[customer]], minlength=len(T))
    return nth <= last[customer], past < last


def _one_a_day(customer: Index, day: Vector) -> tuple[Index, Vector]:
    """Events of a customer on one day made one, those of its first day left out; ages in weeks."""
    new = np.ones(len(day), bool)
    new[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
    new &= day > 0
    return customer[new], day[new] / DAYS_A_WEEK
