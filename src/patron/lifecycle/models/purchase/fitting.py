"""Maximum likelihood for purchase counts, and what is done where the data can't decide.

The likelihood is maximised over log-parameters: several starts on a sample, the best polished on a larger one and
then on everybody. If the maximum is a proper one (the search converged, the Hessian is negative definite, every
log-parameter is known to `WELL_KNOWN` or better), it is the answer, untouched by any prior. Else, with too few repeat
buyers or in a direction the data leave open (a and b growing for ever, s falling to 0), the answer is the maximum of
likelihood × prior, and a note says so; it is labelled `shrunken` where not even r and α, how often customers buy, are
settled by the data. The prior is log-normal, each log-parameter with standard deviation 1 (two thirds within a factor
e = 2.7 of the centre), those of a and s 2. Centres: r and s ½, a ½, b 2½ (a chance of 1 in 6 to leave after
a purchase), β half a year, and α such that the mean purchase rate r/α is the one seen, (Σx + 1) ÷ (ΣT + 26 weeks).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from patron.lifecycle.maths.newton import Derivatives, Objective, Optimum, best, maximise
from patron.lifecycle.maths.special import Vector
from patron.lifecycle.models.purchase.histories import Histories
from patron.words import Text

LogLikelihood = Callable[[Vector, Histories], Derivatives]
"""Of parameters (k,), not their logarithms: value, gradient (k,), Hessian (k, k)."""

SAMPLES = (4_000, 60_000)
"""Customers that all starts are tried on; if what they point to is no proper maximum, the second size is tried."""
WELL_KNOWN = 1.0
"""Largest standard error of a log-parameter that needs no prior."""
PRIOR_SD = {"a": 2.0, "s": 2.0}
"""Prior standard deviations of log-parameters that are not 1: how rare leaving is differs most between shops."""
FARTHEST = 12.0
"""Log-parameters (times in mean ages) beyond ±12 are not tried: there only rounding is left."""
FEW = 10
"""With fewer repeat buyers the note says so; else it names what is undecided."""
HALF_A_YEAR = 26.0
CENTRES = {"r": 0.5, "s": 0.5, "a": 0.5, "b": 2.5, "beta": HALF_A_YEAR}
TIMES = ("alpha", "beta")
"""Parameters that are lengths of time."""
OFTEN = ("r", "alpha")
"""Parameters that say how often customers buy."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a fit found. `params` in weeks, `covariance` (k, k) of their logarithms, `log_likelihood` without prior."""

    params: dict[str, float]
    covariance: Vector
    log_likelihood: float
    shrunken: bool
    notes: tuple[Text, ...]

    @property
    def std_errors(self) -> dict[str, float]:
        """Standard errors of the parameters themselves by the delta method."""
        log_errors = np.sqrt(np.diag(self.covariance))
        return {name: value * float(e) for (name, value), e in zip(self.params.items(), log_errors, strict=True)}


def estimate(
    log_likelihood: LogLikelihood, names: tuple[str, ...], starts: list[dict[str, float]], histories: Histories
) -> Estimate:
    """Fit the parameters `names`. `starts` are in units of the mean age; `histories` in weeks."""
    unit = max(histories.exposure / histories.customers, 1.0)
    scaled = histories.scaled(unit)
    shift = np.array([np.log(unit) if name in TIMES else 0.0 for name in names])
    centre = np.log(list(prior_centre(histories, names).values())) - shift
    at = [np.log([start[name] for name in names]) for start in starts]
    likelihoods = [in_logs(log_likelihood, scaled.sample(size)) for size in (*SAMPLES, scaled.customers)]
    found = _search(likelihoods, at)
    if not found.converged and scaled.customers > SAMPLES[0]:
        found = _search(likelihoods[1:], at)
    sd = np.array([PRIOR_SD.get(name, 1.0) for name in names])
    unsettled = [name for name, error in zip(names, log_errors(found), strict=True) if error > WELL_KNOWN]
    notes: tuple[Text, ...] = ()
    if prior := bool(unsettled) or not found.converged:
        notes = (_why(histories, unsettled or list(names)),)
        found = _search([penalised(one, centre, sd) for one in likelihoods], [centre, *at])
    value = found.value + (prior_loss(found.point, centre, sd) if prior else 0.0)
    return Estimate(
        params=dict(zip(names, np.exp(found.point + shift).tolist(), strict=True)),
        covariance=covariance_of(found),
        log_likelihood=value - histories.purchases * float(np.log(unit)),
        shrunken=prior and (histories.repeaters < FEW or bool({*unsettled} & {*OFTEN} or not unsettled)),
        notes=notes,
    )


def prior_centre(histories: Histories, names: tuple[str, ...]) -> dict[str, float]:
    """The centre of the prior in weeks, in the order of `names`."""
    rate = (histories.purchases + 1.0) / (histories.exposure + HALF_A_YEAR)
    centres: Mapping[str, float] = {**CENTRES, "alpha": CENTRES["r"] / rate}
    return {name: centres[name] for name in names}


def in_logs(log_likelihood: LogLikelihood, histories: Histories) -> Objective:
    """The log-likelihood of `histories` as a function of the log-parameters, by the chain rule."""

    def objective(log_params: Vector) -> Derivatives:
        if np.abs(log_params).max() > FARTHEST:
            return -np.inf, np.zeros(len(log_params)), np.zeros((len(log_params),) * 2)
        params = np.exp(log_params)
        value, gradient, hessian = log_likelihood(params, histories)
        slope = params * gradient
        return value, slope, hessian * np.outer(params, params) + np.diag(slope)

    return objective


def penalised(objective: Objective, centre: Vector, sd: Vector) -> Objective:
    """`objective` plus the log of a normal prior around `centre` (k,), its constant left out."""

    def sum_of_both(log_params: Vector) -> Derivatives:
        value, gradient, hessian = objective(log_params)
        off = (log_params - centre) / sd**2
        return value - prior_loss(log_params, centre, sd), gradient - off, hessian - np.diag(1.0 / sd**2)

    return sum_of_both


def prior_loss(log_params: Vector, centre: Vector, sd: Vector) -> float:
    """How far below its top the log prior is."""
    return 0.5 * float((((log_params - centre) / sd) ** 2).sum())


def _search(objectives: list[Objective], starts: list[Vector]) -> Optimum:
    """The best of all starts on the first objective, polished on the others in turn: ever more customers."""
    found = best([maximise(objectives[0], start) for start in starts])
    for objective in objectives[1:]:
        found = maximise(objective, found.point)
    return found


def settled(found: Optimum) -> bool:
    """Whether the data alone settle every log-parameter."""
    return found.converged and bool(log_errors(found).max() <= WELL_KNOWN)


def log_errors(found: Optimum) -> Vector:
    """Standard errors of the log-parameters, (k,)."""
    return np.asarray(np.sqrt(np.diag(covariance_of(found))))


def covariance_of(found: Optimum) -> Vector:
    """The inverse of the observed information; a direction without information gets a large variance, not infinity."""
    values, axes = np.linalg.eigh(-found.hessian)
    return np.asarray((axes / np.maximum(values, 1e-4)) @ axes.T)


def _why(histories: Histories, unsettled: list[str]) -> Text:
    if histories.repeaters < FEW:
        return Text(
            f"Only {histories.repeaters} of {histories.customers} customers bought again, too few to learn from alone: "
            "the parameters lean on the documented prior.",
            f"{histories.customers} 位客户中只有 {histories.repeaters} 位再次购买，"
            "不足以单独估计：参数借助了文档所述的先验。",
        )
    names_en, names_zh = ", ".join(unsettled), "、".join(unsettled)
    if {*unsettled} & {*OFTEN}:
        return Text(
            f"How often customers buy is not settled by these data: the documented prior helps out ({names_en}).",
            f"数据不足以确定客户多久购买一次，此处借助文档所述的先验假定（{names_zh}）。",
        )
    return Text(
        f"Whether customers leave for good hardly shows in these data: the documented prior decides ({names_en}).",
        f"从这些数据几乎看不出客户是否已永久离开，此处由文档所述的先验假定决定（{names_zh}）。",
    )
