"""What the page speaks of, in one language: the task, the target and the value that counts as yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patron.study.pictures.scales import known
from patron.study.pictures.voice import Voice
from patron.study.report.safe import clean

Card = Mapping[str, Any]
Rows = list[Mapping[str, Any]]
LONGEST_NAME = 40
"""Characters shown of a column's name or a value inside a sentence."""


@dataclass(frozen=True)
class Subject:
    """Says what a card is about; names of columns and values are cleaned and cut."""

    v: Voice
    number: bool
    named: bool
    """Whether the card says what is predicted."""
    target: str
    positive: str
    base: float | None
    """Share of yes (mean of the number) among the rows the model was judged on."""

    @staticmethod
    def of(card: Card, lang: str) -> Subject:
        """The subject of this card."""
        v = Voice.of({}, lang)
        return Subject(
            v,
            card.get("task") == "number",
            bool(card.get("target")),
            clean(card.get("target") or v.pick("the target", "目标"), LONGEST_NAME),
            clean(card.get("positive") or v.pick("yes", "是"), LONGEST_NAME),
            _base(card),
        )

    @property
    def yes(self) -> str:
        """'“Yes”'."""
        return f"“{self.positive}”"

    @property
    def outcome(self) -> str:
        """'“Churn” is “Yes”', or '“MntWines”' for a number."""
        name = f"“{self.target}”"
        return name if self.number else self.v.pick(f"{name} is {self.yes}", f"{name}为{self.yes}")

    def figure(self, value: object) -> str:
        """The outcome said: a share, or a number."""
        return self.v.short(value) if self.number else self.v.share(value)


def judged(card: Card) -> Mapping[str, Any]:
    """What is known of how the model was judged; empty where nothing is."""
    return mapping(card.get("judged"))


def features(card: Card) -> list[str]:
    """Names of what is learnt from."""
    found = card.get("features")
    return [str(name) for name in found] if isinstance(found, (list, tuple)) else []


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object, *needed: str) -> Rows:
    """Those rows of a list in which every `needed` figure is known; none for anything that is no list."""
    if not isinstance(value, (list, tuple)):
        return []
    return [row for row in value if isinstance(row, Mapping) and None not in [known(row.get(n)) for n in needed]]


def measure(card: Card, name: str) -> dict[str, float | None]:
    """One measure: value, low, high, as_chosen, baseline; None for what is not known."""
    found = mapping(mapping(judged(card).get("measures")).get(name))
    return {key: known(found.get(key)) for key in ("value", "low", "high", "as_chosen", "baseline")}


def in_time(card: Card) -> bool:
    """Whether the model was judged on later time alone."""
    return "time" in str(judged(card).get("on") or "")


def _base(card: Card) -> float | None:
    folds = rows(judged(card).get("by_fold"), "n", "mean")
    n = sum(row["n"] for row in folds)
    return sum(row["n"] * row["mean"] for row in folds) / n if n else known(card.get("base"))
