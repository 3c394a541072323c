"""What the pages of accounts have in common: a form that keeps what was typed, and words beside the wrong field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from patron.crm.accounts.models import User
from patron.crm.kit.problems import Conflict, Invalid
from patron.faces.web.shell.requests import said
from patron.words import Text


def attempt(request: HttpRequest, work: Callable[[], Any], done: Text | None = None) -> tuple[Any, dict[str, Text]]:
    """What `work` gives and no errors, or None and what is wrong with which field ("whole" for all of it)."""
    try:
        result = work()
    except Invalid as wrong:
        return None, wrong.fields
    except Conflict as refused:
        remedy = refused.remedy or Text("", "")
        return None, {"whole": Text(f"{refused.what.en} {remedy.en}".strip(), f"{refused.what.zh}{remedy.zh}")}
    if done is not None:
        messages.success(request, said(request, done))
    return result, {}


def reader(request: HttpRequest) -> User:
    """Who is signed in; for views behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def numbers(values: list[str]) -> list[int]:
    """Whole numbers of a field that may be chosen several times; anything else is left out."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
