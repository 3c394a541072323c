"""A boosted forest read from LightGBM's model text: plain arrays, so that scores and reasons need no LightGBM.

The rule of a split is that of LightGBM (`tree.h`: NumericalDecision, CategoricalDecision). A numerical split sends
x ≤ threshold to the left; what counts as missing is its missing type: nothing (NaN is read as 0), zero (NaN too), or
NaN, and the missing go where `default_left` says. A categorical split sends the categories of its set to the left,
and all others, also unseen ones, negative ones and NaN, to the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from patron.lifecycle.maths.special import Vector

Whole = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

ZERO = float(np.float32(1e-35))
"""LightGBM reads a value of at most this size as 0 (`kZeroThreshold`)."""
CATEGORICAL, DEFAULT_LEFT = 1, 2
"""Bits of `decision_type`; the two above them are the missing type."""
NOTHING, ZEROS, NANS = 0, 1, 2
"""Missing types."""
BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree of s splits and s + 1 leaves. A child ≥ 0 is a split, a child < 0 is the leaf ~child."""

    feature: Whole
    """(s,) The column that a split asks."""
    threshold: Vector
    """(s,)"""
    missing: Whole
    """(s,) NOTHING, ZEROS or NANS."""
    default_left: Flags
    """(s,) Whether the missing go to the left."""
    left_set: tuple[Flags | None, ...]
    """(s,) Of a categorical split: for each category from 0 on whether it goes to the left."""
    children: Whole
    """(s, 2) Left and right."""
    split_count: Vector
    """(s,) Training rows that came to a split."""
    value: Vector
    """(s + 1,) What a leaf adds to the raw score, shrinkage included."""
    leaf_count: Vector
    """(s + 1,) Training rows that came to a leaf."""

    @property
    def expected(self) -> float:
        """The mean of the leaves over the training rows."""
        if len(self.value) == 1:
            return float(self.value[0])
        return float(self.leaf_count / self.split_count[0] @ self.value)

    def count(self, child: int) -> float:
        """Training rows that came to a child."""
        return float(self.split_count[child] if child >= 0 else self.leaf_count[~child])

    def goes_left(self, split: int, values: Vector) -> Flags:
        """Whether each of `values` (n,) of the split's column goes to the left."""
        if (members := self.left_set[split]) is not None:
            known = (values > -1.0) & (values < len(members))
            return known & members[np.where(known, values, 0.0).astype(np.intp)]
        threshold, missing = self.threshold[split], self.missing[split]
        left: Flags = values <= threshold
        if missing == ZEROS:
            there = np.abs(values) > ZERO
            return np.where(there, left, self.default_left[split])
        if self.default_left[split] if missing == NANS else threshold >= 0.0:
            left |= np.isnan(values)
        return left

    def leaf_of(self, columns: Vector) -> Whole:
        """The leaf (n,) that each row of `columns` (k, n) comes to."""
        leaf = np.zeros(columns.shape[1], np.intp)
        waiting = [(0, np.arange(columns.shape[1]))] if len(self.feature) else []
        while waiting:
            split, rows = waiting.pop()
            left = self.goes_left(split, columns[self.feature[split]][rows])
            for child, there in zip(self.children[split].tolist(), (rows[left], rows[~left]), strict=True):
                if child >= 0:
                    waiting.append((child, there))
                else:
                    leaf[there] = ~child
        return leaf


@dataclass(frozen=True, eq=False)
class Forest:
    """A sum of trees over k columns."""

    trees: tuple[Tree, ...]
    columns: int
    """k"""

    @cached_property
    def expected(self) -> float:
        """The mean raw score over the training rows, as the trees remember it."""
        return sum(tree.expected for tree in self.trees)

    def raw(self, X: npt.ArrayLike) -> Vector:
        """The raw score (n,) of the rows of X (n, k); NaN is missing, categories are whole numbers from 0 on."""
        rows = self.checked(X)
        out = np.zeros(len(rows))
        for part, columns in in_columns(rows, BLOCK):
            for tree in self.trees:
                out[part] += tree.value[tree.leaf_of(columns)]
        return out

    def checked(self, X: npt.ArrayLike) -> Vector:
        """X as floats (n, k). Raises ValueError for another number of columns."""
        rows = np.asarray(X, np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.columns:
            raise ValueError(f"The forest reads a table of {self.columns} columns, not one of shape {rows.shape}.")
        return rows


def in_columns(X: Vector, size: int) -> Iterator[tuple[slice, Vector]]:
    """Blocks of at most `size` rows of X (n, k), turned (k, rows), tiny values as 0."""
    for start in range(0, len(X), size):
        part = slice(start, min(start + size, len(X)))
        columns = np.ascontiguousarray(X[part].T)
        columns[np.abs(columns) <= ZERO] = 0.0
        yield part, columns


def forest_of(text: str) -> Forest:
    """The forest of `Booster.model_to_string()`.

    Raises ValueError for what is no such text, and for models whose raw score is not one sum of constant leaves:
    several classes, random forests (`average_output`) and linear trees.
    """
    head, *blocks = text.split("end of trees", maxsplit=1)[0].split("\nTree=")
    if not head.startswith("tree\n") or "end of trees" not in text:
        raise ValueError("This is not the text of a whole LightGBM model (Booster.model_to_string() makes it).")
    said = _entries(head)
    if int(said.get("num_class", "1")) != 1 or int(said.get("num_tree_per_iteration", "1")) != 1:
        raise ValueError("A model of several classes has several raw scores: fit one model for each class.")
    if "average_output" in said:
        raise ValueError("A random forest (average_output) averages its trees: only boosted sums can be read.")
    try:
        return Forest(tuple(_tree(_entries(block)) for block in blocks), int(said["max_feature_idx"]) + 1)
    except (KeyError, IndexError) as gone:
        raise ValueError(f"The text of the LightGBM model is incomplete: {gone}.") from gone


def _entries(block: str) -> dict[str, str]:
    """The lines `name=value` of a block; a line without '=' is a name alone."""
    return {name: value for name, _, value in (line.partition("=") for line in block.splitlines())}


def _tree(said: dict[str, str]) -> Tree:
    """The tree of one block of the text."""
    if said.get("is_linear", "0") != "0":
        raise ValueError("A tree with linear leaves has no constant leaves: fit with linear_tree=false.")
    splits = int(said["num_leaves"]) - 1
    kind = _numbers(said, "decision_type", splits).astype(np.intp)
    tree = Tree(
        feature=_numbers(said, "split_feature", splits).astype(np.intp),
        threshold=_numbers(said, "threshold", splits),
        missing=kind >> 2 & 3,
        default_left=(kind & DEFAULT_LEFT) > 0,
        left_set=_left_sets(said, kind),
        children=np.stack([_numbers(said, side, splits).astype(np.intp) for side in ("left_child", "right_child")], 1),
        split_count=_numbers(said, "internal_count", splits),
        value=_numbers(said, "leaf_value", splits + 1),
        leaf_count=_numbers(said, "leaf_count", splits + 1) if splits else np.ones(1),
    )
    if splits and min(tree.split_count.min(), tree.leaf_count.min()) <= 0:
        raise ValueError("A leaf of the model has no training rows: its share of the expected value is not known.")
    return tree


def _left_sets(said: dict[str, str], kind: Whole) -> tuple[Flags | None, ...]:
    """For each split None, or whether each category goes to the left: bits in words of 32, the lowest bit first."""
    if not (kind & CATEGORICAL).any():
        return (None,) * len(kind)
    ends = [int(end) for end in said["cat_boundaries"].split()]
    words = np.array(said["cat_threshold"].split(), dtype="<u4")
    sets = [np.unpackbits(words[a:b].view(np.uint8), bitorder="little") > 0 for a, b in pairwise(ends)]
    which = _numbers(said, "threshold", len(kind)).astype(np.intp)
    return tuple(sets[i] if of_sets else None for i, of_sets in zip(which, kind & CATEGORICAL, strict=True))


def _numbers(said: dict[str, str], name: str, size: int) -> Vector:
    """The `size` numbers of an entry."""
    numbers = np.array(said[name].split() if size else [], dtype=np.float64)
    if len(numbers) != size:
        raise ValueError(f"The text of the LightGBM model is incomplete: {name} has {len(numbers)} of {size} numbers.")
    return numbers
