"""A person is erased for good: nothing that was personal is left anywhere, and the sums stay."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection, models
from people import SYSTEM, colleague, customer, day

from patron.crm.customers import operations as do
from patron.crm.customers import queries as ask
from patron.crm.customers.models import Correction, Customer, FactChange, Note, Order, OrderLine, SourceRecord
from patron.crm.customers.operations.erasure import blanks
from patron.crm.customers.subject import models_of_persons, rows_about
from patron.crm.kit import announcements
from patron.crm.kit.models import AuditEntry, IdempotencyKey
from patron.crm.kit.privacy import Privacy, personal_fields
from patron.crm.kit.problems import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db

MARKER = "zq7marker9x"
MARKED_DAY = date(1907, 3, 9)
NUMBERS = count(1_000)  # where rows must differ, they do
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def marked(field: models.Field[Any, Any]) -> Any:
    """What a personal column is filled with."""
    if isinstance(field, models.JSONField):
        return {"said": MARKER}
    if isinstance(field, models.DateField):
        return MARKED_DAY
    assert isinstance(field, models.CharField | models.TextField), f"{field} is personal: say how it is marked"
    return MARKER


def plain(field: models.Field[Any, Any]) -> Any:
    """Something that another column takes."""
    if isinstance(field, models.ForeignKey):
        return make(field.related_model).pk
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.DateField):
        return NOW.date()
    if isinstance(field, models.BinaryField):
        return secrets.token_bytes(16)
    if isinstance(field, models.CharField | models.TextField):
        return field.choices[0][0] if field.choices else secrets.token_hex(4)[: field.max_length]
    return True if isinstance(field, models.BooleanField) else next(NUMBERS)


def make(model: type[models.Model], /, **given: Any) -> Any:
    """A row of `model`: personal columns marked, the needed rest plain."""
    values = dict(given)
    for field in model._meta.concrete_fields:
        if field.attname in values or (field.primary_key and not isinstance(field, models.ForeignKey)):
            continue
        if field.name in personal_fields(model):
            values[field.attname] = marked(field)
        elif not field.null and not field.has_default():
            values[field.attname] = plain(field)
    return model._base_manager.create(**values)


def about(one: Customer, record: SourceRecord) -> None:
    """A row of every model that is about persons, about `one`, marked all over."""
    for model in models_of_persons():
        if model in (Customer, SourceRecord):
            continue
        keys = {f.attname: f.related_model for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)}
        mine = {Customer: one.pk, SourceRecord: record.pk}
        given = {name: mine[target] for name, target in keys.items() if target in mine}
        if "other_record_id" in keys:
            stranger = customer("stranger")
            given |= {"other_record_id": stranger.records.get().pk, "other_id": stranger.pk}
        if model is OrderLine:
            given["order_id"] = Order.objects.latest("pk").pk
        if model is Correction:
            given["model"] = "customers.Note"
        make(model, **given)
    marks = {name: marked(Customer._meta.get_field(name)) for name in personal_fields(Customer)}
    Customer.objects.filter(pk=one.pk).update(**marks)
    SourceRecord.objects.filter(pk=record.pk).update(external_id=MARKER)


def places_of_the_marker() -> set[str]:
    """Every table in which the marker stands, whoever made the table."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text = str(cursor.fetchall()).replace(" ", "")
            if MARKER in text or str(MARKED_DAY) in text or "datetime.date(1907,3,9)" in text:
                found.add(table)
    return found


def test_no_personal_word_is_left_anywhere():
    one = customer(MARKER, phone="13800138000", email=f"{MARKER}@example.com", wechat=MARKER, extra={"a": MARKER})
    who = {"by": SYSTEM, "customer_id": one.pk}
    do.edit_customer(**who, fields={"city": MARKER})
    do.add_note(**who, text=MARKER)
    do.record_order(**who, external_id=MARKER, lines=[{"unit_price": 1, "description": MARKER}])
    do.record_consent(**who, channel="mail", purpose="marketing", given=True, proof=MARKER)
    order = Order.objects.get()
    do.set_order_status(by=SYSTEM, order_id=order.pk, status="cancelled")
    about(one, one.records.get())
    make(IdempotencyKey)
    tables = {model._meta.db_table for model in models_of_persons() if personal_fields(model)}
    assert places_of_the_marker() == tables | {IdempotencyKey._meta.db_table}  # the marks are there to be found

    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name=MARKER)
    assert places_of_the_marker() == set()
    assert ask.search_customers(actor=SYSTEM, text=MARKER) == []
    assert ask.search_customers(actor=SYSTEM, text="13800138000") == []


def test_what_somebody_else_is_stays():
    one, other = customer("A", phone="13800138000"), customer("B", phone="13900139000")
    do.add_note(by=SYSTEM, customer_id=other.pk, text="likes tea")
    do.relate(by=SYSTEM, customer_id=other.pk, other_id=one.pk, kind="referred", note="A told B")
    before = ask.export_person(actor=SYSTEM, customer_id=other.pk)["rows"]
    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name="A")
    after = ask.export_person(actor=SYSTEM, customer_id=other.pk)["rows"]
    assert before.pop("customers.Relation")
    assert after == before
    assert [c.name for c in ask.search_customers(actor=SYSTEM, text="13900139000")] == ["B"]


def test_orders_stay_with_their_sums_and_belong_to_nobody_named():
    one = customer("A")
    lines = [{"product": "T1", "description": "for aunt Emma", "unit_price": 4}]
    do.record_order(by=SYSTEM, customer_id=one.pk, happened_at=day(1), external_id="A-1", lines=lines)
    FactChange.objects.all().delete()
    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name="A")
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (order.external_id, order.revenue, order.customer_id) == ("", Decimal(4), one.pk)
    assert (line.description, line.revenue, line.product.code) == ("", Decimal(4), "T1")
    record = SourceRecord.objects.get()
    assert record.external_id == f"erased-{record.pk}"
    told = set(FactChange.objects.values_list("model", "what", "low"))
    assert told == {("customers.Order", "corrected", order.pk), ("customers.OrderLine", "corrected", line.pk)}
    shell = ask.get_customer(actor=SYSTEM, customer_id=one.pk)
    assert (shell.name, str(shell)) == ("", f"#{one.pk}")
    assert shell.erased_at
    entry = AuditEntry.objects.get(action="customers.erased")
    assert entry.details["rows"]["customers.Order"] == 1


def test_the_mirror_is_told_what_is_gone():
    one = customer("A")
    number = do.add_note(by=SYSTEM, customer_id=one.pk, text="x").pk
    FactChange.objects.all().delete()
    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name="A")
    assert list(FactChange.objects.values_list("model", "what", "low", "high")) == [
        ("customers.Note", "removed", number, number)
    ]


def test_whoever_was_merged_goes_too():
    a, b, c = customer("A"), customer("B", phone="13800138000"), customer("C")
    for survivor, absorbed in ((b, c), (a, b)):
        do.merge_customers(by=SYSTEM, survivor_id=survivor.pk, absorbed_id=absorbed.pk)
    do.erase_customer(by=SYSTEM, customer_id=c.pk, confirm_name="A")
    assert Customer.objects.filter(erased_at=None).count() == 0
    assert not ask.search_customers(actor=SYSTEM, text="13800138000")


def test_who_keeps_things_elsewhere_is_told_before_the_rows_go(monkeypatch):
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(announcements, "_subscribers", defaultdict(list))

    @announcements.subscribe("customers.erased")
    def hear(**values: Any) -> None:
        heard.append({**values, "notes": Note.objects.count()})

    one = customer("A")
    do.add_note(by=SYSTEM, customer_id=one.pk, text="x")
    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name=" A ")
    record = SourceRecord.objects.get()
    assert heard == [{"customer_id": one.pk, "record_ids": [record.pk], "notes": 1}]


def test_the_name_must_be_typed_and_there_is_no_second_time():
    one = customer("A")
    with pytest.raises(Invalid) as refused:
        do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name="B")
    assert set(refused.value.fields) == {"confirm_name"}
    do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name="A")
    for again in (
        lambda: do.erase_customer(by=SYSTEM, customer_id=one.pk, confirm_name=f"#{one.pk}"),
        lambda: do.edit_customer(by=SYSTEM, customer_id=one.pk, fields={"name": "A"}),
        lambda: do.add_note(by=SYSTEM, customer_id=one.pk, text="x"),
    ):
        with pytest.raises(NotFound):
            again()


def test_erasing_needs_its_own_permission():
    anna = colleague("anna", permissions=["customers.view", "customers.edit"])
    with pytest.raises(Forbidden):
        do.erase_customer(by=anna, customer_id=customer("A").pk, confirm_name="A")


def test_blanks_differ_where_values_must():
    assert set(blanks(SourceRecord)) == {"external_id"}
    assert blanks(Customer)["birthday"] is None
    assert blanks(Customer)["extra"] == {}
    assert blanks(Order) == {"external_id": ""}


@pytest.mark.parametrize("path", ["source", "number"])
def test_a_declaration_that_leads_to_nobody_is_refused(monkeypatch, path):
    monkeypatch.setattr(SourceRecord, "privacy", Privacy(path if path == "source" else "external_id", "delete"))
    with pytest.raises(LookupError):
        rows_about(SourceRecord, [1])
