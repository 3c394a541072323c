"""Saying that this base is the sample, so that every screen can."""

from __future__ import annotations

from datetime import date

from patron.crm.accounts.models import Organisation
from patron.crm.kit import audit
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor


@operation("organisation.edit")
def mark_sample(*, by: Actor, shift_days: int, frozen_day: date | None = None) -> Organisation:
    """This base is the sample, its dates shifted by so many days (0: as they were).

    With `frozen_day` it stands still: every scoring is as of that day, by night too.
    """
    row = Organisation.current()
    if row.is_sample and (row.sample_shift_days, row.frozen_day) == (shift_days, frozen_day):
        audit.nothing()
        return row
    row.is_sample, row.sample_shift_days, row.frozen_day = True, shift_days, frozen_day
    row.save(update_fields=["is_sample", "sample_shift_days", "frozen_day"])
    frozen = {"frozen_day": str(frozen_day)} if frozen_day else {}
    audit.record(by, "organisation.mark_sample", "organisation", row.pk, shift_days=shift_days, **frozen)
    return row
