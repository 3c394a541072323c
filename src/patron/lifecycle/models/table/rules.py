"""A few visible rules: a small decision tree whose leaves are shares pulled towards the base rate.

When it works: tens of conversions, where anything finer would be imagined, and wherever people must be able to say the
rule aloud. When not: many cases; other models then see more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.table.base import TableFitted, TableModel, Terms, prepared
from patron.lifecycle.models.table.cases import Cases, Floats
from patron.lifecycle.models.table.preparation import MISSING, OTHER, Category, Number, Preparation

LEAVES, OF_FEW, FEW = 6, 4, 1_000
"""Leaves at most; fewer below a thousand cases, where finer ones are mostly chance."""
PRIOR = 20.0
"""The base rate weighs as much as so many cases in every leaf."""
LEAST_SHARE = 0.02
LEAST_CASES, LEAST_PART = 30, 8
"""Cases of a leaf at least, but no more than an eighth of all."""
INTS = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Question:
    """One split in words of the table: `feature` ≤ `edge` for a number (ISO text for a date), or is `level`."""

    feature: str
    edge: float | str | None = None
    level: str | None = None


@dataclass(frozen=True)
class RuleTree(TableFitted):
    """Nodes in rows of `tree` (m, 4): column asked (−1: a leaf), edge, left, right; `values` (m) on the logit."""

    tree: Floats
    values: Floats
    counts: Floats

    def on_link(self, cases: Cases) -> Floats:
        """The value of each case's leaf (n)."""
        return np.asarray(self.values[self._paths(cases)[-1]])

    def terms(self, cases: Cases) -> Terms:
        """What each question on the way changed [Saabas 2014]: node by node, so it adds up exactly."""
        paths = self._paths(cases)
        _, of = self.preparation.for_lines(cases)
        found = np.zeros((cases.n, len(self.preparation.features)))
        rows = np.arange(cases.n)
        for here, there in pairwise(paths):
            asked = self.tree[here, 0].astype(np.int64)
            on = asked >= 0
            found[rows[on], of[asked[on]]] += self.values[there[on]] - self.values[here[on]]
        return Terms(np.full(cases.n, self.values[0]), found, self.preparation.names)

    def rules(self) -> list[tuple[list[tuple[Question, bool]], float, float]]:
        """(questions with their answers, value on the logit, cases it was learnt from) of each leaf."""
        asked = _questions(self.preparation)
        out: list[tuple[list[tuple[Question, bool]], float, float]] = []

        def walk(node: int, way: list[tuple[Question, bool]]) -> None:
            column, edge, left, right = self.tree[node]
            if column < 0:
                out.append((way, float(self.values[node]), float(self.counts[node])))
                return
            question = asked[int(column)]
            if question.level is None and question.edge is None:
                number = next(f for f in self.preparation.features if f.name == question.feature)
                assert isinstance(number, Number)
                at = float(np.sinh(edge) * number.spread + number.middle)
                question = Question(question.feature, _day(at) if number.kind == "date" else at)
            yes_left = question.level is None  # a number at most the edge; a value is 0 there
            walk(int(left), [*way, (question, yes_left)])
            walk(int(right), [*way, (question, not yes_left)])

        walk(0, [])
        return out

    def parts(self) -> Parts:
        """Nodes and values."""
        return Parts(self._kept(), {"tree": self.tree, "values": self.values, "counts": self.counts})

    def _paths(self, cases: Cases) -> list[INTS]:
        """The node of each case at every depth, the last one its leaf."""
        columns, _ = self.preparation.for_lines(cases)
        here: INTS = np.zeros(cases.n, dtype=np.int64)
        out, rows = [here], np.arange(cases.n)
        while True:
            asked = self.tree[here, 0].astype(np.int64)
            on = asked >= 0
            if not on.any():
                return out
            goes_left = columns[rows, np.maximum(asked, 0)] <= self.tree[here, 1]
            step = np.where(goes_left, self.tree[here, 2], self.tree[here, 3]).astype(np.int64)
            here = np.where(on, step, here)
            out.append(here)


def _day(days: float) -> str:
    """A date from days since 1970."""
    return str(np.datetime64(0, "D") + int(np.floor(days)))


def _questions(preparation: Preparation) -> list[Question]:
    """What each column of `for_lines` asks."""
    out: list[Question] = []
    for feature in preparation.features:
        if isinstance(feature, Category):
            out += [Question(feature.name, level=level) for level in [*feature.levels, OTHER]]
        else:
            out.append(Question(feature.name))
        if feature.gaps:
            out.append(Question(feature.name, level=MISSING))
    return out


class Rules(TableModel):
    """At most six leaves (four of few cases), each of a fiftieth of the cases and thirty of them at least."""

    name = "rules"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> RuleTree:
        """Grown best first by Gini [Breiman et al. 1984], leaves pulled towards the base rate."""
        from sklearn.tree import DecisionTreeClassifier

        columns, _ = preparation.for_lines(cases)
        least = max(int(LEAST_SHARE * cases.n), min(LEAST_CASES, cases.n // LEAST_PART), 1)
        leaves = OF_FEW if cases.n < FEW else LEAVES
        grown: Any = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=least, random_state=seed)
        kept = grown.fit(columns, cases.outcome).tree_
        share = kept.value[:, 0, 1] / kept.value[:, 0].sum(axis=1)
        n = kept.n_node_samples.astype(np.float64)
        base = (cases.outcome.sum() + 0.5) / (cases.n + 1)
        values = np.asarray(logit((share * n + PRIOR * base) / (n + PRIOR)))
        asked = np.where(kept.children_left < 0, -1, kept.feature)
        tree = np.column_stack([asked, kept.threshold, kept.children_left, kept.children_right]).astype(np.float64)
        return RuleTree(self.name, self.task, preparation, tree, values, n)

    def restore(self, parts: Parts) -> RuleTree:
        """From its parts."""
        a = parts.arrays
        return RuleTree(self.name, self.task, prepared(parts.json), a["tree"], a["values"], a["counts"])
