"""Keeps what follows from the records' versions in step: golden fields, identities and the search, for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from django.db import connections, models, router

from patron.crm.accounts.models import Organisation
from patron.crm.customers import search
from patron.crm.customers.models import Customer, Identity, RecordVersion, SourceRecord
from patron.crm.customers.rules import FIELDS, Said, identities_of, newest, region_of, survive
from patron.crm.kit import clock

T = TypeVar("T")
CHUNK = 1_000
GOLDEN = [*FIELDS, "name_key"]


def chunked(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most `size`: what one SQL statement can name."""
    chunk: list[T] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def recompute(customer_ids: Collection[int]) -> None:
    """Golden fields, identities and search of these customers anew, from the versions of their records."""
    for ids in chunked(sorted(set(customer_ids))):
        said, first = _said(ids)
        _write_golden(ids, said, first)
        _write_identities(said)
        search.index(ids)


Versions = dict[int, dict[int, list[Said]]]


def _said(ids: list[int]) -> tuple[Versions, dict[int, str]]:
    """Customer → record → versions, and the external id of each customer's first record from a source."""
    said: Versions = {number: {} for number in ids}
    first: dict[int, str] = {}
    records = SourceRecord.objects.filter(customer_id__in=ids).order_by("id")
    for pk, customer_id, external_id, kind in records.values_list("id", "customer_id", "external_id", "source__kind"):
        said[customer_id][pk] = []
        if kind != "hand":
            first.setdefault(customer_id, external_id)
    versions = RecordVersion.objects.filter(record__customer_id__in=ids).select_related("record__source")
    for v in versions.defer("raw"):
        source, customer_id = v.record.source, v.record.customer_id
        by_hand = source.kind == "hand"
        own = by_hand and v.record.external_id == str(customer_id)
        one = Said(v.fields, source.rank, v.received_at, by_hand, own, (v.record_id, v.number))
        said[customer_id][v.record_id].append(one)
    return said, first


def _write_golden(ids: list[int], said: Versions, first: dict[int, str]) -> None:
    now = clock.now()
    changed = []
    for customer in Customer.objects.filter(pk__in=ids):
        versions = [v for record in said[customer.pk].values() for v in record]
        fields = survive(versions, first.get(customer.pk, ""))
        if any(getattr(customer, name) != value for name, value in fields.items()):
            vars(customer).update(fields, updated_at=now)
            changed.append(customer)
    update_rows(changed, [*GOLDEN, "updated_at"])


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of rows of one model: one prepared statement, many times quicker than `bulk_update`."""
    if not rows:
        return
    connection = connections[router.db_for_write(type(rows[0]))]
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.name in names]
    columns = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {connection.ops.quote_name(meta.db_table)} SET {columns} WHERE id = %s", values)


def _write_identities(said: Versions) -> None:
    """Each record's identities are those it says now; rows that stay are not touched."""
    region = region_of(Organisation.current().timezone)
    wanted: dict[tuple[int, str, str], tuple[int, str]] = {}
    for customer_id, records in said.items():
        for record_id, versions in records.items():
            for (kind, value), shown in identities_of(newest(versions), region).items():
                wanted[record_id, kind, value] = (customer_id, shown)
    there = Identity.objects.filter(customer_id__in=list(said)).values_list("id", "record_id", "kind", "value", "shown")
    stay = {row[1:4] for row in there if (w := wanted.get(row[1:4])) and w[1] == row[4]}
    gone = [row[0] for row in there if row[1:4] not in stay]
    Identity.objects.filter(pk__in=gone).delete()
    Identity.objects.bulk_create(
        (
            Identity(record_id=record, customer_id=customer, kind=kind, value=value, shown=shown)
            for (record, kind, value), (customer, shown) in wanted.items()
            if (record, kind, value) not in stay
        ),
        batch_size=500,
    )
