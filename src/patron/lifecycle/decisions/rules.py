"""The rules of the stages: an ordered table over a few facts; the first that holds decides [definitions.md, "Stage"].

health = p_purchase on the as-of day ÷ p_purchase on the day of the customer's last occasion, by the same parameters
and horizon: 1 while all is as usual, falling as the silence lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patron.words import Text

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

STAGES: dict[str, Text] = {
    "prospect": Text("Prospect", "潜在客户"),
    "lead": Text("Lead", "线索"),
    "new": Text("New", "新客户"),
    "active": Text("Active", "活跃"),
    "loyal": Text("Loyal", "忠诚"),
    "at_risk": Text("At risk", "有流失风险"),
    "lapsed": Text("Lapsed", "已流失"),
    "won_back": Text("Won back", "已挽回"),
}
"""Stage codes in the order of a customer's life, and their words."""
CODES = tuple(STAGES)


@dataclass(frozen=True)
class StageSettings:
    """The thresholds, all in one place. Recency and tenure are measured in horizons (H)."""

    lapsed_recency: float = 1.0
    lapsed_health: float = 0.25
    at_risk_health: float = 0.60
    loyal_f: int = 4
    loyal_tenure: float = 2.0
    won_back_recency: float = 1.0


DEFAULT = StageSettings()


@dataclass(frozen=True)
class StageFacts:
    """What the rules look at; one value a customer (n).

    orders: occasions. recency_days: days since the last one. tenure_days: days since the first. f: RFM's F score,
    0 where there is none. health: see above; 0 … 1. came_while_lapsed: the last occasion ended a lapse.
    interest: an inbound contact, an intent event, an open deal, or qualified by hand.
    What is said of a customer without an occasion in all but orders and interest plays no part and may be NaN.
    """

    orders: NDArray[np.int64]
    recency_days: Floats
    tenure_days: Floats
    f: NDArray[np.int64]
    health: Floats
    came_while_lapsed: Mask
    interest: Mask

    @staticmethod
    def of(
        *,
        orders: ArrayLike,
        recency_days: ArrayLike,
        tenure_days: ArrayLike,
        f: ArrayLike,
        health: ArrayLike,
        came_while_lapsed: ArrayLike = False,
        interest: ArrayLike = False,
    ) -> StageFacts:
        """Facts from whatever array-likes; single values count for everybody."""
        columns = np.broadcast_arrays(orders, recency_days, tenure_days, f, health, came_while_lapsed, interest)
        types = (np.int64, np.float64, np.float64, np.int64, np.float64, np.bool_, np.bool_)
        return StageFacts(*(np.atleast_1d(column).astype(kind) for column, kind in zip(columns, types, strict=True)))


@dataclass(frozen=True)
class Rule:
    """One line of the table: the stage, when it holds (facts, settings, horizon in days), and why, in words."""

    stage: str
    holds: Callable[[StageFacts, StageSettings, float], Mask]
    why: Text


def lapsed(recency_days: Floats, health: Floats, settings: StageSettings, horizon_days: float) -> Mask:
    """Who has lapsed: silent for longer than the horizon, and the chance of another purchase has collapsed."""
    return (recency_days > settings.lapsed_recency * horizon_days) & (health < settings.lapsed_health)


RULES: tuple[Rule, ...] = (
    Rule(
        "lead",
        lambda f, *_: (f.orders == 0) & f.interest,
        Text("No purchase yet, but showed interest.", "尚未购买，但表现出兴趣。"),
    ),
    Rule(
        "prospect",
        lambda f, *_: f.orders == 0,
        Text("No purchase and no sign of interest yet.", "尚未购买，也尚无兴趣迹象。"),
    ),
    Rule(
        "won_back",
        lambda f, s, h: f.came_while_lapsed & (f.recency_days <= s.won_back_recency * h),
        Text("Had lapsed and bought again {ago}.", "曾经流失，{ago}再次购买。"),
    ),
    Rule(
        "lapsed",
        lambda f, s, h: lapsed(f.recency_days, f.health, s, h),
        Text(
            "No purchase for {recency_days:.0f} days (over {horizon:.0f}), and the chance of another is {health:.0f} % "
            "of what it was after the last one (under {lapsed_health:.0f} %).",
            "已有 {recency_days:.0f} 天未购买（超过 {horizon:.0f} 天），再次购买的可能性降至上次购买时的 {health:.0f}%"
            "（低于 {lapsed_health:.0f}%）。",
        ),
    ),
    Rule(
        "at_risk",
        lambda f, s, _: f.health < s.at_risk_health,
        Text(
            "The chance of another purchase is {health:.0f} % of what it was after the last one "
            "(under {at_risk_health:.0f} %).",
            "再次购买的可能性降至上次购买时的 {health:.0f}%（低于 {at_risk_health:.0f}%）。",
        ),
    ),
    Rule(
        "new",
        lambda f, *_: f.orders == 1,
        Text("Bought once, {ago}.", "{ago}首次购买。"),
    ),
    Rule(
        "loyal",
        lambda f, s, h: (f.f >= s.loyal_f) & (f.tenure_days >= s.loyal_tenure * h),
        Text(
            "Buys more often than most (F {f}) and has been here for {tenure_days:.0f} days.",
            "购买频率高于多数客户（F {f}），相识已有 {tenure_days:.0f} 天。",
        ),
    ),
    Rule(
        "active",
        lambda f, *_: f.orders > 1,
        Text("Bought {orders} times, last {ago}.", "已购买 {orders} 次，最近一次在{ago}。"),
    ),
)
"""The rules in order; the first that holds decides. The last holds for all who are left."""
