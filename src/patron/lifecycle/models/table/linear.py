"""A sum of terms, one for each feature: logistic regression for classes, ridge regression for numbers.

When it works: effects that add up, few cases, and where somebody wants to read the weights. When not: effects that
turn round or depend on each other (trees see those).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.table.base import TableFitted, TableModel, Terms, by_feature, prepared
from patron.lifecycle.models.table.cases import Cases, Floats
from patron.lifecycle.models.table.preparation import Preparation

RIDGE = 1.0
STEPS = 300
ENOUGH_ROWS = 200_000
"""Lines are fitted on so many cases at most, evenly taken: their weights are known well enough by then."""


@dataclass(frozen=True)
class Line(TableFitted):
    """`weights` (columns of the preparation) around `means`: base + Σ weights × (column − mean) on the link."""

    base: float
    weights: Floats
    means: Floats

    def on_link(self, cases: Cases) -> Floats:
        """base + Σ (n)."""
        columns, _ = self.preparation.for_lines(cases)
        return np.asarray(self.base + (columns - self.means) @ self.weights)

    def terms(self, cases: Cases) -> Terms:
        """A feature's term is the sum over its columns: exact Shapley values, as features enter one by one."""
        columns, of = self.preparation.for_lines(cases)
        names = self.preparation.names
        return Terms(
            np.full(cases.n, self.base), by_feature((columns - self.means) * self.weights, of, len(names)), names
        )

    def parts(self) -> Parts:
        """Weights and means."""
        return Parts(self._kept(base=self.base), {"weights": self.weights, "means": self.means})


def _some(cases: Cases) -> npt.NDArray[np.int64]:
    return np.unique(np.linspace(0, cases.n - 1, min(cases.n, ENOUGH_ROWS)).astype(np.int64))


class _Lines(TableModel):
    def restore(self, parts: Parts) -> Line:
        """From its parts."""
        kept = parts.json
        return Line(self.name, self.task, prepared(kept), kept["base"], parts.arrays["weights"], parts.arrays["means"])


class Logistic(_Lines):
    """P = 1 ÷ (1 + e^−z), z linear; weights held by a ridge of one unit [le Cessie & van Houwelingen 1992]."""

    name = "logistic"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> Line:
        """Maximum of the penalised likelihood by L-BFGS (scikit-learn)."""
        from sklearn.linear_model import LogisticRegression

        del seed
        columns, _ = preparation.for_lines(cases)
        some = _some(cases)
        means = columns[some].mean(axis=0)
        fitted = LogisticRegression(C=1 / RIDGE, max_iter=STEPS).fit(columns[some] - means, cases.outcome[some])
        return Line(self.name, self.task, preparation, float(fitted.intercept_[0]), np.asarray(fitted.coef_[0]), means)


class Ridge(_Lines):
    """The mean as a straight line; weights held by a ridge [Hoerl & Kennard 1970]."""

    name = "ridge"
    task = "number"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> Line:
        """The closed form, of columns around their means."""
        del seed
        columns, _ = preparation.for_lines(cases)
        some = _some(cases)
        means, level = columns[some].mean(axis=0), float(cases.outcome[some].mean())
        centred = columns[some] - means
        square = centred.T @ centred + RIDGE * np.eye(centred.shape[1])
        weights = np.linalg.solve(square, centred.T @ (cases.outcome[some] - level))
        return Line(self.name, self.task, preparation, level, np.asarray(weights), means)
