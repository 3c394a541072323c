"""The leaves of a forest as products: a leaf is reached where each column of its path fits, however often it is asked.

A column has few values that a tree tells apart: its cells. Which of them fit a leaf is a bit mask (a whole number).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.table.trees import ZERO, ZEROS, Flags, Forest, Tree, Whole


@dataclass(frozen=True, eq=False)
class Scale:
    """The values of one column that a forest tells apart, in classes."""

    values: Vector
    """(c,) A value of each class: the largest one of numbers, then NaN; the category, after −1 for all others."""
    categorical: bool

    def classes(self, column: Vector) -> Whole:
        """The class (n,) of each value of a column (n,)."""
        if not self.categorical:
            return np.searchsorted(self.values, column)  # it sorts NaN behind infinity, as `values` does
        whole = np.trunc(column)
        at = np.minimum(np.searchsorted(self.values, whole), len(self.values) - 1)
        return np.where(self.values[at] == whole, at, 0)


@dataclass(frozen=True, eq=False)
class Leaf:
    """One leaf; `fits` and `share` have the same m columns in the order of the path."""

    value: float
    fits: dict[int, int]
    """Column → bit mask of the cells that fulfil all its conditions."""
    share: dict[int, float]
    """Column → the share of the training rows that its splits let through."""


@dataclass(frozen=True, eq=False)
class Paths:
    """The leaves of one tree, from left to right."""

    cell: dict[int, Whole]
    """Column → the cell (c,) of each class."""
    cells: dict[int, int]
    """Column → the number of its cells."""
    leaves: list[Leaf]


@dataclass(frozen=True, eq=False)
class Map:
    """What a forest tells apart, and the leaves of each of its trees."""

    scales: dict[int, Scale]
    paths: tuple[Paths, ...]


@lru_cache(maxsize=8)
def map_of(forest: Forest) -> Map:
    """The map of a forest, kept for the next rows."""
    scale = scales(forest)
    return Map(scale, tuple(paths_of(tree, scale) for tree in forest.trees))


def scales(forest: Forest) -> dict[int, Scale]:
    """The scale of every column that a forest asks. Raises ValueError for a column asked as number and as category."""
    edges: dict[int, list[float]] = {}
    members: dict[int, list[Whole]] = {}
    for tree in forest.trees:
        for split, column in enumerate(tree.feature.tolist()):
            if (of_set := tree.left_set[split]) is not None:
                members.setdefault(column, []).append(np.flatnonzero(of_set))
                continue
            zero = [float(np.nextafter(-ZERO, -1.0)), ZERO] if tree.missing[split] == ZEROS else []
            edges.setdefault(column, []).extend([float(tree.threshold[split]), *zero])
    if both := sorted(edges.keys() & members.keys()):
        raise ValueError(f"Column {both[0]} is split as a number and as a category.")
    numbers = {f: Scale(np.append(np.unique([*at, np.inf]), np.nan), False) for f, at in edges.items()}
    return numbers | {f: Scale(np.unique(np.concatenate([[-1.0], *at])), True) for f, at in members.items()}


def paths_of(tree: Tree, scale: dict[int, Scale]) -> Paths:
    """The leaves of `tree` with what each column must fulfil."""
    cell: dict[int, Whole] = {}
    left: dict[int, int] = {}
    cells: dict[int, int] = {}
    for column in np.unique(tree.feature).tolist():
        splits = np.flatnonzero(tree.feature == column).tolist()
        goes = np.stack([tree.goes_left(split, scale[column].values) for split in splits])
        cell[column], goes = _cells(goes)
        cells[column] = goes.shape[1]
        left.update(zip(splits, (_mask(row) for row in goes), strict=True))
    leaves = []
    waiting: list[tuple[int, dict[int, int], dict[int, float]]] = [(0 if left else ~0, {}, {})]
    while waiting:
        node, fits, share = waiting.pop()
        if node < 0:
            leaves.append(Leaf(float(tree.value[~node]), fits, share))
            continue
        column = int(tree.feature[node])
        for child, mask in zip(tree.children[node, ::-1].tolist(), (~left[node], left[node]), strict=True):
            fit = fits.get(column, (1 << cells[column]) - 1) & mask
            passed = share.get(column, 1.0) * tree.count(child) / tree.count(node)
            waiting.append((child, {**fits, column: fit}, {**share, column: passed}))
    return Paths(cell, cells, leaves)


def _cells(goes: Flags) -> tuple[Whole, Flags]:
    """The cell (c,) of each class and the decisions (s, cells), of decisions (s, c): equal columns are one cell."""
    cell = first = np.zeros(goes.shape[1], np.intp)
    for row in goes:
        _, first, cell = np.unique(2 * cell + row, return_index=True, return_inverse=True)
    return cell, goes[:, first]


def _mask(row: Flags) -> int:
    """Flags as the bits of a whole number, the first as the lowest."""
    return int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little")
