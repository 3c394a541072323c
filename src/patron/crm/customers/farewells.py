"""Knowing erased persons again without knowing who they were: keyed hashes of what they were known by.

The key is the server's secret one (looked up also under those it had before, SECRET_KEY_FALLBACKS): a new secret key
without the old one knows nobody again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence

from django.conf import settings

from patron.crm.customers.models import Customer, Farewell, Identity, Source, SourceRecord
from patron.crm.kit import clock

Known = tuple[str, str]
"""(kind, value): ('record', 'number of the source|external id'), ('email', …), ('phone', …), values normalised."""
SALT = b"patron.farewells"
PART = 500


def of_record(source_id: int, external_id: str) -> Known:
    """What a source calls somebody."""
    return "record", f"{source_id}|{external_id}"


def marks(known: Iterable[Known], keys: Sequence[str]) -> dict[bytes, Known]:
    """Hash → what it is of, under each of these keys."""
    hashers = [hmac.new(hashlib.sha256(SALT + key.encode()).digest(), digestmod="sha256") for key in keys]
    return {_digest(hasher, one): one for one in set(known) for hasher in hashers}


def _digest(hasher: hmac.HMAC, known: Known) -> bytes:
    this = hasher.copy()
    this.update(f"{known[0]}|{known[1]}".encode())
    return this.digest()


def remember(customer_id: int, family: Collection[int]) -> None:
    """Keep the marks of a person who is about to be erased, and of whoever was merged into them.

    What is typed here needs none: nobody imports it. An e-mail or phone that somebody else has, too, stays theirs.
    """
    now = clock.now()
    rows = [
        Farewell(customer_id=customer_id, kind=known[0], mark=mark, made_at=now)
        for mark, known in marks(_known_by(family), [settings.SECRET_KEY]).items()
    ]
    Farewell.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PART)


def _known_by(family: Collection[int]) -> set[Known]:
    records = SourceRecord.objects.filter(customer_id__in=family).exclude(source=Source.hand())
    found = {of_record(source, name) for source, name in records.values_list("source_id", "external_id")}
    reached = Identity.objects.filter(customer_id__in=family, kind__in=("email", "phone"))
    for kind, value in set(reached.values_list("kind", "value")):
        if not Identity.objects.filter(kind=kind, value=value).exclude(customer_id__in=family).exists():
            found.add((kind, value))
    return found


def anybody() -> bool:
    """Whether anybody was erased whom an import must not bring back."""
    return Farewell.objects.exists()


def erased_among(known: Iterable[Known]) -> set[Known]:
    """Those of `known` that an erased person was known by."""
    wanted = marks(known, [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)])
    found: set[Known] = set()
    hashes = list(wanted)
    for low in range(0, len(hashes), PART):
        there = Farewell.objects.filter(mark__in=hashes[low : low + PART]).values_list("mark", flat=True)
        found |= {wanted[bytes(mark)] for mark in there}
    return found


def forget(customer: Customer) -> int:
    """Take the marks of an erased person away: imports may bring them back. Returns how many."""
    return Farewell.objects.filter(customer=customer).delete()[0]
