"""Numbers as people and programs write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.errors import InputError
from patron.history.files import ReadOptions, read_table


def money(read, *written, **options):
    return read("customer;date;amount\n" + "".join(f'A;2024-01-02;"{w}"\n' for w in written), **options)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1,234.56", "12"], [1234.56, 12]),
        (["1.234,56", "12"], [1234.56, 12]),
        (["1 234,56", "0,5"], [1234.56, 0.5]),
        (["1\u00a0234,56", "0,5"], [1234.56, 0.5]),
        (["1'234.50", "3"], [1234.5, 3]),
        (["￥1,234.00", "¥2"], [1234, 2]),
        (["$1,234.50", "($12.00)"], [1234.5, -12]),
        (["12.00-", "3.50"], [-12, 3.5]),
        (["−12.00", "3.50"], [-12, 3.5]),
        (["１２．５", "3.5"], [12.5, 3.5]),
        (["1.234.567", "1,5"], [1234567, 1.5]),
        (["12,34,567.50", "1.5"], [1234567.5, 1.5]),
        (["1e3", "+5"], [1000, 5]),
        (["12,50 €", "1.000,00 €"], [12.5, 1000]),
        (["EUR 12.50", "1.00"], [12.5, 1]),
        (["1000000000000", ".5"], [1e12, 0.5]),
        (["128.00元", "1"], [128, 1]),
    ],
)
def test_one_way_to_write_money(read, written, meant):
    assert money(read, *written).column("revenue") == pytest.approx(meant)


def test_one_clear_value_decides_the_whole_column_and_it_is_told(read):
    got = money(read, *["1,234"] * 300, "1.234,5")
    assert got.column("revenue")[0] == 1.234
    assert "decimal commas" in got.told()
    assert money(read, *["1,234"] * 300, "1,234.5").column("revenue")[0] == 1234


def test_a_doubtful_column_follows_the_other_columns_of_its_file(read):
    got = read("customer;date;quantity;unit price\nA;2024-01-02;1.000;12,50\nB;2024-01-02;2.000;9,99\n")
    assert got.column("quantity") == [1000, 2000]
    assert "two ways" in got.told()


def test_the_decimal_mark_can_be_said(read):
    assert money(read, "1.234", "5.678", decimal=".").column("revenue") == [1.234, 5.678]
    assert money(read, "1.234", "5.678", decimal=",").column("revenue") == [1234, 5678]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("inf", "infinite"),
        ("-Infinity", "infinite"),
        ("abc", "bad_number"),
        ("nan", "no_number"),
        ("", "no_number"),
        ("1e999", "infinite"),
        ("1,2,3", "bad_number"),
        ("12.3.4", "bad_number"),
    ],
)
def test_what_is_no_number_is_rejected_with_row_and_column(read, written, code):
    got = money(read, "1.50", "2.50", "1,234.50", written)
    assert [(r["row"], r["column"], r["code"]) for r in got.rejected] == [("5", "amount", code)]


def test_when_most_rows_do_not_fit_the_error_says_how_to_map(read):
    with pytest.raises(InputError, match="--map") as caught:
        money(read, "cheap", "dear", "12")
    assert caught.value.column == "amount"
    assert caught.value.exit_code == 3
    assert "“amount”列" in caught.value.say("zh")


def test_the_sum_of_many_cents_is_exact_to_the_cent(read):
    got = money(read, *["0.1"] * 30_000, "1000000000000")
    assert round(got.result.value_file, 2) == 1_000_000_003_000.00


def written(value, decimal, group):
    whole, fraction = f"{abs(value):,.2f}".split(".")
    return ("-" if value < 0 else "") + whole.replace(",", group) + decimal + fraction


@given(
    values=st.lists(st.integers(-(10**11), 10**11).map(lambda cents: cents / 100), min_size=1, max_size=20),
    style=st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u202f"), (".", "")]),
)
def test_what_is_written_in_a_locale_is_read_back_equal(values, style, tmp_path_factory):
    path = tmp_path_factory.mktemp("numbers") / "t.csv"
    path.write_text("x;y\n" + "".join(f'"{written(v, *style)}";z\n' for v in values), "utf-8")
    table, _ = read_table(path, ReadOptions(), today=date(2025, 6, 1))
    assert table["x"].to_pylist() == values
