"""Who asks: a program by its bearer token, or a person by the session of their browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from patron.crm.accounts.tokens import actor_of
from patron.crm.kit import clock
from patron.crm.kit.policy import Actor
from patron.faces.api.problems import Problem
from patron.words import Text


class Bearer(AuthBase):
    """`Authorization: Bearer patron_…`, as the document describes it; who it is was found out before."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token of your own: Settings → Tokens. It may what you allow it, and ends on its day."

    def __call__(self, request: HttpRequest) -> Any:
        """The actor that `identify` found."""
        return getattr(request, "actor", None)


class Session(AuthBase):
    """The session of a browser; writes need the CSRF token too (X-CSRFToken)."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The session of a signed-in browser; writes need the header X-CSRFToken."

    def __call__(self, request: HttpRequest) -> Any:
        """The actor that `identify` found."""
        return getattr(request, "actor", None)


def identify(request: HttpRequest) -> Actor:
    """Who asks. Raises Problem: 401 for nobody, 403 for a session's write without its CSRF token."""
    header = request.headers.get("Authorization", "")
    if header:
        return _by_token(header)
    user: Any = request.user
    if not user.is_authenticated:
        raise unknown(
            Text("This needs a token or a session.", "请提供令牌或先登录。"),
        )
    if not (request.content_type or "").startswith("multipart/"):
        _ = request.body  # kept: the check may read a form, and a body can be read once only
    if check_csrf(request):
        raise Problem(
            403,
            Text("The session's write lacks its CSRF token.", "会话写入请求缺少 CSRF 令牌。"),
            Text("Send the header X-CSRFToken, or use a token.", "请发送 X-CSRFToken 请求头，或改用令牌。"),
        )
    if user.one_time_password:
        raise Problem(
            403,
            Text("Your password holds for one sign-in only.", "您的密码为一次性密码。"),
            Text("Choose one of your own first.", "请先设置自己的密码。"),
        )
    return user  # type: ignore[no-any-return]


def _by_token(header: str) -> Actor:
    scheme, _, key = header.partition(" ")
    actor = actor_of(key.strip(), clock.now()) if scheme.lower() == "bearer" and "\x00" not in key else None
    if actor is None:
        raise unknown(
            Text("This token is unknown, ended or too old.", "令牌无效、已停用或已过期。"),
            ', error="invalid_token"',
        )
    return actor


def unknown(what: Text, more: str = "") -> Problem:
    """401, with the header that says how to sign in."""
    remedy = Text(
        "Make a token under Settings → Tokens and send it as 'Authorization: Bearer …'.",
        "请在“设置 → 令牌”中创建令牌，并以“Authorization: Bearer …”发送。",
    )
    return Problem(401, what, remedy, headers={"WWW-Authenticate": f'Bearer realm="Patron"{more}'})
