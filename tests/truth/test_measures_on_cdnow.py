"""The measures give the published figures: BG/NBD and MBG/NBD at their pinned parameters, on CDNOW's hold-out.

The formulas are written out here once more, so that measures and models can't be wrong together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betainc, betaln

from patron.lifecycle.evaluation.counts import bias, mae
from patron.lifecycle.evaluation.intervals import coverage, randomised_coverage, winkler
from patron.lifecycle.evaluation.probability import brier, calibration_line, ece
from patron.lifecycle.evaluation.ranking import average_precision, decile_gain, lift, roc_auc
from patron.lifecycle.maths.conformal import ConformalLevels

BG = (0.2426, 4.414, 0.793, 2.426)
MBG = (0.525, 6.183, 0.891, 1.614)
WEEKS = 39.0
AS_OF = date(1997, 9, 30)


@dataclass(frozen=True)
class Cdnow:
    """2,357 customers as of 1997-09-30, and what they bought and spent in the 39 weeks after."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    bought: np.ndarray
    spent: np.ndarray


@pytest.fixture(scope="module")
def cdnow(shared_data: Callable[[str], Path]) -> Cdnow:
    rows = np.loadtxt(shared_data("cdnow/CDNOW_sample.txt"))
    days = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in rows[:, 2].astype(int).astype(str)], "datetime64[D]")
    _, who = np.unique(rows[:, 0], return_inverse=True)
    occasions = np.unique(np.stack([who, days.astype(int)]), axis=1)
    n, end = who.max() + 1, np.datetime64(AS_OF).astype(int)
    early = occasions[:, occasions[1] <= end]
    first, last = np.full(n, 10**6), np.zeros(n)
    np.minimum.at(first, early[0], early[1])
    np.maximum.at(last, early[0], early[1])
    later = who[days > np.datetime64(AS_OF)]
    return Cdnow(
        x=np.bincount(early[0], minlength=n) - 1,
        t_x=(last - first) / 7,
        T=(end - first) / 7,
        bought=np.bincount(occasions[0, occasions[1] > end], minlength=n),
        spent=np.bincount(later, weights=rows[days > np.datetime64(AS_OF), 4], minlength=n),
    )


def p_alive(c: Cdnow, params: tuple[float, ...], modified: bool) -> np.ndarray:
    r, alpha, a, b = params
    left = (modified | (c.x > 0)) * a / (b + c.x - (0 if modified else (c.x > 0)))
    return np.asarray(1 / (1 + left * ((alpha + c.T) / (alpha + c.t_x)) ** (r + c.x)))


def survival(c: Cdnow, k: int, params: tuple[float, ...], modified: bool) -> np.ndarray:
    """P(N ≥ k in the 39 weeks), k ≥ 1."""
    r, alpha, a, b = params
    stays = b + c.x + modified
    chance = betainc(k, r + c.x, WEEKS / (alpha + c.T + WEEKS))
    return np.asarray(p_alive(c, params, modified) * chance * np.exp(betaln(a, stays + k - 1) - betaln(a, stays)))


def cdf(c: Cdnow, params: tuple[float, ...], most: int = 400) -> np.ndarray:
    """P(N ≤ k), (most, n)."""
    return np.array([1 - survival(c, k + 1, params, False) for k in range(most)])


@pytest.mark.parametrize(
    ("params", "modified", "auc", "score"), [(BG, False, 0.757, 0.1612), (MBG, True, 0.760, 0.1614)], ids=["BG", "MBG"]
)
def test_chance_to_buy(cdnow: Cdnow, params: tuple[float, ...], modified: bool, auc: float, score: float) -> None:
    p, happened = survival(cdnow, 1, params, modified), cdnow.bought > 0
    assert roc_auc(happened, p) == pytest.approx(auc, abs=1e-3)
    assert brier(happened, p) == pytest.approx(score, abs=1e-4)
    assert average_precision(happened, p) > happened.mean() + 0.2
    assert lift(happened, p) > 2
    assert 0.05 < ece(happened, p) < 0.06  # it expects too few to come back, as its total says
    assert calibration_line(happened, p).slope == pytest.approx(1.0, abs=0.25)


def test_bg_nbds_chance_of_being_alive_is_a_bad_score(cdnow: Cdnow) -> None:
    assert roc_auc(cdnow.bought > 0, p_alive(cdnow, BG, False)) == pytest.approx(0.316, abs=1e-3)


def test_expected_purchases(cdnow: Cdnow) -> None:
    expected = sum(survival(cdnow, k, BG, False) for k in range(1, 400))
    assert bias(cdnow.bought, expected) == pytest.approx(-0.121, abs=1e-3)
    assert mae(cdnow.bought, expected) == pytest.approx(0.785, abs=1e-3)
    assert mae(cdnow.bought, np.zeros(cdnow.x.size)) == pytest.approx(0.798, abs=1e-3)
    assert decile_gain(cdnow.spent, expected) > 0.45


def test_intervals_of_counts(cdnow: Cdnow) -> None:
    upto = cdf(cdnow, BG)
    low, high = ((upto < tau).sum(axis=0) for tau in (0.1, 0.9))
    assert winkler(cdnow.bought, low, high) == pytest.approx(3.77, abs=0.01)
    assert coverage(cdnow.bought, np.zeros(cdnow.x.size), np.ones(cdnow.x.size)) == pytest.approx(0.84, abs=5e-3)


def test_levels_learned_on_half_the_customers_cover_the_other_half_better(cdnow: Cdnow) -> None:
    upto = np.vstack([np.zeros(cdnow.x.size), cdf(cdnow, BG)])
    who = np.arange(cdnow.x.size)
    below, at_most = upto[cdnow.bought, who], upto[cdnow.bought + 1, who]
    learn, judge = who % 2 == 0, who % 2 == 1
    levels = ConformalLevels.fit(below[learn], at_most[learn])
    tau = tuple(levels.adjust([0.1, 0.9]))
    adjusted = randomised_coverage(below[judge], at_most[judge], tau=tau)
    assert adjusted == pytest.approx(0.80, abs=0.03)
