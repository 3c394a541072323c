"""A program shows its token; what it may is what both the token and its person may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from people import PASSWORD, person, signed_in
from programs import API, Program, program, token

from patron.crm.accounts.models import ApiToken
from patron.crm.kit import clock

pytestmark = pytest.mark.django_db


def test_without_a_token_the_answer_says_how_to_sign_in():
    answer = Client().get(f"{API}/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="Patron"'
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer patron_a_b", "Basic YTpi", "Bearer", "Bearer \xff"])
def test_a_header_that_is_no_token_is_refused_even_with_a_session(client, header):
    signed_in(client)
    answer = client.get(f"{API}/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_says_who_it_acts_for_and_what_it_may():
    owner = person("owner")
    said = program(owner, ["customers.view"]).get("/me").json()
    assert (said["id"], said["by"], said["role"], said["permissions"]) == (
        owner.pk,
        "token",
        "owner",
        ["customers.view"],
    )


def test_a_token_may_no_more_than_its_person():
    reader = person("read_only")
    said = program(reader, ["customers.view", "customers.erase"]).get("/me").json()
    assert said["permissions"] == ["customers.view"]


def test_what_a_token_was_not_given_is_forbidden():
    answer = program(person("owner"), ["customers.view"]).get("/users")
    assert answer.status_code == 403
    assert answer.json()["remedy"]


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_token_that_ended_opens_nothing(ended):
    key = token(person())
    ApiToken.objects.update(**{ended: clock.now() - timedelta(seconds=1)})
    assert Program(key).get("/me").status_code == 401


def test_the_last_use_is_noted_once_a_minute():
    asking = program(person())
    asking.get("/me")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    asking.get("/me")
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    asking.get("/me")
    assert ApiToken.objects.get().last_used_at > first


def test_a_browser_reads_with_its_session_and_writes_with_its_csrf_token():
    browser = Client(enforce_csrf_checks=True)
    signed_in(browser)
    assert browser.get(f"{API}/me").json()["by"] == "user"
    refused = browser.post(f"{API}/teams", {"name": "North"}, content_type="application/json")
    assert (refused.status_code, refused.json()["status"]) == (403, 403)
    browser.cookies["csrftoken"] = "a" * 32
    made = browser.post(
        f"{API}/teams", {"name": "North"}, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert made.status_code == 201


def test_a_write_without_anybody_is_401_and_not_a_matter_of_csrf():
    answer = Client(enforce_csrf_checks=True).post(f"{API}/teams", {}, content_type="application/json")
    assert answer.status_code == 401


def test_a_one_time_password_opens_no_api(client):
    signed_in(client, one_time_password=True)
    assert client.get(f"{API}/me").status_code == 403


def test_only_a_person_makes_a_token_and_its_secret_is_shown_once(client):
    signed_in(client)
    wanted = {"name": "till", "permissions": ["customers.view"], "days": 7}
    made = client.post(f"{API}/tokens", wanted, content_type="application/json")
    assert made.status_code == 201
    key = made.json()["token"]
    assert Program(key).get("/me").json()["permissions"] == ["customers.view"]
    assert key not in client.get(f"{API}/tokens").content.decode()
    assert program(person()).post("/tokens", wanted).status_code == 403
    assert PASSWORD not in made.content.decode()


def test_a_token_is_ended_by_its_person(client):
    user = signed_in(client)
    asking = program(user)
    number = ApiToken.objects.get().pk
    assert client.delete(f"{API}/tokens/{number}").status_code == 204
    assert asking.get("/me").status_code == 401
