"""Every refusal says what happened and what to do, in the language asked for, as problem+json."""

from __future__ import annotations

import pytest
from django.test import Client
from people import person, signed_in
from programs import API, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return program(person("owner"))


def check(answer, status):
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert {"type", "title", "status", "detail"} <= said.keys()
    assert said["status"] == status
    return said


def test_both_languages(owner):
    english = owner.get("/users/999", Accept_Language="en").json()["detail"]
    chinese = owner.get("/users/999", Accept_Language="zh-CN,zh;q=0.9,en;q=0.5").json()["detail"]
    assert english == "There is no person 999 that you may see."
    assert chinese == "没有您可查看的用户 999。"


@pytest.mark.parametrize(
    ("header", "language"),
    [("en;q=0.1, zh;q=0.9", "zh"), ("fr, de", "en"), ("", "en"), ("zh;q=0, en", "en"), ("zh;q=x", "en")],
)
def test_the_language_liked_best(owner, header, language):
    assert owner.get("/users/999", Accept_Language=header)["Content-Language"] == language


def test_the_person_of_a_token_is_spoken_to_in_their_language():
    answer = program(person(language="zh")).ask("GET", "/users/999", Accept_Language="")
    assert answer["Content-Language"] == "zh"


def test_a_class_of_refusals_is_a_status(owner):
    check(owner.get("/users/999"), 404)
    check(program(person("member")).get("/audit"), 403)
    check(owner.post("/teams", {"name": " "}), 422)
    check(owner.put("/roles/owner", {"permissions": [], "scope": "all", "name_en": "x"}), 409)


def test_an_address_nobody_lives_at(owner):
    check(owner.get("/nothing"), 404)
    check(owner.get("/users/abc"), 404)
    check(Client().get(f"{API}/"), 404)


def test_a_method_nobody_takes(owner):
    answer = owner.delete("/users")
    check(answer, 405)
    assert answer["Allow"] == "GET"


def test_fields_are_named_with_what_is_wrong_with_them(owner):
    said = check(owner.post("/roles", {"permissions": [1, "x"], "scope": "many", "colour": 1}), 422)
    assert {one["field"] for one in said["errors"]} == {"permissions.0", "scope", "colour"}
    assert check(owner.post("/teams", {"name": ""}, Accept_Language="zh"), 422)["errors"] == [
        {"field": "name", "detail": "至少 1 个字符。"}
    ]


def test_what_an_operation_objects_to_is_named_too(owner):
    owner.post("/teams", {"name": "North"})
    said = check(owner.post("/teams", {"name": "north"}), 422)
    assert said["errors"] == [{"field": "name", "detail": "There is a team of this name."}]


@pytest.mark.parametrize(
    "body", [b"{", b"[1", b"", b"nonsense", b'{"name": NaN}', b'{"name": "a", "name": "b"}', b"\xff", b"[" * 100_000]
)
def test_a_body_that_is_not_json(owner, body):
    assert owner.ask("POST", "/teams", body).status_code in {400, 422}


@pytest.mark.parametrize(
    "body", [b'{"name": "a\\u0000"}', b'{"name": "\\ud800"}', b'{"a\\u0000": 1}', b"3", b"null", b"[]"]
)
def test_a_body_that_no_database_keeps_or_no_object(owner, body):
    check(owner.ask("POST", "/teams", body), 422)


@pytest.mark.parametrize("query", ["text=%00", "stagee=new", "active=perhaps", "limit=1"])
def test_a_parameter_that_can_not_be_used_is_not_passed_over(owner, query):
    check(owner.get(f"/users?{query}"), 422)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "after=x",
        "after=bnVsbA",
        "since=2026-01-01",
        "since=1",
        "person=-1",
        f"subject_id={2**63}",
    ],
)
def test_a_parameter_out_of_its_bounds(owner, query):
    said = check(owner.get(f"/audit?{query}"), 422)
    assert said["errors"][0]["field"] == query.partition("=")[0]


def test_a_number_beyond_the_database_is_no_mistake_of_ours(owner):
    check(owner.get(f"/users/{2**70}"), 422)
    check(owner.get(f"/users/{2**63 - 1}"), 404)


def test_a_mistake_of_ours_tells_nothing_of_itself(owner, monkeypatch, caplog):
    def broken(**_):
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("patron.crm.accounts.queries.list_teams", broken)
    owner.client.raise_request_exception = False
    answer = owner.get("/teams")
    check(answer, 500)
    assert "secret" not in answer.content.decode()
    assert "a mistake in GET" in caplog.text


def test_a_form_of_a_session_is_refused_and_no_accident(client):
    signed_in(client, "owner")
    answer = client.post(f"{API}/customers", "kind=person", content_type="application/x-www-form-urlencoded")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
