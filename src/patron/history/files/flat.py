"""Flat tables: a customer file whose columns pass through, and any table with its types recognised."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from patron.errors import InputError
from patron.history.files.cells import Cell, tidy
from patron.history.files.columns import CUSTOMER_ROLES, find_columns, listed
from patron.history.files.dates import check_timezone, parse, recognise_dates
from patron.history.files.engine import connect
from patron.history.files.kinds import open_source
from patron.history.files.numbers import parse_number, recognise_numbers
from patron.history.files.options import Progress, ReadOptions, SqlSource
from patron.history.files.sheet import Scan, Sheet, lit
from patron.history.files.unique import unique_names
from patron.words import Text

# what no number has and an identifier may: a leading zero, or more digits than a double keeps
ID_LIKE = "0\\d+|\\d{16,}"


def _silent(step: str, done: int, total: int | None) -> None:
    """No progress is shown for small tables."""


def read_customers(
    path: str | Path | SqlSource, options: ReadOptions, *, progress: Progress = _silent
) -> tuple[pa.Table, list[Text]]:
    """(customer_id and all other columns as text under their own names, what was told).

    A customer that occurs more than once is taken from its last row, told. Rows without a customer are left out,
    told. Raises InputError as read_orders does.
    """
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as con:
        sheet, scan, told = _opened(path, options, Path(folder), progress)
        mapping = find_columns(sheet.columns, options.mapping, file=sheet.label, roles=CUSTOMER_ROLES)
        if "customer" not in mapping:
            raise InputError(
                Text("No column was recognised as the customer.", "未能识别出客户列。"),
                file=sheet.label,
                remedy=Text(
                    f"Say which it is: --map customer=…; the columns are: {listed(sheet.columns)}",
                    f"请指明：--map customer=…；现有的列：{listed(sheet.columns)}",
                ),
            )
        key = mapping["customer"]
        relation, cells = tidy(con, scan.relation, len(sheet.columns), already=scan.staged)
        names = unique_names([n for i, n in enumerate(sheet.columns) if i != key], {"customer_id"})
        others = ", ".join(
            f"{cell.text} AS {_quoted(name)}"
            for name, cell in zip(names, [c for i, c in enumerate(cells) if i != key], strict=True)
        )
        rows = f"SELECT {cells[key].id} AS customer_id{', ' if others else ''}{others}, row FROM {relation}"
        table = con.execute(
            f"SELECT * EXCLUDE (row) FROM ({rows}) WHERE customer_id IS NOT NULL "
            "QUALIFY row = max(row) OVER (PARTITION BY customer_id) ORDER BY row"
        ).to_arrow_table()
        total, blank = con.execute(
            f"SELECT count(*), count(*) FILTER (customer_id IS NULL) FROM ({rows})"
        ).fetchone() or (0, 0)
    if blank:
        told.append(
            Text(f"{blank} customer rows have no customer; they are left out.", f"{blank} 行没有客户编号，已略过。")
        )
    if again := total - blank - table.num_rows:
        told.append(
            Text(
                f"{again} customer rows are replaced by a later row of the same customer.",
                f"{again} 行被同一客户后面的行取代。",
            )
        )
    return table, told


def read_table(
    path: str | Path | SqlSource, options: ReadOptions, *, today: date, progress: Progress = _silent
) -> tuple[pa.Table, list[Text]]:
    """(any flat table with numbers as float64, times as timestamp, all else as text, what was told).

    A text column becomes a number or a time only if every filled cell is one and none looks like an identifier
    (leading zeros, more than 15 digits).
    """
    check_timezone(options.timezone)
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as con:
        sheet, scan, told = _opened(path, options, Path(folder), progress)
        relation, cells = tidy(con, scan.relation, len(sheet.columns), already=scan.staged)
        names = unique_names(sheet.columns, set())
        typed = [
            f"{_typed(con, sheet, relation, cell, name, options, today, told)} AS {_quoted(name)}"
            for cell, name in zip(cells, names, strict=True)
        ]
        table = con.execute(f"SELECT {', '.join(typed)} FROM {relation} ORDER BY row").to_arrow_table()
    return table, told


def _opened(
    path: str | Path | SqlSource, options: ReadOptions, folder: Path, progress: Progress
) -> tuple[Sheet, Scan, list[Text]]:
    sheet = open_source(path, options)
    scan = sheet.scan(folder / "0.parquet", progress)
    told = [*sheet.told, *scan.told]
    if scan.malformed:
        row = scan.malformed[0][0]
        told.append(
            Text(
                f"{len(scan.malformed)} rows have another number of cells than the header (first: row {row}); "
                "they are left out.",
                f"{len(scan.malformed)} 行的单元格数量与表头不符（首个：第 {row} 行），已略过。",
            )
        )
    return sheet, scan, told


def _typed(
    con: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    relation: str,
    cell: Cell,
    name: str,
    options: ReadOptions,
    today: date,
    told: list[Text],
) -> str:
    """SQL of the column in the type that every filled cell of it fits."""
    if cell.is_number or cell.type == "BOOLEAN" or cell.type.startswith(("TIMESTAMP", "DATE")):
        return cell.sql
    if not cell.is_text:
        return cell.text
    filled, digits, ids = con.execute(
        "SELECT count(t), count(*) FILTER (regexp_matches(t, '\\d')), "
        f"count(*) FILTER (regexp_full_match(t, {lit(ID_LIKE)})) "
        f"FROM (SELECT {cell.text} AS t FROM {relation})"
    ).fetchone() or (0, 0, 0)
    if not filled or digits < filled or ids:
        return cell.text
    heard: list[Text] = []
    number = recognise_numbers(
        con,
        relation,
        {name: cell},
        {name: name},
        forced=options.decimal,
        comma_likely=sheet.decimal_comma_likely,
        told=heard,
    )[name]
    form = None
    tries = [parse_number(cell, number)]
    if not _all_fit(con, relation, tries[0], filled):
        form = recognise_dates(
            con,
            relation,
            cell,
            name,
            today=today,
            timezone=options.timezone,
            forced=options.date_order,
            told=(heard := []),
        )
        tries = [parse(cell, form, options.timezone)]
        if not _all_fit(con, relation, tries[0], filled):
            return cell.text
    told += heard
    return tries[0]


def _all_fit(con: duckdb.DuckDBPyConnection, relation: str, sql: str, filled: int) -> bool:
    return (con.execute(f"SELECT count({sql}) FROM {relation}").fetchone() or (0,))[0] == filled


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\0", "") + '"'
