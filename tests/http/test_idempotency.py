"""A write with a key is done once, however often it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people import person
from programs import program

from patron.crm.accounts.models import Team
from patron.crm.kit import clock
from patron.crm.kit.models import IdempotencyKey
from patron.faces.api import idempotency

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return program(person("owner"))


def test_the_same_request_again_gets_the_first_answer(owner):
    first = owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    again = owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Team.objects.count() == 1


def test_another_request_with_the_same_key_is_refused(owner):
    owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    assert owner.post("/teams", {"name": "South"}, Idempotency_Key="k1").status_code == 409
    assert owner.put(f"/teams/{Team.objects.get().pk}", {"name": "North"}, Idempotency_Key="k1").status_code == 409


def test_a_key_is_a_persons_own(owner):
    owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    assert program(person("owner")).post("/teams", {"name": "South"}, Idempotency_Key="k1").status_code == 201


def test_while_the_first_is_not_done_the_second_waits(owner):
    def twice(request, *_):
        monkey.append(owner.post("/teams", {"name": "North"}, Idempotency_Key="k1"))
        return kept(request, *_)

    monkey, kept = [], idempotency._keep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(idempotency, "_keep", twice)
        assert owner.post("/teams", {"name": "North"}, Idempotency_Key="k1").status_code == 201
    assert [(a.status_code, a["Retry-After"]) for a in monkey] == [(409, "1")]


def test_a_refused_write_gives_its_key_back(owner):
    assert owner.post("/teams", {"name": " "}, Idempotency_Key="k1").status_code == 422
    assert not IdempotencyKey.objects.exists()


def test_a_write_that_breaks_keeps_neither_itself_nor_its_key(owner, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(idempotency, "_keep", broken)
    owner.client.raise_request_exception = False
    assert owner.post("/teams", {"name": "North"}, Idempotency_Key="k1").status_code == 500
    assert not Team.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_key_whose_process_died_is_taken_over(owner):
    owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    Team.objects.all().delete()
    IdempotencyKey.objects.update(status=None, answer=None)
    assert owner.post("/teams", {"name": "North"}, Idempotency_Key="k1").status_code == 409
    IdempotencyKey.objects.update(made_at=clock.now() - idempotency.GIVEN_UP - timedelta(seconds=1))
    assert owner.post("/teams", {"name": "North"}, Idempotency_Key="k1").status_code == 201


def test_a_secret_is_not_kept_for_a_second_answer(client):
    from people import signed_in

    signed_in(client)
    wanted = {"name": "till", "permissions": ["customers.view"]}
    ask = {"content_type": "application/json", "headers": {"Idempotency-Key": "k1"}}
    assert client.post("/api/v1/tokens", wanted, **ask).status_code == 201
    assert IdempotencyKey.objects.get().answer is None
    assert client.post("/api/v1/tokens", wanted, **ask).status_code == 409


def test_keys_are_forgotten_after_a_day(owner):
    owner.post("/teams", {"name": "North"}, Idempotency_Key="k1")
    IdempotencyKey.objects.update(made_at=clock.now() - timedelta(hours=25))
    owner.post("/teams", {"name": "South"}, Idempotency_Key="k2")
    assert IdempotencyKey.objects.get().key == "k2"


@pytest.mark.parametrize("key", ["", "x" * 81, "a b", "ä"])
def test_a_key_of_another_shape_is_refused(owner, key):
    assert owner.post("/teams", {"name": "North"}, Idempotency_Key=key).status_code == 400


def test_a_read_needs_no_key(owner):
    owner.get("/teams", Idempotency_Key="k1")
    assert not IdempotencyKey.objects.exists()
