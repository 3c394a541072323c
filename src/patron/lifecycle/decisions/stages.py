"""The stage of each customer: by the first rule that holds, or by hand until the next fact."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from patron.lifecycle.decisions.rules import CODES, DEFAULT, RULES, STAGES, StageFacts, StageSettings
from patron.words import Text

__all__ = [
    "CODES",
    "DEFAULT",
    "RULES",
    "STAGES",
    "HandSet",
    "StageFacts",
    "StageSettings",
    "Staged",
    "explain",
    "stage",
]

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class HandSet:
    """Stages set by hand: who is in `stage` ('' for nobody's doing), when it was set and the customer's newest fact.

    Days are datetime64[D] or finer; NaT where there is none. A stage set by hand holds until a fact after it.
    """

    stage: NDArray[np.str_]
    set_at: NDArray[np.datetime64]
    last_fact_at: NDArray[np.datetime64]

    def holds(self) -> Mask:
        """Which of them still hold."""
        overtaken = ~np.isnat(self.last_fact_at) & (self.last_fact_at > self.set_at)
        return np.asarray((self.stage != "") & ~np.isnat(self.set_at) & ~overtaken)


@dataclass(frozen=True)
class Staged:
    """Stage of each customer as an index into CODES, and whether a hand set it."""

    code: NDArray[np.int8]
    by_hand: Mask = field(repr=False)

    @property
    def names(self) -> NDArray[np.str_]:
        """Stage codes as strings."""
        return np.array(CODES)[self.code]

    def column(self) -> pa.DictionaryArray:
        """Stage codes as a dictionary-encoded Arrow column."""
        return pa.DictionaryArray.from_arrays(self.code.astype(np.int32), pa.array(CODES))


def stage(
    facts: StageFacts, horizon_days: float, *, settings: StageSettings = DEFAULT, hand: HandSet | None = None
) -> Staged:
    """The stage of each customer by the first rule that holds, or as set by hand while that holds.

    Raises ValueError for a horizon that is not above 0, a health that is not a number for somebody who has bought,
    or a hand-set stage that is none of STAGES.
    """
    if not horizon_days > 0:
        raise ValueError(f"a horizon of {horizon_days} days is no length of time")
    if np.any(np.isnan(facts.health) & (facts.orders > 0)):
        raise ValueError("health must be known for everybody who has bought")
    code = np.full(facts.orders.shape, -1, dtype=np.int8)
    for rule in RULES:
        code[(code < 0) & rule.holds(facts, settings, float(horizon_days))] = CODES.index(rule.stage)
    by_hand = hand.holds() if hand is not None else np.zeros(code.shape, dtype=np.bool_)
    if hand is not None and by_hand.any():
        code[by_hand] = _codes(hand.stage[by_hand])
    return Staged(code, by_hand)


def _codes(names: NDArray[np.str_]) -> NDArray[np.int8]:
    unknown = set(names.tolist()) - set(CODES)
    if unknown:
        raise ValueError(f"no such stage: {', '.join(sorted(unknown))}; there are {', '.join(CODES)}")
    return np.array([CODES.index(name) for name in names.tolist()], dtype=np.int8)


def explain(
    name: str, facts: StageFacts, row: int, horizon_days: float, *, settings: StageSettings = DEFAULT, by: str = ""
) -> Text:
    """Why customer `row` is in stage `name`: the rule with its numbers, or who set it by hand."""
    if by:
        return Text(
            f"Set to {STAGES[name].en} by {by}; holds until the next fact.",
            f"由 {by} 手动设为“{STAGES[name].zh}”，有新动态后失效。",
        )
    rule = next(rule for rule in RULES if rule.stage == name)
    known = {key: column[row].item() for key, column in vars(facts).items()}
    values = {
        **known,
        "horizon": settings.lapsed_recency * horizon_days,
        "health": 100 * known["health"],
        "lapsed_health": 100 * settings.lapsed_health,
        "at_risk_health": 100 * settings.at_risk_health,
    }
    ago = _ago(known["recency_days"])
    return Text(rule.why.en.format(**values, ago=ago.en), rule.why.zh.format(**values, ago=ago.zh))


def _ago(days: float) -> Text:
    if not days >= 1:
        return Text("today", "今天")
    return Text("yesterday", "1 天前") if days < 2 else Text(f"{days:.0f} days ago", f"{days:.0f} 天前")
