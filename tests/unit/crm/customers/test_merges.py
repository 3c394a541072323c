"""A merge moves everything along, an un-merge moves it back, and numbers lead to who somebody is for ever."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import SYSTEM, colleague, customer, day

from patron.crm.customers import operations as do
from patron.crm.customers import queries as ask
from patron.crm.customers.models import Customer, CustomerTag, Identity, Note, Order, Relation
from patron.crm.customers.pointers import pointers
from patron.crm.kit import clock
from patron.crm.kit.privacy import models_of_crm
from patron.crm.kit.problems import Conflict, NotFound

pytestmark = pytest.mark.django_db

# Columns that name a customer and follow from no record, and why.
NOT_MOVED = {
    "customers.Customer.merged_into": "the signpost itself",
    "customers.Merge.survivor": "says what was merged",
    "customers.Merge.absorbed": "says what was merged",
    "customers.SourceRecord.customer": "moved first: everything else follows from it",
    "customers.Farewell.customer": "who was erased is merged with nobody any more",
    "scoring.Standing.customer": "derived: thrown away and rebuilt",
    "scoring.StageChange.customer": "derived: where the customer stood at the time",
}


def merge(survivor, absorbed):
    return do.merge_customers(by=SYSTEM, survivor_id=survivor.pk, absorbed_id=absorbed.pk)


def test_every_column_that_names_a_customer_is_moved_or_says_why_not():
    named = {
        f"{model._meta.label}.{field.name}"
        for model in models_of_crm()
        for field in model._meta.concrete_fields
        if field.related_model is Customer
    }
    moved = {f"{p.model._meta.label}.{p.customer.removesuffix('_id')}" for p in pointers()}
    assert len(moved) >= 12
    assert named - moved == set(NOT_MOVED)


def test_everything_moves_along_and_back():
    a, b, c = customer("A"), customer("B", phone="13800138000"), customer("C")
    do.add_note(by=SYSTEM, customer_id=b.pk, text="x")
    do.record_order(by=SYSTEM, customer_id=b.pk, lines=[{"unit_price": 1}])
    do.tag_customers(by=SYSTEM, customer_ids=[b.pk], tag="tea")
    do.relate(by=SYSTEM, customer_id=c.pk, other_id=b.pk, kind="referred")
    made = merge(a, b)
    for rows in (Note, Order, CustomerTag, Identity):
        assert rows.objects.get().customer_id == a.pk
    assert Relation.objects.get().other_id == a.pk
    assert ask.get_customer(actor=SYSTEM, customer_id=b.pk) == a
    assert ask.get_customer(actor=SYSTEM, customer_id=a.pk).phone == "13800138000"
    assert do.unmerge(by=SYSTEM, merge_id=made.pk).name == "B"
    for rows in (Note, Order, CustomerTag, Identity):
        assert rows.objects.get().customer_id == b.pk
    assert Relation.objects.get().other_id == b.pk
    assert ask.get_customer(actor=SYSTEM, customer_id=a.pk).phone == ""


def test_what_is_written_while_merged_stays_with_the_survivor():
    a, b = customer("A"), customer("B")
    made = merge(a, b)
    do.edit_customer(by=SYSTEM, customer_id=b.pk, fields={"city": "Ulm"})
    do.add_note(by=SYSTEM, customer_id=b.pk, text="x")
    do.add_note(by=SYSTEM, customer_id=a.pk, text="y")
    before = ask.unmerging(actor=SYSTEM, merge_id=made.pk)
    assert (before.stays["note"], before.goes["note"]) == (2, 0)
    do.unmerge(by=SYSTEM, merge_id=made.pk)
    assert set(Note.objects.values_list("customer", flat=True)) == {a.pk}
    assert list(Customer.objects.order_by("pk").values_list("city", flat=True)) == ["Ulm", ""]


def test_a_merge_of_the_merged_is_taken_back_in_any_order():
    a, b, c, d = (customer(name) for name in "ABCD")
    first, second = merge(b, a), merge(c, b)
    assert ask.get_customer(actor=SYSTEM, customer_id=a.pk) == c
    do.unmerge(by=SYSTEM, merge_id=first.pk)
    third, fourth = merge(d, a), merge(c, d)
    assert ask.get_customer(actor=SYSTEM, customer_id=a.pk) == c
    do.unmerge(by=SYSTEM, merge_id=second.pk)
    assert [x.name for x in Customer.objects.filter(merged_into=None).order_by("pk")] == ["B", "C"]
    do.unmerge(by=SYSTEM, merge_id=fourth.pk)
    do.unmerge(by=SYSTEM, merge_id=third.pk)
    assert [x.name for x in Customer.objects.order_by("pk")] == ["A", "B", "C", "D"]


def test_one_customer_is_not_merged_with_itself_nor_a_merge_undone_twice():
    a, b = customer("A"), customer("B")
    made = merge(a, b)
    with pytest.raises(Conflict, match="one customer already"):
        merge(a, b)
    do.unmerge(by=SYSTEM, merge_id=made.pk)
    with pytest.raises(Conflict, match="undone before"):
        do.unmerge(by=SYSTEM, merge_id=made.pk)
    with pytest.raises(NotFound):
        do.unmerge(by=SYSTEM, merge_id=99_999)


def test_both_must_be_in_reach_and_the_survivor_keeps_its_owner():
    anna = colleague("anna", scope="own")
    mine, other = customer("A", owner=anna), customer("B")
    with pytest.raises(NotFound):
        do.merge_customers(by=anna, survivor_id=mine.pk, absorbed_id=other.pk)
    made = merge(other, mine)
    with pytest.raises(NotFound):
        do.unmerge(by=anna, merge_id=made.pk)
    do.unmerge(by=SYSTEM, merge_id=made.pk)
    assert ask.get_customer(actor=anna, customer_id=mine.pk).owner == anna


def test_after_an_erasure_nothing_is_taken_apart():
    a, b = customer("A"), customer("B")
    made = merge(a, b)
    do.erase_customer(by=SYSTEM, customer_id=a.pk, confirm_name="A")
    with pytest.raises(Conflict, match="erased"):
        do.unmerge(by=SYSTEM, merge_id=made.pk)


# ---- any story with merges that are all taken back ends like the same story without them ---------------------------

WHO = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("edit"), WHO, st.sampled_from(["name", "city", "phone", "wechat"])),
    st.tuples(st.just("note"), WHO, st.none()),
    st.tuples(st.just("tag"), WHO, st.none()),
    st.tuples(st.just("relate"), WHO, WHO),
    st.tuples(st.just("merge"), WHO, WHO),
    st.tuples(st.just("unmerge"), st.integers(0, 5), st.none()),
)


class Story:
    """Plays steps on four customers; with `merging` False, merges are only thought."""

    def __init__(self, merging: bool) -> None:
        self.merging = merging
        self.ids = [customer(f"c{i}", city=f"town {i}").pk for i in range(4)]
        self.into: dict[int, int] = {}
        self.merges: list[tuple[int, int | None]] = []  # (absorbed, number of the merge)

    def root(self, who: int) -> int:
        while who in self.into:
            who = self.into[who]
        return who

    def play(self, number: int, step: tuple[str, int, object]) -> None:
        verb, who, what = step
        getattr(self, verb)(number, who, what)

    def at(self, who: int) -> int:
        return self.ids[who if self.merging else self.root(who)]

    def edit(self, number: int, who: int, field: str) -> None:
        value = f"1380013{number:04}" if field == "phone" else f"{field} {number}"
        do.edit_customer(by=SYSTEM, customer_id=self.at(who), fields={field: value})

    def note(self, number: int, who: int, _: object) -> None:
        do.add_note(by=SYSTEM, customer_id=self.at(who), text=f"note {number}")

    def tag(self, number: int, who: int, _: object) -> None:
        do.tag_customers(by=SYSTEM, customer_ids=[self.at(who)], tag=f"tag {number % 2}")

    def relate(self, number: int, who: int, other: int) -> None:
        if self.root(who) != self.root(other):
            with suppress(Conflict):
                do.relate(by=SYSTEM, customer_id=self.at(who), other_id=self.at(other), kind="other", note=f"{number}")

    def merge(self, _: int, who: int, other: int) -> None:
        survivor, absorbed = self.root(who), self.root(other)
        if survivor != absorbed:
            made = merge(Customer(pk=self.ids[who]), Customer(pk=self.ids[other])).pk if self.merging else None
            self.into[absorbed] = survivor
            self.merges.append((absorbed, made))

    def unmerge(self, _: int, which: int, __: object) -> None:
        if self.merges:
            absorbed, made = self.merges.pop(which % len(self.merges))
            del self.into[absorbed]
            if made is not None:
                do.unmerge(by=SYSTEM, merge_id=made)

    def end(self) -> list[object]:
        while self.merges:
            self.unmerge(0, 1, None)
        return [self.state(number) for number in self.ids]

    def state(self, number: int) -> dict[str, object]:
        one = Customer.objects.get(pk=number)
        fields = ("name", "name_key", "city", "phone", "wechat", "kind", "external_id", "extra", "merged_into_id")
        return {
            **{name: getattr(one, name) for name in fields},
            "notes": sorted(one.notes.values_list("text", flat=True)),
            "tags": sorted(one.tags.values_list("tag__name", flat=True)),
            "identities": sorted(one.identities.values_list("kind", "value", "shown")),
            "ties": sorted((self.ids.index(t.other_id), t.note) for t in one.relations.all()),
            "versions": sorted(str(v.fields) for r in one.records.all() for v in r.versions.all()),
            "found": sorted(self.ids.index(c.pk) for c in ask.search_customers(actor=SYSTEM, text=one.name)),
        }


def told(steps, merging: bool) -> list[object]:
    """How the story ends; the database forgets it."""
    with transaction.atomic():
        story = Story(merging)
        for number, step in enumerate(steps):
            story.play(number, step)
        end = story.end()
        transaction.set_rollback(True)
    return end


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=12))
def test_merges_that_are_taken_back_leave_no_trace(steps):
    assert told(steps, True) == told(steps, False)


def test_time_has_passed_between_a_merge_and_its_end():
    made = merge(customer("A"), customer("B"))
    do.unmerge(by=SYSTEM, merge_id=made.pk)
    made.refresh_from_db()
    assert made.made_at <= made.undone_at <= clock.now() + timedelta(seconds=1)
    assert day(1) < made.made_at
