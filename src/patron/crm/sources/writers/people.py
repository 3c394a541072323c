"""Records and customers found by (source, external id), or made where a source speaks of somebody new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from patron.crm.customers import search
from patron.crm.customers.models import Customer, Identity, RecordVersion, SourceRecord
from patron.crm.customers.rules import FIELDS, Said, identities_of, survive
from patron.crm.kit import bulk
from patron.crm.kit.fields import to_micros
from patron.crm.sources.writers.base import Run

People = dict[str, tuple[int, int]]
"""External id → (record, customer)."""

GOLDEN = (*FIELDS, "name_key")
CUSTOMER = ("id", *GOLDEN, "created_at", "updated_at", "batch")
RECORD = ("id", "source", "external_id", "customer", "created_at", "batch")
VERSION = ("id", "record", "number", "fields", "raw", "received_at", "said_by", "batch")
FOUND_BY = ("email", "phone", "wechat", "external_id")
IDENTITY = ("id", "record", "customer", "kind", "value", "shown")


def known_people(run: Run, external_ids: Iterable[str]) -> People:
    """Those of these external ids that the source has spoken of before."""
    wanted = set(external_ids)
    rows = bulk.fetch(
        SourceRecord, ("external_id", "id", "customer"), "external_id", wanted, " AND source_id = %s", run.source_id
    )
    return {external: (record, customer) for external, record, customer in rows}


def make_people(
    run: Run, said: Mapping[str, Mapping[str, Any]], raw: Mapping[str, Mapping[str, Any]] | None = None
) -> People:
    """New customers, each with one record of this source and what it says of them (nothing said: no version)."""
    customers = bulk.next_ids(Customer, len(said))
    records = bulk.next_ids(SourceRecord, len(said))
    people = {name: (r, c) for name, r, c in zip(said, records, customers, strict=True)}
    golden = {name: survive([Said(fields)], name) for name, fields in said.items()}
    bulk.insert(
        Customer,
        CUSTOMER,
        [(c, *map(stored, golden[name].values()), run.now, run.now, run.import_id) for name, (_, c) in people.items()],
    )
    bulk.insert(
        SourceRecord,
        RECORD,
        [(r, run.source_id, name, c, run.now, run.import_id) for name, (r, c) in people.items()],
    )
    say(run, [(people[name][0], 1, fields, (raw or {}).get(name, {})) for name, fields in said.items() if fields])
    shown = _identify(run, people, said)
    search.add([_found_by(c, golden[name], said[name], shown.get(name, ())) for name, (_, c) in people.items()])
    return people


def _found_by(
    customer: int, golden: Mapping[str, Any], fields: Mapping[str, Any], shown: Iterable[str]
) -> tuple[int, list[str], list[str]]:
    """What `customers.search` keeps of a customer with one record."""
    names = [golden["name"], *([fields["name"]] if fields.get("name") else [])]
    return customer, [*names, *(golden[name] for name in FOUND_BY), *shown], names


def say(run: Run, versions: list[tuple[int, int, Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Add versions: (record, number, what it says, the row as it stood)."""
    ids = bulk.next_ids(RecordVersion, len(versions))
    bulk.insert(
        RecordVersion,
        VERSION,
        [
            (i, record, number, as_json(fields), as_json(raw), run.now, "", run.import_id)
            for i, (record, number, fields, raw) in zip(ids, versions, strict=True)
        ],
    )


def _identify(run: Run, people: People, said: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Keep what tells who they are; external id → its spellings."""
    rows = []
    spellings: dict[str, list[str]] = {}
    for name, fields in said.items():
        for (kind, value), shown in identities_of(fields, run.region).items() if fields else ():
            rows.append((*people[name], kind, value, shown))
            spellings.setdefault(name, []).extend((shown, value))
    ids = bulk.next_ids(Identity, len(rows))
    bulk.insert(Identity, IDENTITY, [(i, *row) for i, row in zip(ids, rows, strict=True)])
    return spellings


def as_json(value: Mapping[str, Any]) -> str:
    """One spelling of a JSON object, so that equal ones are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def stored(value: Any) -> Any:
    """A golden field as the database keeps it."""
    if isinstance(value, dict):
        return as_json(value)
    if isinstance(value, Decimal):
        return to_micros(value)
    return value.isoformat() if isinstance(value, date) else value
