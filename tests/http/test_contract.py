"""Whatever the document promises holds for every operation and every built-in role: no 5xx, no breach of a schema.

Requests are drawn from the document by Schemathesis, good ones and bad ones. PATRON_API_EXAMPLES says how many of each
for every operation (CONTRIBUTING.md); few by default.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from people import person
from programs import base, token
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as of

from patron.crm.accounts.roles import BUILTIN
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


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.django_db
@pytest.mark.parametrize("role", [role.code for role in BUILTIN])
def test_every_operation_keeps_what_the_document_promises(role):
    numbers = base()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {"Authorization": f"Bearer {token(person(role))}"}
    failures = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode, checks in ((GenerationMode.POSITIVE, CHECKS), (GenerationMode.NEGATIVE, REFUSING)):
            try:
                _ask(operation, mode, checks, headers, numbers)
            except BaseExceptionGroup as error:
                failures.append(f"{operation.label} {mode}: " + "; ".join(str(e) for e in error.exceptions))
            except AssertionError as error:
                failures.append(f"{operation.label} {mode}: {error}")
    assert not failures, "\n\n".join(failures)


def _ask(operation: Any, mode: Any, checks: list[Any], headers: dict[str, str], numbers: dict[str, int]) -> None:
    known = {name: value for name, value in numbers.items() if f"{{{name}}}" in operation.path}
    good = {"path_parameters": known or None} if mode is GenerationMode.POSITIVE else {}

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **good))
    def ask(case: Any) -> None:
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=checks)
            transaction.set_rollback(True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask()
