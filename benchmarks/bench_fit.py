"""BG/NBD and Gamma-Gamma with standard errors on a million simulated customers, beside lifetimes; and their figures.

Both read the same (x, t_x, T, repeat_n, repeat_mean) from an npz file, in whole days; what is timed is fitting alone,
then predicting alone, in CPU seconds of one process with one thread. Memory is that of the whole process.
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
from measure import HERE, OURS, PEERS, Figure, spend

WEEKS = 39.0
ROUNDS = 3


def make_world(file: Path, customers: int) -> dict[str, float]:
    """A BG/NBD × Gamma-Gamma world with CDNOW's parameters, 39 weeks, by day."""
    from patron.lifecycle.simulate.worlds import simulate

    world = simulate("bg_nbd", customers, seed=3, by_day=True)
    columns = {"x": world.x, "t_x": world.t_x, "T": world.T, "repeat_n": world.x, "repeat_mean": world.repeat_mean}
    np.savez(file, **{name: values.astype(float) for name, values in columns.items()})
    return {"customers": world.customers}


def ours(file: Path, _: int) -> dict[str, float]:
    """Patron: the middle of a few rounds, each from the bare columns."""
    from patron.lifecycle.models.purchase.bg_nbd import BgNbd
    from patron.lifecycle.models.purchase.gamma_gamma import GammaGamma
    from patron.lifecycle.models.purchase.histories import Histories
    from patron.lifecycle.models.purchase.mbg_nbd import MbgNbd
    from patron.lifecycle.models.purchase.pareto_nbd import ParetoNbd

    columns = np.load(file)
    x, t_x, T, n, mean = (columns[name] for name in ("x", "t_x", "T", "repeat_n", "repeat_mean"))
    spent: dict[str, list[float]] = {"fit": [], "predict": []}
    for _round in range(ROUNDS):
        start = time.process_time()
        counts = BgNbd().fit_histories(Histories.of(x, t_x, T), seed=0)
        money = GammaGamma().fit_spend(n, mean)
        spent["fit"].append(time.process_time() - start)
        start = time.process_time()
        expected, p_purchase, p_alive = counts.outlook(x, t_x, T, WEEKS)
        spent["predict"].append(time.process_time() - start)
    took = {name: sorted(seconds)[ROUNDS // 2] for name, seconds in spent.items()}
    took |= {"fit_first": spent["fit"][0], "memory": _memory(), "expected": float(expected.sum())}
    assert not counts.shrunken
    assert not money.shrunken
    assert np.isfinite(p_purchase * p_alive).all()
    for name, other in (("mbg_nbd", MbgNbd()), ("pareto_nbd", ParetoNbd())):
        start = time.process_time()
        other.fit_histories(Histories.of(x, t_x, T), seed=0)
        took[name] = time.process_time() - start
    return took


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


ROLES = {"world": make_world, "ours": ours}


def main() -> None:
    """The ratio to lifetimes in one run, seconds of predicting, and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--role", nargs=3, metavar=("ROLE", "FILE", "CUSTOMERS"), help="what a child process runs")
    given = parser.parse_args()
    if given.role:
        role, file, customers = given.role
        print(json.dumps(ROLES[role](Path(file), int(customers))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        world, customers = Path(scratch) / "world.npz", str(int(1_000_000 * given.scale))
        spend([OURS, __file__, "--role", "world", world, customers])
        took = json.loads(spend([OURS, __file__, "--role", "ours", world, customers]).said)
        peer = json.loads(spend([PEERS, HERE / "peers/fit.py", world, str(WEEKS)]).said) if PEERS.exists() else None
    print("ours", {name: round(value, 3) for name, value in took.items()}, file=sys.stderr)
    Figure("expected purchases, P(purchase) and P(alive) of everybody, cpu", took["predict"], "s", "at most", 0.2).say()
    Figure("memory of fitting and predicting", took["memory"], "MB", "at most", 400).say()
    if peer:
        print("lifetimes", {name: round(value, 3) for name, value in peer.items()}, file=sys.stderr)
        note = f"{took['fit']:.3f} s, lifetimes {peer['fit']:.1f} s"
        faster = peer["fit"] / took["fit"]
        Figure("BG/NBD + Gamma-Gamma fit, times faster than lifetimes, cpu", faster, "×", "at least", 50, note).say()
        apart = abs(took["expected"] / peer["expected"] - 1)
        Figure("expected purchases apart from those of lifetimes", apart, "", "at most", 1e-4).say()


if __name__ == "__main__":
    main()
