"""Ranking measures: exact, with ties shared; pinned by hand and by scikit-learn 1.9.1 on the same numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from patron.lifecycle.evaluation.ranking import average_precision, decile_gain, lift, ranking_gini, roc_auc

Y = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]
P = [0.1, 0.8, 0.3, 0.7, 0.4, 0.4, 0.2, 0.9, 0.35, 0.6, 0.05, 0.5, 0.65, 0.45, 0.4, 0.4, 0.15, 0.85, 0.25, 0.3]

outcomes = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=50)


def test_published_values_with_ties() -> None:
    assert roc_auc(Y, P) == 0.9375
    assert average_precision(Y, P) == pytest.approx(0.9166666666666666, abs=1e-15)


def test_auc_by_hand() -> None:
    # pairs (hit, miss): 3 > 2, 3 > 1, 1 < 2, 1 = 1 → 2.5 of 4
    assert roc_auc([1, 0, 0, 1], [3, 2, 1, 1]) == 0.625


@given(outcomes)
def test_auc_counts_pairs(rows: list[tuple[bool, int]]) -> None:
    hits, misses = [s for y, s in rows if y], [s for y, s in rows if not y]
    assume(hits and misses)
    won = sum((h > m) + (h == m) / 2 for h in hits for m in misses)
    assert roc_auc(*zip(*rows, strict=True)) == pytest.approx(won / (len(hits) * len(misses)), abs=1e-15)


@given(outcomes, st.randoms(use_true_random=False))
def test_neither_row_order_nor_the_scale_of_scores_matters(rows: list[tuple[bool, int]], random: object) -> None:
    assume(len({y for y, _ in rows}) == 2)
    y, score = (np.array(column) for column in zip(*rows, strict=True))
    order = np.arange(len(rows))
    random.shuffle(order)  # type: ignore[attr-defined]
    for measure in (roc_auc, average_precision, lift, decile_gain, ranking_gini):
        assert measure(y[order], np.exp(score[order])) == pytest.approx(measure(y, score), abs=1e-12)


@given(outcomes)
def test_turning_the_score_round_turns_auc_round(rows: list[tuple[bool, int]]) -> None:
    y, score = (np.array(column) for column in zip(*rows, strict=True))
    assume(0 < y.sum() < y.size)
    assert roc_auc(y, -score) == pytest.approx(1 - roc_auc(y, score), abs=1e-15)


@pytest.mark.parametrize("same", [0, 1])
def test_without_both_outcomes_nothing_can_be_told(same: int) -> None:
    assert math.isnan(roc_auc([same] * 3, [1, 2, 3]))
    assert math.isnan(average_precision([0] * 3, [1, 2, 3]))
    assert math.isnan(lift([0] * 3, [1, 2, 3]))


def test_lift_of_the_top_decile_by_hand() -> None:
    # 20 customers, 4 bought; both of the top two did: rate 1 against .2
    assert lift([1, 1] + [0] * 16 + [1, 1], range(20, 0, -1)) == pytest.approx(5.0)


def test_a_score_that_says_nothing_has_lift_one_and_gini_zero() -> None:
    assert lift(Y, [1.0] * 20) == pytest.approx(1.0)
    assert ranking_gini(Y, [1.0] * 20) == pytest.approx(0.0)
    assert roc_auc(Y, [1.0] * 20) == 0.5


def test_the_top_decile_of_spend_splits_a_tie_at_its_border() -> None:
    # the first two of twenty: the leader (50) and half of two tied customers who spent 10 and 30
    spend, score = [50, 10, 30] + [1] * 10 + [0] * 7, [9, 5, 5] + [1] * 17
    assert decile_gain(spend, score) == pytest.approx((50 + 20) / 100)


def test_the_perfect_order_has_gini_one_and_its_reverse_minus_one() -> None:
    spend = [5.0, 1.0, 0.0, 9.0]
    assert ranking_gini(spend, spend) == pytest.approx(1.0)
    assert ranking_gini(spend, [-s for s in spend]) == pytest.approx(-1.0)
