"""Workbooks, Parquet, SQLite and PostgreSQL give the same lines as the text file."""

from __future__ import annotations

import io
import socket
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import postgres
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patron.errors import InputError, ResourceError, UsageError
from patron.history.files import SqlSource, workbook
from patron.history.files.database import check_query, shown
from patron.history.files.values import cell_text

ROWS = [("00017", 17850.0, datetime(2024, 1, 2, 8, 26), 3, 2.55), ("=x", 536365.0, datetime(2024, 1, 3), -1, 2.55)]
HEADER = ["Customer ID", "Invoice", "InvoiceDate", "Quantity", "Price"]


def book(tmp_path: Path, *sheets) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "orders.xlsx")
    return tmp_path / "orders.xlsx"


def as_expected(got):
    assert got.column("order_id") == ["17850", "536365"]
    assert got.column("happened_at") == [datetime(2024, 1, 2, 8, 26), datetime(2024, 1, 3)]
    assert got.column("revenue") == pytest.approx([7.65, -2.55])


def test_a_workbook_keeps_ids_as_written_and_numbers_rows_as_it_shows_them(read, tmp_path):
    path = book(
        tmp_path,
        ("Orders", [HEADER, *([*(r if r[0] != "=x" else ("x", *r[1:]))] for r in ROWS), [], ["", 1, "rubbish", 1, 1]]),
    )
    got = read(path)
    as_expected(got)
    assert got.column("customer_id") == ["00017", "x"]
    assert [r["row"] for r in got.rejected] == ["5"]


def test_the_sheet_with_orders_is_chosen_and_told_or_named(read, tmp_path):
    path = book(tmp_path, ("Notes", [["hello"], ["x"]]), ("Data", [[], ["Report"], HEADER, *map(list, ROWS[:1])]))
    got = read(path)
    assert got.column("row") == [4]
    assert "'Data'" in got.told()
    assert read(path, sheet="Data").result.rows_used == 1
    with pytest.raises(UsageError, match="Notes, Data"):
        read(path, sheet="Dta")


def test_typed_parquet_keeps_whole_floats_and_big_integers_as_ids(read, tmp_path):
    table = pa.table(
        {
            "customer": pa.array([17850.0, 1e15, None, float("nan")]),
            "order": pa.array([2**62, 7, 8, 9]),
            "date": pa.array([date(2024, 1, 2)] * 4),
            "amount": pa.array([Decimal("1.50")] * 4),
            "quantity": pa.array([1, 2, 3, 4], pa.int8()),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    got = read(tmp_path / "x.parquet")
    assert got.column("customer_id") == ["17850", "1000000000000000"]
    assert got.column("order_id") == [str(2**62), "7"]
    assert [r["row"] for r in got.rejected] == ["3", "4"]


def test_parquet_times_with_a_zone_are_local_times_of_that_zone_unless_moved(read, tmp_path):
    moment = datetime(2024, 1, 2, 23, 30, tzinfo=UTC)
    for zone, local in (
        ("Asia/Shanghai", datetime(2024, 1, 3, 7, 30)),
        ("UTC", datetime(2024, 1, 2, 23, 30)),
        ("-05:30", datetime(2024, 1, 2, 18, 0)),
    ):
        pq.write_table(
            pa.table({"customer": ["A"], "date": pa.array([moment], pa.timestamp("us", zone)), "amount": [1.0]}),
            tmp_path / "z.parquet",
        )
        assert read(tmp_path / "z.parquet").column("happened_at") == [local]
        assert read(tmp_path / "z.parquet", timezone="Europe/Berlin").column("happened_at") == [
            datetime(2024, 1, 3, 0, 30)
        ]


def test_parquet_columns_that_differ_in_case_only_are_kept_apart(read, tmp_path):
    pq.write_table(pa.table({"a": ["X"], "A": ["Y"], "date": ["2024-01-02"], "amount": [1]}), tmp_path / "x.parquet")
    assert read(tmp_path / "x.parquet", mapping={"customer": "A"}).column("customer_id") == ["Y"]


def test_parquet_texts_and_dictionaries_are_recognised_like_texts(read, tmp_path):
    table = pa.table(
        {
            "customer": pa.array([" A", "B "]).dictionary_encode(),
            "date": ["02.03.2024", "25.03.2024"],
            "amount": ["1,5", "2,25"],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    got = read(tmp_path / "x.parquet")
    assert got.column("customer_id") == ["A", "B"]
    assert got.column("revenue") == [1.5, 2.25]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17850.0, "17850"),
        (1e20, "100000000000000000000"),
        (1.5e-7, "0.00000015"),
        (float("nan"), None),
        ("", None),
        (" x ", "x"),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (b"ab", "ab"),
        (date(2024, 1, 2), "2024-01-02"),
        (2**70, str(2**70)),
        (None, None),
    ],
)
def test_one_value_as_a_text_cell(value, text):
    assert cell_text(value) == text


@pytest.fixture
def sqlite_url(tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE o (cust TEXT, inv REAL, at TEXT, qty INT, price REAL)")
        con.executemany("INSERT INTO o VALUES (?,?,?,?,?)", [(c, i, d.isoformat(" "), q, p) for c, i, d, q, p in ROWS])
    con.close()
    return f"sqlite:///{path}"


QUERY = 'SELECT cust AS "customer id", inv AS invoice, at AS "invoice date", qty AS quantity, price FROM o'


def test_a_sqlite_query_is_read(read, sqlite_url):
    got = read(SqlSource(sqlite_url, QUERY))
    as_expected(got)
    assert got.column("customer_id") == ["00017", "=x"]
    assert got.column("source")[0].startswith("sql:sqlite:///")


def test_a_sqlite_database_is_never_written(read, sqlite_url):
    for query in (
        "DELETE FROM o",
        "  -- a word\n DROP TABLE o",
        "/* x */ UPDATE o SET qty = 1",
        "PRAGMA user_version = 3",
    ):
        with pytest.raises(UsageError, match="Only a SELECT"):
            read(SqlSource(sqlite_url, query))
    with pytest.raises(InputError, match="refused"):
        read(SqlSource(sqlite_url, "WITH x AS (SELECT 1) DELETE FROM o"))
    with pytest.raises(InputError, match="refused"):
        read(SqlSource(sqlite_url, "SELECT 1; DROP TABLE o"))
    assert read(SqlSource(sqlite_url, QUERY)).result.rows_file == 2


def test_a_query_that_fails_or_gives_nothing_is_said_so(read, sqlite_url, tmp_path):
    with pytest.raises(InputError, match="no such column"):
        read(SqlSource(sqlite_url, "SELECT nix FROM o"))
    with pytest.raises(InputError, match="no rows"):
        read(SqlSource(sqlite_url, QUERY + " WHERE 0"))
    with pytest.raises(InputError, match="no such database"):
        read(SqlSource(f"sqlite:///{tmp_path}/none.db", QUERY))
    with pytest.raises(UsageError, match="mysql"):
        read(SqlSource("mysql://x/y", QUERY))
    check_query("-- all orders\nwith a as (select 1) select * from a;")


def test_a_password_is_never_shown(read):
    assert shown("postgresql://ann:s3cret@host:5432/shop") == "postgresql://ann:***@host:5432/shop"
    assert "s3cret" not in shown("postgresql://host/shop?user=a&password=s3cret")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ResourceError, match="can't be reached") as caught:
        read(SqlSource(f"postgresql://ann:s3cret@127.0.0.1:{port}/shop", QUERY))
    assert "s3cret" not in caught.value.say("en") + caught.value.say("zh") + repr(caught.value.__dict__)


@pytest.fixture(scope="session")
def postgresql():
    """A server of our own; its address."""
    if postgres.initdb() is None:
        pytest.skip(postgres.MISSING)
    with postgres.running() as address:
        yield address


def test_a_postgresql_query_is_read_and_nothing_written(read, postgresql):
    import psycopg

    with psycopg.connect(postgresql) as con:
        con.execute("CREATE TABLE o (cust text, inv float8, at timestamptz, qty int, price numeric(10,2))")
        con.cursor().executemany(
            "INSERT INTO o VALUES (%s,%s,%s,%s,%s)", [(c, i, d.replace(tzinfo=UTC), q, p) for c, i, d, q, p in ROWS]
        )
    con.close()
    as_expected(read(SqlSource(postgresql, QUERY), timezone="UTC"))
    with pytest.raises(InputError, match="refused"):
        read(SqlSource(postgresql, "WITH gone AS (DELETE FROM o RETURNING *) SELECT * FROM gone"))
    with pytest.raises(InputError, match="refused"):
        read(SqlSource(postgresql, "SELECT nix FROM o"))
    assert read(SqlSource(postgresql, QUERY + " WHERE cust NOT LIKE '%z%'")).result.rows_file == 2


def test_formulas_that_nobody_worked_out_are_named(read, tmp_path):
    head, unsaved = ("customer", "date", "amount"), [("A", date(2024, 1, day), "=2*3") for day in range(2, 5)]
    got = read(book(tmp_path, ("Orders", [head, *unsaved, *[("B", date(2024, 2, day), 5) for day in range(1, 9)]])))
    assert "3 cells hold a formula without its result and are read as empty (the first: C2)." in got.told()
    assert [row["row"] for row in got.rejected] == ["2", "3", "4"]
    with pytest.raises(InputError) as caught:
        read(book(tmp_path, ("Orders", [head, *unsaved])))
    assert (caught.value.row, caught.value.column) == (2, "amount")
    assert "save it, and hand it in again" in caught.value.say("en")
    assert "保存后重新提供" in caught.value.say("zh")


def test_formulas_with_their_results_are_values():
    cells = b'<row><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
    assert list(workbook._formulas_without(io.BytesIO(cells))) == []


def test_a_cell_is_found_where_two_blocks_meet():
    cell = b'<c r="C7" s="1"><f>A1*B1</f><v /></c>'
    for before in range((1 << 20) - len(cell) - 2, (1 << 20) + 2):
        padding = b"<v>1</v></c>" + b" " * (before - 12)
        assert list(workbook._formulas_without(io.BytesIO(padding + cell + b"</row>"))) == ["C7"]
