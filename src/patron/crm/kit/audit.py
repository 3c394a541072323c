"""Who did what to whom, and when. The entries know no foreign keys, so they outlive what they speak of.

An operation calls `record(...)` for what it did. Values of personal fields stay out: an entry names the fields that
changed, and old and new values only of fields that are not personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from patron.crm.kit import clock
from patron.crm.kit.policy import Actor

if TYPE_CHECKING:
    from patron.crm.kit.models import AuditEntry

_left: ContextVar[list[int] | None] = ContextVar("patron_audit", default=None)


def record(by: Actor, action: str, subject: str = "", number: int | None = None, /, **details: Any) -> AuditEntry:
    """Leave an entry: `action` is app.verb, `subject` and `number` what it was done to, `details` plain JSON values."""
    from patron.crm.kit.models import AuditEntry

    _note()
    return AuditEntry.objects.create(
        at=clock.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        action=action,
        subject=subject,
        subject_id=number,
        details=details,
    )


def nothing() -> None:
    """Say that the operation changed nothing, so that there is nothing to leave."""
    _note()


def changes(before: Mapping[str, Any], after: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    """What differs, as {field: [old, new]}; a personal field only as {field: 'changed'}."""
    differ = [name for name in after if before.get(name) != after[name]]
    return {name: "changed" if name in personal else [_plain(before.get(name)), _plain(after[name])] for name in differ}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None), list, dict)) else str(value)


def _note() -> None:
    left = _left.get()
    if left is not None:
        left.append(1)


@contextmanager
def expected(operation: str) -> Iterator[None]:
    """Inside, somebody must leave an entry or say `nothing()`; RuntimeError, and so a rollback, otherwise."""
    left: list[int] = []
    outer = _left.get()
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)
    if not left:
        raise RuntimeError(f"the operation {operation} left no audit entry")
    if outer is not None:
        outer.append(1)
