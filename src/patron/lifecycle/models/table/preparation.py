"""What is learnt of each feature before a model sees it: from the rows it is fitted on and no others.

A number keeps its middle and spread; a category its frequent values (the rest are 'other', an empty cell is a value of
its own); a date counts as days. Trees get numbers as they are and categories as codes; lines get numbers on a scale
that is straight in the middle and bent at the ends, so that no single customer outweighs all others, and categories as
one column a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patron.lifecycle.models.table.cases import Cases, Floats, kind_of

RARE = 10
"""Rows that a value of a category needs to be one of its own."""
MOST_LEVELS = 100
MISSING, OTHER = "", "\x00other"
"""An empty cell, and any value that is not one of the frequent ones."""
SPREAD = 1.349  # quartiles of a normal distribution are so many standard deviations apart


@dataclass(frozen=True)
class Number:
    """A number or date: `middle` is its median, `spread` its scale, `gaps` whether cells were empty."""

    name: str
    kind: str
    middle: float
    spread: float
    gaps: bool

    def straightened(self, values: Floats) -> Floats:
        """asinh of the distance from the middle in spreads: straight near it, a logarithm far away; empty is 0."""
        bent = np.arcsinh((values - self.middle) / self.spread)
        return np.where(np.isnan(bent), 0.0, bent)


@dataclass(frozen=True)
class Category:
    """A category: its frequent values, most frequent first; code = place; 'other' behind them; empty is missing."""

    name: str
    levels: tuple[str, ...]
    gaps: bool

    def codes(self, text: pa.ChunkedArray) -> Floats:
        """Places of the values (n): len(levels) for another, NaN for an empty cell."""
        known = pa.array(self.levels, pa.string())
        place = pc.index_in(text, value_set=known).cast(pa.float64())
        place = pc.if_else(pc.is_null(place), float(len(self.levels)), place)
        place = pc.if_else(pc.is_null(text), None, place)
        return np.asarray(place.to_numpy(), dtype=np.float64)


Feature = Number | Category


@dataclass(frozen=True)
class Preparation:
    """All features as they were learnt. The same cases give the same, in whatever order."""

    features: tuple[Feature, ...]

    @staticmethod
    def learn(cases: Cases) -> Preparation:
        """From the cases a model is fitted on."""
        return Preparation(tuple(_learn(cases, name) for name in cases.features))

    @property
    def names(self) -> list[str]:
        """Names of the features in order."""
        return [feature.name for feature in self.features]

    @property
    def categories(self) -> list[int]:
        """Places of the categories."""
        return [i for i, feature in enumerate(self.features) if isinstance(feature, Category)]

    def for_trees(self, cases: Cases) -> Floats:
        """(n, features): numbers as they are, categories as codes, NaN where a cell (or the column) is missing."""
        return cases.once(self, "trees", lambda: self._for_trees(cases))

    def _for_trees(self, cases: Cases) -> Floats:
        out = np.full((cases.n, len(self.features)), np.nan)
        for i, feature in enumerate(self.features):
            if feature.name in cases.table.column_names:
                out[:, i] = _values(feature, cases)
        return out

    def for_lines(self, cases: Cases) -> tuple[Floats, npt.NDArray[np.int64]]:
        """((n, columns), feature of each column): bent numbers and their gaps, one column for each value."""
        return cases.once(self, "lines", lambda: self._for_lines(cases))

    def _for_lines(self, cases: Cases) -> tuple[Floats, npt.NDArray[np.int64]]:
        columns: list[Floats] = []
        of: list[int] = []
        for i, feature in enumerate(self.features):
            made = _lines(feature, cases)
            columns += made
            of += [i] * len(made)
        matrix = np.column_stack(columns) if columns else np.zeros((cases.n, 0))
        return matrix, np.asarray(of, dtype=np.int64)

    def as_json(self) -> list[dict[str, Any]]:
        """Plain JSON."""
        return [
            {"name": f.name, "kind": f.kind, "middle": f.middle, "spread": f.spread, "gaps": f.gaps}
            if isinstance(f, Number)
            else {"name": f.name, "kind": "category", "levels": list(f.levels), "gaps": f.gaps}
            for f in self.features
        ]

    @staticmethod
    def from_json(kept: Sequence[Mapping[str, Any]]) -> Preparation:
        """The preparation that gave `kept`."""
        return Preparation(
            tuple(
                Category(f["name"], tuple(f["levels"]), f["gaps"])
                if f["kind"] == "category"
                else Number(f["name"], f["kind"], f["middle"], f["spread"], f["gaps"])
                for f in kept
            )
        )


def _learn(cases: Cases, name: str) -> Feature:
    kind = kind_of(cases.table.schema.field(name).type)
    if kind == "category":
        text = cases.text(name)
        counted = pc.value_counts(text.drop_null())
        pairs = zip(counted.field("counts").to_pylist(), counted.field("values").to_pylist(), strict=True)
        least = min(RARE, max(cases.n // 50, 1))  # of few rows a smaller number is frequent
        frequent = sorted(((-count, value) for count, value in pairs if count >= least))[:MOST_LEVELS]
        return Category(name, tuple(value for _, value in frequent), text.null_count > 0)
    values = cases.number(name)
    there = values[~np.isnan(values)]
    if not there.size:
        return Number(name, kind, 0.0, 1.0, True)
    low, middle, high = np.quantile(there, [0.25, 0.5, 0.75])
    spread = (high - low) / SPREAD or float(np.std(there)) or 1.0
    return Number(name, kind, float(middle), float(spread), there.size < values.size)


def _values(feature: Feature, cases: Cases) -> Floats:
    return feature.codes(cases.text(feature.name)) if isinstance(feature, Category) else cases.number(feature.name)


def _lines(feature: Feature, cases: Cases) -> list[Floats]:
    here = feature.name in cases.table.column_names
    values = _values(feature, cases) if here else np.full(cases.n, np.nan)
    if isinstance(feature, Number):
        gaps = [np.isnan(values).astype(np.float64)] if feature.gaps else []
        return [feature.straightened(values), *gaps]
    places = len(feature.levels) + 1
    shown = [(values == place).astype(np.float64) for place in range(places)]
    return [*shown, np.isnan(values).astype(np.float64)] if feature.gaps else shown
