"""The Shapley values of product games, and with them those of a few rows: all leaves of a forest at once.

A leaf of value v is a product game over the m columns of its path [Lundberg, Erion & Lee 2018, arXiv:1802.03888]:
with o = 1 where the row fits and 0 elsewhere, and z the share of the training rows that a column's splits let
through, a set S of known columns is worth v · ∏_S o · ∏_rest z. The mean over all orders is an integral over the
moment at which column i becomes known,

    φ_i = v · (o_i − z_i) · ∫₀¹ ∏_{j≠i} (t·o_j + (1−t)·z_j) dt,

of a polynomial of degree m − 1 with positive terms: ⌈m/2⌉ Gauss-Legendre nodes give it exactly and lose no digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from patron.lifecycle.maths.special import Vector, gauss_legendre
from patron.lifecycle.models.table.paths import Leaf, Map, Paths, map_of
from patron.lifecycle.models.table.trees import Forest, Whole

NUMBERS = 2_000_000
"""Contributions of single leaves that are held at once."""


def shapley(met: Vector, share: Vector) -> Vector:
    """φ ÷ v, (…, m, n), for o (…, m, n) of zeros and ones, and z (…, m) > 0.

    The product over all j is worked once for a node, and divided by the one factor of i.
    """
    t, weight = (values[:, None] for values in gauss_legendre(-(-met.shape[-2] // 2)))
    missed = (1.0 - t) * share[..., None, :]
    fitting = t + missed
    products = weight * np.exp(np.log(fitting / missed) @ met + np.log(missed).sum(axis=-1)[..., None])
    fits = (1.0 - share)[..., None] * ((1.0 / fitting).mT @ products)
    fails = -share[..., None] * ((1.0 / missed).mT @ products)
    return np.asarray(np.where(met > 0.0, fits, fails))


@dataclass(frozen=True, eq=False)
class Group:
    """The L leaves of a forest that have m columns."""

    column: Whole
    """(L, m)"""
    share: Vector
    """(L, m) z"""
    value: Vector
    """(L,) v"""
    cells_at: Whole
    """(L, m) Where the cells of a column's classes begin in `cells`."""
    fits_at: Whole
    """(L, m) Where the cells that fit begin in `fits`."""
    cells: npt.NDArray[np.int32]
    fits: Vector

    def add(self, classes: Whole, sums: Vector) -> None:
        """Adds the contributions of rows whose columns have `classes` (k, n) to `sums` (k + 1, n)."""
        size = max(NUMBERS // self.column.size, 1)
        for start in range(0, classes.shape[1], size):
            rows = np.arange(start, min(start + size, classes.shape[1]))
            cell = self.cells[self.cells_at[..., None] + classes[self.column[..., None], rows]]
            met = self.fits[self.fits_at[..., None] + cell]
            np.add.at(sums, (self.column[..., None], rows), self.value[:, None, None] * shapley(met, self.share))


def add_leaves(forest: Forest, classes: dict[int, Whole], sums: Vector) -> None:
    """Adds the contributions of every leaf, row by row, to `sums` (k + 1, n); `classes` (n,) of each column."""
    of_rows = np.zeros(sums.shape, np.intp)
    for column, values in classes.items():
        of_rows[column] = values
    for group in _groups(forest):
        group.add(of_rows, sums)


@lru_cache(maxsize=8)
def _groups(forest: Forest) -> list[Group]:
    """All leaves that have columns, by their number."""
    mapped: Map = map_of(forest)
    begins: list[tuple[Leaf, dict[int, int], list[int]]] = []
    cells: list[Whole] = [np.zeros(0, np.intp)]
    fits: list[int] = []
    cells_end = 0
    for paths in mapped.paths:
        cells_at = {}
        for column, cell in paths.cell.items():
            cells_at[column] = cells_end
            cells_end += len(cell)
            cells.append(cell)
        for leaf in paths.leaves:
            begins.append((leaf, cells_at, _append_fits(leaf, paths, fits)))
    flat_cells, flat_fits = np.concatenate(cells).astype(np.int32), np.array(fits, float)
    sizes = sorted({len(leaf.fits) for leaf, _, _ in begins} - {0})
    return [_group([one for one in begins if len(one[0].fits) == m], flat_cells, flat_fits) for m in sizes]


def _append_fits(leaf: Leaf, paths: Paths, fits: list[int]) -> list[int]:
    """Appends for each column of a leaf which of its cells fit; says where they begin."""
    begins = []
    for column, mask in leaf.fits.items():
        begins.append(len(fits))
        fits.extend(mask >> i & 1 for i in range(paths.cells[column]))
    return begins


def _group(
    leaves: Iterable[tuple[Leaf, dict[int, int], list[int]]], cells: npt.NDArray[np.int32], fits: Vector
) -> Group:
    """A group of leaves, each with where the cells of its tree's columns, and its fits, begin."""
    leaves = list(leaves)
    return Group(
        column=np.array([list(leaf.fits) for leaf, _, _ in leaves], np.intp),
        share=np.array([list(leaf.share.values()) for leaf, _, _ in leaves]),
        value=np.array([leaf.value for leaf, _, _ in leaves]),
        cells_at=np.array([[cells_at[column] for column in leaf.fits] for leaf, cells_at, _ in leaves], np.intp),
        fits_at=np.array([fits_at for _, _, fits_at in leaves], np.intp),
        cells=cells,
        fits=fits,
    )
