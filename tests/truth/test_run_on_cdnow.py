"""One run on the raw CDNOW sample, judged on the 39 weeks it has not seen: the figures the README promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import patron
from patron.lifecycle.evaluation.intervals import coverage, winkler
from patron.lifecycle.evaluation.probability import brier
from patron.lifecycle.evaluation.ranking import decile_gain, roc_auc
from patron.study.run import Run
from patron.study.totals import purchases_total

AS_OF = date(1997, 9, 30)


@dataclass(frozen=True)
class Judged:
    """A run and what its customers did in the hold-out, in its order."""

    run: Run
    purchases: np.ndarray
    money: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """A column of the scores."""
        return self.run.scores[name].to_numpy()


@pytest.fixture(scope="module")
def judged(shared_data: Callable[[str], Path]) -> Judged:
    """The run of the README, and the hold-out counted from the file by hand."""
    file = shared_data("cdnow/CDNOW_sample.txt")
    columns = {"customer": 2, "date": 3, "quantity": 4, "amount": 5}
    run = patron.analyze(file, header=False, mapping=columns, as_of=AS_OF, horizon="39w")
    days: dict[str, set[date]] = {}
    money: dict[str, float] = {}
    for line in file.read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        if AS_OF < when <= AS_OF + timedelta(days=273):
            days.setdefault(customer, set()).add(when)
            money[customer] = money.get(customer, 0.0) + float(dollars)
    ids = run.scores["customer_id"].to_pylist()
    return Judged(run, np.array([len(days.get(i, ())) for i in ids]), np.array([money.get(i, 0.0) for i in ids]))


def test_everybody_is_there_and_the_file_reconciles(judged: Judged) -> None:
    given = judged.run.card["input"]
    assert judged.run.scores.num_rows == 2357
    assert given["rows_used"] + sum(a["rows"] for a in given["set_aside"]) == given["rows_file"] == 6919
    assert given["value_used"] + sum(a["value"] for a in given["set_aside"]) == pytest.approx(given["value_file"])


def test_the_published_parameters_are_in_the_card(judged: Judged) -> None:
    models = {m["name"]: m for m in judged.run.card["models"]}
    pins = {
        "bg_nbd": ({"r": 0.2426, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.43),
        "mbg_nbd": ({"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}, -9582.136),
        "pareto_nbd": ({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9594.976),
        "gamma_gamma": ({"p": 6.25, "q": 3.74, "gamma": 15.44}, -4055.92),
    }
    for name, (params, log_likelihood) in pins.items():
        assert models[name]["params"] == pytest.approx(params, abs=0.006 if name == "gamma_gamma" else 0.0011), name
        assert models[name]["log_likelihood"] == pytest.approx(log_likelihood, abs=0.01), name
        assert all(error > 0 for error in models[name]["std_errors"].values()), name
        assert not models[name]["shrunken"], name


def test_a_known_customer_is_expected_to_buy_as_published(judged: Judged) -> None:
    # x = 2, t_x = 30.43, T = 38.86 by BG/NBD [Fader, Hardie & Lee 2005]
    assert judged.run.card["chosen"]["purchase"] == "bg_nbd"
    first = judged.run.scores.slice(0, 1).to_pylist()[0]
    assert first["customer_id"] == "0001"
    assert first["expected_purchases"] == pytest.approx(1.226, abs=0.001)


def test_churn_risk_ranks_and_is_calibrated(judged: Judged) -> None:
    came = judged.purchases > 0
    assert roc_auc(~came, judged.column("churn_risk")) >= 0.755
    assert brier(came, judged.column("p_purchase")) <= 0.1625


def test_the_top_decile_by_clv_holds_half_of_the_spend(judged: Judged) -> None:
    assert decile_gain(judged.money, judged.column("clv")) >= 0.50


def test_intervals_of_customers_are_narrow_and_right(judged: Judged) -> None:
    low, high = judged.column("expected_purchases_low"), judged.column("expected_purchases_high")
    assert winkler(judged.purchases, low, high) <= 3.80
    assert 0.80 <= coverage(judged.purchases, low, high) <= 0.95


@pytest.mark.parametrize("size", [50, 100, 300])
def test_totals_of_groups_are_covered(judged: Judged, size: int) -> None:
    rng = np.random.default_rng(size)
    run, inside, groups = judged.run, 0, 30
    for _ in range(groups):
        rows = np.sort(rng.choice(len(judged.purchases), size, replace=False))
        total = purchases_total(run.summary.take(rows), run.fits, run.settings)
        inside += total.low <= judged.purchases[rows].sum() <= total.high
    assert inside / groups >= 0.70


def test_p_alive_never_comes_from_bg_nbd(judged: Judged) -> None:
    once = judged.column("orders") == 1
    assert judged.column("p_alive")[once].max() < 0.9


def test_a_run_opened_again_is_the_same(judged: Judged, tmp_path: Path) -> None:
    judged.run.save(tmp_path / "run")
    again = patron.open_run(tmp_path / "run")
    assert again.scores.equals(judged.run.scores)
    kept, new = again.fits, judged.run.fits
    assert kept.chosen.params == pytest.approx(dict(new.chosen.params))
    assert purchases_total(again.summary, kept, again.settings) == purchases_total(
        judged.run.summary, new, judged.run.settings
    )


def test_parameters_of_a_run_score_new_orders(judged: Judged, shared_data: Callable[[str], Path]) -> None:
    columns = {"customer": 2, "date": 3, "quantity": 4, "amount": 5}
    later = patron.analyze(
        shared_data("cdnow/CDNOW_sample.txt"), header=False, mapping=columns, as_of="1998-06-30", use=judged.run
    )
    assert later.card["chosen"] == judged.run.card["chosen"]
    assert later.settings.horizon_days == 273
    assert {m["name"]: m["params"] for m in later.card["models"]} == {
        m["name"]: m["params"] for m in judged.run.card["models"]
    }
    assert later.scores["expected_purchases"].to_numpy().sum() < judged.column("expected_purchases").sum()
