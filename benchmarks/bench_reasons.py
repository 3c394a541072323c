"""Exact reasons of a boosted forest for 100,000 customers of 30 features, beside LightGBM's own; and their difference.

Both read the same model text (200 trees of 31 leaves) and rows, a twentieth of the cells missing, in processes of their
own with one thread; what is timed is explaining alone, in CPU seconds. LightGBM's own takes minutes, so it explains a
tenth of the rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measure import OURS, Figure, spend

FEATURES, TREES, LEAVES = 30, 200, 31
TENTH = 10


def make_world(folder: Path, customers: int) -> dict[str, float]:
    """Rows and a model of them."""
    import lightgbm

    chance = np.random.default_rng(5)
    X = chance.normal(size=(customers, FEATURES))
    weight = chance.normal(size=FEATURES) / np.sqrt(np.arange(1, FEATURES + 1))
    score = X @ weight + X[:, 0] * X[:, 1] - np.abs(X[:, 2])
    X[chance.random(X.shape) < 0.05] = np.nan
    y = score + chance.logistic(size=customers) > 0
    params = {"objective": "binary", "num_leaves": LEAVES, "learning_rate": 0.05, "num_threads": 1, "verbose": -1}
    lightgbm.train(params, lightgbm.Dataset(X, y.astype(float)), TREES).save_model(folder / "model.txt")
    np.save(folder / "X.npy", X)
    return {"customers": customers}


def ours(folder: Path, _: int) -> dict[str, float]:
    """Patron: seconds of everybody from the model's text, of one customer, and memory beside the table itself."""
    from patron.lifecycle.models.table.contributions import contributions
    from patron.lifecycle.models.table.trees import forest_of

    X = np.load(folder / "X.npy")
    text = (folder / "model.txt").read_text()
    before = _memory()
    start = time.process_time()
    forest = forest_of(text)
    parts = contributions(forest, X)
    took = {"seconds": time.process_time() - start, "memory": _memory() - before}
    start = time.process_time()
    contributions(forest, X[:1])
    took["one"] = time.process_time() - start
    took["sum"] = float(np.abs(parts.sum(axis=1) - forest.raw(X)).max())
    np.save(folder / "ours.npy", parts[::TENTH])
    return took


def theirs(folder: Path, _: int) -> dict[str, float]:
    """LightGBM, on a tenth of the rows."""
    import lightgbm

    booster = lightgbm.Booster(model_file=folder / "model.txt")
    X = np.load(folder / "X.npy")[::TENTH]
    start = time.process_time()
    parts = booster.predict(X, pred_contrib=True, num_threads=1)
    seconds = (time.process_time() - start) * TENTH
    return {"seconds": seconds, "apart": float(np.abs(np.load(folder / "ours.npy") - parts).max())}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


ROLES = {"world": make_world, "ours": ours, "theirs": theirs}


def main() -> None:
    """The ratio to LightGBM in one run, the largest difference, and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--role", nargs=3, metavar=("ROLE", "FOLDER", "CUSTOMERS"), help="what a child process runs")
    given = parser.parse_args()
    if given.role:
        role, folder, customers = given.role
        print(json.dumps(ROLES[role](Path(folder), int(customers))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        customers = str(int(100_000 * given.scale))
        roles = {role: json.loads(spend([OURS, __file__, "--role", role, scratch, customers]).said) for role in ROLES}
    took, peer = roles["ours"], roles["theirs"]
    print("ours", took, "lightgbm", peer, file=sys.stderr)
    note = f"{took['seconds']:.1f} s, LightGBM {peer['seconds']:.0f} s (ten times that of a tenth of the rows)"
    faster = peer["seconds"] / took["seconds"]
    Figure("reasons of a boosted forest, times faster than LightGBM, cpu", faster, "×", "at least", 10, note).say()
    Figure("reasons apart from those of LightGBM", peer["apart"], "", "at most", 1e-6).say()
    Figure("reasons apart from the raw score in sum", took["sum"], "", "at most", 1e-9).say()
    Figure("memory of the reasons of everybody, with the answer", took["memory"], "MB", "at most", 200).say()


if __name__ == "__main__":
    main()
