"""What customers answer when asked, what they look at, subscribe and agree to: all of it fits what they bought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.orders import Buyer, Order
from patron.lifecycle.simulate.people.phrases import FEEDBACK
from patron.lifecycle.simulate.people.who import Person

QUIET_DAYS = 120
PLANS = (("Seasonal catalogue 季刊目录", 6.0, 91), ("Gift club 礼品会", 12.0, 30), ("Trade account 批发账户", 45.0, 30))


@dataclass(frozen=True)
class Answer:
    """An answer: nps on 0 … 10, csat on 1 … 5."""

    customer_id: str
    at: datetime
    question: str
    score: float
    text: str


@dataclass(frozen=True)
class Look:
    """One behaviour on the shop's pages; `intent` is a sign of interest in buying."""

    customer_id: str
    at: datetime
    kind: str
    intent: bool
    object_id: str


@dataclass(frozen=True)
class Term:
    """A subscription from `at` on; `ends_at` None while it runs."""

    customer_id: str
    at: datetime
    ends_at: datetime | None
    plan: str
    amount: float
    period_days: int


@dataclass(frozen=True)
class Agreement:
    """What a customer agreed to (`given`) or withdrew."""

    customer_id: str
    at: datetime
    channel: str
    purpose: str
    given: bool
    proof: str


class Opinions:
    """Makes them customer by customer, none after `until`."""

    def __init__(self, seed: int, until: datetime) -> None:
        self._until = until
        self._answers, self._looks = Dice(seed, "answers"), Dice(seed, "looks")
        self._terms, self._agreements = Dice(seed, "terms"), Dice(seed, "agreements")

    def answers(self, buyer: Buyer, person: Person) -> Iterator[Answer]:
        """CSAT after some orders, NPS once a year from some; returns and long silence speak through them."""
        dice = self._answers
        returns = [order.at for order in buyer.orders if order.revenue < 0]
        for order in buyer.placed:
            if dice.yes(0.09):
                at = order.at + timedelta(days=dice.between(5, 12))
                bad = any(0 <= (back - order.at).days < 30 for back in returns)
                yield from self._answer("csat", person, at, dice.between(0.05, 0.5) if bad else dice.between(0.3, 1.0))
        if buyer.placed and dice.yes(0.16):
            silent = (self._until - buyer.placed[-1].at).days > QUIET_DAYS
            at = buyer.placed[-1].at + timedelta(days=dice.between(14, 60))
            mood = dice.between(0.35, 1.0) - 0.25 * silent - 0.15 * min(len(returns), 2)
            yield from self._answer("nps", person, at, mood)

    def _answer(self, question: str, person: Person, at: datetime, mood: float) -> Iterator[Answer]:
        if at > self._until:
            return
        mood = min(max(mood, 0.0), 0.999)
        score = 1 + int(mood * 5) if question == "csat" else int(mood * 11)
        tone = "bad" if mood < 0.4 else "middling" if mood < 0.7 else "good"
        text = self._answers.pick(FEEDBACK[tone]).say(person.language) if self._answers.yes(0.6) else ""
        yield Answer(person.id, at.replace(microsecond=0), question, float(score), text)

    def looks(self, buyer: Buyer) -> Iterator[Look]:
        """Visits before an order, more of them before a large one; a basket is a sign of interest."""
        dice = self._looks
        for order in buyer.placed:
            if dice.yes(0.35):
                yield from self._look(buyer.id, order, self._looks.below(3))

    def _look(self, who: str, order: Order, searches: int) -> Iterator[Look]:
        at = order.at - timedelta(hours=self._looks.between(2, 72))
        steps = [("visit", False), *[("search", False)] * searches, ("basket", True)]
        for number, (kind, intent) in enumerate(steps):
            moment = (at + timedelta(minutes=3 * number)).replace(microsecond=0)
            yield Look(who, moment, kind, intent, "" if kind == "visit" else order.product)

    def enquirer_looks(self, person: Person, at: datetime) -> Iterator[Look]:
        """Somebody who has not bought yet fills a basket and leaves it."""
        yield Look(person.id, at, "visit", False, "")
        yield Look(person.id, at + timedelta(minutes=6), "basket", True, "")

    def terms(self, buyer: Buyer, person: Person) -> Iterator[Term]:
        """A few of those who came back subscribe at their third order; a third of them has left again."""
        dice, placed = self._terms, buyer.placed
        if len(placed) < 3 or not dice.yes(0.08):
            return
        plan, amount, period = PLANS[2] if person.kind == "organisation" else dice.pick(PLANS[:2])
        start = placed[2].at.replace(hour=0, minute=0, second=0)
        last = start + timedelta(days=period * (1 + dice.below(6)))
        ended = dice.yes(0.35) and last < self._until
        yield Term(person.id, start, last if ended else None, plan, amount, period)

    def agreements(self, buyer: Buyer, person: Person) -> Iterator[Agreement]:
        """Consent to marketing at the first order, withdrawn by some who were displeased."""
        dice = self._agreements
        if not buyer.placed or not dice.yes(0.08):
            return
        first, channel = buyer.placed[0].at, "wechat" if person.wechat else "mail"
        yield Agreement(person.id, first, channel, "marketing", True, "checkout 结账勾选")
        displeased = any(order.revenue < 0 for order in buyer.orders)
        if dice.yes(0.25 if displeased else 0.08):
            at = first + timedelta(days=dice.between(20, 200))
            if at < self._until:
                yield Agreement(person.id, at.replace(microsecond=0), channel, "marketing", False, "unsubscribed 退订")


def opinions(
    seed: int, until: datetime, found: Sequence[Buyer], people: Sequence[Person]
) -> tuple[list[Answer], list[Look], list[Term], list[Agreement]]:
    """Answers, looks, terms and agreements of all buyers, in order of customer."""
    made, both = Opinions(seed, until), list(zip(found, people, strict=True))
    return (
        [a for buyer, person in both for a in made.answers(buyer, person)],
        [look for buyer, _ in both for look in made.looks(buyer)],
        [t for buyer, person in both for t in made.terms(buyer, person)],
        [a for buyer, person in both for a in made.agreements(buyer, person)],
    )
