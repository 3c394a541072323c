"""Saying that this base is the sample, so that every screen can."""

from __future__ import annotations

from patron.crm.accounts.models import Organisation
from patron.crm.kit import audit
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor


@operation("organisation.edit")
def mark_sample(*, by: Actor, shift_days: int) -> Organisation:
    """This base is the sample, its dates shifted by so many days (0: as they were)."""
    row = Organisation.current()
    if row.is_sample and row.sample_shift_days == shift_days:
        audit.nothing()
        return row
    row.is_sample, row.sample_shift_days = True, shift_days
    row.save(update_fields=["is_sample", "sample_shift_days"])
    audit.record(by, "organisation.mark_sample", "organisation", row.pk, shift_days=shift_days)
    return row
