"""Customers with the same (x, t_x, T) are alike to a buy-till-you-die model: each distinct one is worked once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from patron.errors import InputError
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.periods import DAYS_A_WEEK
from patron.words import Text

Index = npt.NDArray[np.int64]
DENSE = 4_000_000
"""Up to so many possible keys a table of flags is quicker than sorting."""


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct purchase histories, in rising order, and how many customers have each.

    x repeat occasions, t_x age at the last and T age now (weeks), n customers, all (rows,).
    """

    x: Vector
    t_x: Vector
    T: Vector
    n: Vector

    @staticmethod
    def of(x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Histories:
        """Distinct rows of three equally long columns. Raises InputError where a history is impossible."""
        x, t_x, T = (np.asarray(v, float) for v in (x, t_x, T))
        check(x, t_x, T)
        first, _, counts = distinct(x, t_x, T)
        return Histories(x[first], t_x[first], T[first], counts.astype(float))

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return int(self.n.sum())

    @property
    def repeaters(self) -> int:
        """How many of them bought again."""
        return int(self.n[self.x > 0].sum())

    @property
    def purchases(self) -> float:
        """Repeat occasions of all together."""
        return float(self.n @ self.x)

    @property
    def exposure(self) -> float:
        """Ages of all together."""
        return float(self.n @ self.T)

    @property
    def typical_age(self) -> float:
        """The median age, in weeks."""
        order = np.argsort(self.T, kind="stable")
        middle = np.searchsorted(np.cumsum(self.n[order]), 0.5 * self.customers)
        return float(self.T[order][middle])

    @cached_property
    def count_by_x(self) -> tuple[Vector, Vector]:
        """Distinct x and how many customers have each."""
        x, back = np.unique(self.x, return_inverse=True)
        return x, np.bincount(back, weights=self.n).astype(float)

    def scaled(self, unit: float) -> Histories:
        """The same with `unit` weeks as the unit of time."""
        return replace(self, t_x=self.t_x / unit, T=self.T / unit)

    def sample(self, customers: int) -> Histories:
        """About `customers` of them, evenly spaced in the order of histories: the same ones every time."""
        total = self.customers
        if total <= customers:
            return self
        picks = np.floor(np.cumsum(self.n) * (customers / total) + 0.5)
        n = np.diff(picks, prepend=0.0)
        kept = n > 0
        return Histories(self.x[kept], self.t_x[kept], self.T[kept], n[kept])


def check(x: Vector, t_x: Vector, T: Vector) -> None:
    """Raises InputError for the first customer that can't be: a count below 0, a last purchase after T or before 0."""
    wrong = (x < 0) | (x != np.floor(x)) | (t_x < 0) | (t_x > T + 1e-9) | ((x == 0) != (t_x == 0))
    wrong |= ~np.isfinite(x + t_x + T)
    rows = np.flatnonzero(wrong)
    if len(rows):
        i = int(rows[0])
        raise InputError(
            Text(
                f"x = {x[i]:g}, t_x = {t_x[i]:g}, T = {T[i]:g} can't be a purchase history.",
                f"x = {x[i]:g}、t_x = {t_x[i]:g}、T = {T[i]:g} 不可能是一段购买历史。",
            ),
            remedy=Text(
                "x counts repeat occasions; 0 ≤ t_x ≤ T in weeks, and t_x is 0 exactly where x is 0.",
                "x 为重复购买次数;0 ≤ t_x ≤ T(周),且仅当 x 为 0 时 t_x 为 0。",
            ),
            row=i + 1,
        )


def distinct(*columns: Vector) -> tuple[Index, Index, Index]:
    """Distinct rows of equally long columns: one row of each in rising order, which of them each row is, and counts.

    Whole numbers and whole days (in weeks) are packed into one integer; other numbers are sorted column by column.
    """
    packed = _pack(columns)
    if packed is None:
        return _distinct_sorted(columns)
    keys, span = packed
    if span <= max(DENSE, 4 * len(keys)):
        return _distinct_dense(keys, span)
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return first.astype(np.int64), inverse.astype(np.int64), counts.astype(np.int64)


def _pack(columns: tuple[Vector, ...]) -> tuple[Index, int] | None:
    """One integer key a row and one more than the largest; None where a column is no multiple of a seventh."""
    keys: Index = np.zeros(len(columns[0]), np.int64)
    span = 1
    for column in columns:
        whole = np.rint(column)
        if not np.array_equal(whole, column):
            whole = np.rint(column * DAYS_A_WEEK)
            if np.abs(whole / DAYS_A_WEEK - column).max() > 1e-9:
                return None
        low, high = (int(whole.min()), int(whole.max())) if len(whole) else (0, 0)
        width = high - low + 1
        if span * width >= 2**62:
            return None
        keys *= width
        keys += whole.astype(np.int64) - low
        span *= width
    return keys, span


def _distinct_dense(keys: Index, span: int) -> tuple[Index, Index, Index]:
    row_of: Index = np.full(span, -1, np.int64)
    row_of[keys] = np.arange(len(keys))
    present = np.flatnonzero(row_of >= 0)
    first = row_of[present]
    row_of[present] = np.arange(len(present))
    inverse = row_of[keys]
    return first, inverse, np.bincount(inverse, minlength=len(present))


def _distinct_sorted(columns: tuple[Vector, ...]) -> tuple[Index, Index, Index]:
    order = np.lexsort(columns[::-1])
    new = np.ones(len(order), bool)
    new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse, np.bincount(inverse)
