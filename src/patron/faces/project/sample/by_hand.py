"""What colleagues did in the sample base: consents, notes, tags, who looks after whom, who works for whom.

Each step is one transaction, so that a build that was cut short finds it done or not begun.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from patron.crm.accounts.models import User
from patron.crm.customers.models import Consent, Customer, CustomerTag, Note, Relation, SourceRecord
from patron.crm.customers.operations import (
    add_note,
    assign_customers,
    record_consent,
    relate,
    tag_customers,
)
from patron.crm.kit.policy import Actor
from patron.faces.project.sample.plan import SOURCE, TIMEZONE
from patron.lifecycle.simulate.people import People
from patron.words import Text

STEPS = (
    Text("Giving customers to colleagues", "分配客户负责人"),
    Text("Writing notes", "写入备注"),
    Text("Asking for consent", "记录授权同意"),
    Text("Tagging", "添加标签"),
)


def by_hand(people: People, crew: Sequence[User], by: Actor, progress: Callable[[Text, float], None]) -> None:
    """Everything of `people` that no file brings; `progress` gets words and the share (0 … 1) of this."""
    ids = numbers()
    for place, (words, step) in enumerate(zip(STEPS, (_owners, _notes, _consents, _ties), strict=True)):
        progress(words, place / len(STEPS))
        with transaction.atomic():
            step(people, crew, by, ids)


def numbers() -> dict[str, int]:
    """Customer's number in the orders (or L-…, P-…, N-…) → its number here."""
    rows = SourceRecord.objects.filter(source__name__startswith=SOURCE)
    return dict(rows.values_list("external_id", "customer_id"))


def _moment(at: datetime) -> datetime:
    return at.replace(tzinfo=ZoneInfo(TIMEZONE))


def _owners(people: People, crew: Sequence[User], by: Actor, ids: dict[str, int]) -> None:
    if Customer.objects.filter(owner__isnull=False).exists():
        return
    mine: dict[int, list[int]] = defaultdict(list)
    for name, place in people.owners.items():
        mine[place].append(ids[name])
    for place, customers in sorted(mine.items()):
        owner = crew[place]
        assign_customers(by=by, customer_ids=customers, owner_id=owner.pk, team_id=min(owner.team_ids))


def _notes(people: People, crew: Sequence[User], by: Actor, ids: dict[str, int]) -> None:
    del by  # the colleague who looks after the customer writes it
    if Note.objects.exists():
        return
    for name, at, text in people.notes:
        add_note(by=crew[people.owners[name]], customer_id=ids[name], text=text, happened_at=_moment(at))


def _consents(people: People, crew: Sequence[User], by: Actor, ids: dict[str, int]) -> None:
    del crew
    if Consent.objects.exists():
        return
    for one in people.consents:
        record_consent(
            by=by,
            customer_id=ids[one.customer_id],
            channel=one.channel,
            purpose=one.purpose,
            given=one.given,
            proof=one.proof,
            happened_at=_moment(one.at),
        )


def _ties(people: People, crew: Sequence[User], by: Actor, ids: dict[str, int]) -> None:
    del crew
    if CustomerTag.objects.exists() or Relation.objects.exists():
        return
    for tag, names in people.tags.items():
        tag_customers(by=by, customer_ids=[ids[name] for name in names], tag=tag)
    for person, firm in people.works_for:
        relate(by=by, customer_id=ids[person], other_id=ids[firm], kind="works_for")
