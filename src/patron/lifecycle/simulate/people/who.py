"""Who the customers are: names, how to reach them, where they live, how they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from patron.lifecycle.simulate.people import words
from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.orders import Buyer
from patron.lifecycle.simulate.people.reach import Mailboxes, Phones, plain

CHINESE_SHARE = 1 / 3
_ORGANISATIONS_AMONG_LARGE, _ORGANISATIONS_ELSE = 0.7, 0.08
_BORN = (date(1946, 1, 1).toordinal(), date(2003, 12, 31).toordinal())
# Way in, and what one customer through it cost.
_CHANNELS = (("search", 9.0), ("catalogue", 14.0), ("trade fair", 38.0), ("referral", 0.0), ("newsletter", 3.5))
_CHINESE_CHANNELS = (("wechat", 4.0), ("referral", 0.0), ("trade fair", 38.0), ("search", 9.0))


@dataclass
class Person:
    """A person or an organisation. `latin` is the name in Latin letters, `owner` a colleague's place in the list."""

    id: str
    kind: str
    name: str
    latin: str
    language: str
    country: str
    city: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    wechat: str = ""
    title: str = ""
    gender: str = ""
    birthday: date | None = None
    channel: str = ""
    acquisition_cost: float | None = None
    owner: int | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def chinese(self) -> bool:
        """Whether one writes to them in Chinese."""
        return self.language == "zh"

    @property
    def greeting(self) -> str:
        """How a letter addresses them: the first name, a Chinese name or an organisation's whole."""
        return self.name if self.chinese or self.kind == "organisation" else self.name.split()[0]


class Names:
    """Names, each once: the pairs of two lists in chance order, with a middle initial once they are used up."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._english = self._joined(words.ENGLISH_FIRST, words.ENGLISH_LAST)
        self._european = {tongue: self._joined(*lists) for tongue, lists in words.EUROPEAN.items()}
        self._chinese = self._pairs(len(words.CHINESE_LAST), len(words.CHINESE_GIVEN))
        self._firms = self._pairs(len(words.ORGANISATION_FIRST), len(words.ORGANISATION_SECOND))
        self._chinese_firms = self._pairs(len(words.CHINESE_ORGANISATION_FIRST), len(words.CHINESE_ORGANISATION_SECOND))

    def _pairs(self, first: int, second: int) -> Iterator[tuple[int, int, int]]:
        """(place in the first list, place in the second, how often all were used up before)."""
        lap = 0
        while True:
            for number in self._dice.shuffled(first * second):
                yield number // second, number % second, lap
            lap += 1

    def _joined(self, first: Sequence[str], last: Sequence[str]) -> Iterator[str]:
        for one, two, lap in self._pairs(len(first), len(last)):
            yield f"{first[one]} {_initial(lap)}{last[two]}"

    def person(self, country: str) -> tuple[str, str]:
        """A name of that country and the same in Latin letters."""
        name = next(self._european.get(words.LANGUAGE_OF.get(country, ""), self._english))
        return name, name

    def chinese_person(self) -> tuple[str, str]:
        """沈知秋, Zhiqiu Shen."""
        one, two, lap = next(self._chinese)
        (last, last_latin), (given, given_latin) = words.CHINESE_LAST[one], words.CHINESE_GIVEN[two]
        return f"{last}{given}" + ("" if not lap else f"（{lap + 1}）"), f"{given_latin} {_initial(lap)}{last_latin}"

    def organisation(self) -> tuple[str, str]:
        """Lantern Parlour Ltd."""
        one, two, lap = next(self._firms)
        ending = self._dice.pick(words.ORGANISATION_ENDING)
        name = f"{words.ORGANISATION_FIRST[one]} {_initial(lap)}{words.ORGANISATION_SECOND[two]}{ending}"
        return name, name

    def chinese_organisation(self) -> tuple[str, str]:
        """云舒礼品行, Yunshu Gifts."""
        one, two, lap = next(self._chinese_firms)
        first, latin = words.CHINESE_ORGANISATION_FIRST[one]
        second, meaning = words.CHINESE_ORGANISATION_SECOND[two]
        return f"{first}{second}" + ("" if not lap else f"（{lap + 1}店）"), f"{latin} {_initial(lap)}{meaning}"


def _initial(lap: int) -> str:
    return "" if not lap else f"{chr(ord('A') + (lap - 1) % 26)}. "


class Registry:
    """Makes people: what is unique among them (names, numbers, addresses) is handed out here."""

    def __init__(self, seed: int, owners: int) -> None:
        self.dice = Dice(seed, "who")
        self.names = Names(Dice(seed, "names"))
        self.phones = Phones(Dice(seed, "phones"))
        self.mail = Mailboxes(Dice(seed, "mail"))
        self._owners = owners

    def person(self, number: str, country: str, *, large: bool, chinese: bool) -> Person:
        """Somebody new. `large` customers are mostly organisations."""
        dice = self.dice
        organisation = dice.yes(_ORGANISATIONS_AMONG_LARGE if large else _ORGANISATIONS_ELSE)
        kind = "organisation" if organisation else "person"
        name, latin = self._name(country, organisation, chinese)
        someone = Person(number, kind, name, latin, "zh" if chinese else "en", country)
        someone.city = dice.pick(words.CITIES.get(country, ("",)))
        if country in words.STREETS_OF:
            someone.address = f"{1 + dice.below(120)} {dice.pick(words.STREETS)}"
        someone.phone = self.phones.of(someone.city, country, chinese=chinese)
        if not someone.phone or not dice.yes(0.1):
            someone.email = self.mail.of_organisation(latin) if organisation else self.mail.of_person(latin)
        if chinese and dice.yes(0.75):
            someone.wechat = "wx_" + plain(latin).replace(" ", "") + f"_{number.lower()}"
        self._private(someone, organisation)
        someone.channel, cost = dice.pick(_CHINESE_CHANNELS if chinese else _CHANNELS)
        someone.acquisition_cost = round(cost * dice.between(0.7, 1.3), 2) if dice.yes(0.8) else None
        someone.owner = self._owner(large or organisation, chinese)
        return someone

    def _name(self, country: str, organisation: bool, chinese: bool) -> tuple[str, str]:
        if chinese:
            return self.names.chinese_organisation() if organisation else self.names.chinese_person()
        return self.names.organisation() if organisation else self.names.person(country)

    def _private(self, someone: Person, organisation: bool) -> None:
        """Birthday and gender of some persons, the job of a few."""
        dice = self.dice
        if organisation:
            return
        if dice.yes(0.45):
            someone.birthday = date.fromordinal(int(dice.between(*_BORN)))
        if dice.yes(0.5):
            someone.gender = dice.pick(["female", "male"])
        if dice.yes(0.12):
            someone.title = dice.pick(words.TITLES[someone.language])

    def _owner(self, important: bool, chinese: bool) -> int | None:
        """Owners in the order retail, wholesale, each with one who speaks Chinese: see `owners`; many have none."""
        if self._owners < 4 or not self.dice.yes(0.9 if important else 0.35):
            return None
        return 2 * important + chinese


def everybody(found: Sequence[Buyer], registry: Registry) -> list[Person]:
    """One person or organisation for each buyer; about a third write Chinese."""
    value = np.array([buyer.revenue for buyer in found])
    large = value >= np.quantile(value, 0.85) if len(found) else np.zeros(0, bool)
    return [
        registry.person(buyer.id, buyer.country, large=bool(big), chinese=registry.dice.yes(CHINESE_SHARE))
        for buyer, big in zip(found, large, strict=True)
    ]
