"""What every request passes on its way in and out: who asks, how often, is it readable, was it asked before.

The order: method (405), identity (401), count (429), permission (403), characters and parameters nobody knows (422),
the idempotency key (409), the work. Whatever is raised on the way becomes a problem; only Patron's own mistakes are a
500, and those are logged.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import patch_vary_headers

from patron.crm.kit.policy import require
from patron.faces.api import auth, idempotency, limits, problems
from patron.faces.api.problems import Problem
from patron.faces.api.resource import Traits
from patron.faces.api.words import WRONG
from patron.words import Text

LOG = logging.getLogger("patron.api")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Way:
    """What the entrance has to know of one method of an address: the names its query may have, and its traits."""

    names: frozenset[str]
    traits: Traits


def entrance(view: View, ways: dict[str, Way]) -> View:
    """`view` behind the checks; `ways` by method."""

    @wraps(view)
    def enter(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            response = _inside(request, ways, lambda: view(request, **place), place)
        except Exception as error:
            response = _refused(request, error)
        left = getattr(request, "left", None)
        for name, value in left.headers().items() if left else ():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    enter.csrf_exempt = True  # type: ignore[attr-defined]  # a token needs none; for a session `identify` asks
    return enter


def _inside(
    request: HttpRequest,
    ways: dict[str, Way],
    work: View,
    place: dict[str, Any],
) -> HttpResponse:
    method = str(request.method)
    if method not in ways:
        raise _method(ways)
    actor = auth.identify(request)
    request.actor = actor  # type: ignore[attr-defined]
    request.left = limits.counted(actor, time.time())  # type: ignore[attr-defined]
    traits = ways[method].traits
    if traits.needs is not None:
        require(actor, traits.needs)  # the operation below asks again; here, before a word of the body is read
    _readable(request, place, ways[method].names)
    return idempotency.once(request, actor, work, traits)


def _method(ways: dict[str, Way]) -> Problem:
    allowed = ", ".join(sorted(ways))
    return Problem(
        405,
        Text(f"This address takes {allowed}.", f"此地址支持 {allowed}。"),
        headers={"Allow": allowed},
    )


def _readable(request: HttpRequest, place: dict[str, Any], names: frozenset[str]) -> None:
    """No characters that no database keeps as text, and no parameter that would be passed over in silence."""
    wrong = {name: WRONG["sign"] for name, value in place.items() if isinstance(value, str) and not is_text(value)}
    for name, values in request.GET.lists():
        if name not in names:
            wrong[_shown(name)] = WRONG["unknown_parameter"]
        elif any(not is_text(value) for value in values):
            wrong[name] = WRONG["sign"]
    if (request.content_type or "").startswith("multipart/"):
        wrong |= {name: WRONG["sign"] for name, value in request.POST.items() if not is_text(str(value))}
    if wrong:
        raise Problem(422, Text("Some parameters can't be used.", "部分参数无法使用。"), errors=wrong)


def _shown(name: str) -> str:
    return "".join(sign for sign in name[:60] if sign.isprintable())


def is_text(value: str) -> bool:
    """Whether both databases keep it: no NUL, no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    problem = problems.of(error)
    if problem is None and isinstance(error, RequestDataTooBig):
        problem = Problem(413, Text("The body is too large.", "请求正文过大。"), _SMALLER)
    if problem is None and isinstance(error, SuspiciousOperation | UnreadablePostError):
        problem = Problem(400, Text("The request can't be read.", "无法读取请求。"))
    if problem is None and isinstance(error, OperationalError):
        LOG.warning("the database was busy: %s", type(error).__name__)
        problem = Problem(503, Text("The database is busy.", "数据库繁忙。"), _LATER, headers={"Retry-After": "1"})
    if problem is None:
        LOG.error("a mistake in %s %s", request.method, getattr(request.resolver_match, "route", ""), exc_info=error)
        got_request_exception.send(None, request=request)
        problem = Problem(500, Text("Something went wrong inside Patron.", "系统内部出错。"), _TELL)
    return problems.answer(request, problem)


_SMALLER = Text("Send less at a time.", "请减少单次发送的数据量。")
_LATER = Text("Ask again in a second.", "请稍后重试。")
_TELL = Text("Tell whoever runs it the time at which it happened.", "请将出错时间告知系统管理员。")


def nowhere(request: HttpRequest, **_place: Any) -> HttpResponse:
    """Addresses below /api/v1 that nobody lives at."""
    what = Text("There is nothing at this address.", "此地址不存在。")
    remedy = Text("All addresses are listed at /api/v1/docs.", "所有地址见 /api/v1/docs。")
    return problems.answer(request, Problem(404, what, remedy))


nowhere.csrf_exempt = True  # type: ignore[attr-defined]
