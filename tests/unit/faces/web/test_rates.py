"""Exchange rates on their page: kept, refused in words, and shown to who may not change them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import people
import pytest

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import ExchangeRate

pytestmark = pytest.mark.django_db
PAGE = "/settings/rates/"


@pytest.fixture(autouse=True)
def house():
    Organisation.objects.update_or_create(id=1, defaults={"base_currency": "CNY", "timezone": "UTC"})


def test_a_rate_is_kept_and_shown(client):
    people.signed_in(client, "owner")
    answer = client.post(PAGE, {"day": "2026-03-01", "currency": "usd", "rate": "7.10"}, follow=True)
    assert answer.status_code == 200
    assert list(ExchangeRate.objects.values_list("day", "currency", "rate")) == [
        (date(2026, 3, 1), "USD", Decimal("7.1"))
    ]
    said = answer.content.decode()
    assert "The rate is kept." in said
    assert "1 Mar 2026" in said
    assert "7.1 CNY" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rate": "much"}, "a number like 7.1234"),
        ({"rate": "NaN"}, "a number like 7.1234"),
        ({"rate": "0"}, "above zero"),
        ({"day": "soon"}, "Choose a day"),
        ({"currency": "dollars"}, "three letters"),
        ({"currency": "CNY"}, "base currency"),
    ],
)
def test_what_can_not_be_kept_is_said_beside_what_was_typed(client, given, said):
    people.signed_in(client, "owner")
    answer = client.post(PAGE, {"day": "2026-03-01", "currency": "USD", "rate": "7"} | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert all(f'value="{value}"' in answer.content.decode() for value in given.values())
    assert not ExchangeRate.objects.exists()


def test_who_may_not_change_rates_sees_them_alone(client):
    ExchangeRate.objects.create(day=date(2026, 3, 1), currency="USD", base="CNY", rate=Decimal(700))
    people.signed_in(client, "read_only")
    answer = client.get(PAGE)
    assert "700 CNY" in answer.content.decode()
    assert "rate-currency" not in answer.content.decode()
    assert client.post(PAGE, {"day": "2026-03-02", "currency": "USD", "rate": "8"}).status_code == 403
    assert ExchangeRate.objects.count() == 1
