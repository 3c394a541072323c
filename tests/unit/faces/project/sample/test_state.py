"""What a database holds is told from its contents, and only a sample is ever emptied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from people import person, signed_in

from patron.crm.accounts.models import Role
from patron.crm.accounts.operations import mark_sample
from patron.crm.customers import search
from patron.crm.customers.models import Customer
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System
from patron.faces.project.sample.plan import LAST_DAY
from patron.faces.project.sample.state import State, empty_out, finish, said_of_dates, state

BY = System("test")


@pytest.mark.django_db
def test_a_new_database_is_empty_then_half_then_ready():
    assert state() is State.EMPTY
    mark_sample(by=BY, shift_days=7)
    assert state() is State.HALF
    finish(BY)
    assert state() is State.READY


@pytest.mark.django_db
def test_somebody_s_account_or_customer_makes_it_their_own():
    made = person("owner")
    assert state() is State.OWN
    made.delete()
    Customer.objects.create(name="Ada", created_at=timezone.now(), updated_at=timezone.now())
    assert state() is State.OWN


@pytest.mark.django_db
def test_what_is_somebody_s_own_is_never_emptied():
    person("owner")
    with pytest.raises(ValueError, match="only a sample"):
        empty_out()


@pytest.mark.django_db(transaction=True)
def test_a_sample_is_emptied_with_its_search_and_folders_and_roles_come_back():
    mark_sample(by=BY, shift_days=7)
    customer = Customer.objects.create(name="Thistlewood", created_at=timezone.now(), updated_at=timezone.now())
    search.index([customer.pk])
    history = Path(settings.HOME) / "history"
    history.mkdir(exist_ok=True)
    empty_out()
    assert state() is State.EMPTY
    assert not AuditEntry.objects.exists()
    assert not history.exists()
    assert Role.objects.filter(code="owner").exists()
    Customer.objects.create(pk=customer.pk, name="x", created_at=timezone.now(), updated_at=timezone.now())
    assert not Customer.objects.filter(pk__in=search.matching("Thistlewood")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days, said", [(0, "as they were"), (5453, "779 weeks so that they end on 2026-11-13")])
def test_it_is_said_how_far_the_dates_were_moved(days: int, said: str):
    mark_sample(by=BY, shift_days=days)
    assert said in said_of_dates().en
    assert str(days // 7) in said_of_dates().zh or not days


@pytest.mark.django_db
@pytest.mark.parametrize(
    "frozen, words", [(LAST_DAY, ("Time stands still here", "2011")), (None, ("on their own dates",))]
)
def test_every_page_says_on_which_day_time_stands_still(
    client: Client, frozen: date | None, words: tuple[str, ...]
) -> None:
    mark_sample(by=BY, shift_days=0, frozen_day=frozen)
    signed_in(client)
    page = client.get("/settings/", headers={"accept-language": "en"}).content.decode()
    assert all(word in page for word in words)
    assert ("stands still" in page) is (frozen is not None)
