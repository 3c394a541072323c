"""Operations and queries ask the policy first, are whole or not at all, and leave an audit entry."""

from __future__ import annotations

import pytest

from patron.crm.accounts.models import Team
from patron.crm.kit import audit
from patron.crm.kit.doors import OPERATIONS, operation, query
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Nobody, System
from patron.crm.kit.problems import Forbidden


@pytest.fixture(autouse=True)
def _forget_doors(monkeypatch):
    monkeypatch.setattr("patron.crm.kit.doors.OPERATIONS", {})
    monkeypatch.setattr("patron.crm.kit.doors.QUERIES", {})


def make_team(**more):
    @operation("accounts.manage", **more)
    def make(*, by, name, leave=True):
        Team.objects.create(name=name)
        if leave:
            audit.record(by, "teams.made", "team", None, name=name)

    return make


def test_without_the_permission_nothing_is_touched():
    with pytest.raises(Forbidden, match="invite people"):
        make_team()(by=Nobody(), name="North")


@pytest.mark.django_db
def test_a_write_leaves_its_entry():
    make_team()(by=System(), name="North")
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.action, entry.details) == ("Patron", "teams.made", {"name": "North"})


@pytest.mark.django_db
def test_a_write_that_leaves_no_entry_is_taken_back():
    with pytest.raises(RuntimeError, match="left no audit entry"):
        make_team()(by=System(), name="North", leave=False)
    assert not Team.objects.exists()


def test_a_door_that_could_be_used_wrongly_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match="lacks by="):
        operation("accounts.manage")(lambda *, name: name)
    with pytest.raises(TypeError, match="keyword-only"):
        operation("accounts.manage")(lambda by: by)
    with pytest.raises(TypeError, match="because="):
        query(None)(lambda *, actor: actor)
    with pytest.raises(ValueError, match="declared nowhere"):
        query("accounts.fly")(lambda *, actor: actor)(actor=System())


def test_personal_values_stay_out_of_the_entry():
    changed = audit.changes({"name": "A", "city": "X"}, {"name": "B", "city": "Y"}, frozenset({"name"}))
    assert changed == {"name": "changed", "city": ["X", "Y"]}


def test_nothing_is_registered_twice_over():
    assert all(name == door.name for name, door in OPERATIONS.items())
