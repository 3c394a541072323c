"""Any flat table: what each column is, what is missing, what is told, and what is refused."""

from __future__ import annotations

import hashlib
import io
import math
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patron.errors import InputError, UsageError
from patron.history.files import ReadOptions, SqlSource
from patron.history.files.any_cells import AT_ONCE, VAGUE, technical_words
from patron.history.files.any_forms import number_sql
from patron.history.files.any_kinds import KINDS, SAMPLE
from patron.history.files.any_table import AnyColumn, AnyTable, read_any
from patron.history.files.cells import Cell
from patron.history.files.numbers import NumberForm, parse_number

TODAY = date(2025, 6, 1)
Reader = Callable[..., AnyTable]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """`read("a,b\\n1,2", name="x.csv", kinds={…}, forms={…}, **options)`; also takes paths, queries and bytes."""

    def run(source: Any, name: str = "t.csv", kinds: Any = None, forms: Any = None, **options: Any) -> AnyTable:
        if isinstance(source, str | bytes):
            path = tmp_path / name
            path.write_bytes(source if isinstance(source, bytes) else source.encode())
            source = path
        return read_any(source, ReadOptions(**options), kinds=kinds, forms=forms, today=TODAY)

    return run


def told(got: AnyTable, lang: str = "en") -> str:
    return "\n".join(text.say(lang) for text in got.told)


def kinds_of(got: AnyTable) -> dict[str, str]:
    return {column.name: column.kind for column in got.columns}


def column(got: AnyTable, name: str) -> AnyColumn:
    return next(c for c in got.columns if c.name == name)


def values(got: AnyTable, name: str) -> list[Any]:
    return list(got.table[name].to_pylist())


def cells(*written: str, name: str = "x") -> str:
    """A table of a column x and a column that is always filled."""
    return f"{name};k\n" + "".join(f'"{cell}";a\n' for cell in written)


# ---- what a column is ----------------------------------------------------------------------------------------


def test_a_table_has_the_rows_of_the_file_and_a_type_for_each_kind(read: Reader) -> None:
    got = read("name,n,day,nothing\nAnn,1,2024-01-02,\nBob,2.5,2024-02-03,\n,,,\nAnn,3,,\n")
    assert kinds_of(got) == {"name": "text", "n": "number", "day": "date", "nothing": "blank"}
    assert got.table.schema == pa.schema(
        [
            ("row", pa.int64()),
            ("name", pa.string()),
            ("n", pa.float64()),
            ("day", pa.timestamp("us")),
            ("nothing", pa.float64()),
        ]
    )
    assert values(got, "row") == [2, 3, 5]
    assert values(got, "day") == [datetime(2024, 1, 2), datetime(2024, 2, 3), None]
    assert values(got, "nothing") == [None] * 3
    assert got.columns == [
        AnyColumn("name", "text", 3, 2, 0),
        AnyColumn("n", "number", 3, 3, 0, "."),
        AnyColumn("day", "date", 2, 2, 0),
        AnyColumn("nothing", "blank", 0, 0, 0),
    ]
    assert "Nothing stands in 'nothing'" in told(got)
    assert "“nothing”没有任何内容" in told(got, "zh")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1", "-2", "+3.5", "1e3"], [1, -2, 3.5, 1000]),
        (["1.234,50", "2,5"], [1234.5, 2.5]),
        (["1,234.50", "2.5"], [1234.5, 2.5]),
        (["$1,000.00", "€ 12.50", "￥3"], [1000, 12.5, 3]),
        (["１２", "3"], [12, 3]),
        (["128.00元", "1"], [128, 1]),
        (["0", "0.5", "-0.25"], [0, 0.5, -0.25]),
    ],
)
def test_numbers_as_people_write_them(read: Reader, written: list[str], meant: list[float]) -> None:
    got = read(cells(*written))
    assert kinds_of(got)["x"] == "number"
    assert values(got, "x") == pytest.approx(meant)


def test_a_doubtful_number_follows_the_file_and_the_mark_can_be_said(read: Reader) -> None:
    assert values(read('x;y\n1.234;"0,5"\n2.345;"0,7"\n'), "x") == [1234, 2345]
    assert values(read("x,y\n1.234,0.5\n2.345,0.7\n"), "x") == [1.234, 2.345]
    assert values(read("x,y\n1.234,0.5\n2.345,0.7\n", decimal=","), "x") == [1234, 2345]
    assert values(read('x,y\n"1,234","0,5"\n', decimal="."), "x") == [1234]


def test_one_clear_number_among_many_decides_and_it_is_told(read: Reader) -> None:
    got = read(cells(*["1,234"] * 300, "1.234,5"))
    assert values(got, "x")[0] == 1.234
    assert "decimal commas" in told(got)


@pytest.mark.parametrize(
    ("numbers", "words", "kind"), [(98, 2, "number"), (97, 3, "text"), (100, 0, "number"), (0, 5, "text")]
)
def test_a_column_of_numbers_has_ninety_eight_of_a_hundred(read: Reader, numbers: int, words: int, kind: str) -> None:
    got = read(cells(*map(str, range(numbers)), *["many"] * words))
    assert column(got, "x").kind == kind
    assert column(got, "x").unread == (words if kind == "number" else 0)
    assert column(got, "x").filled == numbers + words


@pytest.mark.parametrize(("days", "words", "kind"), [(95, 5, "date"), (94, 6, "text")])
def test_a_column_of_dates_has_ninety_five_of_a_hundred(read: Reader, days: int, words: int, kind: str) -> None:
    got = read(cells(*(f"2024-01-{i % 28 + 1:02}" for i in range(days)), *["soon"] * words))
    assert column(got, "x").kind == kind
    assert column(got, "x").unread == (words if kind == "date" else 0)


@pytest.mark.parametrize(
    ("written", "first"),
    [
        (["31/01/2024", "02/02/2024"], datetime(2024, 1, 31)),
        (["01/31/2024", "02/02/2024"], datetime(2024, 1, 31)),
        (["2024年1月31日", "2024年2月2日"], datetime(2024, 1, 31)),
        (["Jan 31, 2024", "Feb 2, 2024"], datetime(2024, 1, 31)),
        (["2024-01-31T08:30:00Z", "2024-02-02T00:00:00Z"], datetime(2024, 1, 31, 8, 30)),
    ],
)
def test_dates_as_people_write_them(read: Reader, written: list[str], first: datetime) -> None:
    got = read(cells(*written))
    assert kinds_of(got)["x"] == "date"
    assert values(got, "x")[0] == first


def test_the_order_of_day_and_month_can_be_said_and_a_doubtful_one_is_told(read: Reader) -> None:
    text = cells("01/02/2024", "03/04/2024")
    assert values(read(text, date_order="mdy"), "x")[0] == datetime(2024, 1, 2)
    assert values(read(text, date_order="dmy"), "x")[0] == datetime(2024, 2, 1)
    assert "--date-order" in told(read(text))


def test_times_with_an_offset_are_moved_to_the_zone_asked_for(read: Reader) -> None:
    got = read(cells("2024-01-31T20:30:00Z", "2024-02-02T00:00:00Z"), timezone="Asia/Shanghai")
    assert values(got, "x")[0] == datetime(2024, 2, 1, 4, 30)
    with pytest.raises(UsageError, match="Asia/Shanghai"):
        read(cells("2024-01-31T20:30:00Z"), timezone="Asia/Shanghi")


@pytest.mark.parametrize(
    "written",
    [
        ["00123", "04567", "89012"],
        ["0049", "17", "5", "123456"],
        ["010203", "020304"],
        ["1234567890123456", "1234567890123457"],
        ["0171 1234567", "030 98765"],
        ["+49 171 1234567", "+86 138 0013 8000"],
        ["4111 1111 1111 1111", "4222 2222 2222 2222"],
    ],
)
def test_codes_are_text_as_written_and_it_is_told(read: Reader, written: list[str]) -> None:
    got = read(cells(*written))
    assert values(got, "x") == written
    assert "'x' is read as text: it has codes" in told(got)
    assert "超过 15 位的编码" in told(got, "zh")


def test_codes_of_one_length_are_found_by_a_single_leading_zero(read: Reader) -> None:
    assert kinds_of(read(cells(*(str(i) for i in range(10_000, 10_400)), "01234")))["x"] == "text"


def test_one_slip_among_numbers_makes_no_codes_of_them(read: Reader) -> None:
    got = read(cells(*map(str, range(400)), "007"))
    assert kinds_of(got)["x"] == "number"
    assert values(got, "x")[-1] == 7


@pytest.mark.parametrize("written", [["10_20", "20_30", "30_40"], ["12:30", "08:15"], ["C001", "C002"], ["1.2.3", "4"]])
def test_what_only_looks_like_numbers_is_text(read: Reader, written: list[str]) -> None:
    assert values(read(cells(*written)), "x") == written


def test_a_bracket_of_ages_among_numbers_is_not_run_together(read: Reader) -> None:
    got = read(cells(*map(str, range(100)), "10_20"))
    assert values(got, "x")[-1] is None
    assert column(got, "x").unread == 1


def test_a_column_filled_in_a_few_rows_of_many_is_still_looked_at(read: Reader) -> None:
    rows = ["a;;"] * (SAMPLE * 3)
    rows[1001], rows[1003] = 'a;2024-01-05;"1,5"', 'a;2024-01-06;"2,5"'
    got = read("k;day;n\n" + "\n".join(rows) + "\n")
    assert kinds_of(got) == {"k": "text", "day": "date", "n": "number"}
    assert [value for value in values(got, "n") if value] == [1.5, 2.5]


def test_a_text_that_is_mostly_numbers_is_told(read: Reader) -> None:
    got = read(cells(*map(str, range(90)), *["many"] * 10))
    assert "only 90 of its 100 cells can be read as a number" in told(got)
    assert "100 个单元格中只有 90 个可读作数字" in told(got, "zh")


WRITTEN = st.one_of(
    st.text("0123456789.,-eE()$€% '", min_size=1, max_size=9),
    st.tuples(
        st.integers(-9999, 9999), st.sampled_from(".,"), st.integers(0, 9999), st.sampled_from(["", "e3", " €"])
    ).map(lambda part: "".join(map(str, part))),
)


@settings(max_examples=25)
@given(st.lists(WRITTEN.map(str.strip).filter(bool), min_size=50, max_size=200), st.sampled_from([".", ","]))
def test_simple_cells_are_read_as_the_careful_reader_reads_them(written: list[str], mark: str) -> None:
    cell, form = Cell("x", "VARCHAR"), NumberForm(mark, plain=False)
    with duckdb.connect() as con:
        con.register("t", pa.table({"x": written}))
        quick, careful = number_sql(cell, form), parse_number(cell, form)
        assert con.execute(f"SELECT x FROM t WHERE {quick} IS DISTINCT FROM {careful}").fetchall() == []


# ---- what is missing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["NA", "n/a", "NaN", "NULL", "none", "nil", "?", "-", "–", "#N/A", *VAGUE, " ", ""])
def test_words_for_missing_are_missing_among_numbers_and_dates(read: Reader, word: str) -> None:
    got = read(f"n;day;k\n1;2024-01-02;a\n{word};{word};b\n2;2024-01-03;c\n")
    assert kinds_of(got) == {"n": "number", "day": "date", "k": "text"}
    assert values(got, "n") == [1, None, 2]
    assert [(c.filled, c.unread) for c in got.columns[:2]] == [(2, 0), (2, 0)]
    assert ("2 cells only say that nothing is known" in told(got)) == bool(word.strip())


@pytest.mark.parametrize("word", ["NA", "N/A", "nan", "Null", "None", "#N/A", "#DIV/0!", "  "])
def test_technical_words_for_missing_are_missing_in_texts(read: Reader, word: str) -> None:
    assert word.strip().lower() in ["", *technical_words()]
    got = read(cells("red", word, "blue"))
    assert values(got, "x") == ["red", None, "blue"]
    assert column(got, "x") == AnyColumn("x", "text", 2, 2, 0)


@pytest.mark.parametrize("word", ["?", "-", "不详", "无", "unknown"])
def test_other_words_are_categories_of_a_text(read: Reader, word: str) -> None:
    assert values(read(cells("red", word, "blue")), "x")[1] == word
    got = read(cells(word, word))
    assert column(got, "x") == AnyColumn("x", "text", 2, 1, 0)


def test_a_column_of_technical_words_is_blank(read: Reader) -> None:
    assert column(read(cells("NA", "null", "")), "x") == AnyColumn("x", "blank", 0, 0, 0)


@pytest.mark.parametrize("word", ["inf", "-inf", "Infinity", "1e400", "-1e400"])
def test_infinite_numbers_are_missing_and_told(read: Reader, word: str) -> None:
    got = read(cells(*map(str, range(60)), word))
    assert values(got, "x")[-1] is None
    assert column(got, "x").unread == 1
    assert "1 cells of 'x' are infinite or too large" in told(got)
    assert "can't be read" not in told(got)
    assert "无穷大" in told(got, "zh")


def test_cells_that_cannot_be_read_are_told_with_the_first_of_them(read: Reader) -> None:
    got = read(cells(*map(str, range(198)), "abc", "inf", "def"))
    assert column(got, "x").unread == 3
    assert "2 of 201 cells of 'x' can't be read as a number and are missing (first: 'abc' in row 200)." in told(got)
    assert "首个：第 200 行的“abc”" in told(got, "zh")


def test_the_thirtieth_of_february_is_told(read: Reader) -> None:
    got = read(cells(*(f"2024-02-{i:02}" for i in range(1, 30)), "2024-02-30"))
    assert values(got, "x")[-1] is None
    assert "can't be read as a date" in told(got)
    assert "row 31" in told(got)


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9).map(lambda n: n / 100)), min_size=1, max_size=30))
def test_numbers_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, numbers: list[float | None]) -> None:
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_text("x,k\n" + "".join(f"{'' if n is None else n},a\n" for n in numbers), "utf-8")
    got = read_any(path, ReadOptions(), today=TODAY)
    assert values(got, "x") == numbers
    assert got.columns[0].filled == sum(n is not None for n in numbers)
    assert got.columns[0].distinct == len({n for n in numbers if n is not None})


# ---- kinds that are said -------------------------------------------------------------------------------------


def test_a_kind_that_is_said_wins_over_what_stands_there(read: Reader) -> None:
    text = "a,b,c,d,e\n007,5,2024-01-02,x,7\nred,6,soon,y,?\n"
    kinds = {"a": "number", "b": "text", "c": "date", "d": "blank", "e": "text", "gone": "number"}
    got = read(text, kinds=kinds)
    assert kinds_of(got) == {name: kind for name, kind in kinds.items() if name != "gone"}
    assert values(got, "a") == [7, None]
    assert values(got, "b") == ["5", "6"]
    assert values(got, "c") == [datetime(2024, 1, 2), None]
    assert values(got, "d") == [None, None]
    assert values(got, "e") == ["7", "?"]
    assert [c.unread for c in got.columns] == [1, 0, 1, 0, 0]
    assert "1 of 2 cells of 'a' can't be read as a number" in told(got)
    assert "codes" not in told(got)


def test_one_row_to_score_is_read_by_the_kinds_of_the_model(read: Reader) -> None:
    got = read('n,m,t,day\n"1.234,5",,5,31.01.2024\n', kinds={"n": "number", "m": "number", "t": "text", "day": "date"})
    assert got.table.to_pylist() == [{"row": 2, "n": 1234.5, "m": None, "t": "5", "day": datetime(2024, 1, 31)}]
    assert column(got, "m") == AnyColumn("m", "number", 0, 0, 0)


def test_a_number_column_that_only_has_words_is_all_missing(read: Reader) -> None:
    got = read(cells("red", "10_20"), kinds={"x": "number"})
    assert values(got, "x") == [None, None]
    assert column(got, "x").unread == 2


def test_typed_columns_can_be_forced_too(read: Reader, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [1.0, 2.5], "day": [20240102, 20240103], "b": [True, False]}), path)
    got = read(path, kinds={"a": "text", "day": "date", "b": "number"})
    assert values(got, "a") == ["1", "2.5"]
    assert values(got, "day") == [datetime(2024, 1, 2), datetime(2024, 1, 3)]
    assert values(got, "b") == [None, None]


def test_a_kind_that_there_is_not_is_refused(read: Reader) -> None:
    with pytest.raises(InputError, match="not a kind") as caught:
        read("a,b\n1,2\n", kinds={"a": "complex"})
    assert caught.value.column == "a"
    assert all(kind in caught.value.say("zh") for kind in KINDS)


NUMBERS = {"k": "text", "x": "number"}


@pytest.mark.parametrize(
    ("learnt", "row", "form", "meant"),
    [
        (["1.234,50", "2,5"], "1.234", ",", 1234),
        (["1,234.50", "2.5"], "1.234", ".", 1.234),
        (["1.234,50", "2,5"], "12.5", ",", 12.5),  # who can read it in one way only does so
        (["1,234.50", "2.5"], "12,5", ".", 12.5),
        (["1", "2"], "1.234", "", 1.234),
    ],
)
def test_a_number_in_doubt_is_read_as_its_column_was_before(
    read: Reader, learnt: list[str], row: str, form: str, meant: float
) -> None:
    before = read(cells(*learnt))
    assert column(before, "x").form == form
    got = read(f'x,k\n"{row}",a\n', kinds=NUMBERS, forms={c.name: c.form for c in before.columns})
    assert values(got, "x") == [meant]


@pytest.mark.parametrize(
    ("learnt", "row", "form", "meant"),
    [
        (["31/01/2024", "02/02/2024"], "03/04/2024", "dmy", datetime(2024, 4, 3)),
        (["01/31/2024", "02/02/2024"], "03/04/2024", "mdy", datetime(2024, 3, 4)),
        (["01/31/2024", "02/02/2024"], "31/04/2024", "mdy", None),
        (["01/31/2024", "02/02/2024"], "30/04/2024", "mdy", datetime(2024, 4, 30)),
        (["01/31/2024", "02/02/2024"], "2024-04-30", "mdy", datetime(2024, 4, 30)),
        (["2024-01-31", "2024-02-02"], "30/04/2024", "", datetime(2024, 4, 30)),
    ],
)
def test_a_date_in_doubt_is_read_as_its_column_was_before(
    read: Reader, learnt: list[str], row: str, form: str, meant: datetime | None
) -> None:
    before = read(cells(*learnt))
    assert column(before, "x").form == form
    forms = {c.name: c.form for c in before.columns}
    got = read(f"x,k\n{row},a\n", kinds={"x": "date"}, forms=forms)
    assert values(got, "x") == [meant]
    assert "--date-order" not in told(got)
    other = read(f"x,k\n{row},a\n", kinds={"x": "date"}, forms=forms, date_order="dmy")
    assert column(other, "x").form in ("dmy", "")


def test_a_word_among_whole_numbers_makes_them_not_doubtful(read: Reader) -> None:
    got = read(cells(*map(str, range(60)), "Total"))
    assert "two ways" not in told(got)
    assert column(got, "x") == AnyColumn("x", "number", 61, 60, 1)


# ---- names ---------------------------------------------------------------------------------------------------


def test_names_without_names_and_names_that_stand_twice_are_told(read: Reader) -> None:
    got = read("a,,a,row,A\n1,2,3,4,5\n")
    assert got.table.column_names == ["row", "a", "column_2", "a_2", "row_2", "A_3"]
    assert [c.name for c in got.columns] == got.table.column_names[1:]
    assert got.table.to_pylist() == [{"row": 2, "a": 1, "column_2": 2, "a_2": 3, "row_2": 4, "A_3": 5}]
    assert "column 2 is 'column_2', column 3 is 'a_2', column 4 is 'row_2'" in told(got)
    assert "第 3 列为“a_2”" in told(got, "zh")


def test_names_may_hold_anything(read: Reader) -> None:
    got = read('"say ""x""",c0,v1,select,"a,b"\n1,2,3,4,5\n')
    assert got.table.to_pylist() == [{"row": 2, 'say "x"': 1, "c0": 2, "v1": 3, "select": 4, "a,b": 5}]


def test_more_columns_than_one_query_takes_are_all_read(read: Reader) -> None:
    width = 2 * AT_ONCE + 7
    header = ",".join(f"n{i}" for i in range(width))
    row = ",".join("?" if i % 3 == 0 else f"day {i}" if i % 3 == 1 else str(i) for i in range(width))
    full = ",".join(str(i) if i % 3 != 1 else f"day {i}" for i in range(width))
    got = read(f"{header}\n{row}\n{full}\n")
    assert [c.kind for c in got.columns] == ["text" if i % 3 == 1 else "number" for i in range(width)]
    assert values(got, f"n{width - 1}")[1] == width - 1
    assert "and 59 more" in told(got)


# ---- what files can be ---------------------------------------------------------------------------------------

SAME = "姓名,金额,日期\n王小明,12.5,2024-01-02\n李雷,3,2024-01-03\n"
READ = [
    {"row": 2, "姓名": "王小明", "金额": 12.5, "日期": datetime(2024, 1, 2)},
    {"row": 3, "姓名": "李雷", "金额": 3.0, "日期": datetime(2024, 1, 3)},
]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_give_the_same_table(read: Reader, codec: str, delimiter: str) -> None:
    data = SAME.replace(",", delimiter).encode(codec)
    got = read(data)
    assert got.table.to_pylist() == READ
    assert got.sha256 == hashlib.sha256(data).hexdigest()
    assert (got.label, got.malformed) == ("t.csv", 0)


def test_a_workbook_gives_the_same_table(read: Reader) -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "金额", "日期", "号", "会员"], ["王小明", 12.5, datetime(2024, 1, 2), "007", True]):
        book.active.append(row)
    book.active.append(["李雷", 3, datetime(2024, 1, 3), "008", False])
    out = io.BytesIO()
    book.save(out)
    got = read(out.getvalue(), name="t.xlsx")
    extra = [{"号": "007", "会员": "true"}, {"号": "008", "会员": "false"}]
    assert got.table.to_pylist() == [row | more for row, more in zip(READ, extra, strict=True)]


def test_parquet_keeps_its_types(read: Reader, tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None, 3], pa.int32()),
            "x": [1.5, math.nan, math.inf],
            "d": [Decimal("1.50"), None, Decimal("2.25")],
            "flag": [True, False, None],
            "day": [date(2024, 1, 2), None, date(2024, 1, 3)],
            "at": pa.array([datetime(2024, 1, 2, 3), None, None], pa.timestamp("ns")),
            "t": ["a", " ", "NA"],
            "big": pa.array([2**60, 5, None], pa.int64()),
            "none": pa.array([None, None, None], pa.int64()),
            "written": ["1,5", "2,5", "-"],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    got = read(tmp_path / "t.parquet")
    number, text, day, blank = ("number", pa.float64()), ("text", pa.string()), ("date", pa.timestamp("us")), "blank"
    expected = [number, number, number, text, day, day, text, text, (blank, pa.float64()), number]
    assert [(c.kind, got.table.schema.field(c.name).type) for c in got.columns] == expected
    assert got.table.drop_columns(["at", "day", "none"]).to_pylist() == [
        {"row": 1, "n": 1, "x": 1.5, "d": 1.5, "flag": "true", "t": "a", "big": str(2**60), "written": 1.5},
        {"row": 2, "n": None, "x": None, "d": None, "flag": "false", "t": None, "big": "5", "written": 2.5},
        {"row": 3, "n": 3, "x": None, "d": 2.25, "flag": None, "t": None, "big": None, "written": None},
    ]
    assert (column(got, "x").filled, column(got, "x").unread) == (2, 1)


def test_a_query_is_read_like_a_file(read: Reader, tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE c (name TEXT, n REAL, zip TEXT)")
    con.executemany("INSERT INTO c VALUES (?, ?, ?)", [("Ann", 1.5, "01234"), ("Bob", None, "56789")])
    con.commit()
    con.close()
    got = read(SqlSource(f"sqlite:///{path}", "SELECT * FROM c"))
    assert got.table.to_pylist() == [
        {"row": 1, "name": "Ann", "n": 1.5, "zip": "01234"},
        {"row": 2, "name": "Bob", "n": None, "zip": "56789"},
    ]
    assert got.label.startswith("sql:sqlite")
    assert len(got.sha256) == 64


def test_a_table_without_a_header_is_called_by_positions(read: Reader) -> None:
    text = "1,red,5\n2,blue,6\n"
    assert read(text, header=False).table.column_names == ["row", "1", "2", "3"]
    assert values(read(text, mapping={"target": "3"}), "3") == [5, 6]
    with pytest.raises(InputError, match="--no-header") as caught:
        read(text)
    assert "customer=" not in caught.value.say("en")
    assert caught.value.row == 1


def test_a_header_below_a_title_is_found(read: Reader) -> None:
    text = "Report of May\n\nname,n,city,x\nAnn,1,Bonn,2\nBob,2,Ulm,3\n"
    got = read(text)
    assert got.table.column_names == ["row", "name", "n", "city", "x"]
    assert values(got, "row") == [4, 5]
    assert "The header is row 3" in told(got)
    assert read(text, mapping={"target": "city"}).table.column_names == got.table.column_names


def test_words_of_an_order_in_the_cells_are_no_header(read: Reader) -> None:
    got = read("reason,second\nwaiting,none\nprice,quantity\ncustomer,date\n")
    assert got.table.column_names == ["row", "reason", "second"]
    assert values(got, "row") == [2, 3, 4]


def test_rows_with_another_number_of_cells_are_left_out_counted_and_told(read: Reader) -> None:
    got = read("a,b,c\n1,2,3\n1,2\n4,5,6\n1,2,3,4\n7,8,9\n")
    assert got.malformed == 2
    assert values(got, "row") == [2, 4, 6]
    assert "2 rows have another number of cells than the header (first: row 3)" in told(got)
    assert "首个：第 3 行" in told(got, "zh")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"a,b,c\n", "no row below"),
        (b"a,b,c\n,,\n\n", "no row"),
        (b"a\n1\n2\n", "Only one column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (bytes(range(256)) * 40, "control characters"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(read: Reader, tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(data)
    assert caught.value.file == str(tmp_path / "t.csv")
    assert caught.value.remedy is not None
    assert caught.value.say("zh") != caught.value.say("en")


def test_rows_of_blanks_only_are_no_rows(read: Reader) -> None:
    assert values(read("a,b\n,\n1,2\n\u00a0, \n"), "row") == [3]
    with pytest.raises(InputError, match="no rows") as caught:
        read("a,b\n1,2,3\n,\n")
    assert caught.value.remedy is not None


def test_one_column_is_refused_whatever_the_file(read: Reader, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="only one column") as caught:
        read(tmp_path / "t.parquet")
    assert caught.value.file == str(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "t.csv")
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)


def test_progress_is_told_by_steps(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", "utf-8")
    steps: list[str] = []
    read_any(tmp_path / "t.csv", ReadOptions(), today=TODAY, progress=lambda step, *_: steps.append(step))
    assert steps == ["read", "check"]


# ---- real tables ---------------------------------------------------------------------------------------------


def test_telco_with_blank_charges(read: Reader, shared_data: Callable[[str], Path]) -> None:
    """As IBM gives it out: who has just come (tenure 0) has a blank for the total of charges."""
    lines = shared_data("telco_churn/telco_churn.csv").read_text("utf-8").splitlines()
    new = [line for line in lines if line.split(",")[5] == "0"]
    blanked = [",".join([*line.split(",")[:-2], " ", line.split(",")[-1]]) if line in new else line for line in lines]
    got = read("\n".join(blanked) + "\n")
    assert column(got, "TotalCharges").kind == "number"
    assert column(got, "TotalCharges").filled == got.table.num_rows - 11 == 7_032
    numbers = {c.name for c in got.columns if c.kind == "number"}
    assert numbers == {"SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"}


def test_leads(read: Reader, shared_data: Callable[[str], Path]) -> None:
    got = read(shared_data("lead_scoring/leads.csv"))
    assert (got.table.num_rows, len(got.columns), got.malformed) == (9_240, 37, 0)
    assert column(got, "TotalVisits") == AnyColumn("TotalVisits", "number", 9_103, 41, 0)
    assert column(got, "Prospect ID").distinct == 9_240


def test_customer_personality_has_one_date(read: Reader, shared_data: Callable[[str], Path]) -> None:
    got = read(shared_data("customer_personality/marketing_campaign.csv"))
    assert [c.name for c in got.columns if c.kind == "date"] == ["Dt_Customer"]
    assert values(got, "Dt_Customer")[0] == datetime(2012, 9, 4)
    assert column(got, "Income").filled == 2_216
    assert "separated by TABs" in told(got)


@pytest.mark.parametrize(
    ("name", "rows", "texts"),
    [
        ("bank_marketing/bank-additional-full.csv", 41_188, 11),
        ("iranian_churn/iranian_churn.csv", 3_150, 0),
        ("hillstrom/hillstrom.csv", 64_000, 4),
        ("bank_churn/bank_churn.csv", 10_000, 2),
    ],
)
def test_real_tables_are_read_whole(
    read: Reader, shared_data: Callable[[str], Path], name: str, rows: int, texts: int
) -> None:
    got = read(shared_data(name))
    assert got.table.num_rows == rows
    assert values(got, "row") == list(range(2, rows + 2))
    assert sum(c.kind == "text" for c in got.columns) == texts
    assert {c.kind for c in got.columns} <= {"number", "text"}
    assert all(c.unread == 0 for c in got.columns)
