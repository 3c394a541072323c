"""What a model of money has to beat: everybody spends the mean."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.special import gammaln

from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.base import Kind, Needs, Parts, numbers
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted, usual_money
from patron.words import Text

SAME_FOR_ALL = 1e9
"""A q so large that Gamma(q, γ) is one rate for everybody."""
SPREAD = 4.0
"""p where nobody has two customers' worth of data to learn it from."""


class MeanSpend:
    """Everybody spends the mean of all paid repeat occasions; how an occasion varies is learned from their means.

    A Gamma-Gamma whose customers are all alike. Fails wherever customers differ. Higher is more.

    >>> import numpy as np
    >>> fitted = MeanSpend().fit_spend(np.array([1, 3.0]), np.array([10, 30.0]))
    >>> np.round(fitted.conditional_mean([0, 50], [0.0, 99.0]), 3).tolist()
    [25.0, 25.0]
    """

    name = "baseline_mean_spend"
    kind = Kind.SCORES
    needs = Needs(columns=("customer_id", "orders", "revenue", "repeat_n", "repeat_mean"), horizon=False)

    def fit(self, table: pa.Table, *, seed: int) -> SpendFitted:  # noqa: ARG002 (no chance in it)
        """Fit on a `tables.SUMMARY`."""
        return self.fit_spend(numbers(table, "repeat_n"), numbers(table, "repeat_mean"), usual=usual_money(table))

    def fit_spend(self, n: Vector, mean: Vector, *, usual: float = 1.0) -> SpendFitted:
        """Fit on paid repeat occasions a customer and their mean money, (rows,); `usual` stands in for no rows."""
        paid = (n > 0) & (mean > 0)
        n, mean = n[paid], mean[paid]
        everybody = float(n @ mean / n.sum()) if len(n) else usual
        # Var(mean of n occasions) = m²/(pn)
        off = float(n @ (mean / everybody - 1.0) ** 2)
        p = float(np.clip(len(n) / off, 0.05, 1e4)) if len(n) > 1 and off > 0 else SPREAD
        params = {"p": p, "q": SAME_FOR_ALL, "gamma": everybody * (SAME_FOR_ALL - 1.0) / p}
        variance = np.diag([2.0 / max(len(n), 2), 0.0, 2.0 / max(len(n), 2) + 1.0 / (p * max(n.sum(), 1.0))])
        variance[0, 2] = variance[2, 0] = variance[0, 0]
        return SpendFitted(
            name=self.name,
            params=params,
            std_errors={"p": p * variance[0, 0] ** 0.5, "q": 0.0, "gamma": params["gamma"] * variance[2, 2] ** 0.5},
            log_likelihood=_log_likelihood(p, everybody, n, mean),
            n=len(n),
            covariance=variance,
            shrunken=len(n) < 2,
            notes=() if len(n) >= 2 else (FEW_NOTE,),
        )

    def restore(self, parts: Parts) -> SpendFitted:
        """The fitted model that `parts()` took apart."""
        return SpendFitted.from_parts(parts)


FEW_NOTE = Text(
    "Fewer than two customers have paid repeat occasions: how spending varies is assumed.",
    "有付费重复购买的客户不足两位：消费金额的波动为假定值。",
)


def _log_likelihood(p: float, everybody: float, n: Vector, mean: Vector) -> float:
    """Of means of n occasions, each Gamma(p, p/everybody)."""
    shape = p * n
    rate = shape / everybody
    return float(np.sum(shape * np.log(rate) - gammaln(shape) + (shape - 1.0) * np.log(mean) - rate * mean))
