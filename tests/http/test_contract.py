"""Whatever the document promises holds for every operation and every built-in role: no 5xx, no breach of a schema.

Requests are drawn from the document by Schemathesis, good ones and bad ones. PATRON_API_EXAMPLES says how many of each
for every operation (CONTRIBUTING.md); few by default.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from people import person
from programs import base, token
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as of

from patron.crm.accounts.roles import BUILTIN
from patron.faces.api.app import RESOURCES
from patron.faces.project.wsgi import application

EXAMPLES = int(os.environ.get("PATRON_API_EXAMPLES", "1"))
CHECKS = [
    not_a_server_error,
    of.status_code_conformance,
    of.content_type_conformance,
    of.response_headers_conformance,
    of.response_schema_conformance,
]
REFUSING = [*CHECKS, of.negative_data_rejection]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The application gives its connection back after each request: here it is the test's, in its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def operations() -> dict[str, list[Any]]:
    """Operations of the document by subject."""
    found: dict[str, list[Any]] = {}
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).get_all_operations():
        operation = result.ok()
        found.setdefault(operation.definition.raw["tags"][0], []).append(operation)
    return found


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.django_db
@pytest.mark.parametrize("subject", [room.name.en for room in RESOURCES])
def test_every_role_is_answered_as_the_document_promises(subject):
    numbers = base()
    tokens = {role.code: token(person(role.code)) for role in BUILTIN}
    failures: list[str] = []
    for operation in operations()[subject]:
        known = {name: value for name, value in numbers.items() if f"{{{name}}}" in operation.path}
        _ask(operation.as_strategy(path_parameters=known or None), CHECKS, tokens, failures)
        _ask(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), REFUSING, tokens, failures)
    assert not failures, "\n\n".join(failures)


def test_no_subject_is_left_out():
    assert operations().keys() == {room.name.en for room in RESOURCES}


def _ask(cases: Any, checks: list[Any], tokens: dict[str, str], failures: list[str]) -> None:
    """Draws requests and sends each with every role's token."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == 1,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        for role, key in tokens.items():
            with transaction.atomic():
                try:
                    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=checks)
                except FailureGroup as group:
                    failures.append(f"{role} {case.operation.label}: " + "; ".join(map(str, group.exceptions)))
                transaction.set_rollback(True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask()
