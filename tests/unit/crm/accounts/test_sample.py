"""A base says of itself that it is the sample."""

from __future__ import annotations

import pytest
from people import person

from patron.crm.accounts.models import Organisation
from patron.crm.accounts.operations import mark_sample
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System
from patron.crm.kit.problems import Forbidden

pytestmark = pytest.mark.django_db


def test_the_shift_is_kept_and_said_once():
    for _ in range(2):
        mark_sample(by=System(), shift_days=5453)
    row = Organisation.current()
    assert (row.is_sample, row.sample_shift_days) == (True, 5453)
    assert AuditEntry.objects.get(action="organisation.mark_sample").details == {"shift_days": 5453}


def test_who_may_not_change_the_organisation_may_not_call_it_a_sample():
    with pytest.raises(Forbidden):
        mark_sample(by=person("analyst"), shift_days=0)
    assert not Organisation.current().is_sample
