"""A fitted model with what its cases unseen in fitting taught: where its predictions really lie, and how widely.

A probability is moved along a line on the logit [Platt 1999], and lies between the ends of Wilson's interval of the
share among the cases scored most like it. A number lies between quantiles of the errors that cases of a like prediction
had [Lei et al. 2018].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike
from scipy.special import expit

from patron.lifecycle.maths.calibration import platt
from patron.lifecycle.maths.logistic import LogitLine
from patron.lifecycle.maths.quantiles import equal_tails
from patron.lifecycle.maths.wilson import wilson
from patron.lifecycle.models.table.base import QUANTITY, TableFitted, Terms
from patron.lifecycle.models.table.cases import ID, Cases, Floats
from patron.lifecycle.tables import SCORES

CALIBRATION = "calibration"
ALIKE, LEAST_ALIKE = 20, 50
"""A like score: the nearest twentieth of the cases, fifty at least."""
GROUPS, LEAST_GROUP = 10, 40
"""Errors of numbers are kept for so many groups by prediction, of so many cases at least."""
LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Spread:
    """Errors of numbers: `edges` (g − 1) between groups of predictions, `ends` (g, 4): low80, high80, low95, high95."""

    edges: Floats
    ends: Floats

    def around(self, value: Floats) -> Floats:
        """The four ends (n, 4) around predictions (n)."""
        return np.asarray(value[:, None] + self.ends[np.searchsorted(self.edges, value, side="right")])


@dataclass(frozen=True)
class Calibrated:
    """`inner` with its line and its width. `alike`: cases of a like score behind an interval of a probability."""

    inner: TableFitted
    line: LogitLine
    alike: int
    spread: Spread | None

    @property
    def task(self) -> str:
        """'class' or 'number'."""
        return self.inner.task

    def expect(self, cases: Cases) -> Floats:
        """The prediction (n): a calibrated probability, or an amount."""
        return np.asarray(expit(self.on_link(cases))) if self.task == "class" else self.inner.on_link(cases)

    def on_link(self, cases: Cases) -> Floats:
        """The calibrated prediction on the link (n)."""
        found = self.inner.on_link(cases)
        return np.asarray(self.line.intercept + self.line.slope * found) if self.task == "class" else found

    def terms(self, cases: Cases) -> Terms:
        """The terms of the model and one named calibration; they add up to `on_link`."""
        found = self.inner.terms(cases)
        if self.task != "class":
            return found
        moved = self.line.intercept + (self.line.slope - 1) * found.total()
        return Terms(found.base, np.column_stack([found.of_features, moved]), [*found.names, CALIBRATION])

    def ends(self, value: Floats) -> Floats:
        """low80, high80, low95, high95 (n, 4) of predictions (n)."""
        if self.task == "class":
            both = [wilson(value * self.alike, self.alike, level) for level in LEVELS]
            return np.column_stack([end for pair in both for end in pair])
        assert self.spread is not None
        return self.spread.around(value)

    def predict(self, table: pa.Table) -> pa.Table:
        """A table of `tables.SCORES` in the order of `table`."""
        value = self.expect(Cases.of(table))
        ends = self.ends(value)
        names = ("low80", "high80", "low95", "high95")
        return SCORES.check(
            pa.table(
                {
                    "customer_id": table.column(ID).cast(pa.string()),
                    "quantity": pa.array([QUANTITY[self.task]] * len(value), pa.string()),
                    "value": value,
                    **{name: ends[:, i] for i, name in enumerate(names)},
                }
            )
        )

    def as_json(self) -> dict[str, Any]:
        """What is beside the inner model, as plain JSON."""
        spread = None
        if self.spread is not None:
            spread = {"edges": self.spread.edges.tolist(), "ends": self.spread.ends.tolist()}
        return {"line": [self.line.intercept, self.line.slope], "alike": self.alike, "spread": spread}


def from_json(inner: TableFitted, kept: Mapping[str, Any]) -> Calibrated:
    """What `as_json` gave, around its inner model again."""
    spread = kept["spread"]
    known = None if spread is None else Spread(np.asarray(spread["edges"]), np.asarray(spread["ends"]).reshape(-1, 4))
    return Calibrated(inner, LogitLine(*kept["line"]), int(kept["alike"]), known)


def calibrate(inner: TableFitted, unseen: ArrayLike, outcome: ArrayLike) -> Calibrated:
    """Around `inner` what its predictions on the link (n) of cases unseen in fitting, and their outcomes (n), teach."""
    said, came = np.asarray(unseen, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if inner.task == "class":
        line = platt(expit(said), came)
        return Calibrated(inner, line, min(max(len(said) // ALIKE, LEAST_ALIKE), len(said)), None)
    return Calibrated(inner, LogitLine(0.0, 1.0), 0, _spread(said, came - said))


def line_of(unseen: ArrayLike, outcome: ArrayLike) -> LogitLine:
    """The line alone: for judging a calibration on cases that did not make it."""
    return platt(expit(np.asarray(unseen, dtype=np.float64)), outcome)


def moved(line: LogitLine, on_link: ArrayLike) -> Floats:
    """Probabilities (n) of predictions on the logit after the line."""
    return np.asarray(line.apply(expit(np.asarray(on_link, dtype=np.float64))))


def _spread(said: Floats, error: Floats) -> Spread:
    groups = int(np.clip(len(said) // LEAST_GROUP, 1, GROUPS))
    edges = np.unique(np.quantile(said, np.arange(1, groups) / groups)) if groups > 1 else np.zeros(0)
    place = np.searchsorted(edges, said, side="right")
    ends = []
    for group in range(len(edges) + 1):
        mine = error[place == group]
        mine = mine if mine.size else error
        # (n + 1) in place of n makes the share of new cases inside at least the level [Vovk et al. 2005]
        corrected = [np.clip(np.array(equal_tails(level)) * [1 - 1 / (mine.size + 1), 1], 0, 1) for level in LEVELS]
        ends.append(np.concatenate([np.quantile(mine, c, method="inverted_cdf") for c in corrected]))
    return Spread(edges, np.asarray(ends))
