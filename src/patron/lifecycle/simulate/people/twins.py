"""The same people met a second time under another spelling, and people who have not bought yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.who import Person, Registry


def twins(people: Sequence[Person], wanted: int, seed: int) -> list[tuple[Person, Person]]:
    """`wanted` planted duplicates, each with whom it doubles: the same phone or e-mail, the name spelled differently.

    Their ids begin with N-.
    """
    dice = Dice(seed, "twins")
    known = [person for person in people if person.phone and person.email]
    chosen = [known[i] for i in dice.shuffled(len(known))[:wanted]]
    return [(_twin(person, f"N-{number + 1:04d}", dice), person) for number, person in enumerate(chosen)]


def _twin(person: Person, number: str, dice: Dice) -> Person:
    by_phone = dice.yes(0.5)
    twin = Person(number, person.kind, respelled(person, dice), person.latin, person.language, person.country)
    twin.city, twin.channel = person.city, "newsletter"
    twin.phone = person.phone.replace(" ", "") if by_phone else ""
    twin.email = "" if by_phone else person.email.upper() if dice.yes(0.3) else person.email
    return twin


def respelled(person: Person, dice: Dice) -> str:
    """The name as somebody else wrote it down: Latin for Chinese, an initial, two letters swapped, no ending."""
    if person.chinese:
        return person.latin
    if person.kind == "organisation":
        written_out = person.name.replace(" Ltd", " Limited").replace("&", "and")
        return person.name.upper() if written_out == person.name or dice.yes(0.5) else written_out
    first, last = person.name.split(" ", 1)
    if dice.yes(0.5):
        return f"{first[0]}. {last}"
    at = dice.pick([i for i in range(1, len(last) - 1) if last[i] != last[i + 1]])
    return f"{first} {last[:at]}{last[at + 1]}{last[at]}{last[at + 2 :]}"


def newcomers(registry: Registry, leads: int, prospects: int, until: datetime) -> tuple[list[Person], list[datetime]]:
    """People without orders, the leads first, and when each lead asked. Ids begin with L- and P-."""
    dice = registry.dice
    made = []
    for number in range(leads + prospects):
        name = f"L-{number + 1:04d}" if number < leads else f"P-{number - leads + 1:04d}"
        made.append(registry.person(name, "United Kingdom", large=dice.yes(0.4), chinese=dice.yes(0.4)))
    asked = [until - timedelta(days=dice.between(1, 90)) for _ in range(leads)]
    return made, [at.replace(hour=9 + dice.below(8), minute=dice.below(60), second=0, microsecond=0) for at in asked]


def contact_persons(people: Sequence[Person], wanted: int, seed: int) -> list[tuple[str, str]]:
    """(person, organisation) who works for it: both customers of their own, of one city and language."""
    dice = Dice(seed, "relations")
    persons: dict[tuple[str, bool], list[str]] = {}
    for person in people:
        if person.kind == "person" and person.city:
            persons.setdefault((person.city, person.chinese), []).append(person.id)
    firms = [person for person in people if person.kind == "organisation"]
    pairs: list[tuple[str, str]] = []
    for firm in (firms[i] for i in dice.shuffled(len(firms))):
        there = persons.get((firm.city, firm.chinese), [])
        if there and len(pairs) < wanted:
            pairs.append((there.pop(dice.below(len(there))), firm.id))
    return pairs
