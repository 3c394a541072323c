"""A base whose history ended long ago stands still: the nightly refresh and an edit of today are as of its last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import records

from patron.crm.accounts.models import Organisation
from patron.crm.accounts.operations import mark_sample
from patron.crm.customers.operations import add_note
from patron.crm.kit import clock
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System
from patron.crm.scoring import jobs
from patron.crm.scoring.models import Refresh, Standing
from patron.crm.scoring.rescoring import rescore

LAST = date(1997, 9, 30)


@pytest.mark.django_db
@pytest.mark.database
def test_nobody_leaves_while_time_stands_still(shared_data: Callable[[str], Path]) -> None:
    records.cdnow(shared_data("cdnow/CDNOW_sample.txt"))
    Organisation.objects.update_or_create(id=1, defaults={"timezone": "UTC", "base_currency": "USD"})
    mark_sample(by=System(), shift_days=0, frozen_day=LAST)
    jobs.nightly()
    done = Refresh.objects.get()
    assert (done.state, done.as_of) == ("done", LAST)
    stages = set(Standing.objects.values_list("stage", flat=True))
    assert {"active", "at_risk"} <= stages, "as of today there would be lapsed customers only"

    one = Standing.objects.filter(stage="active").order_by("pk")[0]
    add_note(by=System(), customer_id=one.pk, text="typed today")
    assert rescore([one.pk]) == 1
    one.refresh_from_db()
    assert (one.as_of, one.stage) == (LAST, "active")


@pytest.mark.django_db
def test_a_base_stands_still_until_it_is_said_otherwise() -> None:
    made = mark_sample(by=System(), shift_days=0, frozen_day=LAST)
    said = AuditEntry.objects.get(action="organisation.mark_sample").details
    assert said == {"shift_days": 0, "frozen_day": str(LAST)}
    assert made.today() == LAST
    mark_sample(by=System(), shift_days=0, frozen_day=LAST)
    assert AuditEntry.objects.count() == 1
    assert mark_sample(by=System(), shift_days=0).today() == clock.today(made.timezone)
