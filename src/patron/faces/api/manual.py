"""The API's description for programs (openapi.json) and for people (docs): one document, no third party asked."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from patron.faces.api.document import document
from patron.faces.api.problems import KINDS, language
from patron.faces.api.shapes import parameters, shape

MEDIA = "application/openapi+json"


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The document, in the language that is asked for."""
    lang = language(request)
    response = JsonResponse(document(lang), json_dumps_params={"ensure_ascii": False})
    response["Content-Language"] = lang
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation on one page."""
    lang = getattr(request, "lang", "en")
    frame = "shell/base.html" if request.user.is_authenticated else "shell/bare.html"
    context = {"frame": frame, "rooms": rooms(lang), "problems": KINDS.values(), "example": EXAMPLE}
    return render(request, "api/docs.html", context)


def rooms(lang: str) -> list[dict[str, Any]]:
    """Operations by tag, as the page shows them."""
    made = document(lang)
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in made["tags"]}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_shown(made, path, method, operation))
    return [{"name": name, "operations": several} for name, several in found.items()]


def _shown(made: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
    status, good = next(iter(operation["responses"].items()))
    answer = next(iter(good.get("content", {}).values()), None)
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "about": operation["summary"],
        "permission": operation.get("x-permission"),
        "once": operation.get("x-shown-once", False),
        "parameters": parameters(made, operation),
        "media": body[0] if body else None,
        "body": written(shape(made, body[1]["schema"])) if body else None,
        "status": status,
        "answer": written(shape(made, answer["schema"])) if answer else None,
    }


def written(value: Any) -> str:
    """A shape as indented JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2)


EXAMPLE = 'curl -H "Authorization: Bearer $TOKEN" https://patron.example/api/v1/customers?limit=10'
