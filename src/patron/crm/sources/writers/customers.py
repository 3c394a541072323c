"""Customers: each row is what the source now says of one record; a new version only where that differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from patron.crm.customers.golden import recompute
from patron.crm.customers.models import RecordVersion
from patron.crm.kit import bulk
from patron.crm.kit.fields import MICROS
from patron.crm.sources.keys import OWN, row_keys
from patron.crm.sources.writers.base import CREATE, UPDATE, Chunk, Plan, Run, decide
from patron.crm.sources.writers.further import further_columns
from patron.crm.sources.writers.people import People, as_json, known_people, make_people, say

PLAIN = (
    "email",
    "phone",
    "wechat",
    "title",
    "gender",
    "birthday",
    "address",
    "city",
    "region",
    "country",
    "language",
    "channel",
    "kind",
)


class CustomerWriter:
    """A file of customers."""

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """New, changed or the same, by external id (or the hash of the contents) and what is said."""
        names = external_ids(chunk, run)
        said = [_said(chunk, i, further) for i, further in enumerate(further_columns(chunk, run))]
        contents = [as_json(fields) for fields in said]
        people = {} if run.fresh else known_people(run, names)
        newest = _newest({record for record, _ in people.values()})
        known = {name: newest.get(record, (0, ""))[1] for name, (record, _) in people.items()}
        outcomes = decide(names, contents, known, chunk["again"], run.seen)
        return Plan(outcomes, (names, said, people, newest))

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Add customers, and versions to known ones; golden records follow."""
        names, said, people, newest = plan.detail
        latest = {n: i for i, (n, o) in enumerate(zip(names, plan.outcomes, strict=True)) if o in (CREATE, UPDATE)}
        raw = {n: _raw(chunk, i, run) for n, i in latest.items()}
        made = make_people(run, {n: said[i] for n, i in latest.items() if n not in people}, raw)
        changed = {n: i for n, i in latest.items() if n in people}
        self._add_versions(run, changed, said, people, newest, raw)
        touched = {people[n][1] for n in changed}
        recompute(touched)
        return touched | {customer for _, customer in made.values()}

    def _add_versions(
        self, run: Run, changed: dict[str, int], said: Any, people: People, newest: Any, raw: dict[str, dict[str, str]]
    ) -> None:
        say(
            run,
            [
                (people[name][0], newest.get(people[name][0], (0, ""))[0] + 1, said[i], raw[name])
                for name, i in changed.items()
            ],
        )


def external_ids(chunk: Chunk, run: Run) -> list[str]:
    """The customer's number in the file; where there is none, '#' and the hash of its row."""
    keys = row_keys(run.source_id, "customer", chunk["identity"], chunk["ordinal"])
    return [
        identity[1:] if identity[:1] == OWN else OWN + key.hex()
        for identity, key in zip(chunk["identity"], keys, strict=True)
    ]


def _newest(records: set[int]) -> dict[int, tuple[int, str]]:
    """Record → (number of its newest version, what that says)."""
    found: dict[int, tuple[int, str]] = {}
    for record, number, fields in bulk.fetch(RecordVersion, ("record", "number", "fields"), "record", records):
        if number > found.get(record, (0, ""))[0]:
            found[record] = (number, as_json(bulk.from_json(fields)))
    return found


def _said(chunk: Chunk, i: int, further: dict[str, str]) -> dict[str, Any]:
    """The fields that the row says something of."""
    said: dict[str, Any] = {role: chunk[role][i] for role in PLAIN if chunk[role][i]}
    if name := chunk["name"][i] or full_name(chunk["family_name"][i] or "", chunk["given_name"][i] or ""):
        said["name"] = name
    if (cost := chunk["acquisition_cost"][i]) is not None:
        said["acquisition_cost"] = str(Decimal(cost) / MICROS)
    if further:
        said["extra"] = further
    return said


def full_name(family: str, given: str) -> str:
    """Both names in the order of their script.

    >>> full_name("王", "小明"), full_name("Smith", "Ann"), full_name("", "Ann")
    ('王小明', 'Ann Smith', 'Ann')
    """
    if any("\u3400" <= c <= "\u9fff" for c in family + given):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def _raw(chunk: Chunk, i: int, run: Run) -> dict[str, str]:
    """The row as it stood, blanks left out."""
    return {name: cell for name, cell in zip(run.columns, chunk["cells"][i], strict=False) if cell is not None}
