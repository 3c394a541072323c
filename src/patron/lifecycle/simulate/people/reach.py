"""How people are reached: numbers of ranges that regulators keep for fiction, addresses of domains kept for examples.

Nobody can be called or written to by mistake:

- United Kingdom: the numbers Ofcom recommends for drama (07700 900xxx, 020 7946 0xxx, 0161 496 0xxx …).
- Germany: those the Bundesnetzagentur names for media (030 23125 xxx, 040 66969 xxx …).
- France: those Arcep keeps for works of fiction (01 99 00 xx xx and its four sisters).
- China has no such range. 154 is a mobile prefix of the right form (11 digits) that is handed out to no carrier.
- Everywhere else no range is known to us: those customers have an e-mail address only.
- E-mail: example.com, example.org, example.net and names ending in .example (RFC 2606).
"""

from __future__ import annotations

import re
import unicodedata

from patron.lifecycle.simulate.people.dice import Dice

# Place → pattern; N stands for the digits that differ.
RANGES = {
    "mobile": "07700 900NNN",
    "London": "020 7946 0NNN",
    "Leeds": "0113 496 0NNN",
    "Sheffield": "0114 496 0NNN",
    "Nottingham": "0115 496 0NNN",
    "Leicester": "0116 496 0NNN",
    "Bristol": "0117 496 0NNN",
    "Reading": "0118 496 0NNN",
    "Birmingham": "0121 496 0NNN",
    "Edinburgh": "0131 496 0NNN",
    "Glasgow": "0141 496 0NNN",
    "Liverpool": "0151 496 0NNN",
    "Manchester": "0161 496 0NNN",
    "Newcastle": "0191 498 0NNN",
    "Belfast": "028 9649 6NNN",
    "Cardiff": "029 2018 0NNN",
    "United Kingdom": "03069 990NNN",
    "Berlin": "+49 30 23125NNN",
    "Hamburg": "+49 40 66969NNN",
    "München": "+49 89 99998NNN",
    "Köln": "+49 221 4710NNN",
    "Frankfurt": "+49 69 90009NNN",
    "Paris": "+33 1 99 00 NN NN",
    "Nantes": "+33 2 61 91 NN NN",
    "Lille": "+33 3 53 01 NN NN",
    "Lyon": "+33 4 65 71 NN NN",
    "Marseille": "+33 4 65 71 NN NN",
    "Toulouse": "+33 5 36 49 NN NN",
    "China": "+86 154 NNNN NNNN",
}
DOMAINS = ("example.com", "example.org", "example.net")
_MOBILE, _CHINESE, _NONE = 0.25, 0.3, 0.12


class Phones:
    """Hands out numbers, each once; '' when a range is used up or there is none."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._left: dict[str, list[int]] = {}

    def of(self, city: str, country: str, *, chinese: bool) -> str:
        """A number for somebody who lives there; about one in eight has told none."""
        if self._dice.yes(_NONE):
            return ""
        if chinese and self._dice.yes(_CHINESE):
            return self.number("China")
        british = country == "United Kingdom"
        if british and self._dice.yes(_MOBILE) and (mobile := self.number("mobile")):
            return mobile
        return self.number(city if city in RANGES else country)

    def number(self, place: str) -> str:
        """The next number of a range."""
        pattern = RANGES.get(place, "")
        digits = pattern.count("N")
        if not digits:
            return ""
        if pattern not in self._left:
            self._left[pattern] = self._dice.shuffled(min(10**digits, 10_000))
        left = self._left[pattern]
        if not left:
            return ""
        # Of eight digits ten thousand numbers are enough, spread by a step.
        number = left.pop() * (7_919 if digits > 4 else 1)
        filled = iter(f"{number:0{digits}d}")
        return "".join(next(filled) if sign == "N" else sign for sign in pattern)


class Mailboxes:
    """Hands out e-mail addresses, each once."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def of_person(self, latin: str) -> str:
        """first.last@example.…"""
        words = plain(latin).split()
        local = self._dice.pick([".".join(words), "".join(words), f"{words[0][0]}.{words[-1]}", "_".join(words)])
        return self._free(local, self._dice.pick(DOMAINS))

    def of_organisation(self, latin: str) -> str:
        """hello@name.example."""
        domain = re.sub(r"[^a-z]+", "-", plain(latin)).strip("-")
        return self._free(self._dice.pick(["hello", "orders", "shop", "office"]), f"{domain}.example")

    def _free(self, local: str, domain: str) -> str:
        number, address = 1, f"{local}@{domain}"
        while address in self._taken:
            number += 1
            address = f"{local}{number}@{domain}"
        self._taken.add(address)
        return address


def plain(name: str) -> str:
    """A name in lower-case ASCII letters and blanks."""
    folded = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("Ø", "O").replace("æ", "ae"))
    return re.sub(r"[^a-z ]+", "", folded.encode("ascii", "ignore").decode().lower().replace("-", "")).strip()
