"""The visible rules of a model, in words, highest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patron.lifecycle.models.table.preparation import MISSING, OTHER
from patron.study.pictures.scales import known
from patron.study.report.safe import clean
from patron.study.supervised.report.subject import Card, Subject, rows
from patron.study.supervised.wording import question

LONGEST_VALUE = 80
MOST = 60


@dataclass(frozen=True)
class Rule:
    """One rule: whom it is about, what it says, of how many rows."""

    who: str
    says: str
    cases: str


def rules(card: Card, s: Subject) -> list[Rule]:
    """The rules of the card, largest chance first; none where the model has none."""
    found = sorted(rows(card.get("rules"), "p"), key=lambda row: -row["p"])[:MOST]
    return [Rule(_who(row, s), s.figure(row["p"]), s.v.count(row.get("cases"))) for row in found]


def _who(rule: Mapping[str, Any], s: Subject) -> str:
    asked = [_question(one, s) for one in rows(rule.get("questions"))]
    return s.v.pick(" and ", "，且").join(asked) if asked else s.v.pick("everybody", "所有人")


def _question(one: Mapping[str, Any], s: Subject) -> str:
    level, edge = one.get("level"), one.get("edge")
    words = question(
        clean(one.get("feature"), LONGEST_VALUE),
        clean(edge, LONGEST_VALUE) if isinstance(edge, str) else known(edge),
        level if level in (None, MISSING, OTHER) else clean(level, LONGEST_VALUE),
        yes=bool(one.get("answer")),
    )
    return words.say(s.v.lang)
