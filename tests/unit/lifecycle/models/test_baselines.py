"""The rules of thumb: what they learn from the customers' own past, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.models.purchase.baseline_spend import MeanSpend
from patron.lifecycle.models.purchase.baselines import LastPeriod, MeanByX, Recency
from patron.lifecycle.models.purchase.cuts import Cell, CutHistories, by_recency
from patron.lifecycle.models.purchase.histories import Histories


def test_a_history_is_cut_a_third_of_the_median_age_before_its_end() -> None:
    cut = CutHistories.of(Histories.of([0, 4], [0.0, 27.0], [30.0, 30.0]))
    assert cut.weeks == 10.0
    assert cut.age.tolist() == [20.0, 20.0]
    # three purchases before the last, evenly over (0, 27): each before week 20 with chance 20/27
    share = 20 / 27
    assert cut.before[1, :4] == pytest.approx(
        [(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3]
    )
    assert cut.after[1].sum() == pytest.approx(1 + 3 * (1 - share))
    assert cut.after[0].sum() == 0


def test_whoever_came_after_the_cut_teaches_nothing() -> None:
    cut = CutHistories.of(Histories.of([0, 0, 0], [0.0, 0, 0], [3.0, 30, 30]))
    assert len(cut.n) == 1
    assert cut.n.tolist() == [2.0]


def test_recent_and_old_buyers_are_told_apart() -> None:
    recent, old = by_recency(CutHistories.of(Histories.of([1, 1, 0], [5.0, 19.0, 0.0], [30.0, 30.0, 30.0])))
    assert (recent.customers, old.customers) == (1.0, 2.0)
    assert (recent.purchases, old.purchases) == (0.0, 0.0)


def test_shares_and_means_are_maximum_likelihood() -> None:
    cell = Cell(customers=100.0, buyers=30.0, purchases=90.0)
    share, mean = cell.share_and_mean()
    best = cell.log_likelihood(share, mean)
    for s, m in ((0.9, 1), (1.1, 1), (1, 0.9), (1, 1.1)):
        assert cell.log_likelihood(share * s, mean * m) < best
    assert share * mean == pytest.approx(0.9)


def test_regulars_are_expected_to_come_more_often() -> None:
    some = Histories.of([0, 8] * 40, [0, 38] * 40, [39.0, 39.0] * 40)
    for model in (MeanByX(), LastPeriod()):
        fitted = model.fit_histories(some, seed=0)
        assert fitted.expected(8, 38.0, 39.0, 13.0)[0] > 2 * fitted.expected(0, 0.0, 39.0, 13.0)[0]


def test_those_who_stayed_away_are_expected_less() -> None:
    some = Histories.of([0, 8] * 40, [0, 38] * 40, [39.0, 39.0] * 40)
    for model in (Recency(), LastPeriod()):
        fitted = model.fit_histories(some, seed=0)
        assert fitted.p_purchase(4, 38.0, 39.0, 13.0)[0] > fitted.p_purchase(4, 8.0, 39.0, 13.0)[0]


def test_everybody_spends_the_mean_however_much_one_has_spent() -> None:
    fitted = MeanSpend().fit_spend(np.array([1.0, 3.0, 2.0]), np.array([10.0, 30.0, 20.0]))
    assert fitted.mean == pytest.approx(140 / 6)
    np.testing.assert_allclose(fitted.conditional_mean([0, 50], [0.0, 500.0]), 140 / 6, rtol=1e-5)
