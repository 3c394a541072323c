"""Which orders there are, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS

LOWEST = -1e300
"""The value of those who have none, where they have a place all the same: behind everybody in a falling order."""
KNOWN = -1e299
"""Above it a value is known."""
PARTS = {
    "stage": {code: n for n, code in enumerate(STAGES)},
    "rfm_segment": {code: n for n, code in enumerate(SEGMENTS)},
}


@dataclass(frozen=True)
class Kind:
    """An order by a `column` of the standing; by each value of `part` ('stage', 'rfm_segment') apart where it is named.

    Where it is parted everybody with that part has a place; else only who has a value.
    """

    code: int
    column: str
    part: str = ""

    @property
    def parts(self) -> tuple[int, ...]:
        """All parts there are."""
        return tuple(PARTS[self.part].values()) if self.part else (0,)


KINDS = {
    "clv": Kind(1, "clv"),
    "value_at_risk": Kind(2, "value_at_risk"),
    "churn_risk": Kind(3, "churn_risk"),
    "revenue": Kind(4, "revenue"),
    "last_order": Kind(5, "last_order"),
}
"""The orders of everybody, by column."""
PARTED = {
    ("clv", "rfm_segment"): Kind(6, "clv", "rfm_segment"),
    ("clv", "stage"): Kind(7, "clv", "stage"),
    ("value_at_risk", "stage"): Kind(8, "value_at_risk", "stage"),
}
"""The orders within a stage or a segment, by column and part."""
ALL = (*KINDS.values(), *PARTED.values())
FORMAT = 1
"""One more whenever ALL changes, with a migration: orders of another format are walked by nobody, and made anew."""


def part_of(kind: Kind, word: str) -> int | None:
    """The part for a stage or segment; None for a word that is none."""
    return PARTS[kind.part].get(word) if kind.part else 0


def number_of(value: Any) -> float | None:
    """A value of a standing as places keep it: money in millionths, days counted."""
    if value is None:
        return None
    if isinstance(value, str):  # a day, as SQLite keeps it
        value = date.fromisoformat(value)
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def value_of(kind: Kind, number: float) -> Any:
    """The other way: what a list's bookmark says of a place. Days are text, as SQLite keeps them."""
    if kind.column == "last_order":
        return date.fromordinal(int(number)).isoformat()
    return number if kind.column == "churn_risk" else int(number)
