"""What is the same for every model of any table: order of rows, preparation, link, and the shapes of its answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import expit

from patron.errors import InputError
from patron.lifecycle.models.base import Kind, Needs, Parts
from patron.lifecycle.models.table.cases import ID, OUTCOME, Cases, Floats
from patron.lifecycle.models.table.preparation import Preparation
from patron.lifecycle.tables import REASONS, SCORES
from patron.words import Text

FEWEST = 20
"""Cases below which nothing is fitted but the base rate or the mean."""
QUANTITY = {"class": "p", "number": "value"}
LINK = {"class": "logit", "number": "identity"}
BASE = "base"


@dataclass(frozen=True)
class Terms:
    """What a prediction is made of: base (n) + the sum over features (n, k) is the prediction on the link."""

    base: Floats
    of_features: Floats
    names: list[str]

    def total(self) -> Floats:
        """The prediction on the link (n)."""
        return np.asarray(self.base + self.of_features.sum(axis=1))


@dataclass(frozen=True)
class TableFitted(ABC):
    """A model of cases after fitting. `task` is 'class' (P(outcome = 1), on the logit) or 'number' (its mean)."""

    name: str
    task: str
    preparation: Preparation

    @abstractmethod
    def on_link(self, cases: Cases) -> Floats:
        """The prediction (n) on the link."""

    @abstractmethod
    def terms(self, cases: Cases) -> Terms:
        """The same, taken apart; equal to `on_link` within 1e-6."""

    @abstractmethod
    def parts(self) -> Parts:
        """All it takes to make it again."""

    def expect(self, cases: Cases) -> Floats:
        """The prediction (n): a probability or an amount."""
        found = self.on_link(cases)
        return np.asarray(expit(found)) if self.task == "class" else found

    def predict(self, table: pa.Table, *, horizon: float = 0) -> pa.Table:
        """A table of `tables.SCORES` in the order of `table`. What is looked ahead is part of the outcome."""
        del horizon
        value = self.expect(Cases.of(table))
        n = len(value)
        empty = pa.nulls(n, pa.float64())
        ends = dict.fromkeys(("low80", "high80", "low95", "high95"), empty)
        quantity = pa.array([QUANTITY[self.task]] * n, pa.string())
        ids = table.column(ID).cast(pa.string())
        return SCORES.check(pa.table({"customer_id": ids, "quantity": quantity, "value": value, **ends}))

    def reasons(self, table: pa.Table, *, horizon: float = 0) -> pa.Table:
        """A table of `tables.REASONS`: the base and a term for each feature."""
        del horizon
        found = self.terms(Cases.of(table))
        names = [BASE, *found.names]
        n, k = len(found.base), len(names)
        ids = np.repeat(np.asarray(table.column(ID).cast(pa.string()).to_pylist(), dtype=object), k)
        values = np.column_stack([found.base, found.of_features]).reshape(-1)
        return REASONS.check(
            pa.table(
                {
                    "customer_id": pa.array(ids, pa.string()),
                    "quantity": pa.array([QUANTITY[self.task]] * (n * k), pa.string()),
                    "link": pa.array([LINK[self.task]] * (n * k), pa.string()),
                    "term": pa.array(names * n, pa.string()),
                    "value": values,
                }
            )
        )

    def _kept(self, **more: Any) -> dict[str, Any]:
        return {"name": self.name, "task": self.task, "preparation": self.preparation.as_json(), **more}


class TableModel(ABC):
    """A way of predicting the outcome of cases."""

    name: str
    task: str = "class"
    kind: ClassVar[Kind] = Kind.SCORES
    needs: ClassVar[Needs] = Needs(columns=(ID,), outcome_columns=(OUTCOME,), minimum_rows=FEWEST, horizon=False)

    def fit(self, table: pa.Table, *, seed: int) -> TableFitted:
        """Learn from a table of cases with outcomes. Raises InputError for too few, or one outcome only."""
        cases = Cases.of(table, sort=True)
        check_outcome(cases, self.task)
        return self.learn(cases, Preparation.learn(cases), seed)

    @abstractmethod
    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> TableFitted:
        """The model of these cases, which come in order."""

    @abstractmethod
    def restore(self, parts: Parts) -> TableFitted:
        """The fitted model that `parts()` took apart."""


def prepared(kept: Mapping[str, Any]) -> Preparation:
    """The preparation in a model's JSON."""
    return Preparation.from_json(kept["preparation"])


def check_outcome(cases: Cases, task: str) -> None:
    """Raises InputError where nothing can be learnt: too few cases, or the same outcome everywhere."""
    outcome = cases.outcome
    if cases.n < FEWEST:
        raise InputError(
            Text(f"There are {cases.n} rows to learn from.", f"可用于训练的只有 {cases.n} 行。"),
            remedy=Text(f"At least {FEWEST} are needed.", f"至少需要 {FEWEST} 行。"),
        )
    if np.all(outcome == outcome[0]):
        raise InputError(
            Text("The outcome is the same in every row.", "所有行的结果都相同。"),
            remedy=Text("Add rows with another outcome.", "请补充结果不同的行。"),
            column=OUTCOME,
        )
    if task == "class" and not np.isin(outcome, (0.0, 1.0)).all():
        raise InputError(Text("The outcome of a class is 0 or 1.", "类别结果须为 0 或 1。"), column=OUTCOME)


def by_feature(columns: Floats, of: npt.NDArray[np.int64], k: int) -> Floats:
    """Columns (n, c) summed into their features (n, k)."""
    out = np.zeros((len(columns), k))
    for place in range(columns.shape[1]):
        out[:, of[place]] += columns[:, place]
    return out
