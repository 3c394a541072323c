"""Exact Shapley contributions to the raw score of a boosted forest (path-dependent TreeSHAP), from tables.

The contributions of a leaf depend only on which columns of its path fit (`products`). Many rows are looked up:
neighbouring leaves ask much the same columns, and these have few cells, so for each run of leaves with up to `CODES`
combinations of cells there is one table of contributions, and a row is a code into it. A leaf with more columns than
fit a table is worked out row by row, and so is everything for a few rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.table.paths import Leaf, Paths, map_of
from patron.lifecycle.models.table.products import add_leaves, shapley
from patron.lifecycle.models.table.trees import Forest, Whole, in_columns

CODES = 8_192
"""Combinations of cells that one table may have."""
FEW = 600
"""Rows that are not worth the tables."""
BLOCK_BYTES = 32_000_000
"""Size of a block of rows; their classes and contributions, and one passing array, have the same again."""
CHUNK = 16_384
"""Rows that stay in the processor's cache."""

Parts = dict[int, tuple[int, ...]]
"""Column → sets of cells (bit masks) that a run of leaves does not tell apart."""


@dataclass(frozen=True, eq=False)
class Run:
    """Neighbouring leaves of a tree, and the parts of each column that they tell apart."""

    leaves: list[Leaf]
    parts: Parts

    @property
    def codes(self) -> int:
        """Combinations of parts."""
        return prod(len(parts) for parts in self.parts.values())

    def steps(self, paths: Paths) -> dict[int, Whole]:
        """Column → what each of its classes (c,) adds to the code of a row."""
        stride, steps = self.codes, {}
        for column, parts in self.parts.items():
            stride //= len(parts)
            of_cell = [next(i for i, part in enumerate(parts) if part >> j & 1) for j in range(paths.cells[column])]
            steps[column] = stride * np.array(of_cell)[paths.cell[column]]
        return steps

    def table(self) -> dict[int, Vector]:
        """Column → its contribution (codes,), summed over the leaves."""
        shape = [len(parts) for parts in self.parts.values()]
        axis = {column: i for i, column in enumerate(self.parts)}
        sums = {column: np.zeros(shape) for column in self.parts}
        for leaf in self.leaves:
            pattern = np.zeros([1] * len(shape), np.intp)
            for bit, (column, mask) in enumerate(leaf.fits.items()):
                met = [(part & mask > 0) << bit for part in self.parts[column]]
                pattern = pattern + np.reshape(met, [-1 if i == axis[column] else 1 for i in range(len(shape))])
            for column, values in zip(leaf.fits, _patterns(leaf), strict=True):
                sums[column] += values[pattern]
        return {column: values.ravel() for column, values in sums.items()}


def contributions(forest: Forest, X: npt.ArrayLike) -> Vector:
    """What each column of X (n, k) adds to the raw score, and last the expected score: (n, k + 1), in its units.

    A row sums to `forest.raw(X)`. Equal to `Booster.predict(X, pred_contrib=True)`. X as in `Forest.raw`.
    """
    rows = forest.checked(X)
    out = np.empty((len(rows), forest.columns + 1))
    mapped = map_of(forest)
    for part, columns in in_columns(rows, max(BLOCK_BYTES // (8 * (forest.columns + 1)), 1)):
        sums = np.zeros((forest.columns + 1, columns.shape[1]))
        sums[-1] = forest.expected
        classes = {column: scale.classes(columns[column]) for column, scale in mapped.scales.items()}
        if columns.shape[1] <= FEW:
            add_leaves(forest, classes, sums)
        else:
            for paths in mapped.paths:
                _add_tree(paths, classes, sums)
        out[part] = sums.T
    return out


def _add_tree(paths: Paths, classes: dict[int, Whole], sums: Vector) -> None:
    """Adds the contributions of a tree to `sums` (k + 1, n)."""
    for run in _runs(paths):
        if run.codes > CODES:
            _add_leaf(run.leaves[0], paths, classes, sums)
        elif run.parts:
            _add_run(run, paths, classes, sums)


def _add_run(run: Run, paths: Paths, classes: dict[int, Whole], sums: Vector) -> None:
    """Adds the contributions of a run, looked up in its table."""
    steps, table = run.steps(paths), run.table()
    codes, step, found = np.empty(CHUNK, np.intp), np.empty(CHUNK, np.intp), np.empty(CHUNK)
    for rows in _chunks(sums.shape[1], CHUNK):
        size = rows.stop - rows.start
        code = codes[:size]
        code.fill(0)
        for column, values in steps.items():
            code += values.take(classes[column][rows], out=step[:size], mode="clip")  # 'raise' would copy
        for column, gains in table.items():
            sums[column, rows] += gains.take(code, out=found[:size], mode="clip")


def _add_leaf(leaf: Leaf, paths: Paths, classes: dict[int, Whole], sums: Vector) -> None:
    """Adds the contributions of a leaf with many columns, worked out for each row."""
    columns = list(leaf.fits)
    share = np.array(list(leaf.share.values()))
    fits = {f: np.array([float(mask >> i & 1) for i in range(paths.cells[f])]) for f, mask in leaf.fits.items()}
    for rows in _chunks(sums.shape[1], max(CHUNK // len(columns), 1)):
        met = np.stack([fits[f][paths.cell[f]][classes[f][rows]] for f in columns])
        sums[columns, rows] += leaf.value * shapley(met, share)


def _runs(paths: Paths) -> Iterator[Run]:
    """Leaves from left to right in runs as long as a table allows."""
    run = Run([], {})
    for leaf in paths.leaves:
        longer = Run([*run.leaves, leaf], _finer(run.parts, leaf, paths.cells))
        if longer.codes > CODES and run.leaves:
            yield run
            longer = Run([leaf], _finer({}, leaf, paths.cells))
        run = longer
    yield run


def _finer(parts: Parts, leaf: Leaf, cells: dict[int, int]) -> Parts:
    """The parts cut along what fits a leaf; before the first cut all cells are one part."""
    finer = dict(parts)
    for column, mask in leaf.fits.items():
        whole = ((1 << cells[column]) - 1,)
        halves = [half for part in parts.get(column, whole) for half in (part & mask, part & ~mask)]
        finer[column] = tuple(half for half in halves if half)
    return finer


def _patterns(leaf: Leaf) -> Vector:
    """The contributions (m, 2^m) of a leaf for each pattern of fitting columns, the first column as the lowest bit."""
    m = len(leaf.share)
    met = np.arange(2**m) >> np.arange(m)[:, None] & 1
    return leaf.value * shapley(met.astype(float), np.array(list(leaf.share.values())))


def _chunks(size: int, step: int) -> Iterator[slice]:
    return (slice(start, min(start + step, size)) for start in range(0, size, step))
