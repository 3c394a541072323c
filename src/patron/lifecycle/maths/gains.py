"""Gains: how much of a total the first customers hold, when they are put in order.

One curve serves concentration (customers by their own value: Lorenz, Gini, share of the top decile) and the
judging of scores (customers by what was predicted: lift, decile gain). Customers of equal score share their
place: the curve is a straight line through them, so neither row order nor a draw of lots decides, and doubling
every row changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gains:
    """Corners of the curve: the first `customers` (share, 0…1) by falling score hold `held` (share of the total)."""

    customers: Floats
    held: Floats

    def at(self, share: float) -> float:
        """Share of the total held by the first `share` (0…1) of the customers."""
        return float(np.interp(share, self.customers, self.held))

    def area(self) -> float:
        """Area under the curve: .5 for an order that says nothing."""
        return float(np.trapezoid(self.held, self.customers))

    def gini(self) -> float:
        """Of a curve of concentration, its Gini coefficient: twice the area above the straight line."""
        return max(0.0, 2.0 * self.area() - 1.0)

    def points(self, steps: int = 100) -> list[tuple[float, float]]:
        """The curve at 0, 1/steps, … 1, for drawing."""
        shares = np.arange(steps + 1) / steps
        return list(zip(shares.tolist(), np.interp(shares, self.customers, self.held).tolist(), strict=True))


def gains(score: ArrayLike, value: ArrayLike) -> Gains:
    """The curve of `value` (n, ≥ 0; below 0 counts as 0) by falling `score` (n).

    Where there is no customer or nothing to hold, the straight line: nobody holds more than a fair share.
    """
    scores = np.asarray(score, dtype=np.float64)
    values = np.maximum(np.asarray(value, dtype=np.float64), 0.0)
    order = np.lexsort((values, -scores))
    return _curve(scores[order], values[order])


def concentration(value: ArrayLike) -> Gains:
    """The curve of `value` by its own falling order: the Lorenz curve read from the top [Lorenz 1905].

    `gains(value, value)` says the same and takes ten times as long: whoever ties here holds as much.
    """
    falling = -np.sort(-np.asarray(value, dtype=np.float64))
    return _curve(falling, np.maximum(falling, 0.0))


def _curve(scores: Floats, values: Floats) -> Gains:
    """The curve of values ≥ 0 that come in the order of falling scores."""
    if scores.size == 0:
        return Gains(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    last_of_tie = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)
    customers = np.concatenate([[0.0], (last_of_tie + 1) / scores.size])
    held = np.concatenate([[0.0], np.cumsum(values)[last_of_tie]])
    total = held[-1]
    return Gains(customers, held / total if total > 0 else customers)


def gini(value: ArrayLike) -> float:
    """Gini coefficient: 0 when all hold the same, 1 − 1/n when one holds all [Gini 1912].

    Values below 0 count as 0. Of nobody, or where nobody holds anything, it is 0.
    """
    return concentration(value).gini()
