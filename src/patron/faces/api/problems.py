"""Every refusal as application/problem+json (RFC 9457), in the reader's language.

`title`, `status` and `detail` say what happened, `remedy` what to do, `errors` what is wrong with which field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from ninja.errors import HttpError, ValidationError

from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound, TooLarge
from patron.errors import PatronError
from patron.faces.api.words import wrong
from patron.words import Text

MEDIA = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of refusal: its status, the word that names it in `type`, and its title."""

    status: int
    code: str
    title: Text


KINDS = {
    kind.status: kind
    for kind in (
        Kind(400, "bad-request", Text("The request can't be read", "无法读取请求")),
        Kind(401, "not-signed-in", Text("Nobody is signed in", "未登录")),
        Kind(403, "forbidden", Text("This is not allowed", "没有权限")),
        Kind(404, "not-found", Text("There is no such thing", "未找到")),
        Kind(405, "method", Text("This address does not take this method", "此地址不支持该方法")),
        Kind(409, "conflict", Text("It can't be done as things stand", "与当前状态冲突")),
        Kind(413, "too-large", Text("The request is too large", "请求过大")),
        Kind(422, "invalid", Text("Some values can't be used", "部分值无法使用")),
        Kind(429, "too-many", Text("Too many requests", "请求过于频繁")),
        Kind(500, "mistake", Text("Patron made a mistake", "系统内部错误")),
        Kind(503, "busy", Text("Patron is busy", "系统繁忙")),
    )
}
STATUS: dict[type[PatronError], int] = {
    Forbidden: 403,
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    TooLarge: 413,
}


@dataclass(eq=False)  # not frozen: Python hangs the traceback on it
class Problem(Exception):
    """A refusal of the API itself."""

    status: int
    what: Text
    remedy: Text | None = None
    errors: Mapping[str, Text] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def language(request: HttpRequest) -> str:
    """'en' or 'zh': what Accept-Language likes best, else the language of the person, else English."""
    for code in _liked(request.headers.get("Accept-Language", "")):
        if code in {"en", "zh"}:
            return code
    actor = getattr(request, "actor", None)
    person = getattr(actor, "user", actor)
    return getattr(person, "language", "") or "en"


def _liked(header: str) -> list[str]:
    """Languages of the header, two letters each, best first."""
    found = []
    for place, part in enumerate(header.split(",")[:20]):
        code, _, weight = part.strip().partition(";q=")
        try:
            found.append((-float(weight or 1), place, code.strip().lower()[:2]))
        except ValueError:
            continue
    return [code for weight, _, code in sorted(found) if weight < 0]


def of(error: Exception) -> Problem | None:
    """What an error means for who asked; None for one that is Patron's own mistake."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, PatronError):
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        fields = error.fields if isinstance(error, Invalid) else {}
        return Problem(status, error.what, error.remedy, {name: text for name, text in fields.items() if name})
    if isinstance(error, ValidationError):
        return unreadable(error)
    if isinstance(error, HttpError) and error.status_code == 400:
        return Problem(400, Text("The body is not JSON.", "请求正文不是有效的 JSON。"))
    return None


def unreadable(error: ValidationError) -> Problem:
    """Values that do not even have the right shape, each with its place: body lines.0.quantity, query limit."""
    errors = {place(one["loc"]): wrong(one["type"], one.get("ctx") or {}) for one in error.errors}
    return Problem(
        422,
        Text("Some values can't be read.", "部分值无法读取。"),
        Text("Mend the fields under errors and send it again.", "请修改 errors 中列出的字段后重新发送。"),
        errors,
    )


def place(where: tuple[Any, ...]) -> str:
    """The name of a value as the sender knows it: without the words for body and query."""
    kind, *rest = where
    if kind == "body" and rest and not isinstance(rest[0], int):
        rest = rest[1:]  # the function's own word for the whole body
    return ".".join(str(part) for part in rest) or str(kind)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response for a refusal."""
    lang, kind = language(request), KINDS[problem.status]
    body: dict[str, Any] = {
        "type": f"{reverse('api_docs')}#problem-{kind.code}",
        "title": kind.title.say(lang),
        "status": problem.status,
        "detail": problem.what.say(lang),
    }
    if problem.remedy is not None:
        body["remedy"] = problem.remedy.say(lang)
    if problem.errors:
        body["errors"] = [{"field": name, "detail": text.say(lang)} for name, text in problem.errors.items()]
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=problem.status, content_type=MEDIA, headers=dict(problem.headers)
    )
    response["Content-Language"] = lang
    patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
    return response
