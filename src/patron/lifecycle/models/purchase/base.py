"""What every model of purchase counts is: a formula for one customer's future, and all that follows from it.

A model file gives the likelihood and four closed forms (`p_alive`, tail and mean given alive, probability of a
count); the rest (expected purchases, P(purchase), intervals, reasons, parameter uncertainty, saving) is derived here.
Time is in weeks throughout. Arrays are 1-D and of one length, or broadcast to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from patron.errors import InputError
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.base import Kind, Needs, Parts, numbers
from patron.lifecycle.models.purchase.histories import Histories, distinct
from patron.words import Text

BLOCK = 16_384
FARTHEST = 3.0
"""A drawn log-parameter stays within so many natural units of its estimate: e³ = 20-fold either way."""


@dataclass(frozen=True, eq=False)
class CountFitted(ABC):
    """A fitted model of purchase counts.

    `params` in weeks; `std_errors` of them by the delta method; `covariance` (k, k) that of the log-parameters in
    the order of `params`; `log_likelihood` without any prior; `n` customers fitted on. `shrunken`: there was too little
    to learn how often customers buy, and the documented prior decided (see `fitting`). `notes` say what the prior
    decided, which can be leaving alone. `typical_T`: median age of the customers fitted on, the
    reference of `reasons`.
    """

    name: str
    params: Mapping[str, float]
    std_errors: Mapping[str, float]
    log_likelihood: float
    n: int
    covariance: Vector
    shrunken: bool
    notes: tuple[Text, ...] = ()
    typical_T: float = 26.0

    shows_p_alive: ClassVar[bool] = True
    """False where P(alive) is right inside the model but misleads as a figure of its own."""

    # ---- the formula: what a model file gives ------------------------------------------------------------------

    @abstractmethod
    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Vector:
        """P(still a customer | history), (n,)."""

    @abstractmethod
    def tail_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """P(N ≥ k | history, alive at T), k ≥ 1, of the broadcast shape of its arguments."""

    @abstractmethod
    def expected_alive(self, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """E[N | history, alive at T] over the horizon, (n,)."""

    @abstractmethod
    def log_probability_alive(self, k: Vector, x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
        """log P(N = k | history, alive at T), k ≥ 0, (n,)."""

    @abstractmethod
    def expected_from_start(self, t: npt.ArrayLike) -> Vector:
        """E[repeat purchases of a brand-new customer in its first t weeks], of the shape of t."""

    # ---- what follows from it ------------------------------------------------------------------------------------

    def survival_alive(
        self, k: npt.ArrayLike, x: npt.ArrayLike, T: npt.ArrayLike, horizon: npt.ArrayLike, rate: float = 1.0
    ) -> Vector:
        """P(N(T, T+horizon] ≥ k | alive at T) for each k ≥ 1: (len(k), n). `rate` multiplies the purchase rate."""
        x, T, horizon = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (x, T, horizon)))
        counts = np.atleast_1d(np.asarray(k, float))[:, None]
        return self.tail_alive(counts, x[None, :], T[None, :], horizon[None, :], rate)

    def survival(
        self,
        k: npt.ArrayLike,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        horizon: npt.ArrayLike,
        rate: float = 1.0,
    ) -> Vector:
        """P(N ≥ k | history) for each k ≥ 1: (len(k), n)."""
        return self.p_alive(x, t_x, T) * self.survival_alive(k, x, T, horizon, rate)

    def expected(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, horizon: npt.ArrayLike, rate: float = 1.0
    ) -> Vector:
        """E[N | history], (n,)."""
        return self.p_alive(x, t_x, T) * _once_per_pair(self.expected_alive, x, T, horizon, rate)

    def outlook(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, horizon: float
    ) -> tuple[Vector, Vector, Vector]:
        """`expected`, `p_purchase` and `p_alive` of everybody at once, each (n,): cheaper than one by one."""
        x, t_x, T = (np.asarray(v, float) for v in (x, t_x, T))
        (some_x, some_T), back = distinct(x, T)
        weeks = np.full(len(some_x), horizon)
        alive = self.p_alive(x, t_x, T)
        mean = self.expected_alive(some_x, some_T, weeks, 1.0)[back]
        mean *= alive
        any_ = self.tail_alive(np.ones(len(some_x)), some_x, some_T, weeks, 1.0)[back]
        any_ *= alive
        return mean, any_, alive

    def p_purchase(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, horizon: npt.ArrayLike, rate: float = 1.0
    ) -> Vector:
        """P(at least one purchase | history), (n,)."""

        def first(x: Vector, T: Vector, horizon: Vector, rate: float) -> Vector:
            return self.tail_alive(np.ones_like(x), x, T, horizon, rate)

        return self.p_alive(x, t_x, T) * _once_per_pair(first, x, T, horizon, rate)

    def log_probability(
        self,
        counts: npt.ArrayLike,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        horizon: npt.ArrayLike,
        rate: float = 1.0,
    ) -> Vector:
        """log P(N = counts | history), (n,)."""
        k, x, t_x, T, horizon = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(v, float)) for v in (counts, x, t_x, T, horizon))
        )
        alive = self.p_alive(x, t_x, T)
        with np.errstate(divide="ignore"):
            ends = np.where(k == 0, np.log1p(-alive), -np.inf)
            return np.asarray(np.logaddexp(ends, np.log(alive) + self.log_probability_alive(k, x, T, horizon, rate)))

    def with_log_params(self, log_params: Vector) -> Self:
        """The same model at other parameters (k,), given as logarithms in the order of `params`."""
        return replace(self, params=dict(zip(self.params, np.exp(log_params).tolist(), strict=True)))

    def draws(self, m: int, seed: int) -> list[Self]:
        """`m` models whose parameters are drawn from the asymptotic normal of the log-parameters."""
        values, axes = np.linalg.eigh(np.asarray(self.covariance))
        root = axes * np.sqrt(np.maximum(values, 0.0))
        centre = np.log(list(self.params.values()))
        steps = np.random.default_rng(seed).standard_normal((m, len(centre))) @ root.T
        return [self.with_log_params(centre + np.clip(step, -FARTHEST, FARTHEST)) for step in steps]

    # ---- to be a model -------------------------------------------------------------------------------------------

    def predict(self, table: pa.Table, *, horizon: float) -> pa.Table:
        """`tables.SCORES` over the next `horizon` weeks for a `tables.SUMMARY`: see `answers.scores`."""
        from patron.lifecycle.models.purchase import answers

        return answers.scores(self, table, horizon)

    def reasons(self, table: pa.Table, *, horizon: float) -> pa.Table:
        """`tables.REASONS`, exact Shapley values over (x, t_x, T): see `answers.reasons`."""
        from patron.lifecycle.models.purchase import answers

        return answers.reasons(self, table, horizon)

    def parts(self) -> Parts:
        """Parameters and all as JSON, the covariance as an array."""
        return Parts(
            json={
                "name": self.name,
                "params": dict(self.params),
                "std_errors": dict(self.std_errors),
                "log_likelihood": self.log_likelihood,
                "n": self.n,
                "shrunken": self.shrunken,
                "notes": [{"en": note.en, "zh": note.zh} for note in self.notes],
                "typical_T": self.typical_T,
                "unit": "week",
            },
            arrays={"covariance": np.array(self.covariance)},
        )

    @classmethod
    def from_parts(cls, parts: Parts) -> Self:
        """What `parts` took apart."""
        json: Mapping[str, Any] = parts.json
        return cls(
            name=json["name"],
            params=dict(json["params"]),
            std_errors=dict(json["std_errors"]),
            log_likelihood=json["log_likelihood"],
            n=json["n"],
            covariance=np.array(parts.arrays["covariance"], float),
            shrunken=json["shrunken"],
            notes=tuple(Text(**note) for note in json["notes"]),
            typical_T=json["typical_T"],
        )


class CountModel(ABC):
    """A way of fitting purchase counts: names itself, says how to fit distinct histories."""

    name: str
    kind = Kind.SCORES
    needs = Needs(columns=("customer_id", "orders", "x", "t_x", "T"))
    fitted: type[CountFitted]

    def fit(self, table: pa.Table, *, seed: int) -> CountFitted:
        """Fit on a `tables.SUMMARY`; customers without a purchase occasion are left out.

        Raises InputError where none is left, or where a history is impossible.
        """
        return self.fit_histories(histories_of(table), seed=seed)

    @abstractmethod
    def fit_histories(self, histories: Histories, *, seed: int) -> CountFitted:
        """Fit on distinct histories with counts."""

    def restore(self, parts: Parts) -> CountFitted:
        """The fitted model that `parts()` took apart."""
        return self.fitted.from_parts(parts)


def histories_of(table: pa.Table) -> Histories:
    """The distinct histories of the buyers of a `tables.SUMMARY`, to fit several models on. Raises as `fit` does."""
    x, t_x, T = (numbers(table, name) for name in ("x", "t_x", "T"))
    bought = numbers(table, "orders") > 0
    if not bought.all():
        x, t_x, T = x[bought], t_x[bought], T[bought]
    return some_customers(Histories.of(x, t_x, T))


def some_customers(histories: Histories) -> Histories:
    """`histories`, or an InputError where there is nobody."""
    if histories.customers == 0:
        raise InputError(
            Text("No customer has bought anything up to this day.", "截至该日没有任何客户购买过。"),
            remedy=Text("Choose a later day, or check the order file.", "请选择更晚的日期，或检查订单文件。"),
        )
    return histories


def in_blocks(value: Callable[..., Vector], *columns: npt.ArrayLike) -> Vector:
    """`value` of broadcast columns of floats, so many elements at a time as stay in the cache."""
    shaped = np.broadcast_arrays(*(np.asarray(column, float) for column in columns))
    if shaped[0].size <= BLOCK:
        return np.asarray(value(*(column.ravel() for column in shaped))).reshape(shaped[0].shape)
    flat = [column.ravel() for column in shaped]
    out = np.empty(flat[0].size)
    for start in range(0, out.size, BLOCK):
        rows = slice(start, start + BLOCK)
        out[rows] = value(*(column[rows] for column in flat))
    return out.reshape(shaped[0].shape)


def _once_per_pair(
    value: Callable[[Vector, Vector, Vector, float], Vector],
    x: npt.ArrayLike,
    T: npt.ArrayLike,
    horizon: npt.ArrayLike,
    rate: float,
) -> Vector:
    """`value` worked once for each distinct (x, T, horizon) and handed to everybody who has it."""
    x, T, horizon = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (x, T, horizon)))
    if len(x) < 1000:
        return value(x, T, horizon, rate)
    columns = (x, T) if horizon.strides == (0,) or (horizon == horizon[0]).all() else (x, T, horizon)
    rows, back = distinct(*columns)
    weeks = rows[2] if len(rows) == 3 else np.full(len(rows[0]), horizon[0])
    return value(rows[0], rows[1], weeks, rate)[back]
