"""Input that can't be used: each is a message naming the place and the remedy, never a stack trace."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patron.errors import InputError, PatronError, ResourceError, UsageError
from patron.history.files import ReadOptions, read_orders
from patron.history.files import workbook as workbook_room

GOOD = "customer,date,amount\nA,2024-01-02,5\n"


def workbook(rows=((("customer", "date", "amount")), ("A", date(2024, 1, 2), 5))) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def parquet_bytes() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"customer": ["A"] * 1000, "date": ["2024-01-02"] * 1000, "amount": [5.0] * 1000}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"customer,date,amount\n", "no row below"),
        (b"customer,date,amount\n,,\n\n", "no row"),
        (bytes(range(256)) * 40, "control characters"),
        (workbook()[:-200], "complete workbook"),
        (workbook()[:200], "complete workbook"),
        (b"PK\x03\x04rubbish", "complete workbook"),
        (b"\xd0\xcf\x11\xe0rubbish" * 30, "complete workbook"),
        (zipped(**{"orders.csv": GOOD.encode()}), "ZIP archive"),
        (workbook([("customer", "date", "amount")]), "no row below"),
        (workbook([]), "empty"),
        (parquet_bytes()[:-50], "complete Parquet"),
        (b"PAR1" + b"x" * 50, "complete Parquet"),
        (b"\x1f\x8b\x08rubbish", "gzip"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b'[{"customer": 1}]', "JSON"),
        (b"%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"SQLite format 3\0rubbish", "--sql sqlite"),
    ],
)
def test_a_file_that_is_no_table_is_named_with_a_remedy(read, tmp_path, data, message):
    with pytest.raises(InputError, match=message) as caught:
        read(data, name="x.csv")
    assert caught.value.file == str(tmp_path / "x.csv")
    assert caught.value.remedy is not None
    assert caught.value.exit_code == 3
    assert caught.value.say("zh") != caught.value.say("en")


def test_a_parquet_file_with_damaged_pages_breaks_off_with_a_message(read):
    data = bytearray(parquet_bytes())
    data[4:200] = b"\xff" * 196
    with pytest.raises(InputError, match=r"x\.parquet"):
        read(bytes(data), name="x.parquet")


def test_a_missing_file_suggests_a_near_name(read, tmp_path):
    (tmp_path / "orders_2024.csv").write_text(GOOD)
    with pytest.raises(InputError, match=r"Did you mean orders_2024\.csv"):
        read(tmp_path / "order_2024.csv")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nowhere" / "x.csv")


def test_a_folder_is_refused(read, tmp_path):
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX users")
def test_an_unreadable_file_is_said_so(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text(GOOD)
    path.chmod(0)
    if os.geteuid() == 0:  # the superuser may read everything: refuse in its place
        really = type(path).open

        def refuse(self, *args, **options):
            if self == path:
                raise PermissionError(13, "denied")
            return really(self, *args, **options)

        monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(ResourceError, match="may not be read") as caught:
        read_orders([path], tmp_path / "into", ReadOptions(), today=date(2025, 6, 1), progress=lambda *_: None)
    assert caught.value.exit_code == 5


def test_an_output_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "x.csv").write_text(GOOD)
    with pytest.raises(ResourceError, match="output folder"):
        read_orders(
            [tmp_path / "x.csv"],
            tmp_path / "taken" / "into",
            ReadOptions(),
            today=date(2025, 6, 1),
            progress=lambda *_: None,
        )


def test_no_source_at_all_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="No file"):
        read_orders([], tmp_path, ReadOptions(), today=date(2025, 6, 1), progress=lambda *_: None)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(read):
    bomb = zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (150 << 20)})
    assert len(bomb) < 1 << 20
    with pytest.raises(ResourceError, match="unpacks to"):
        read(bomb, name="bomb.xlsx")


def test_a_zip_bomb_whose_directory_lies_is_refused_too(read, monkeypatch):
    monkeypatch.setattr(workbook_room, "LARGEST", 1 << 20)
    bomb = bytearray(zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (8 << 20)}))
    true_size = (8 << 20).to_bytes(4, "little")
    while (at := bomb.find(true_size)) >= 0:
        bomb[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ResourceError, match="unpacks to"):
        read(bytes(bomb), name="bomb.xlsx")


def test_nul_bytes_set_only_their_row_aside(read):
    got = read(
        "customer,date,amount\nA,2024-01-02,5\nB\0,2024-01-02,6\nC,2024-01-02,7\0\nD,2024-01-02,8\nE,2024-01-02,8\n"
    )
    assert [(r["row"], r["column"], r["code"]) for r in got.rejected] == [
        ("3", "customer", "nul"),
        ("4", "amount", "nul"),
    ]
    assert got.column("customer_id") == ["A", "D", "E"]


def test_amounts_of_a_trillion_are_taken(read):
    assert read("customer,date,amount\nA,2024-01-02,1000000000000\nB,2024-01-02,-1e12\n").column("revenue") == [
        1e12,
        -1e12,
    ]


def test_amounts_beyond_a_double_are_refused_when_multiplied(read):
    got = read("customer,date,quantity,unit price\nA,2024-01-02,1,2\nA,2024-01-02,1,2\nB,2024-01-02,1e200,1e200\n")
    assert got.rejected[0]["code"] == "infinite"


def test_a_file_where_nobody_is_a_customer_is_refused(read):
    with pytest.raises(InputError, match="no customer") as caught:
        read("customer,date,amount\n,2024-01-02,5\n,2024-01-03,5\n")
    assert caught.value.column == "customer"


def test_a_header_that_is_data_is_refused_or_with_positions_taken(read):
    with pytest.raises(InputError, match="--no-header") as caught:
        read("17,2024-01-02,5\n18,2024-01-03,6\n")
    assert caught.value.row == 1
    got = read("17,2024-01-02,5\n18,2024-01-03,6\n", mapping={"customer": "1", "date": "2", "amount": "3"})
    assert got.result.rows_used == 2
    assert "no header" in got.told()


def test_ctrl_c_passes_through_and_leaves_no_scratch(tmp_path):
    (tmp_path / "x.csv").write_text(GOOD)

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_orders([tmp_path / "x.csv"], tmp_path / "into", ReadOptions(), today=date(2025, 6, 1), progress=interrupt)
    assert not (tmp_path / "into" / ".reading").exists()


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_smallest_files_are_read(read, size):
    assert read("customer,date,amount\n" + "A,2024-01-02,5\n" * size).result.rows_used == size


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_never_gives_anything_but_a_patron_error(read, seed):
    import random

    chance = random.Random(seed)
    data = bytearray(("customer,date,amount,description\n" + 'Ann,2024-01-02,5.50,"a, b"\n' * 40).encode())
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        read(bytes(data))
    except PatronError as error:
        told = error.say("zh")
        assert error.remedy.zh in told  # noqa: PT017 — most damage is harmless, so raising is not required


def test_a_wrong_column_names_the_first_row_that_cannot_be_read(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n" + "A,2024-01-02,5\n" + "A,soon,5\n" * 30)
    with pytest.raises(InputError, match="30 of 31 rows can't be used: not a date") as refused:
        read_orders([path], tmp_path / "read", ReadOptions(), today=date(2024, 6, 30), progress=lambda *_: None)
    assert (refused.value.row, refused.value.column) == (3, "date")


def test_one_row_is_told_in_the_singular(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n" + "A,2024-01-02,5\n" * 2 + "A,2024-02-02,6\n" + ",2024-01-03,5\n")
    read = read_orders([path], tmp_path / "read", ReadOptions(), today=date(2024, 6, 30), progress=lambda *_: None)
    told = [text.en for text in read.told]
    assert "1 row repeats another row in every column; it counts." in told
    assert "1 row is set aside: no customer." in told
