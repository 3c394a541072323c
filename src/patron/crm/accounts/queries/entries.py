"""Who did what, when, to what."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from patron.crm.kit.doors import query
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Actor


class AuditPage(NamedTuple):
    """A page of entries, newest first; `next` is what `after` of the next page is, None on the last."""

    rows: list[AuditEntry]
    next: int | None


@query("audit.view")
def audit_entries(
    *,
    actor: Actor,
    person: int | None = None,
    action: str = "",
    subject: str = "",
    subject_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    limit: int = 100,
) -> AuditPage:
    """Entries by person, action, subject and time.

    `person` is a user's number, 0 Patron itself; an action may be cut short ('accounts.' is all of them); `since` is
    included, `until` is not.
    """
    del actor
    entries = AuditEntry.objects.order_by("-id")
    if person is not None:
        entries = entries.filter(actor_id=person) if person else entries.filter(actor_kind="system")
    if action:
        entries = entries.filter(action__startswith=action)
    exact = {"subject": subject, "subject_id": subject_id, "at__gte": since, "at__lt": until, "pk__lt": after}
    entries = entries.filter(**{name: value for name, value in exact.items() if value not in (None, "")})
    rows = list(entries[: limit + 1])
    return AuditPage(rows[:limit], rows[limit - 1].pk if len(rows) > limit else None)
