"""What every model has to beat: the share of ones, or the mean. It says the same of everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.table.base import TableFitted, TableModel, Terms, prepared
from patron.lifecycle.models.table.cases import Cases, Floats
from patron.lifecycle.models.table.preparation import Preparation


@dataclass(frozen=True)
class Constant(TableFitted):
    """`level` on the link for everybody."""

    level: float

    def on_link(self, cases: Cases) -> Floats:
        """The level (n)."""
        return np.full(cases.n, self.level)

    def terms(self, cases: Cases) -> Terms:
        """Nothing is owed to any feature."""
        names = self.preparation.names
        return Terms(self.on_link(cases), np.zeros((cases.n, len(names))), names)

    def parts(self) -> Parts:
        """Its level."""
        return Parts(self._kept(level=self.level))


class BaseRate(TableModel):
    """P(1) is the share of ones, with half a case of either kind added so that it is never 0 or 1 [Agresti 2002]."""

    name = "base_rate"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> Constant:
        """Count them."""
        del seed
        share = (float(cases.outcome.sum()) + 0.5) / (cases.n + 1)
        return Constant(self.name, self.task, preparation, float(logit(share)))

    def restore(self, parts: Parts) -> Constant:
        """From its parts."""
        return Constant(self.name, self.task, prepared(parts.json), float(parts.json["level"]))


class Mean(TableModel):
    """The mean of the outcomes."""

    name = "mean"
    task = "number"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> Constant:
        """Add them up."""
        del seed
        return Constant(self.name, self.task, preparation, float(cases.outcome.mean()))

    def restore(self, parts: Parts) -> Constant:
        """From its parts."""
        return Constant(self.name, self.task, prepared(parts.json), float(parts.json["level"]))
