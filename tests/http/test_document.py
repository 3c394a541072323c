"""The document is OpenAPI 3.1 and whole: every operation has its permission, both languages and its problems."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.test import Client
from people import person, signed_in
from programs import API, base, program

from patron.crm.accounts.roles import BUILTIN
from patron.crm.kit.policy import known
from patron.faces.api import values
from patron.faces.api.app import api
from patron.faces.api.document import document
from patron.faces.api.shapes import shape

OPERATIONS = [
    (method, path, operation) for path, methods in document()["paths"].items() for method, operation in methods.items()
]
NAMES = [operation["operationId"] for _, _, operation in OPERATIONS]
# Operations that anybody who is signed in may use, and why.
FOR_ALL = {
    "get_me": "says what one may",
    "list_permissions": "words, no data",
    "get_organisation": "everybody sees name and currency on every page",
}


def test_it_is_openapi_3_1_without_what_only_3_0_had():
    text = json.dumps(document())
    assert document()["openapi"].startswith("3.1")
    for old in ('"nullable"', '"format": "binary"', '"exclusiveMinimum": true'):
        assert old not in text


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_says_its_permission_its_problems_and_itself_in_both_languages(method, path, operation):
    codes = {permission.code for permission in known()}
    assert operation["x-permission"] in codes or operation["operationId"] in FOR_ALL
    assert {"400", "401", "403", "404", "405", "422", "429"} <= operation["responses"].keys()
    assert ("409" in operation["responses"]) == (method != "get")
    chinese = document("zh")["paths"][path][method]["summary"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in operation["summary"])


def test_reasons_for_needing_no_permission_are_not_stale():
    assert set(FOR_ALL) == {o["operationId"] for _, _, o in OPERATIONS if o["x-permission"] is None}


def test_names_of_operations_and_shapes_stand_for_one_thing_each():
    assert len(set(NAMES)) == len(NAMES)
    shapes = [*values.Given.__subclasses__(), *values.Shown.__subclasses__()]
    shapes += [two for one in shapes for two in one.__subclasses__()]
    homes: dict[str, set[str]] = {}
    for one in shapes:
        homes.setdefault(one.__name__, set()).add(one.__module__)
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role.code for role in BUILTIN])
def test_a_role_is_refused_exactly_what_it_may_not(role):
    numbers = base()
    user = person(role)
    asking = program(user)
    wrong = []
    for method, path, operation in OPERATIONS:
        address = path.removeprefix(API).format_map(Numbers(numbers))
        needs = operation["x-permission"]
        with transaction.atomic():
            answer = asking.ask(method.upper(), address, *([] if method == "get" else [body(operation)]))
            transaction.set_rollback(True)
        may = needs is None or user.may(needs)
        if may == (answer.status_code == 403) and not (may and operation["operationId"] in IN_PERSON):
            wrong.append(f"{method} {path} {answer.status_code} {answer.content.decode()}")
    assert wrong == []


# Refused to a token by the operation itself.
IN_PERSON = {"make_token"}


class Numbers(dict[str, int]):
    """Numbers for an address; 1 for what the base has none of."""

    def __missing__(self, name: str) -> object:
        return {"code": "owner", "kind": "note"}.get(name, 1)


def body(operation: dict) -> object:
    """The poorest body that has the right shape."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return fill(content["schema"]) if content else {}


def fill(node: dict) -> object:
    if "$ref" in node:
        return fill(document()["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in node:
        return fill(node["anyOf"][0])
    if "enum" in node or "const" in node:
        return node.get("const", node.get("enum", [None])[0])
    if node.get("type") == "object":
        return {name: fill(node["properties"][name]) for name in node.get("required", ())}
    if node.get("type") == "array":
        return [fill(node["items"])] * node.get("minItems", 0)
    text = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}.get(node.get("format", ""), "abc")
    text = "12" if "[0-9]" in node.get("pattern", "") else text
    return {"string": text, "integer": 1, "number": 0.5, "boolean": True}[node["type"]]


@pytest.mark.django_db
def test_the_page_is_our_own_in_both_languages_and_whole(client):
    english = client.get(f"{API}/docs", headers={"Accept-Language": "en"}).content.decode()
    chinese = client.get(f"{API}/docs", headers={"Accept-Language": "zh"}).content.decode()
    for name in NAMES:
        assert f'id="{name}"' in english
    assert "金额为带小数点的文本" in chinese
    assert "//cdn" not in english
    assert "<script>" not in english
    assert 'id="problem-not-found"' in english
    signed_in(client)
    assert 'class="rail"' in client.get(f"{API}/docs").content.decode()


@pytest.mark.django_db
def test_the_document_is_served_in_the_language_asked_for():
    english = Client().get(f"{API}/openapi.json", headers={"Accept-Language": "en"})
    chinese = Client().get(f"{API}/openapi.json", headers={"Accept-Language": "zh"})
    assert english.json()["tags"][0]["name"] == "Customers"
    assert chinese.json()["tags"][0]["name"] == "客户"
    assert chinese["Content-Language"] == "zh"


def test_shapes_are_shown_as_people_read_them():
    made = {"components": {"schemas": {"Tea": {"type": "object", "properties": {"price": {"type": "integer"}}}}}}
    tea = {"$ref": "#/components/schemas/Tea"}
    either = {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]}
    assert shape(made, {"type": "array", "items": tea}) == [{"price": "integer"}]
    assert shape(made, either) == "string ≤ 5 | null"
    assert shape(made, {"enum": ["a", "b"]}) == "a | b"


def test_the_document_is_that_of_the_api_that_answers():
    assert api.get_openapi_schema(path_prefix="/api/v1/")["paths"].keys() == document()["paths"].keys()
