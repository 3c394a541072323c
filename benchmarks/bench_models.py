"""Models of any table beside plain LightGBM in the same folds: better or as good, and calibrated.

Five real tables of ../shared/data. In each of five stratified folds the whole of `patron train` (choice by inner folds,
calibration) learns from four and is judged on the fifth; LightGBM learns from the same rows with the same columns, with
its defaults and patiently (300 trees, .02, 8 leaves), the better of the two counts. `--seeds 5` is the long form.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pyarrow as pa
from measure import HERE, Figure

from patron.history.files.any_table import read_any
from patron.history.files.options import ReadOptions
from patron.lifecycle.evaluation.probability import brier, ece
from patron.lifecycle.evaluation.ranking import roc_auc
from patron.lifecycle.models.table.calibrated import calibrate
from patron.lifecycle.models.table.cases import Cases
from patron.lifecycle.models.table.preparation import Preparation
from patron.study.supervised.folds import random_folds
from patron.study.supervised.frame import Asked, Frame, frame
from patron.study.supervised.guard import Answers, guard
from patron.study.supervised.race import fit_published, race
from patron.study.supervised.training import silent

DATA = HERE.parent.parent / "shared" / "data"
TABLES = {
    "telco": ("telco_churn/telco_churn.csv", "Churn"),
    "bank churn": ("bank_churn/bank_churn.csv", "churn"),
    "iranian": ("iranian_churn/iranian_churn.csv", "Churn"),
    "personality": ("customer_personality/marketing_campaign.csv", "Response"),
    "leads": ("lead_scoring/leads.csv", "Converted"),
}
PLAIN = ({"num_iterations": 300, "learning_rate": 0.02, "num_leaves": 8}, {})


def read(path: Path, target: str) -> Frame:
    """The guarded cases, without copies."""
    table = read_any(path, ReadOptions(), today=date(2026, 11, 22))
    copies = "" if "lead" in str(path) else "drop"
    return guard(frame(table, Asked(target)), Answers(copies=copies)).frame


def plain(learnt: pa.Table, judged: pa.Table, settings: dict[str, Any]) -> np.ndarray:
    """LightGBM as anybody would run it on these columns."""
    cases = Cases.of(learnt)
    prepared = Preparation.learn(cases)
    data = lightgbm.Dataset(
        prepared.for_trees(cases), cases.outcome, categorical_feature=prepared.categories, params={"verbosity": -1}
    )
    options = {"objective": "binary", "verbosity": -1, "num_threads": 1, **settings}
    booster = lightgbm.train(options, data, num_boost_round=options.pop("num_iterations", 100))
    return np.asarray(booster.predict(prepared.for_trees(Cases.of(judged))))


def main() -> None:
    """Every table, mean over folds and seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="unused: the tables are what they are")
    parser.add_argument("--only", nargs="*", default=list(TABLES))
    args = parser.parse_args()
    for name in args.only:
        path, target = TABLES[name]
        kept = read(DATA / path, target)
        found: list[list[float]] = []
        started = time.perf_counter()
        for seed in range(args.seeds):
            folds = random_folds(kept.cases, "class", seed=seed)
            said, peers = np.zeros(len(kept.outcome)), np.zeros((len(PLAIN), len(kept.outcome)))
            rows = []
            for train, test in folds.splits():
                learnt, judged = kept.cases.take(pa.array(train)), kept.cases.take(pa.array(test))
                inner = random_folds(learnt, "class", seed=seed)
                run = race(learnt, "class", inner, seed=seed, few=False, told=silent)
                model = calibrate(fit_published(run, learnt, seed), run.published, run.outcome)
                said[test] = model.expect(Cases.of(judged))
                for i, settings in enumerate(PLAIN):
                    peers[i, test] = plain(learnt, judged, settings)
                y = kept.outcome[test]
                aucs = [roc_auc(y, p[test]) for p in (said, *peers)]
                briers = [brier(y, p[test]) for p in (said, *peers)]
                rows.append([*aucs, *briers])
            mean = np.mean(rows, axis=0)
            best = 3
            found.append([mean[0], max(mean[1:best]), mean[best], min(mean[best + 1 :]), ece(kept.outcome, said)])
        ours, peer, ours_brier, peer_brier, error = np.mean(found, axis=0).tolist()
        note = f"{ours:.4f} and {peer:.4f}; {time.perf_counter() - started:.0f} s"
        Figure(f"AUC beside LightGBM, {name}", ours - peer, "", "at least", -0.003, note).say()
        note = f"{ours_brier:.4f} and {peer_brier:.4f}"
        Figure(f"Brier beside LightGBM, {name}", ours_brier - peer_brier, "", "at most", 0.001, note).say()
        few = len(kept.outcome) < 5_000
        Figure(f"calibration error, {name}", error, "", "at most", 0.03 if few else 0.015).say()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
