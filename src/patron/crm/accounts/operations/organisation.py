"""The settings that concern everybody."""

from __future__ import annotations

from patron.crm.accounts import rules
from patron.crm.accounts.models import Organisation
from patron.crm.kit import audit
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid


@operation("organisation.edit")
def save_organisation(*, by: Actor, name: str, base_currency: str, timezone: str, language: str) -> Organisation:
    """Name, base currency (three letters), time zone (IANA) and language (en, zh) of the organisation.

    Announces 'organisation.changed' with the fields, since another currency or zone asks for new scores.
    """
    currency = base_currency.strip().upper()
    if wrong := rules.wrong_organisation(name, currency, timezone, language):
        raise Invalid(wrong)
    row = Organisation.current()
    after = {"name": name.strip(), "base_currency": currency, "timezone": timezone, "language": language}
    changed = audit.changes({field: getattr(row, field) for field in after}, after, frozenset())
    if not changed:
        audit.nothing()
        return row
    for field in changed:
        setattr(row, field, after[field])
    row.save(update_fields=list(changed))
    audit.record(by, "organisation.save", "organisation", row.pk, **changed)
    announce("organisation.changed", fields=sorted(changed), by=by)
    return row
