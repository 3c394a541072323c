"""Rows that a program hands over are read, judged and written as a file's are, in one transaction."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from people import person

from patron.crm.customers.models import Customer, Product, Source
from patron.crm.kit.policy import System
from patron.crm.kit.problems import Forbidden, Invalid
from patron.crm.sources import taking
from patron.crm.sources.models import Import, ImportChunk, RejectedCell
from patron.crm.sources.taking import take_rows

pytestmark = pytest.mark.django_db
BY = System()


def take(given, kind="customers", **more):
    return take_rows(by=BY, **{"source_name": "shop", "kind": kind, "rows": given} | more)


def test_every_row_has_its_outcome_and_the_import_its_journal():
    taken = take([{"product": "TEA", "price": "x"}, {"product": "CUP", "price": "2.5"}], "products")
    assert [(one.outcome, list(one.wrong)) for one in taken.outcomes] == [("error", ["price"]), ("create", [])]
    assert Product.objects.get().price == 2.5
    assert (taken.run.state, taken.run.counts["create"], taken.run.rows_done) == ("done", 1, 2)
    assert ImportChunk.objects.get().counts == taken.run.counts
    assert RejectedCell.objects.get().row == 1
    assert Source.objects.get(name="shop").kind == "api"


def test_a_row_that_somebody_else_writes_meanwhile_is_met_by_looking_again(monkeypatch):
    once = [IntegrityError("somebody was quicker")]
    write = taking._write

    def meanwhile(*args):
        if once:
            raise once.pop()
        return write(*args)

    monkeypatch.setattr(taking, "_write", meanwhile)
    assert [one.outcome for one in take([{"customer": "C1", "name": "Ann"}]).outcomes] == ["create"]
    assert Import.objects.count() == 1


def test_what_can_not_be_written_leaves_nothing(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(taking, "_journal", broken)
    with pytest.raises(ZeroDivisionError):
        take([{"customer": "C1", "name": "Ann"}])
    assert not Customer.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rumours"},
        {"rows": []},
        {"rows": [{"customer": "C"}] * 1_001},
        {"source_name": " "},
        {"source_name": "hand"},
    ],
)
def test_what_is_no_kind_row_or_source_is_refused(wrong):
    with pytest.raises(Invalid):
        take([{"customer": "C1"}], **wrong)


def test_a_role_that_nobody_declared_is_refused_by_name():
    with pytest.raises(Invalid) as refused:
        take([{"shoe": "42"}])
    assert list(refused.value.fields) == ["shoe"]


def test_only_who_may_import_may():
    with pytest.raises(Forbidden):
        take_rows(by=person("member"), source_name="shop", kind="customers", rows=[{"customer": "C1"}])
