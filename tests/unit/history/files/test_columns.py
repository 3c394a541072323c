"""Columns by name, by --map, and the errors that say what to type."""

from __future__ import annotations

import pytest

from patron.errors import InputError, UsageError
from patron.history.files.columns import ROLES, find_columns, normal, order_total_names, synonyms


def find(*columns, **mapping):
    return {role: columns[i] for role, i in find_columns(columns, mapping, file="t.csv").items()}


def test_names_are_compared_without_case_blanks_punctuation_and_width():
    assert normal("Customer ID") == normal("customer_id") == normal("ＣＵＳＴＯＭＥＲ－ＩＤ") == "customerid"


def test_the_surest_name_wins():
    assert find("Customer Name", "Email", "Customer ID", "date", "amount")["customer"] == "Customer ID"
    assert find("customer_id", "customer_unique_id")["customer"] == "customer_unique_id"
    assert find("Order Date", "Paid at")["date"] == "Order Date"


def test_two_columns_that_fit_equally_well_are_asked_about():
    with pytest.raises(InputError, match=r"Member ID \(2\).*\n.*--map customer=1") as caught:
        find("Client ID", "Member ID", "date")
    assert "--map customer=1" in caught.value.say("zh")
    assert find("Client ID", "Member ID", "date", customer="member id")["customer"] == "Member ID"


def test_a_column_can_be_named_or_counted():
    assert find("a", "b", "c", customer="B")["customer"] == "b"
    assert find("a", "b", "c", customer="3")["customer"] == "c"
    assert find("a", "2", "c", customer="2")["customer"] == "2"
    assert "status" not in find("status", status="")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"custmer": "a"}, "Did you mean customer"),
        ({"customer": "amonut"}, "Did you mean 'amount'"),
        ({"customer": "9"}, "1=amount, 2=day"),
        ({"customer": "0"}, "no column"),
        ({"zzz": "a"}, "There are: customer, date"),
    ],
)
def test_unknown_roles_and_columns_are_refused_with_the_nearest(mapping, message):
    with pytest.raises(UsageError, match=message):
        find("amount", "day", **mapping)


def test_two_columns_of_the_same_name_need_a_position():
    with pytest.raises(UsageError, match=r"2 columns are called 'x'.*\n.*customer=1"):
        find("x", "x", customer="x")
    assert find_columns(["x", "x"], {"customer": 2}, file="t")["customer"] == 1


@pytest.mark.parametrize(
    ("header", "missing"), [("a,date,amount", "customer"), ("customer,a,amount", "date"), ("customer,date,a", "amount")]
)
def test_a_column_that_is_not_found_is_asked_for_with_the_columns_there_are(read, header, missing):
    with pytest.raises(InputError, match=f"{missing} .*\n.*--map {missing}=…") as caught:
        read(f"{header}\nX,Y,Z\n")
    assert "1=" in str(caught.value)


def test_no_synonym_stands_in_two_tiers_of_a_role_and_no_total_is_unknown():
    import tomllib
    from importlib.resources import files

    table = tomllib.loads((files("patron.history.files") / "columns.toml").read_text("utf-8"))
    for role, tiers in table["roles"].items():
        names = [normal(name) for tier in tiers for name in {normal(n) for n in tier}]
        assert len(names) == len(set(names)), role
        assert role in ROLES
    assert set(synonyms()) == set(ROLES)
    assert order_total_names() <= synonyms()["amount"].keys()
