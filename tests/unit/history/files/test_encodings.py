"""Letters, delimiters and layouts of text tables."""

from __future__ import annotations

import pytest

from patron.errors import InputError, UsageError

ROWS = "customer,date,amount\nZoë 王,2024-01-02,3\nAnn,2024-01-03,4\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_read(read, codec, end):
    text = ROWS.replace("Zoë", "小").replace("\n", end)
    assert read(text.encode(codec)).column("customer_id") == ["小 王", "Ann"]


def test_utf16_with_a_big_endian_mark_is_read(read):
    assert read(b"\xfe\xff" + ROWS.encode("utf-16-be")).column("customer_id") == ["Zoë 王", "Ann"]


def test_latin1_is_a_told_fallback(read):
    got = read("customer;date;amount\nJürgen Müßig;2024-01-02;3\nÉloïse;2024-01-03;4\n".encode("cp1252"))
    assert got.column("customer_id") == ["Jürgen Müßig", "Éloïse"]
    assert "Windows-1252" in got.told()


def test_an_encoding_that_shows_only_far_down_the_file_is_found(read):
    rows = "".join(f"C{i},2024-01-02,3\n" for i in range(60_000))
    assert (
        read(f"customer,date,amount\n{rows}王小明,2024-01-02,3\n".encode("gb18030")).column("customer_id")[-1]
        == "王小明"
    )


def test_a_utf8_file_with_one_damaged_letter_stays_utf8(read):
    got = read(("customer,date,amount\n" + "王小明,2024-01-02,3\n" * 30).encode() + b"\xff,2024-01-02,3\n")
    assert got.column("customer_id")[0] == "王小明"
    assert "damaged" in got.told()


def test_a_named_encoding_is_taken_and_an_unknown_one_refused(read):
    assert read(ROWS.encode("utf-16-le"), encoding="utf-16-le").column("customer_id")[1] == "Ann"
    with pytest.raises(InputError, match="not an encoding"):
        read(ROWS, encoding="klingon")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_read(read, delimiter):
    assert read(ROWS.replace(",", delimiter)).column("revenue") == [3.0, 4.0]


def test_runs_of_blanks_separate_cells(read):
    assert read(" customer   date  amount \n A  20240102   3.5\n B 20240103 4 \n").column("revenue") == [3.5, 4.0]


def test_the_delimiter_can_be_named(read):
    assert read(ROWS.replace(",", "^"), delimiter="^").column("revenue") == [3.0, 4.0]
    with pytest.raises(UsageError, match="one character"):
        read(ROWS, delimiter="ab")


def test_an_unknown_delimiter_is_an_error_that_shows_the_row(read):
    with pytest.raises(InputError, match=r"Only one column.*customer\^date"):
        read(ROWS.replace(",", "^").replace(" ", ""))


def test_excels_separator_line_is_obeyed_and_rows_stay_numbered(read):
    got = read("sep=;\ncustomer;date;amount\nA;2024-01-02;3\n;2024-01-02;4\n")
    assert got.rejected[0]["row"] == "4"


def test_rows_above_the_header_are_left_out_and_rows_stay_numbered(read):
    rows = "A,2024-01-02,3\nB,2024-01-03,4\nC,2024-01-04,4\nD,rubbish,4\n,2024-01-02,3\n"
    got = read(f"Sales report\n\nmade on,2024-02-02\ncustomer,date,amount\n{rows}")
    assert [r["row"] for r in got.rejected] == ["8", "9"]
    assert "header is row 4" in got.told()


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks(read):
    got = read('customer,date,amount,description\n"A, B",2024-01-02,3,"two\nlines ""x"""\nC,2024-01-03,4,y\n')
    assert got.column("customer_id") == ["A, B", "C"]
    assert got.column("product")[0] == 'two\nlines "x"'
    assert got.column("row") == [2, 3]


def test_blank_rows_are_no_rows_but_keep_the_numbering(read):
    got = read("customer,date,amount\n\nA,2024-01-02,3\n,,\n\nB,2024-01-03,4\n")
    assert got.column("row") == [3, 6]
    assert got.result.rows_file == 2


def test_rows_with_another_number_of_cells_are_rejected_by_number(read):
    rows = "".join(f"A,2024-01-02,{i}\n" for i in range(10))
    got = read(f"customer,date,amount\n{rows}B,2024-01-02\n\nC,2024-01-02,3,4,5\nD,2024-01-02,9\n")
    assert [(r["row"], r["code"]) for r in got.rejected] == [("12", "cells"), ("14", "cells")]
    assert got.column("row")[-1] == 15


def test_an_empty_last_column_without_a_name_is_allowed(read):
    assert read("customer,date,amount\nA,2024-01-02,3,\nB,2024-01-02,4,\n").column("revenue") == [3.0, 4.0]


def test_a_hundred_columns_are_no_trouble(read):
    extra = ",".join(f"x{i}" for i in range(97))
    got = read(f"customer,date,amount,{extra}\nA,2024-01-02,3{',' * 97}\n")
    assert got.column("revenue") == [3.0]


def test_a_quote_that_is_never_closed_names_its_row(read):
    good = "".join(f"A{i},2024-01-02,{i},y\n" for i in range(10))
    with pytest.raises(InputError, match="quotation mark") as caught:
        read("customer,date,amount,description\n" + good + 'B,2024-01-02,4,"open\n' + good * 3)
    assert caught.value.row == 12
