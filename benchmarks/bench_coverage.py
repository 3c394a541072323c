"""Where the model is true, do 80 % intervals hold 80 %? Customers and groups, over many simulated worlds.

The long form of tests/truth/test_intervals_on_truth.py. No peer: the figure is a share, and its bound the issue's ± 2.
"""

from __future__ import annotations

import argparse
from datetime import date

import numpy as np
from measure import Figure

import patron
from patron.lifecycle.evaluation.intervals import randomised_coverage
from patron.lifecycle.models.purchase.predictive import CountPredictive
from patron.lifecycle.simulate.worlds import simulate
from patron.study.backtest import Buyers
from patron.study.totals import group_totals

WORLDS, CUSTOMERS, HORIZON = 20, 4000, 26
SIZES, GROUPS = (50, 100, 300), 10


def one(seed: int) -> tuple[float, list[float], list[float]]:
    """Coverage of customers (randomised), and of each group's purchases (ties half) and money, in one world."""
    model = ("mbg_nbd", "bg_nbd", "pareto_nbd")[seed % 3]
    world = simulate(model, CUSTOMERS, seed=seed, weeks=104, arrivals=40, horizon=HORIZON, by_day=True)
    weeks = f"{HORIZON}w"
    run = patron.analyze(
        world.orders().rename_columns(["customer", "date", "amount"]),
        as_of=date(2020, 12, 31),
        horizon=weeks,
        clv_horizon=weeks,
        discount=0.0,
    )
    b, fits = Buyers.of(run.summary), run.fits
    ahead = CountPredictive(fits.chosen, b.x, b.t_x, b.T, HORIZON, shocks=fits.shocks)
    low, high = fits.count_levels.adjust([0.1, 0.9])
    customers = randomised_coverage(*ahead.cdf_around(world.future), tau=(low, high))
    rng, counts, money = np.random.default_rng(seed), [], []
    for size in SIZES:
        for _ in range(GROUPS):
            rows = np.sort(rng.choice(CUSTOMERS, size, replace=False))
            purchases, value = group_totals(run.summary.take(rows), fits, run.settings)
            came = world.future[rows].sum()
            closed, open_ = purchases.low <= came <= purchases.high, purchases.low < came < purchases.high
            counts.append((float(closed) + float(open_)) / 2)
            money.append(float(value.low <= world.future_money[rows].sum() <= value.high))
    return customers, counts, money


def main() -> None:
    """Twenty worlds of three models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    worlds = max(3, round(WORLDS * parser.parse_args().scale))
    found = [one(seed) for seed in range(worlds)]
    for name, shares in (
        ("customers' purchases", [c for c, _, _ in found]),
        ("groups' purchases", [s for _, counts, _ in found for s in counts]),
        ("groups' money", [s for _, _, money in found for s in money]),
    ):
        mean = float(np.mean(shares))
        Figure(
            f"80 % intervals of {name}: |coverage − .80|", abs(mean - 0.8), "", "at most", 0.02, f"coverage {mean:.3f}"
        ).say()


if __name__ == "__main__":
    main()
