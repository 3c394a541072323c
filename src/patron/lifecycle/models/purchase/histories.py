"""Customers with the same (x, t_x, T) are alike to a buy-till-you-die model: each distinct one is worked once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from patron.errors import InputError
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.periods import DAYS_A_WEEK
from patron.words import Text

Index = npt.NDArray[np.int64]
DENSE = 4_000_000
BLOCK = 65_536


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
        (some_x, some_t_x, some_T), n = counted(x, t_x, T)
        if not possible(some_x, some_t_x, some_T).all():
            check(x, t_x, T)
        return Histories(some_x, some_t_x, some_T, n)

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
        (ages,), back = distinct(self.T)
        middle = np.searchsorted(np.cumsum(np.bincount(back, weights=self.n)), 0.5 * self.customers)
        return float(ages[middle])

    @cached_property
    def count_by_x(self) -> tuple[Vector, Vector]:
        """Distinct x and how many customers have each."""
        (x,), back = distinct(self.x)
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


def possible(x: Vector, t_x: Vector, T: Vector) -> npt.NDArray[np.bool_]:
    """Which rows are purchase histories: whole x ≥ 0, 0 ≤ t_x ≤ T, and t_x = 0 exactly where x = 0."""
    fits = (x >= 0) & (x == np.floor(x)) & (t_x >= 0) & (t_x <= T + 1e-9) & ((x == 0) == (t_x == 0))
    return np.asarray(fits & np.isfinite(x + T))


def check(x: Vector, t_x: Vector, T: Vector) -> None:
    """Raises InputError for the first customer that can't be: a count below 0, a last purchase after T or before 0."""
    rows = np.flatnonzero(~possible(x, t_x, T))
    if len(rows):
        i = int(rows[0])
        raise InputError(
            Text(
                f"x = {x[i]:g}, t_x = {t_x[i]:g}, T = {T[i]:g} can't be a purchase history.",
                f"x = {x[i]:g}、t_x = {t_x[i]:g}、T = {T[i]:g} 不可能是一段购买历史。",
            ),
            remedy=Text(
                "x counts repeat occasions; 0 ≤ t_x ≤ T in weeks, and t_x is 0 exactly where x is 0.",
                "x 为重复购买次数；0 ≤ t_x ≤ T（周），且仅当 x 为 0 时 t_x 为 0。",
            ),
            row=i + 1,
        )


@dataclass(frozen=True, eq=False)
class Packed:
    """Rows as one integer each: `keys` (rows,) below `span`; `units` and `widths` of the columns undo the packing."""

    keys: Index
    span: int
    units: tuple[int, ...]
    widths: tuple[int, ...]

    def unpack(self, keys: Index) -> tuple[Vector, ...]:
        """The columns of rows with these keys."""
        columns = []
        for unit, width in zip(reversed(self.units), reversed(self.widths), strict=True):
            keys, whole = np.divmod(keys, width)
            columns.append(whole / unit)
        return tuple(reversed(columns))


def counted(*columns: Vector) -> tuple[tuple[Vector, ...], Vector]:
    """Distinct rows of equally long columns in rising order, and how often each occurs."""
    packed = pack(columns)
    if packed is None:
        values, _, counts = _distinct_sorted(columns)
        return values, counts
    if packed.span <= _dense(len(packed.keys)):
        table = np.bincount(packed.keys)
        keys = np.flatnonzero(table)
        return packed.unpack(keys), table[keys].astype(float)
    keys = np.sort(packed.keys)
    starts = np.flatnonzero(_new(keys))
    return packed.unpack(keys[starts]), np.diff(starts, append=len(keys)).astype(float)


def distinct(*columns: Vector) -> tuple[tuple[Vector, ...], Index]:
    """Distinct rows of equally long columns in rising order, and which of them each row is."""
    packed = pack(columns)
    if packed is None:
        values, back, _ = _distinct_sorted(columns)
        return values, back
    if packed.span <= _dense(len(packed.keys)):
        present = np.zeros(packed.span, bool)
        present[packed.keys] = True
        keys = np.flatnonzero(present)
        place = np.empty(packed.span, np.int32)
        place[keys] = np.arange(len(keys), dtype=np.int32)
        return packed.unpack(keys), place[packed.keys].astype(np.int64)
    order, keys = _sorted(packed)
    new = _new(keys)
    back = np.empty(len(keys), np.int64)
    back[order] = np.cumsum(new) - 1
    return packed.unpack(keys[new]), back


def pack(columns: tuple[Vector, ...]) -> Packed | None:
    """Columns of whole numbers or whole days (in weeks) as one integer a row; None where they are neither.

    What is within a millionth of a whole number or day is taken as it.
    """
    if not len(columns[0]):
        return None
    units = tuple(1 if np.array_equal(c[:BLOCK], np.rint(c[:BLOCK])) else DAYS_A_WEEK for c in columns)
    return _pack_as(columns, units) or _pack_as(columns, (DAYS_A_WEEK,) * len(columns))


def _pack_as(columns: tuple[Vector, ...], units: tuple[int, ...]) -> Packed | None:
    """Packed with these units, block by block so that everything stays in the cache; None where it does not fit."""
    if not all(column.min() >= 0 and np.isfinite(column.max()) for column in columns):
        return None
    widths = tuple(int(np.rint(column.max() * unit)) + 1 for column, unit in zip(columns, units, strict=True))
    span = prod(widths)
    if span >= 2**53:
        return None
    keys: Index = np.empty(len(columns[0]), np.int64)
    for start in range(0, len(keys), BLOCK):
        rows = slice(start, start + BLOCK)
        key = np.zeros(len(keys[rows]))
        for column, unit, width in zip(columns, units, widths, strict=True):
            scaled = column[rows] * unit
            whole = np.rint(scaled)
            if np.abs(scaled - whole).max() > 1e-6:
                return None
            key = key * width + whole
        keys[rows] = key
    return Packed(keys, span, units, widths)


def _sorted(packed: Packed) -> tuple[Index, Index]:
    """Row numbers that sort the keys, and the keys in that order.

    Where key and row number fit into one integer that is sorted instead: three times as quick as an argsort.
    """
    rows = len(packed.keys)
    bits = (rows - 1).bit_length()
    if packed.span << bits >= 2**63:
        order = np.argsort(packed.keys)
        return order, packed.keys[order]
    both = packed.keys << bits
    both |= np.arange(rows)
    both.sort()
    return both & ((1 << bits) - 1), both >> bits


def _new(keys: Index) -> npt.NDArray[np.bool_]:
    """Where another key starts, in sorted keys."""
    return np.concatenate([[True], keys[1:] != keys[:-1]])


def _dense(rows: int) -> int:
    """Up to so many possible keys a table of all of them is quicker than sorting."""
    return max(DENSE, 4 * rows)


def _distinct_sorted(columns: tuple[Vector, ...]) -> tuple[tuple[Vector, ...], Index, Vector]:
    order = np.lexsort(columns[::-1])
    new = np.ones(len(order), bool)
    new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
    back = np.empty(len(order), np.int64)
    back[order] = np.cumsum(new) - 1
    return tuple(column[order[new]] for column in columns), back, np.bincount(back).astype(float)
