"""Contacts that fit the purchases: a question before an order, thanks after a large one, a complaint at a return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.orders import Buyer, Order
from patron.lifecycle.simulate.people.phrases import CALLED, SUBJECTS, WRITTEN
from patron.lifecycle.simulate.people.who import Person

LARGE_QUANTILE = 0.93
QUIET_DAYS = 100


@dataclass(frozen=True)
class Contact:
    """One contact over one channel; `minutes` only of calls and visits, `owner` who of us had it."""

    customer_id: str
    at: datetime
    channel: str
    inbound: bool
    subject: str
    text: str
    minutes: int | None = None
    owner: int | None = None


class Talk:
    """Makes the contacts of each customer, none of them after `until`."""

    def __init__(self, seed: int, until: datetime, shop: str) -> None:
        self._dice = Dice(seed, "talk")
        self._until, self._shop = until, shop

    def of_everybody(self, found: Sequence[Buyer], people: Sequence[Person]) -> list[Contact]:
        """The contacts of all buyers, in order of customer and time."""
        sums = [order.revenue for buyer in found for order in buyer.placed]
        large = float(np.quantile(sums, LARGE_QUANTILE)) if sums else 0.0
        made = [c for buyer, person in zip(found, people, strict=True) for c in self._of_buyer(buyer, person, large)]
        return [contact for contact in made if contact.at <= self._until]

    def of_enquirer(self, person: Person, at: datetime) -> Contact:
        """Somebody who has not bought yet asks something."""
        return self._inbound("enquiry", person, None, at)

    def _of_buyer(self, buyer: Buyer, person: Person, large: float) -> list[Contact]:
        contacts = [c for order in buyer.orders for c in self._around(order, person, large)]
        contacts += self._between(buyer, person)
        return sorted(contacts, key=lambda contact: contact.at)

    def _around(self, order: Order, person: Person, large: float) -> Iterator[Contact]:
        """What is said before and after one order."""
        dice = self._dice
        if order.revenue <= 0:
            if order.product and order.revenue < 0 and dice.yes(0.45):
                yield from self._complaint(order, person)
            return
        if dice.yes(0.06):
            what = "quote" if person.kind == "organisation" and dice.yes(0.5) else "stock"
            yield self._inbound(what, person, order, self._later(order.at, -4, -1))
        if dice.yes(0.07):
            yield self._inbound("delivery", person, order, self._later(order.at, 2, 7))
        if person.kind == "organisation" and dice.yes(0.08):
            yield self._inbound("invoice", person, order, self._later(order.at, 3, 15))
        if order.revenue >= large:
            if dice.yes(0.4):
                yield self._outbound("thanks_back", person, order, self._later(order.at, 0, 2))
            if dice.yes(0.35):
                yield self._inbound("thanks", person, order, self._later(order.at, 3, 9))

    def _complaint(self, order: Order, person: Person) -> Iterator[Contact]:
        """A complaint shortly before the return was booked, and what we answered."""
        at = self._later(order.at, -3, 0)
        yield self._inbound("complaint", person, order, at)
        if self._dice.yes(0.8):
            yield self._outbound("answer", person, order, self._later(at, 0, 3))

    def _between(self, buyer: Buyer, person: Person) -> Iterator[Contact]:
        """Calls into a long silence, and greetings."""
        times = [order.at for order in buyer.placed]
        for before, after in pairwise([*times, self._until]):
            if (after - before).days > QUIET_DAYS and self._dice.yes(0.3 if person.owner is not None else 0.08):
                yield self._outbound("check_in", person, None, self._later(before, QUIET_DAYS - 15, QUIET_DAYS))
        if times and person.owner is not None and self._dice.yes(0.25):
            yield self._outbound("season", person, None, self._before_christmas(times[0]))

    def _before_christmas(self, after: datetime) -> datetime:
        """In the week before the first Christmas that follows."""
        year = after.year + (after.month == 12 and after.day > 10)
        return self._later(after.replace(year=year, month=12, day=15), 0, 8)

    def _later(self, at: datetime, low: float, high: float) -> datetime:
        """Between so many days later, in working hours."""
        day = at + timedelta(days=self._dice.between(low, high))
        return day.replace(hour=9 + self._dice.below(9), minute=self._dice.below(60), second=0, microsecond=0)

    def _inbound(self, what: str, person: Person, order: Order | None, at: datetime) -> Contact:
        return self._contact(what, person, order, at, inbound=True)

    def _outbound(self, what: str, person: Person, order: Order | None, at: datetime) -> Contact:
        return self._contact(what, person, order, at, inbound=False)

    def _contact(self, what: str, person: Person, order: Order | None, at: datetime, *, inbound: bool) -> Contact:
        channel = self._channel(person)
        blanks = {
            "name": person.greeting,
            "shop": self._shop,
            "product": order.product if order else "",
            "order": order.number if order else "",
        }
        subject = SUBJECTS[what].say(person.language).format(**blanks) if channel == "mail" else ""
        return Contact(
            person.id,
            at,
            channel,
            inbound,
            subject,
            self._dice.pick((CALLED if channel == "phone" else WRITTEN)[what]).say(person.language).format(**blanks),
            2 + self._dice.below(18) if channel == "phone" else None,
            person.owner,
        )

    def _channel(self, person: Person) -> str:
        """One over which they can be reached."""
        ways = (["wechat"] * 3 if person.wechat else []) + (["phone"] if person.phone else [])
        return self._dice.pick([*ways, *(["mail"] * 2 if person.email else []), "chat"])
