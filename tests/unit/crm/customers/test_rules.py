"""Survivorship, normal forms, keys and money, without a database."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.crm.customers import changes
from patron.crm.customers.rules import (
    FIELDS,
    Line,
    Said,
    contact,
    golden,
    identities_of,
    is_item,
    key_by_hand,
    key_of_content,
    key_of_id,
    makes_occasion,
    newest,
    normalise_email,
    normalise_name,
    normalise_phone,
    rate_on,
    read_fields,
    region_of,
    survive,
    totals,
    worth,
)
from patron.crm.customers.search import grams


def at(hour: int) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize("module", [contact, golden, grams, changes])
def test_the_examples_of_the_rules_run(module):
    done = doctest.testmod(module)
    assert done.attempted
    assert not done.failed


@pytest.mark.parametrize(
    "said, name",
    [
        ([], ""),
        ([Said({"name": "A"}, 50, at(1)), Said({"name": "B"}, 50, at(2))], "B"),  # the newer
        ([Said({"name": "A"}, 20, at(1)), Said({"name": "B"}, 50, at(2))], "A"),  # the better source
        ([Said({"name": "A"}, 90, at(1), True), Said({"name": "B"}, 1, at(2))], "A"),  # the hand
        ([Said({"name": "A"}, 50, at(1)), Said({"name": ""}, 50, at(2))], "A"),  # empty says nothing
        ([Said({"name": "A"}, 50, at(1)), Said({"name": None}, 50, at(2))], "A"),
        ([Said({"name": "A"}, 50, at(1)), Said({"name": ""}, 50, at(2), True)], ""),  # but by hand
        ([Said({"name": "A"}, 50, at(1)), Said({"city": "Ulm"}, 50, at(2))], "A"),  # only what was said
        ([Said({"name": "A"}, 10, at(1), True, True), Said({"name": "B"}, 10, at(2), True)], "A"),  # its own hand
        ([Said({"name": "A"}, 50, at(1), order=(1, 1)), Said({"name": "B"}, 50, at(1), order=(1, 2))], "B"),
    ],
)
def test_who_is_believed(said, name):
    assert survive(said)["name"] == name
    assert survive(reversed(said))["name"] == name


def test_the_golden_record_has_every_field_in_its_columns_type():
    said = Said({"birthday": "1990-02-01", "acquisition_cost": "2.50", "kind": "organisation", "name": "ACME  Ltd."})
    record = survive([said], external_id="C-1")
    assert record.keys() == {*FIELDS, "name_key"}
    assert (record["birthday"], record["acquisition_cost"]) == (date(1990, 2, 1), Decimal("2.50"))
    assert (record["kind"], record["external_id"], record["name_key"]) == ("organisation", "C-1", "acme ltd")
    assert (survive([])["birthday"], survive([])["kind"], survive([])["extra"]) == (None, "person", {})


def test_further_columns_survive_one_by_one():
    said = [Said({"extra": {"a": "1", "b": "2"}}, 50, at(1)), Said({"extra": {"b": "3"}}, 50, at(2))]
    assert survive(said)["extra"] == {"a": "1", "b": "3"}
    assert survive([*said, Said({"extra": {"a": ""}}, 10, at(3), True)])["extra"] == {"b": "3"}


def test_a_record_says_the_newest_of_each_field():
    versions = [Said({"name": "A", "phone": "1"}, at=at(1)), Said({"name": "B"}, at=at(2))]
    assert newest(versions)["name"] == "B"
    assert newest(versions)["phone"] == "1"


@pytest.mark.parametrize(
    "given_, normal",
    [
        ("13800138000", "+8613800138000"),
        ("+44 20 7946 0958", "+442079460958"),
        ("（010）6234-5678", "+861062345678"),
        ("138 0013 8000 转 5", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("123456789012345678", "123456789012345678"),
        ("order 66", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_phones(given_, normal):
    assert normalise_phone(given_) == normal


def test_local_numbers_are_of_the_organisations_country():
    assert normalise_phone("020 7946 0958", region_of("Europe/London")) == "+442079460958"


@pytest.mark.parametrize(
    "text, normal", [("A@B.cn", "a@b.cn"), ("mailto:a@b.cn", "a@b.cn"), ("a@b", ""), ("a b@c.de", "")]
)
def test_emails(text, normal):
    assert normalise_email(text) == normal


@pytest.mark.parametrize(
    "one, other", [("王小明", "王 小明"), ("Li Ming", "LI  ming."), ("José", "JOSÉ"), ("O'Neil", "o neil")]
)
def test_names_that_are_the_same(one, other):
    assert normalise_name(one) == normalise_name(other) != ""


@given(st.text())
def test_normal_forms_are_fixed_points(text):
    assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert normalise_email(normalise_email(text)) == normalise_email(text)


def test_identities_are_what_tells_who_somebody_is():
    assert identities_of({"wechat": "LiMing", "phone": "x", "external_id": "C-1", "name": "Li"}) == {
        ("wechat", "liming"): "LiMing",
        ("external", "C-1"): "C-1",
    }


def test_keys_name_a_fact_in_its_source():
    assert key_of_id(1, "order", "A") == key_of_id(1, "order", "A") != key_of_id(2, "order", "A")
    assert len(key_of_id(1, "order", "A")) == len(key_by_hand()) == 16
    assert key_of_content(1, "line", ["a", None], 0) != key_of_content(1, "line", ["a", None], 1)
    assert key_of_content(1, "line", ["a|b", ""], 0) != key_of_content(1, "line", ["a", "b|"], 0)
    assert key_by_hand() != key_by_hand()


D = Decimal


@pytest.mark.parametrize(
    "line, status, revenue, purchase",
    [
        (Line(D(2), D("1.5")), "placed", "3", True),
        (Line(D(2), D(0)), "placed", "0", False),  # free of charge
        (Line(D(1), None, D(0)), "placed", "0", True),  # a total of 0.00 (decision 0008)
        (Line(D(1), None, D(-4)), "placed", "-4", False),
        (Line(D(-2), D(3)), "returned", "-6", False),
        (Line(D(-2), D(-3)), "returned", "-6", False),
        (Line(D(2), D(3)), "cancelled", "0", False),
    ],
)
def test_what_a_line_is_worth(line, status, revenue, purchase):
    value = worth(line, D(1), status)
    assert (value.revenue, value.purchase) == (D(revenue), purchase)


def test_money_is_in_base_currency_and_rounded_to_millionths():
    value = worth(Line(D(3), D("0.333333"), cost=D(1)), D("7.1234567"))
    assert (value.amount, value.revenue, value.cost) == (D("0.999999"), D("7.123450"), D("7.123457"))


def test_the_cost_of_an_order_is_known_where_all_its_lines_are():
    known, unknown = worth(Line(D(1), D(5), cost=D(2))), worth(Line(D(1), D(5)))
    assert totals([known, known]) == (10, 4)
    assert totals([known, unknown]) == (10, None)
    assert totals([]) == (0, None)


@pytest.mark.parametrize(
    "code, description, item",
    [("POST", "", False), ("post", "", False), ("gift_0001_20", "", False), ("", "运费", False), ("T1", "tea", True)],
)
def test_postage_and_fees_are_no_items(code, description, item):
    assert is_item(code, description) is item


def test_an_occasion_needs_quantity_and_price():
    assert makes_occasion(D(1), D("0.01"), D("0.01"))
    assert not makes_occasion(D(-1), D(1), D(-1))


def test_the_rate_of_a_day_is_the_newest_up_to_it():
    rates = [(date(2026, 1, 1), D(7)), (date(2026, 2, 1), D(8))]
    assert [rate_on(rates, date(2026, m, d)) for m, d in ((1, 1), (1, 31), (2, 1))] == [7, 7, 8]
    assert rate_on(rates, date(2025, 12, 31)) is None


def test_fields_are_read_or_said_to_be_wrong():
    clean, wrong = read_fields({"name": " A ", "phone": None, "extra": {"a": 1}, "birthday": date(1990, 1, 2)})
    assert clean == {"name": "A", "phone": "", "extra": {"a": "1"}, "birthday": "1990-01-02"}
    assert not wrong
    assert set(read_fields({"extra": "x", "birthday": "1.2.90", "kind": "cat"})[1]) == {"extra", "birthday", "kind"}


@given(st.text(min_size=2, max_size=grams.LONGEST // 4), st.text(), st.text())
def test_every_part_of_two_characters_or_more_is_among_the_pieces(middle, start, end):
    words = " ".join(grams.pieces([start + middle + end]))
    wanted = grams.wanted(middle)
    # Composed forms differ at the seams: only texts that stay themselves are asked for.
    seamless = grams.plain(start) + grams.plain(middle) + grams.plain(end) == grams.plain(start + middle + end)
    if seamless and len(grams.plain(middle)) > 1:
        assert " ".join(wanted) in words
