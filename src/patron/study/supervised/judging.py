"""How good the published model is, on cases it did not see: measures with intervals, corrected for having chosen.

The candidates were chosen on the cases that judge them. Each draw of the bootstrap therefore chooses anew among its
cases and is judged on those it left out: the mean is corrected for the choice, the spread is an interval, and nothing
is fitted again (BBC-CV [Tsamardinos, Greasidou & Borboudakis 2018]).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from patron.lifecycle.evaluation import probability, ranking
from patron.lifecycle.evaluation.calibration import reliability
from patron.lifecycle.maths.gains import gains
from patron.lifecycle.maths.quantiles import equal_tails
from patron.lifecycle.models.table.calibrated import line_of, moved
from patron.study.supervised.race import Race, losses

Floats = npt.NDArray[np.float64]
Measure = Callable[[Floats, Floats], float]
DRAWS, DRAWN = 200, 20_000
CLASS: dict[str, Measure] = {
    "auc": ranking.roc_auc,
    "average_precision": ranking.average_precision,
    "lift_top10": ranking.lift,
    "brier": probability.brier,
    "log_loss": probability.log_loss,
}
ORDERS = {"auc", "average_precision", "lift_top10", "gini", "decile_gain"}
"""Measures of the order alone."""
NUMBER: dict[str, Measure] = {
    "mae": lambda y, said: float(np.mean(np.abs(said - y))),
    "rmse": lambda y, said: float(np.sqrt(np.mean((said - y) ** 2))),
    "r2": lambda y, said: float(1 - np.mean((said - y) ** 2) / max(float(np.var(y)), 1e-300)),
    "gini": ranking.ranking_gini,
    "decile_gain": ranking.decile_gain,
}


def calibrated_unseen(race: Race, on_link: Floats | None = None) -> Floats:
    """Predictions of the judged cases (n) after a calibration that was learnt on the other folds."""
    said = race.published if on_link is None else on_link
    if race.task != "class":
        return said
    out = np.zeros(len(said))
    for fold in np.unique(race.fold):
        mine = race.fold == fold
        others = ~mine if (~mine).any() else mine
        out[mine] = moved(line_of(said[others], race.outcome[others]), said[mine])
    return out


def measures(race: Race, seed: int = 0) -> dict[str, dict[str, float]]:
    """Each measure of the published model: value, low, high (95 %), and that of the baseline."""
    table = CLASS if race.task == "class" else NUMBER
    columns = [calibrated_unseen(race, race.unseen[:, i]) for i in range(len(race.names))]
    columns.append(calibrated_unseen(race))
    draws = _draws(race, np.column_stack(columns), table, seed)
    base, same = columns[0], np.full(len(race.outcome), float(race.outcome.mean()))
    out = {}
    for name, measure in table.items():
        found = draws[name][~np.isnan(draws[name])]
        value = measure(race.outcome, columns[-1])
        low, high = np.quantile(found, equal_tails(0.95)) if found.size else (np.nan, np.nan)
        out[name] = {
            "value": float(found.mean()) if found.size else value,
            "low": float(low),
            "high": float(high),
            "as_chosen": value,
            # In an order everybody is the same to it, though its level differs a little from fold to fold.
            "baseline": measure(race.outcome, same if name in ORDERS else base),
        }
    if race.task == "class":
        line = probability.calibration_line(race.outcome, columns[-1])
        out["ece"] = _alone(probability.ece(race.outcome, columns[-1]), probability.ece(race.outcome, base))
        out["calibration_slope"] = _alone(line.slope, float("nan"))
    return out


def _alone(value: float, baseline: float) -> dict[str, float]:
    return {"value": value, "low": float("nan"), "high": float("nan"), "as_chosen": value, "baseline": baseline}


def _draws(race: Race, said: Floats, table: Mapping[str, Measure], seed: int) -> dict[str, Floats]:
    """Each measure (draws) of whom a draw of the cases would have published, on the cases it left out."""
    rng = np.random.default_rng(seed)
    n = len(race.outcome)
    some = np.sort(rng.choice(n, DRAWN, replace=False)) if n > DRAWN else np.arange(n)
    links = np.column_stack([race.unseen, race.published])[some]
    each = np.column_stack([losses(race.task, links[:, i], race.outcome[some]) for i in range(links.shape[1])])
    outcome, values = race.outcome[some], said[some]
    published = race.names.index(race.name) if race.name in race.names else links.shape[1] - 1
    eligible = np.unique([*range(len(race.names)), published])
    found: dict[str, list[float]] = {name: [] for name in table}
    for _ in range(DRAWS):
        counts = np.bincount(rng.integers(0, len(some), len(some)), minlength=len(some))
        out = counts == 0
        chosen = eligible[int(np.argmin(counts @ each[:, eligible]))]
        for name, measure in table.items():
            found[name].append(measure(outcome[out], values[out, chosen]))
    return {name: np.asarray(column) for name, column in found.items()}


def curves(race: Race) -> dict[str, Any]:
    """What is drawn: calibration by tenths, gains, and the shares at every threshold."""
    said = calibrated_unseen(race)
    out: dict[str, Any] = {"gains": gains(said, race.outcome).points(50)}
    if race.task == "class":
        out["calibration"] = reliability(race.outcome, said).to_pylist()
        out["thresholds"] = [
            vars(probability.at_threshold(race.outcome, said, float(t))) for t in np.arange(5, 100, 5) / 100
        ]
    return out


def by_fold(race: Race) -> list[dict[str, float]]:
    """AUC (R² for numbers), share of yes (mean) and n of each fold in its order: what differs in time."""
    said = calibrated_unseen(race)
    measure = CLASS["auc"] if race.task == "class" else NUMBER["r2"]
    rows = []
    for fold in np.unique(race.fold):
        mine = race.fold == fold
        rows.append(
            {
                "fold": float(fold),
                "n": float(mine.sum()),
                "mean": float(race.outcome[mine].mean()),
                "said": float(said[mine].mean()),
                "measure": measure(race.outcome[mine], said[mine]),
            }
        )
    return rows
