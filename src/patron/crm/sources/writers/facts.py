"""Interactions, events, feedback and subscriptions: one row is one fact of one customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from patron.crm.customers import changes
from patron.crm.customers.models import Event, Feedback, Interaction, Subscription
from patron.crm.customers.models.fact import Fact
from patron.crm.kit import bulk
from patron.crm.sources.keys import OWN, row_keys
from patron.crm.sources.writers import corrections
from patron.crm.sources.writers.base import CREATE, UPDATE, Chunk, Plan, Run, decide
from patron.crm.sources.writers.people import known_people, make_people

COMMON = ("happened_at",)
HEAD = ("id", "record", "customer", "external_id", "known_at", "row_key", "batch", "row")


@dataclass(frozen=True)
class Part:
    """One field of a fact: the role it comes from, and what stands where the file says nothing."""

    role: str
    blank: Callable[[Run], Any] = lambda _run: ""


def _none(_run: Run) -> None:
    return None


def _always(value: Any) -> Callable[[Run], Any]:
    return lambda _run: value


FACTS: dict[str, tuple[type[Fact], dict[str, Part]]] = {
    "interactions": (
        Interaction,
        {
            "channel": Part("channel", _always("other")),
            "inbound": Part("inbound", _always(True)),
            "subject": Part("subject"),
            "text": Part("text"),
            "minutes": Part("minutes", _none),
            "by_name": Part("by"),
        },
    ),
    "events": (
        Event,
        {"kind": Part("kind"), "intent": Part("intent", _always(False)), "object_id": Part("object")},
    ),
    "feedback": (
        Feedback,
        {"question": Part("question", _always("rating")), "score": Part("score", _none), "text": Part("text")},
    ),
    "subscriptions": (
        Subscription,
        {
            "ends_at": Part("ends", _none),
            "plan": Part("plan"),
            "amount": Part("amount"),
            "currency": Part("currency", lambda run: run.base),
            "period_days": Part("period_days", _always(30)),
        },
    ),
}
FLAGS = {"true": True, "false": False}


class FactWriter:
    """Rows of one of FACTS."""

    def __init__(self, kind: str) -> None:
        self.model, self.parts = FACTS[kind]
        self.kind = self.model._meta.model_name or kind
        self.names = (*COMMON, *self.parts)

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """New, changed or the same, by key and contents."""
        keys = row_keys(run.source_id, self.kind, chunk["identity"], chunk["ordinal"])
        contents = self._contents(chunk, run)
        there: dict[bytes, tuple[Any, ...]] = {}
        if not run.fresh:
            for row in bulk.fetch(self.model, ("row_key", "id", "record", *self.names), "row_key", keys):
                there[row[0]] = row[1:]
        known = {key: row[2:] for key, row in there.items()}
        return Plan(decide(keys, contents, known, chunk["again"], run.seen), (keys, contents, there))

    def _contents(self, chunk: Chunk, run: Run) -> list[tuple[Any, ...]]:
        """The values of `names`, row by row."""
        columns = [chunk["date"]]
        for part in self.parts.values():
            blank = part.blank(run)
            flags = isinstance(blank, bool)
            columns.append([blank if v is None else FLAGS[v] if flags else v for v in chunk[part.role]])
        return list(zip(*columns, strict=True))

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Add and correct facts; unknown customers are made."""
        keys, contents, there = plan.detail
        latest = {k: i for i, (k, o) in enumerate(zip(keys, plan.outcomes, strict=True)) if o in (CREATE, UPDATE)}
        if not latest:
            return set()
        people = self._people(chunk, run, latest.values())
        fresh = [i for k, i in latest.items() if k not in there]
        changed = [i for k, i in latest.items() if k in there]
        self._add(chunk, run, fresh, keys, contents, people)
        self._correct(run, changed, keys, contents, there)
        return {people[chunk["customer"][i]][1] for i in latest.values()}

    def _people(self, chunk: Chunk, run: Run, rows: Any) -> dict[str, tuple[int, int]]:
        wanted = dict.fromkeys(chunk["customer"][i] for i in rows)
        people = known_people(run, wanted)
        return {**people, **make_people(run, {name: {} for name in wanted if name not in people})}

    def _add(self, chunk: Chunk, run: Run, rows: list[int], keys: Any, contents: Any, people: Any) -> None:
        ids = bulk.next_ids(self.model, len(rows))
        customers, numbers, identities = chunk["customer"], chunk["row"], chunk["identity"]
        out = []
        for number, i in zip(ids, rows, strict=True):
            identity, happened = identities[i], contents[i][0]
            own = identity[1:] if identity[:1] == OWN else ""
            head = (number, *people[customers[i]], own, min(happened, run.now), keys[i], run.import_id, numbers[i])
            out.append((*head, *contents[i]))
        bulk.insert(self.model, (*HEAD, *self.names), out)
        changes.note(self.model, "added", ids)

    def _correct(self, run: Run, rows: list[int], keys: Any, contents: Any, there: Any) -> None:
        before = [(there[keys[i]][0], there[keys[i]][1], there[keys[i]][2:]) for i in rows]
        corrections.keep(run, self.model, self.names, before)
        bulk.update(self.model, self.names, [(*contents[i], there[keys[i]][0]) for i in rows])
        changes.note(self.model, "corrected", [number for number, *_ in before])
