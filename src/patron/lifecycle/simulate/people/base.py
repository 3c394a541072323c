"""A whole base of people around given orders, as tables that an import takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from patron.lifecycle.simulate.people import notes
from patron.lifecycle.simulate.people.opinions import Agreement, Answer, Look, Opinions, Term, opinions
from patron.lifecycle.simulate.people.orders import buyers
from patron.lifecycle.simulate.people.talk import Contact, Talk
from patron.lifecycle.simulate.people.twins import contact_persons, newcomers, twins
from patron.lifecycle.simulate.people.who import Person, Registry, everybody

LEADS, PROSPECTS, TWINS, CONTACT_PERSONS = 60, 45, 24, 40
_S, _T, _F = pa.string(), pa.timestamp("us"), pa.float64()

CUSTOMERS = pa.schema(
    [
        *((name, _S) for name in ("customer", "kind", "name", "name_latin", "email", "phone", "wechat", "title")),
        ("gender", _S),
        ("birthday", pa.date32()),
        *((name, _S) for name in ("address", "city", "country", "language", "channel")),
        ("acquisition_cost", _F),
    ]
)
INTERACTIONS = pa.schema(
    [
        *(("id", _S), ("customer", _S), ("date", _T), ("channel", _S), ("inbound", pa.bool_())),
        *(("subject", _S), ("text", _S), ("minutes", pa.int64()), ("by", _S)),
    ]
)
EVENTS = pa.schema([("id", _S), ("customer", _S), ("date", _T), ("kind", _S), ("intent", pa.bool_()), ("object", _S)])
FEEDBACK = pa.schema([("id", _S), ("customer", _S), ("date", _T), ("question", _S), ("score", _F), ("text", _S)])
SUBSCRIPTIONS = pa.schema(
    [
        *(("id", _S), ("customer", _S), ("date", _T), ("ends", _T), ("plan", _S), ("amount", _F)),
        *(("currency", _S), ("period_days", pa.int64())),
    ]
)


@dataclass(frozen=True, eq=False)
class People:
    """Tables (schemas above; times as the orders have them) and lists that name customers by the orders' ids.

    `buyers` are the customers of the orders, `others` leads (L-…), prospects (P-…) and planted duplicates (N-…).
    `twin_of` says whom a duplicate doubles; `owners` which colleague (a place in the list handed in) has a customer;
    `works_for` (person, organisation); `notes` (customer, when, text); `tags` tag → customers.
    """

    buyers: pa.Table
    others: pa.Table
    interactions: pa.Table
    other_interactions: pa.Table
    events: pa.Table
    other_events: pa.Table
    feedback: pa.Table
    subscriptions: pa.Table
    consents: list[Agreement]
    notes: list[tuple[str, datetime, str]]
    tags: dict[str, list[str]]
    owners: dict[str, int]
    works_for: list[tuple[str, str]]
    twin_of: dict[str, str]


def simulate_people(
    orders: pa.Table, *, seed: int, colleagues: Sequence[str], shop: str, currency: str, until: datetime
) -> People:
    """People for `orders`: one row an order, columns customer_id, country, order_id, happened_at, revenue, product.

    `revenue` is below 0 for a return; `colleagues` are names in the order retail, retail in Chinese, wholesale,
    wholesale in Chinese (fewer than four: nobody owns anybody); nothing happens after `until`.
    """
    found = buyers(orders)
    registry = Registry(seed, len(colleagues))
    people = everybody(found, registry)
    new, asked = newcomers(registry, LEADS, PROSPECTS, until)
    doubles = twins(people, TWINS, seed)
    talk, behaviour = Talk(seed, until, shop), Opinions(seed, until)
    answers, looks, terms, agreements = opinions(seed, until, found, people)
    enquiries = [talk.of_enquirer(person, at) for person, at in zip(new, asked, strict=False)]
    baskets = [
        look for person, at in zip(new[::2], asked[::2], strict=False) for look in behaviour.enquirer_looks(person, at)
    ]
    everyone = [*people, *new]
    return People(
        buyers=_customers(people),
        others=_customers([*new, *(twin for twin, _ in doubles)]),
        interactions=_interactions(talk.of_everybody(found, people), colleagues, "C"),
        other_interactions=_interactions(enquiries, colleagues, "CN"),
        events=_events(looks, "E"),
        other_events=_events(baskets, "EN"),
        feedback=_feedback(answers),
        subscriptions=_subscriptions(terms, currency),
        consents=agreements,
        notes=notes.notes(seed, found, people),
        tags=notes.tags(seed, found, people),
        owners={person.id: person.owner for person in everyone if person.owner is not None},
        works_for=contact_persons(people, CONTACT_PERSONS, seed),
        twin_of={twin.id: person.id for twin, person in doubles},
    )


def _customers(people: Sequence[Person]) -> pa.Table:
    named = {"customer": "id", "name_latin": "latin"}
    columns = {
        field.name: [getattr(person, named.get(field.name, field.name)) or None for person in people]
        for field in CUSTOMERS
    }
    # The spelling in Latin letters is said only where it differs.
    pairs = zip(columns["name"], columns["name_latin"], strict=True)
    columns["name_latin"] = [latin if latin != name else None for name, latin in pairs]
    return pa.table(columns, schema=CUSTOMERS)


def _ids(prefix: str, n: int) -> list[str]:
    return [f"{prefix}-{i + 1:06d}" for i in range(n)]


def _interactions(contacts: Sequence[Contact], colleagues: Sequence[str], prefix: str) -> pa.Table:
    by = [None if c.owner is None else colleagues[c.owner] for c in contacts]
    rows = [
        (c.customer_id, c.at, c.channel, c.inbound, c.subject or None, c.text, c.minutes, who)
        for c, who in zip(contacts, by, strict=True)
    ]
    return _table(INTERACTIONS, _ids(prefix, len(rows)), rows)


def _events(looks: Sequence[Look], prefix: str) -> pa.Table:
    rows = [(look.customer_id, look.at, look.kind, look.intent, look.object_id or None) for look in looks]
    return _table(EVENTS, _ids(prefix, len(rows)), rows)


def _feedback(answers: Sequence[Answer]) -> pa.Table:
    rows = [(a.customer_id, a.at, a.question, a.score, a.text or None) for a in answers]
    return _table(FEEDBACK, _ids("F", len(rows)), rows)


def _subscriptions(terms: Sequence[Term], currency: str) -> pa.Table:
    rows = [(t.customer_id, t.at, t.ends_at, t.plan, t.amount, currency, t.period_days) for t in terms]
    return _table(SUBSCRIPTIONS, _ids("S", len(rows)), rows)


def _table(schema: pa.Schema, ids: list[str], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """Rows as a table, an id in front of each."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema.names[1:]]
    return pa.table(dict(zip(schema.names, [ids, *columns], strict=True)), schema=schema)
