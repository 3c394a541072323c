"""Which model it is: candidates judged on cases they did not see, and blended where that helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import minimize
from scipy.special import log_expit

from patron.errors import InputError
from patron.lifecycle.models.catalogue import NUMBER_CANDIDATES, TABLE_BASELINE, TABLE_CANDIDATES, model
from patron.lifecycle.models.table.base import TableFitted, TableModel
from patron.lifecycle.models.table.blend import NAME as BLEND
from patron.lifecycle.models.table.blend import blend
from patron.lifecycle.models.table.cases import OUTCOME, Cases
from patron.study.parallel import each
from patron.study.supervised.folds import Folds

Floats = npt.NDArray[np.float64]
Told = Callable[[str, int, int | None], None]
FEW_YES = 120
"""Below so many of either outcome a few visible rules are published: finer scores would be imagined."""
TRIED_ON = 40_000
"""Candidates race on so many cases at most; the winner is then fitted on all."""
LEAST_WEIGHT = 0.05
SURE = 1.0
"""A blend is taken where it is better than the best single model by so many standard errors."""


def candidates(task: str, few: bool) -> list[str]:
    """The baseline first, then what may beat it; at most eight with their blend."""
    if task == "number":
        return [TABLE_BASELINE[task], *NUMBER_CANDIDATES]
    return [TABLE_BASELINE[task], *(["rules"] if few else TABLE_CANDIDATES)]


@dataclass(frozen=True)
class Race:
    """`unseen` (judged cases, candidates): predictions on the link of cases unseen in fitting; `outcome` of them.

    `fold` says where each was judged; `weights` are those of the published model's members, `name` its name.
    """

    task: str
    names: list[str]
    unseen: Floats
    outcome: Floats
    fold: npt.NDArray[np.int64]
    loss: dict[str, float]
    name: str
    weights: dict[str, float]
    baseline: str

    @property
    def published(self) -> Floats:
        """Predictions on the link of the published model (judged cases)."""
        return np.asarray(sum(w * self.unseen[:, self.names.index(n)] for n, w in self.weights.items()))

    @property
    def beaten(self) -> bool:
        """Whether the baseline was."""
        return self.name != self.baseline


def race(cases: pa.Table, task: str, folds: Folds, *, seed: int, few: bool, told: Told) -> Race:
    """Fit every candidate in every fold and choose."""
    names = candidates(task, few)
    judged = folds.judged
    unseen = np.zeros((cases.num_rows, len(names)))
    steps, done = len(names) * (int(folds.fold.max()) + 1), 0
    for train, test in folds.splits():
        learnt, asked = cases.take(pa.array(train)), Cases.of(cases.take(pa.array(test)))
        told("race", done, steps)

        def said(name: str, learnt: pa.Table = learnt, asked: Cases = asked) -> Floats:
            return _fitted(name, learnt, seed).on_link(asked)

        for place, found in enumerate(each(said, names)):
            unseen[test, place] = found
        done += len(names)
    outcome = np.asarray(cases.column(OUTCOME).to_numpy())[judged]
    return choose(task, names, unseen[judged], outcome, folds.fold[judged])


def _fitted(name: str, cases: pa.Table, seed: int) -> TableFitted:
    """The candidate, or the baseline where this part of the cases is too poor for it."""
    one = model(name)
    assert isinstance(one, TableModel)
    try:
        return one.fit(cases, seed=seed)
    except InputError:
        from patron.lifecycle.models.table.baselines import BaseRate, Mean
        from patron.lifecycle.models.table.preparation import Preparation

        plain = Cases.of(cases, sort=True)
        base: TableModel = Mean() if one.task == "number" else BaseRate()
        return base.learn(plain, Preparation.learn(plain), seed)


def losses(task: str, on_link: Floats, outcome: Floats) -> Floats:
    """What each prediction cost (n): − log P(what came) for a class, half the squared error for a number."""
    if task == "class":
        return np.asarray(-np.where(outcome > 0, log_expit(on_link), log_expit(-on_link)))
    return np.asarray((on_link - outcome) ** 2 / 2)


def choose(task: str, names: Sequence[str], unseen: Floats, outcome: Floats, fold: npt.NDArray[np.int64]) -> Race:
    """The candidate of the least loss, or a blend that is better by more than chance; the baseline if none beats it."""
    cost = np.column_stack([losses(task, unseen[:, i], outcome) for i in range(len(names))])
    mean = cost.mean(axis=0)
    best = int(np.argmin(mean))
    weights, name = {names[best]: 1.0}, names[best]
    loss = dict(zip(names, mean.tolist(), strict=True))
    if best > 0 and len(names) > 2:
        mixed = _mixture(task, unseen[:, 1:], outcome, best - 1)
        both = losses(task, unseen[:, 1:] @ mixed, outcome)
        gain = cost[:, best] - both
        loss[BLEND] = float(both.mean())
        if gain.mean() > SURE * gain.std() / np.sqrt(len(gain)) and (mixed > 0).sum() > 1:
            weights = {n: float(w) for n, w in zip(names[1:], mixed, strict=True) if w > 0}
            name = BLEND
    return Race(task, list(names), unseen, outcome, fold, loss, name, weights, names[0])


def _mixture(task: str, unseen: Floats, outcome: Floats, best: int) -> Floats:
    """Weights ≥ 0 that add up to 1 with the least loss of the mixture: a convex problem, so no luck in it."""
    k = unseen.shape[1]
    start = np.full(k, 0.2 / k)
    start[best] += 0.8

    def cost(w: Floats) -> tuple[float, Floats]:
        said = unseen @ w
        slope = 1 / (1 + np.exp(-np.clip(said, -500, 500))) - outcome if task == "class" else said - outcome
        return float(losses(task, said, outcome).mean()), np.asarray(unseen.T @ slope / len(outcome))

    solve: Any = minimize  # its stubs do not know a cost that comes with its slope
    found = solve(
        cost,
        start,
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * k,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda _w: np.ones(k)},
    )
    weights = np.where(found.x >= LEAST_WEIGHT, found.x, 0.0)
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else start


def fit_published(found: Race, cases: pa.Table, seed: int) -> TableFitted:
    """The published model, fitted on all cases."""
    members = [_fitted(name, cases, seed) for name in found.weights]
    return members[0] if len(members) == 1 else blend(members, list(found.weights.values()))
