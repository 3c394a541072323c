"""Gradients and Hessians are those of the values, everywhere; and the values are those of the formulas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln, gammaln

from patron.lifecycle.maths.newton import Derivatives
from patron.lifecycle.models.purchase import beta_geometric, pareto_likelihood
from patron.lifecycle.models.purchase.gamma_gamma import _at, _objective
from patron.lifecycle.models.purchase.histories import Histories
from patron.lifecycle.simulate.worlds import simulate

WORLD = simulate("pareto_nbd", 300, seed=2, weeks=80.0, arrivals=60.0)
ROWS = Histories.of(WORLD.x, WORLD.t_x, WORLD.T)

LIKELIHOODS: dict[str, Callable[[np.ndarray], Derivatives]] = {
    "bg_nbd": lambda p: beta_geometric.log_likelihood(p, ROWS, 0),
    "mbg_nbd": lambda p: beta_geometric.log_likelihood(p, ROWS, 1),
    "pareto_nbd": lambda p: pareto_likelihood.log_likelihood(p, ROWS),
}
POINTS = [(0.24, 4.4, 0.8, 2.4), (3.0, 0.5, 0.05, 40.0), (0.05, 60.0, 5.0, 0.3), (1.0, 7.0, 1.0, 7.0)]


@pytest.mark.parametrize("name", LIKELIHOODS)
@pytest.mark.parametrize("point", POINTS)
def test_derivatives_are_the_slopes_of_the_likelihood(name: str, point: tuple[float, ...]) -> None:
    likelihood, at = LIKELIHOODS[name], np.array(point)
    _, gradient, hessian = likelihood(at)
    for i, value in enumerate(point):
        step = np.zeros(4)
        step[i] = 1e-5 * value
        up, down = likelihood(at + step), likelihood(at - step)
        assert gradient[i] == pytest.approx((up[0] - down[0]) / (2 * step[i]), rel=1e-5, abs=1e-5)
        np.testing.assert_allclose(hessian[i], (up[1] - down[1]) / (2 * step[i]), rtol=1e-5, atol=1e-4)


def test_the_derivatives_of_money_are_the_slopes_of_its_likelihood() -> None:
    objective = _objective(WORLD.x[WORLD.x > 0].astype(float), (WORLD.x * WORLD.repeat_mean)[WORLD.x > 0] / 30.0)
    at = _at(5.0, 3.0)
    _, gradient, hessian = objective(at)
    for i in range(3):
        step = np.zeros(3)
        step[i] = 1e-5
        up, down = objective(at + step), objective(at - step)
        assert gradient[i] == pytest.approx((up[0] - down[0]) / 2e-5, rel=1e-6, abs=1e-5)
        np.testing.assert_allclose(hessian[i], (up[1] - down[1]) / 2e-5, rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("x, t_x, T", [(0, 0.0, 10.0), (3, 8.0, 60.0), (40, 50.0, 52.0)])
def test_one_customers_pareto_likelihood_is_the_integral(
    point: tuple[float, ...], x: int, t_x: float, T: float
) -> None:
    r, alpha, s, beta = point
    integral, _ = quad(
        lambda u: ((alpha + t_x) / (alpha + u)) ** (r + x) * ((beta + t_x) / (beta + u)) ** (s + 1), t_x, T,
        epsabs=0, epsrel=1e-12, limit=400,
    )  # fmt: skip
    gone = np.log(s * integral) - (r + x) * np.log(alpha + t_x) - (s + 1) * np.log(beta + t_x)
    here = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    expected = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.logaddexp(here, gone)
    value, _, _ = pareto_likelihood.log_likelihood(np.array(point), Histories.of([x], [t_x], [T]))
    assert value == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("first_chance", [0, 1])
@pytest.mark.parametrize("x, t_x, T", [(0, 0.0, 10.0), (3, 8.0, 60.0)])
def test_one_customers_beta_geometric_likelihood_is_the_formula(
    first_chance: int, x: int, t_x: float, T: float
) -> None:
    r, alpha, a, b = POINTS[0]
    y = x + first_chance
    front = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    here = np.exp(betaln(a, b + y)) * (alpha + T) ** -(r + x)
    gone = np.exp(betaln(a + 1, b + y - 1)) * (alpha + t_x) ** -(r + x) if y else 0.0
    value, _, _ = beta_geometric.log_likelihood(np.array(POINTS[0]), Histories.of([x], [t_x], [T]), first_chance)
    assert value == pytest.approx(front + np.log(here + gone), rel=1e-12)
