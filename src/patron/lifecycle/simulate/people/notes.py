"""What colleagues wrote down, and the words they sort customers by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.orders import Buyer
from patron.lifecycle.simulate.people.phrases import NOTES
from patron.lifecycle.simulate.people.who import Person

WHOLESALE, RETURNS, CHRISTMAS, CHINESE = (
    "wholesale 批发",
    "returns often 常退货",
    "Christmas 圣诞",
    "writes Chinese 中文",
)
_NOTED, _TAGGED = 0.2, 0.5


def notes(seed: int, found: Sequence[Buyer], people: Sequence[Person]) -> list[tuple[str, datetime, str]]:
    """(customer, when, text) for about a fifth of those whom a colleague looks after."""
    dice, made = Dice(seed, "notes"), []
    for buyer, person in zip(found, people, strict=True):
        if person.owner is not None and dice.yes(_NOTED) and buyer.placed:
            at = dice.pick(buyer.placed).at + timedelta(minutes=dice.below(120))
            made.append((person.id, at, dice.pick(NOTES).say("zh" if person.owner % 2 else "en")))
    return made


def tags(seed: int, found: Sequence[Buyer], people: Sequence[Person]) -> dict[str, list[str]]:
    """Tag → customers it fits; colleagues tag about half of them."""
    dice = Dice(seed, "tags")
    tagged: dict[str, list[str]] = {WHOLESALE: [], RETURNS: [], CHRISTMAS: [], CHINESE: []}
    for buyer, person in zip(found, people, strict=True):
        fits = {
            WHOLESALE: person.kind == "organisation",
            RETURNS: sum(order.revenue < 0 for order in buyer.orders) >= 3,
            CHRISTMAS: sum("hristmas" in order.product for order in buyer.placed) >= 2,
            CHINESE: person.chinese and person.owner is not None,
        }
        for tag, right in fits.items():
            if right and dice.yes(_TAGGED):
                tagged[tag].append(person.id)
    return tagged
