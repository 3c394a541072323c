"""Buttons of a customer's page, as a browser without scripts presses them."""

from __future__ import annotations

import people
import pytest
from django.urls import reverse

from patron.crm.customers import operations as do
from patron.crm.customers.models import Farewell
from patron.crm.kit.policy import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def erased():
    """Somebody who was erased, and whom files leave out since."""
    one = people.customer("Ann Smith", email="ann@example.com")
    do.erase_customer(by=System(), customer_id=one.pk, confirm_name="Ann Smith")
    assert Farewell.objects.exists()
    return one


def test_who_erases_may_let_imports_bring_somebody_back(client, erased) -> None:
    people.signed_in(client, "owner")
    here = reverse("customer", args=[erased.pk])
    button = reverse("customer_lift_erasure", args=[erased.pk])
    page = client.get(here).content.decode()
    assert button in page
    assert "Erased person" in page
    assert "Ann" not in page
    answer = client.post(button, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "Imports may bring this person back." in answer.content.decode()
    assert not Farewell.objects.exists()


def test_others_may_not_and_do_not_see_them(client, erased) -> None:
    people.signed_in(client, "member")
    assert client.get(reverse("customer", args=[erased.pk])).status_code == 404
    assert client.post(reverse("customer_lift_erasure", args=[erased.pk])).status_code == 403
    assert Farewell.objects.exists()
