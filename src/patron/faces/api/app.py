"""/api/v1: the resources in one place, and how requests come in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.urls import path as django_path
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import ValidationError as Unreadable
from pydantic_core import to_json

from patron.faces.api import accounts, customers, rows, scoring, sources
from patron.faces.api.auth import Bearer, Session
from patron.faces.api.entrance import Way, entrance, is_text, texts
from patron.faces.api.problems import Problem
from patron.faces.api.words import WRONG
from patron.words import Text

RESOURCES = (*customers.RESOURCES, *scoring.RESOURCES, *rows.RESOURCES, *sources.RESOURCES, *accounts.RESOURCES)


class Plain(BaseRenderer):
    """JSON as the standard has it: what is no number is null; Chinese stays readable."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """By pydantic's own writer, ten times as quick as Python's."""
        del request, response_status
        return to_json(data, inf_nan_mode="null")


class Strict(Parser):
    """JSON as the standard has it: no NaN, no name twice, and only characters that are text."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises Problem (400, 422)."""
        try:
            value = json.loads(request.body, parse_constant=_no_constant, object_pairs_hook=_once_each)
        except (ValueError, RecursionError):
            raise Problem(400, Text("The body is not JSON.", "请求正文不是有效的 JSON。")) from None
        if not all(is_text(text) for text in texts(value)):
            raise Problem(422, WRONG["sign"])
        return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


class Api(NinjaAPI):
    """ninja, whose refusals are raised through to the entrance: there the transaction ends and the words are found."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Never answers here."""
        del request
        if isinstance(exc.__cause__, Problem):  # ninja wraps what a parser raises
            raise exc.__cause__
        if isinstance(exc, Unreadable):  # an answer that is not what was declared: our own mistake
            raise RuntimeError("an answer breaks its schema") from exc
        raise exc

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: short, and the same for ever."""
        return str(operation.view_func.__name__)


def build() -> Api:
    """The API with every resource."""
    made = Api(
        title="Patron",
        version="1",
        auth=[Bearer(), Session()],
        parser=Strict(),
        renderer=Plain(),
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    for resource in RESOURCES:
        made.add_router("", resource.router)
    return made


api = build()


def addresses() -> Iterator[tuple[str, PathView]]:
    """Every address below /api/v1/ as ninja writes it, and what happens there."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            yield path.lstrip("/"), view


def patterns() -> list[URLPattern]:
    """Every address for Django, behind the entrance. ValueError for one that two resources claim."""
    made: dict[str, URLPattern] = {}
    for path, view in addresses():
        route = path.replace("{", "<").replace("}", ">")
        if route in made:
            raise ValueError(f"two resources claim {path}")
        behind = entrance(view.get_view(), {o.methods[0]: way(o) for o in view.operations})
        made[route] = django_path(route, behind, name=f"api_{api.get_openapi_operation_id(view.operations[0])}")
    return list(made.values())


def way(operation: Operation) -> Way:
    """What the entrance has to know of an operation."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    names = frozenset(name for model in models for name in model.__ninja_flatten_map__)
    return Way(names, (operation.openapi_extra or {})["x-traits"])
