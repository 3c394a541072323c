"""Functions in log space against sums written out, and where plain formulas overflow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta as beta_law
from scipy.stats import nbinom

from patron.lifecycle.maths.special import (
    beta_nodes,
    gauss_legendre,
    log_beta_step,
    log_negative_binomial,
    log_negative_binomial_tail,
    negative_binomial_tail,
    negative_binomial_tails,
)


def test_gauss_legendre_is_exact_for_polynomials() -> None:
    at, weight = gauss_legendre(8)
    assert weight @ at**15 == pytest.approx(1 / 16, rel=1e-13)


@pytest.mark.parametrize("shape, z", [(0.24, 0.9), (3.0, 0.5), (500.0, 0.02)])
def test_the_negative_binomial_is_scipys(shape: float, z: float) -> None:
    k = np.arange(1.0, 60.0)
    np.testing.assert_allclose(log_negative_binomial(k, shape, z), nbinom.logpmf(k, shape, 1 - z), rtol=1e-10)
    np.testing.assert_allclose(log_negative_binomial_tail(k, shape, z), nbinom.logsf(k - 1, shape, 1 - z), rtol=1e-9)


@pytest.mark.parametrize("k, shape, z", [(2000.0, 0.5, 0.5), (900.0, 20.0, 0.3), (50_000.0, 300.0, 0.9)])
def test_a_tail_below_the_smallest_float_is_its_first_terms_added_up(k: float, shape: float, z: float) -> None:
    terms = log_negative_binomial(np.arange(k, k + 3000.0), shape, z)
    expected = terms.max() + np.log(np.exp(terms - terms.max()).sum())
    assert expected < -600
    assert float(log_negative_binomial_tail(k, shape, z)) == pytest.approx(expected, rel=1e-10)


def test_surviving_k_times_is_a_product_of_single_chances() -> None:
    a, b = 0.8, np.array([0.3, 2.4, 40.0])
    steps = np.arange(7)[:, None]
    product = np.log((b + steps) / (a + b + steps)).sum(axis=0)
    np.testing.assert_allclose(log_beta_step(a, b, np.array(7.0)), product, rtol=1e-12)


@pytest.mark.parametrize("a", [0.05, 0.8, 1.0, 60.0])
@pytest.mark.parametrize("b", [0.1, 2.4, 3000.0])
def test_means_under_a_beta_law_are_exact(a: float, b: float) -> None:
    p, weight = beta_nodes(a, np.array([b]))
    assert (weight * p).sum() == pytest.approx(a / (a + b), rel=1e-9)
    assert (weight * p**2).sum() == pytest.approx(beta_law(a, b).moment(2), rel=1e-9)


@pytest.mark.parametrize("most", [1, 2, 8, 80])
def test_tails_worked_one_from_the_other_are_those_worked_alone(most: int) -> None:
    rng = np.random.default_rng(most)
    shape, z = np.exp(rng.uniform(-4, 11, 500)), np.exp(rng.uniform(-12, -0.01, 500))
    alone = negative_binomial_tail(np.arange(1.0, most + 1)[:, None], shape, z)
    assert np.allclose(negative_binomial_tails(most, shape, z), alone, rtol=1e-11, atol=1e-300)
    assert np.array_equal(negative_binomial_tails(most, shape, np.zeros(500)), np.zeros((most, 500)))
