"""Gamma-Gamma: how much a customer spends an occasion, its own mean shrunk towards everybody's.

An occasion's money is Z ~ Gamma(p, ν) with a customer's own rate ν ~ Gamma(q, γ) [Fader & Hardie 2013]. Of a customer
with n paid repeat occasions of mean m:

    L = Γ(pn+q) / (Γ(pn) Γ(q)) · γ^q m^(pn−1) n^(pn) / (γ+nm)^(pn+q)
    ν | n, m ~ Gamma(q + pn, γ + nm);   the sum of k coming occasions given ν ~ Gamma(pk, ν)
    E[Z | n, m] = p (γ + nm) / (pn + q − 1),   a mix of m and the population's mean pγ/(q−1)

Searched over log p, log(q−1), log γ: q > 1, or the population would have no mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import betaincinv, digamma, gammaln, polygamma

from patron.lifecycle import tables
from patron.lifecycle.maths.newton import Derivatives, Objective, best, maximise
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.base import Kind, Needs, Parts, cells, numbers
from patron.lifecycle.models.purchase.fitting import covariance_of, penalised, prior_loss, settled
from patron.lifecycle.models.purchase.histories import counted
from patron.words import Text

SAMPLE = 5_000
BLOCK = 16_384
CENTRE = {"p": 4.0, "q": 4.0}
PRIOR_SD = np.ones(3)
"""Prior centre; γ's is the one that gives the mean seen. Each of log p, log(q−1), log γ has standard deviation 1."""
STARTS = ((4.0, 4.0), (1.0, 2.0), (20.0, 3.0), (10.0, 15.0))
"""(p, q); γ follows from the mean."""
FARTHEST = 3.0
LEVELS = (0.1, 0.9, 0.025, 0.975)
DRAWS = 32


@dataclass(frozen=True, eq=False)
class SpendFitted:
    """A fitted model of money per occasion. `params` p, q, gamma (money); `std_errors` of them.

    `covariance` (3, 3) is that of log p, log(q−1), log γ. `n`: paid repeat buyers fitted on. `shrunken`: the prior
    of this file decided; `notes` say why.
    """

    name: str
    params: Mapping[str, float]
    std_errors: Mapping[str, float]
    log_likelihood: float
    n: int
    covariance: Vector
    shrunken: bool
    notes: tuple[Text, ...] = ()

    @property
    def p(self) -> float:
        """Shape of one occasion's money."""
        return self.params["p"]

    @property
    def mean(self) -> float:
        """The population's mean money an occasion, pγ/(q−1)."""
        p, q, gamma = self.params.values()
        return p * gamma / (q - 1.0)

    def spend_posterior(self, n: npt.ArrayLike, mean: npt.ArrayLike) -> tuple[Vector, Vector]:
        """Shape q + pn and rate γ + n·mean of the gamma distribution of ν given n paid occasions, (rows,)."""
        p, q, gamma = self.params.values()
        n, mean = np.asarray(n, float), np.asarray(mean, float)
        return q + p * n, gamma + n * np.where(n > 0, mean, 0.0)

    def conditional_mean(self, n: npt.ArrayLike, mean: npt.ArrayLike) -> Vector:
        """E[money of the next occasion | n paid repeat occasions of that mean], (rows,)."""
        shape, rate = self.spend_posterior(n, mean)
        return self.p * rate / (shape - 1.0)

    def draws(self, m: int, seed: int) -> list[Self]:
        """`m` models whose parameters are drawn from the asymptotic normal of log p, log(q−1), log γ."""
        values, axes = np.linalg.eigh(np.asarray(self.covariance))
        steps = np.random.default_rng(seed).standard_normal((m, 3)) @ (axes * np.sqrt(np.maximum(values, 0.0))).T
        p, q, gamma = self.params.values()
        centre = np.log([p, q - 1.0, gamma])
        return [replace(self, params=_natural(centre + np.clip(step, -FARTHEST, FARTHEST))) for step in steps]

    def predict(self, table: pa.Table, *, horizon: float) -> pa.Table:  # noqa: ARG002 (money an occasion has no horizon)
        """`tables.SCORES`: the quantity `expected_value`, money of the next occasion, with its predictive interval.

        (γ+nm) · B/(1−B), B ~ Beta(p, q+pn), its quantiles averaged over draws of the parameters.
        """
        n, mean = numbers(table, "repeat_n"), numbers(table, "repeat_mean")
        distinct_n, back = np.unique(n, return_inverse=True)
        drawn = self.draws(DRAWS, 0)
        ends = []
        for level in LEVELS:
            quantile = np.stack([d._next_quantile(level, distinct_n) for d in drawn])
            fixed = np.mean([d.params["gamma"] * row for d, row in zip(drawn, quantile, strict=True)], axis=0)
            own = n * np.where(n > 0, mean, 0.0)
            ends.append(pa.array(fixed[back] + own * quantile.mean(axis=0)[back]))
        quantity = pa.repeat("expected_value", len(n))
        columns = [cells(table, "customer_id"), quantity, pa.array(self.conditional_mean(n, mean)), *ends]
        return pa.table(columns, schema=tables.SCORES.schema)

    def _next_quantile(self, level: float, n: Vector) -> Vector:
        """Quantile of the next occasion's money ÷ (γ+nm), for n paid occasions."""
        below = betaincinv(self.p, self.params["q"] + self.p * n, level)
        return np.asarray(below / (1.0 - below))

    def reasons(self, table: pa.Table, *, horizon: float) -> pa.Table:  # noqa: ARG002 (as in predict)
        """`tables.REASONS` on the identity link: the population's mean, and what the customer's own spending adds."""
        n, mean = numbers(table, "repeat_n"), numbers(table, "repeat_mean")
        base = np.full(len(n), self.mean)
        terms = {"base": base, "repeat_mean": self.conditional_mean(n, mean) - base}
        return pa.concat_tables(
            pa.table(
                [
                    cells(table, "customer_id"),
                    *(pa.repeat(word, len(n)) for word in ("expected_value", "identity", term)),
                    pa.array(worth),
                ],
                schema=tables.REASONS.schema,
            )
            for term, worth in terms.items()
        )

    def parts(self) -> Parts:
        """Parameters and all as JSON, the covariance as an array."""
        return Parts(
            json={
                "name": self.name,
                "params": dict(self.params),
                "std_errors": dict(self.std_errors),
                "log_likelihood": self.log_likelihood,
                "n": self.n,
                "shrunken": self.shrunken,
                "notes": [{"en": note.en, "zh": note.zh} for note in self.notes],
            },
            arrays={"covariance": np.array(self.covariance)},
        )

    @classmethod
    def from_parts(cls, parts: Parts) -> Self:
        """What `parts` took apart."""
        json = parts.json
        return cls(
            name=json["name"],
            params=dict(json["params"]),
            std_errors=dict(json["std_errors"]),
            log_likelihood=json["log_likelihood"],
            n=json["n"],
            covariance=np.array(parts.arrays["covariance"], float),
            shrunken=json["shrunken"],
            notes=tuple(Text(**note) for note in json["notes"]),
        )


class GammaGamma:
    """Gamma-Gamma spend [Fader & Hardie 2013] on repeat occasions with money above 0, the first occasion left out.

    Good where what a customer spends does not hang on how often it comes. Does not work where it does (wholesale
    beside retail: fit them apart), for margins (which can be negative), or for prices that drift. Higher is more.

    >>> import numpy as np
    >>> fitted = GammaGamma().fit_spend(np.array([1, 2, 5, 3, 1, 8.0]), np.array([10, 30, 25, 60, 12, 28.0]))
    >>> nobody, loyal = fitted.conditional_mean([0, 8], [0.0, 28.0])
    >>> bool(abs(nobody - fitted.mean) < 1e-9 and abs(loyal - 28) < 5)
    True
    """

    name = "gamma_gamma"
    kind = Kind.SCORES
    needs = Needs(columns=("customer_id", "orders", "revenue", "repeat_n", "repeat_mean"), horizon=False)

    def fit(self, table: pa.Table, *, seed: int) -> SpendFitted:  # noqa: ARG002 (no chance in it)
        """Fit on a `tables.SUMMARY`; customers without a paid repeat occasion are left out.

        Where nobody has one, the population's mean is that of all occasions.
        """
        n, mean = numbers(table, "repeat_n"), numbers(table, "repeat_mean")
        return self.fit_spend(n, mean, usual=usual_money(table))

    def fit_spend(self, n: Vector, mean: Vector, *, usual: float = 1.0) -> SpendFitted:
        """Fit on paid repeat occasions a customer and their mean money, (rows,); `usual` stands in for no rows."""
        paid = (n > 0) & (mean > 0)
        n, mean = n[paid], mean[paid]
        total = n * mean
        unit = float(total.sum() / n.sum()) if len(n) else usual
        total /= unit
        everybody = _objective(n, total)
        picked = _some_of(mean, SAMPLE)
        sample = _objective(n[picked], total[picked])
        starts = [_at(p, q) for p, q in STARTS]
        found = maximise(everybody, best([maximise(sample, at) for at in starts]).point)
        shrunken = not settled(found)
        if shrunken:
            centre = _at(**CENTRE)
            found = best([maximise(penalised(everybody, centre, PRIOR_SD), at) for at in (centre, *starts)])
        value = found.value + (prior_loss(found.point, _at(**CENTRE), PRIOR_SD) if shrunken else 0.0)
        scale = np.array([0.0, 0.0, np.log(unit)])
        params, covariance = _natural(found.point + scale), covariance_of(found)
        errors = np.sqrt(np.diag(covariance)) * [params["p"], params["q"] - 1.0, params["gamma"]]
        return SpendFitted(
            name=self.name,
            params=params,
            std_errors=dict(zip(params, errors.tolist(), strict=True)),
            log_likelihood=value - float(np.log(mean).sum()),
            n=len(n),
            covariance=covariance,
            shrunken=shrunken,
            notes=(_why(len(n)),) if shrunken else (),
        )

    def restore(self, parts: Parts) -> SpendFitted:
        """The fitted model that `parts()` took apart."""
        return SpendFitted.from_parts(parts)


def usual_money(table: pa.Table) -> float:
    """Mean money of all occasions of a `tables.SUMMARY`; 1 where there is none."""
    orders, revenue = float(numbers(table, "orders").sum()), float(numbers(table, "revenue").sum())
    return revenue / orders if orders > 0 and revenue > 0 else 1.0


def _at(p: float, q: float) -> Vector:
    """log p, log(q−1), log γ with a population mean of 1."""
    return np.log([p, q - 1.0, (q - 1.0) / p])


def _natural(point: Vector) -> dict[str, float]:
    p, more, gamma = np.exp(point).tolist()
    return {"p": p, "q": 1.0 + more, "gamma": gamma}


def _some_of(values: Vector, about: int) -> npt.NDArray[np.bool_]:
    """Which rows belong to a sample of about so many: decided by each value's own bits, so never by row order."""
    if len(values) <= about:
        return np.ones(len(values), bool)
    mixed = values.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(mixed < np.uint64(2**64 * (about / len(values))))


def _objective(n: Vector, total: Vector) -> Objective:
    """Log-likelihood without the factor Π 1/m, of log p, log(q−1), log γ. `total` = n·m in units of the mean."""
    (distinct_n,), count = counted(n)
    log_total = float(n @ np.log(total))

    def objective(point: Vector) -> Derivatives:
        p, more, gamma = (float(v) for v in np.exp(np.clip(point, -40.0, 40.0)))
        value, gradient, hessian = _log_likelihood(p, 1.0 + more, gamma, (distinct_n, count), (n, total, log_total))
        scale = np.array([p, more, gamma])
        slope = scale * gradient
        return value, slope, hessian * np.outer(scale, scale) + np.diag(slope)

    return objective


def _log_likelihood(
    p: float, q: float, gamma: float, by_n: tuple[Vector, Vector], rows: tuple[Vector, Vector, float]
) -> Derivatives:
    """Value, gradient and Hessian in (p, q, γ); gamma functions are worked once for each distinct n."""
    k, count = by_n
    n, total, log_total = rows
    customers, pn = float(len(n)), p * k
    sums = np.zeros(6)
    for start in range(0, len(n), BLOCK):
        sums += _sums(n[start : start + BLOCK], gamma + total[start : start + BLOCK])
    sum_log, sum_n_log, sum_inv, sum_n_inv, *squares = sums.tolist()
    up, one, two = digamma(pn + q), polygamma(1, pn + q), polygamma(1, pn)
    value = float(count @ (gammaln(pn + q) - gammaln(pn))) + customers * float(q * np.log(gamma) - gammaln(q))
    value += p * log_total - p * sum_n_log - q * sum_log
    gradient = np.array(
        [
            (count * k) @ (up - digamma(pn)) + log_total - sum_n_log,
            count @ up - sum_log + customers * (np.log(gamma) - digamma(q)),
            customers * q / gamma - p * sum_n_inv - q * sum_inv,
        ]
    )
    pq = float((count * k) @ one)
    q_gamma = customers / gamma - sum_inv
    hessian = np.array(
        [
            [(count * k**2) @ (one - two), pq, -sum_n_inv],
            [pq, count @ one - customers * polygamma(1, q), q_gamma],
            [-sum_n_inv, q_gamma, p * squares[1] + q * squares[0] - customers * q / gamma**2],
        ]
    )
    return value, gradient, hessian


def _sums(n: Vector, inside: Vector) -> Vector:
    """Σ log, Σ n log, Σ 1/·, Σ n/·, Σ 1/·², Σ n/·² of γ + n·m, (6,)."""
    log_inside, inverse = np.log(inside), 1.0 / inside
    return np.array(
        [log_inside.sum(), n @ log_inside, inverse.sum(), n @ inverse, inverse @ inverse, (n * inverse) @ inverse]
    )


def _why(n: int) -> Text:
    return Text(
        f"{n} customers with paid repeat occasions do not settle how spending varies: the documented prior decides.",
        f"有付费重复购买的客户共 {n} 位，不足以确定消费金额的差异：由文档所述的先验决定。",
    )
