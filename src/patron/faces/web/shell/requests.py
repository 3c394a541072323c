"""What views read from a request."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from patron.crm.accounts.models import User
from patron.crm.kit.policy import Actor
from patron.words import Text


def me(request: HttpRequest) -> User:
    """The signed-in person. PermissionDenied for nobody: the views behind it ask for a login first."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def lang_of(request: HttpRequest) -> str:
    """The reader's language."""
    return str(getattr(request, "lang", "en"))


def number(text: str | None) -> int | None:
    """A whole number as typed into an address or a form; None for nothing or anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def allowed(actor: Actor | Any, **permissions: str) -> dict[str, bool]:
    """Which of the named permissions the reader has: what a page may draw. The server asks again when it is done."""
    return {name: actor.may(code) for name, code in permissions.items()}


def said(request: HttpRequest, text: Text) -> str:
    """A sentence in the reader's language."""
    return text.say(lang_of(request))
