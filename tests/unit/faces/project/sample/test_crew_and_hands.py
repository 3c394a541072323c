"""Accounts, notes, consents, tags and owners of the sample base, each done once however often it is begun."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pyarrow as pa
import pytest
from django.utils import timezone

from patron.crm.accounts.models import Team, User
from patron.crm.customers.models import Consent, Customer, CustomerTag, Note, Relation, Source, SourceRecord
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System
from patron.faces.project.sample import by_hand as hands
from patron.faces.project.sample import crew
from patron.faces.project.sample.by_hand import by_hand, numbers
from patron.faces.project.sample.plan import SOURCE
from patron.lifecycle.simulate.people import People, simulate_people

pytestmark = pytest.mark.django_db
BY = System("test")


def made_up(customers: int = 60) -> People:
    rows = [
        (str(k), "United Kingdom", f"{k}-{n}", datetime(2024, 1 + n, 5, 10), 10.0 * k, "CHRISTMAS LIGHTS")
        for k in range(1, customers)
        for n in range(3)
    ]
    names = ["customer_id", "country", "order_id", "happened_at", "revenue", "product"]
    orders = pa.table([list(column) for column in zip(*rows, strict=True)], names=names)
    return simulate_people(
        orders, seed=1, colleagues=crew.LOOKING_AFTER, shop="L", currency="GBP", until=datetime(2024, 4, 1)
    )


@pytest.fixture
def people() -> People:
    """Made-up people, each with a customer and a record of the sample's source."""
    people = made_up()
    source, other = (Source.objects.create(name=name, kind="sample") for name in (SOURCE, f"{SOURCE}: more"))
    for table, said_by in ((people.buyers, source), (people.others, other)):
        for name in table["customer"].to_pylist():
            customer = Customer.objects.create(name=name, created_at=timezone.now(), updated_at=timezone.now())
            SourceRecord.objects.create(source=said_by, external_id=name, customer=customer, created_at=timezone.now())
    return people


def nothing(_words: object, _share: float) -> None:
    """No progress."""


def test_the_crew_is_engaged_once_in_two_teams():
    first, again = crew.engage(BY), crew.engage(BY)
    assert [user.pk for user in first] == [user.pk for user in again]
    assert [user.name for user in first] == [colleague.name for colleague in crew.CREW]
    assert [user.role.code for user in first] == ["member", "member", "manager", "member", "analyst"]
    assert Team.objects.count() == 2
    assert [len(user.team_ids) for user in first] == [1, 1, 1, 1, 0]


def test_a_crew_that_was_half_engaged_is_made_whole():
    crew.engage(BY)
    User.objects.get(email=crew.CREW[1].email).delete()
    assert len(crew.engage(BY)) == User.objects.count() == len(crew.CREW)


def test_the_owner_s_password_holds_and_is_for_one_sign_in():
    password = crew.admit_owner(BY)
    owner = User.objects.get(email=crew.OWNER[0])
    assert owner.check_password(password)
    assert owner.one_time_password
    assert owner.role.code == "owner"


def test_everything_by_hand_is_written_through_operations(people: People):
    by_hand(people, crew.engage(BY), BY, nothing)
    ids = numbers()
    assert Note.objects.count() == len(people.notes) > 0
    assert Consent.objects.count() == len(people.consents) > 0
    assert CustomerTag.objects.count() == sum(map(len, people.tags.values())) > 0
    assert Relation.objects.count() == len(people.works_for)
    assert Customer.objects.filter(owner__isnull=False).count() == len(people.owners) > 0
    who, place = next(iter(people.owners.items()))
    assert Customer.objects.get(pk=ids[who]).owner.name == crew.CREW[place].name
    assert AuditEntry.objects.filter(action="customers.noted").count() == len(people.notes)


def test_a_note_is_of_its_own_day_in_the_shop_s_time_zone_and_by_the_colleague(people: People):
    by_hand(people, crew.engage(BY), BY, nothing)
    name, at, text = people.notes[0]
    note = Note.objects.get(customer_id=numbers()[name], text=text)
    assert note.happened_at.replace(tzinfo=None) == at  # January to March: London's clock is UTC
    assert note.by_name == crew.CREW[people.owners[name]].name


def test_done_again_nothing_is_doubled(people: People):
    team = crew.engage(BY)
    by_hand(people, team, BY, nothing)
    before = [model.objects.count() for model in (Note, Consent, CustomerTag, Relation, AuditEntry)]
    by_hand(people, team, BY, nothing)
    assert [model.objects.count() for model in (Note, Consent, CustomerTag, Relation, AuditEntry)] == before


def test_a_step_that_is_cut_short_leaves_nothing_and_is_done_the_next_time(people: People, monkeypatch):
    team, add = crew.engage(BY), hands.add_note
    calls = count(1)

    def cut_short(**values: object) -> object:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return add(**values)

    monkeypatch.setattr(hands, "add_note", cut_short)
    with pytest.raises(KeyboardInterrupt):
        by_hand(people, team, BY, nothing)
    assert not Note.objects.exists()
    assert Customer.objects.filter(owner__isnull=False).exists()
    by_hand(people, team, BY, nothing)
    assert Note.objects.count() == len(people.notes)
