"""Dates in every form that exports write them, and the ones that are refused."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.errors import UsageError
from patron.history.files import ReadOptions, read_table

NOON = datetime(2011, 12, 19, 13, 5)
DAY = datetime(2011, 12, 19)


def days(read, *written, **options):
    quoted = "".join(f'A,"{w}",1\n' for w in written)
    return read(f"customer,date,amount\n{quoted}", **options)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20111219", DAY),
        ("2011-12-19", DAY),
        ("2011/12/19", DAY),
        ("2011.12.19", DAY),
        ("19.12.2011", DAY),
        ("19/12/2011", DAY),
        ("12/19/2011", DAY),
        ("12/19/11", DAY),
        ("19.12.11", DAY),
        ("2011年12月19日", DAY),
        ("2011年12月19日 13时05分", NOON),
        ("2011-12-19 13:05", NOON),
        ("2011-12-19T13:05:00", NOON),
        ("2011-12-19T13:05:00.000", NOON),
        ("20111219130500", NOON),
        ("2011-12-19 13:05:00.000000", NOON),
        ("12/19/2011 1:05 PM", NOON),
        ("2011/12/19 下午 1:05", NOON),
        ("2011/12/19 下午1:05:00", NOON),
        ("19 Dec 2011", DAY),
        ("19-Dec-11", DAY),
        ("December 19, 2011", DAY),
        ("19 December 2011 13:05", NOON),
        ("Mon, 19 Dec 2011", DAY),
        ("2011-12-19T13:05:00Z", NOON),
        ("2011-12-19 13:05:00+08:00", NOON),
        ("2011-12-19 13:05:00 +0800", NOON),
        ("2011-12-19 13:05:00 UTC", NOON),
        ("1324299900", NOON),
        ("1324299900000", NOON),
        ("40896", DAY),
        ("40896.545138889", NOON),
        ("20111219 13:05", NOON),
        ("20111219T130500", NOON),
    ],
)
def test_one_form_of_a_date(read, written, meant):
    got = days(read, written, written)
    assert got.column("happened_at") == [meant, meant]


def test_day_and_month_are_decided_over_the_whole_column_and_told(read):
    got = days(read, *["01/02/2011"] * 500, "25/02/2011")
    assert set(got.column("happened_at")) == {datetime(2011, 2, 1), datetime(2011, 2, 25)}
    assert "day/month/year" in got.told()
    got = days(read, *["01/02/2011"] * 500, "02/25/2011")
    assert got.column("happened_at")[0] == datetime(2011, 1, 2)
    assert "月/日/年" in got.told("zh")


def test_where_both_orders_fit_the_one_that_runs_forward_is_taken_and_the_doubt_is_told(read):
    got = days(read, *[f"{m:02d}/{d:02d}/2011" for m in (1, 2, 3) for d in range(1, 13)])
    assert got.column("happened_at")[1] == datetime(2011, 1, 2)
    assert "fits month/day/year and day/month/year" in got.told()
    assert days(read, "01/02/2011", date_order="mdy").column("happened_at") == [datetime(2011, 1, 2)]


def test_a_column_that_mixes_forms_is_read_whole(read):
    got = days(read, "2011-12-19", "2011-12-19 13:05", "20111219", "19 Dec 2011", "40896")
    assert got.column("happened_at") == [DAY, NOON, DAY, DAY, DAY]


def test_a_form_that_only_one_row_in_fifty_thousand_has_is_still_learned(read):
    got = days(read, *["2011-12-19"] * 50_000, "2011年12月19日")
    assert got.result.rows_used == 50_001


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2011-02-30", "bad_date"),
        ("soon", "bad_date"),
        ("", "no_date"),
        ("NULL", "no_date"),
        ("1900-01-01", "old_date"),
        ("2025-06-04", "future_date"),
        ("2099-01-01", "future_date"),
        ("2011-13-01", "bad_date"),
    ],
)
def test_a_date_that_cannot_be_is_rejected_with_its_reason(read, written, code):
    got = days(read, "2011-12-19", "2011-12-19", written)
    assert [(r["row"], r["column"], r["code"], r["cell"]) for r in got.rejected] == [("4", "date", code, written)]


def test_today_and_tomorrow_are_not_the_future(read):
    assert days(read, "2025-06-01", "2025-06-02 23:59").result.rows_used == 2


def test_mixed_offsets_stay_as_written_and_are_told_or_move_to_the_time_zone(read):
    written = ["2024-01-05 23:30:00 +0100", "2024-01-05 23:30:00 -05:00", "2024-01-05T23:30:00Z", "2024-01-05 23:30:00"]
    got = days(read, *written)
    assert set(got.column("happened_at")) == {datetime(2024, 1, 5, 23, 30)}
    assert "offsets" in got.told()
    moved = days(read, *written, timezone="Asia/Shanghai").column("happened_at")
    assert moved == [
        datetime(2024, 1, 6, 6, 30),
        datetime(2024, 1, 6, 12, 30),
        datetime(2024, 1, 6, 7, 30),
        datetime(2024, 1, 5, 23, 30),
    ]


def test_summer_time_is_heeded(read):
    moved = days(read, "2024-07-05T22:30:00Z", "2024-01-05T22:30:00Z", timezone="Europe/Berlin").column("happened_at")
    assert moved == [datetime(2024, 7, 6, 0, 30), datetime(2024, 1, 5, 23, 30)]


def test_an_unknown_time_zone_is_refused_with_a_suggestion(read):
    with pytest.raises(UsageError, match="Asia/Shanghai"):
        days(read, "2024-01-05", timezone="Asia/Shanghia")


def test_a_known_column_gives_known_at_and_without_one_it_is_happened_at(read):
    got = read("customer,date,amount,recorded at\nA,2024-01-02,1,2024-02-01\nB,2024-01-02,1,\n")
    assert got.column("known_at") == [datetime(2024, 2, 1), datetime(2024, 1, 2)]


def test_excel_dates_and_texts_in_a_workbook_column_are_both_read(read, tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["customer", "date", "amount"],
        ["A", DAY, 1],
        ["A", date(2011, 12, 19), 1],
        ["A", "19.12.2011", 1],
        ["A", 40896, 1],
    ):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    assert read(tmp_path / "x.xlsx").column("happened_at") == [DAY] * 4


FORMS = ["%Y-%m-%d", "%d.%m.%Y", "%Y年%m月%d日", "%Y/%m/%d %H:%M:%S", "%d %b %Y", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d"]


@given(
    moments=st.lists(
        st.datetimes(datetime(1971, 1, 1), datetime(2025, 1, 1)).map(lambda d: d.replace(microsecond=0)),
        min_size=1,
        max_size=12,
    ),
    form=st.sampled_from(FORMS),
)
def test_what_is_written_in_a_form_is_read_back_equal(moments, form, tmp_path_factory):
    order = "mdy" if form.startswith("%m") else "dmy"
    meant = [datetime.strptime(m.strftime(form), form) for m in moments]
    path = tmp_path_factory.mktemp("dates") / "t.csv"
    path.write_text("when,x\n" + "".join(f'"{m.strftime(form)}",y\n' for m in moments), "utf-8")
    if form == "%Y%m%d":
        path.write_text("when,x\n" + "".join(f'"{m.strftime(form)} 00:00",y\n' for m in moments), "utf-8")
    table, _ = read_table(path, ReadOptions(date_order=order), today=date(2025, 6, 1))
    assert table["when"].to_pylist() == meant
