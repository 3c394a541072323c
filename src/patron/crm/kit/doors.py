"""The two doors to the records: `@operation` for every write, `@query` for every read. Both ask the policy first.

An operation is a verb, keyword-only, with `by=` who does it; it runs in one transaction and must leave an audit entry
(or say with `audit.nothing()` that nothing changed). A query has `actor=` and applies the actor's row scope. Both are
registered, so that tests can walk all of them with every role.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from patron.crm.kit import audit
from patron.crm.kit.policy import require

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Door:
    """An operation or a query: `name` is module.function, `permission` None where the signed-in person is enough."""

    name: str
    permission: str | None
    call: Callable[..., Any]
    reason: str = ""


OPERATIONS: dict[str, Door] = {}
QUERIES: dict[str, Door] = {}


def operation(
    permission: str | None, *, chunked: bool = False, because: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A write. `permission` None needs `because`. `chunked`: it commits piece by piece itself, and is resumable."""

    def door(function: Callable[P, R]) -> Callable[P, R]:
        _check(function, "by", permission, because)

        @wraps(function)
        def enter(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not None:
                require(kwargs["by"], permission)  # type: ignore[arg-type]
            if chunked:
                return function(*args, **kwargs)
            with transaction.atomic(), audit.expected(function.__qualname__):
                return function(*args, **kwargs)

        return _register(OPERATIONS, function, permission, enter, because)

    return door


def query(permission: str | None, *, because: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A read worth a name. `permission` None needs `because`."""

    def door(function: Callable[P, R]) -> Callable[P, R]:
        _check(function, "actor", permission, because)

        @wraps(function)
        def enter(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not None:
                require(kwargs["actor"], permission)  # type: ignore[arg-type]
            return function(*args, **kwargs)

        return _register(QUERIES, function, permission, enter, because)

    return door


def _check(function: Callable[..., Any], who: str, permission: str | None, because: str) -> None:
    """A door that could be used wrongly is refused where it is written."""
    parameters = inspect.signature(function).parameters
    if who not in parameters:
        raise TypeError(f"{function.__qualname__} lacks {who}=")
    if any(p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters.values()):
        raise TypeError(f"{function.__qualname__}: all parameters are keyword-only")
    if permission is None and not because:
        raise TypeError(f"{function.__qualname__} needs a permission, or because= why not")


def _register(
    doors: dict[str, Door], function: Callable[..., Any], permission: str | None, enter: Callable[P, R], because: str
) -> Callable[P, R]:
    name = f"{function.__module__}.{function.__qualname__}"
    doors[name] = Door(name, permission, enter, because)
    return enter
