"""Any flat table as companies have them: columns by their kind, ready to train on and to score."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import compute

from patron.errors import InputError
from patron.history.files.any_kinds import KINDS, Decided, Deciding
from patron.history.files.any_told import (
    told_blank,
    told_infinite,
    told_malformed,
    told_missing,
    told_names,
    told_text,
    told_unread,
)
from patron.history.files.cells import Cell, tidy
from patron.history.files.dates import check_timezone
from patron.history.files.engine import connect, engine_errors
from patron.history.files.kinds import open_source
from patron.history.files.layout import PREAMBLE, looks_like_data
from patron.history.files.options import Progress, ReadOptions, SqlSource
from patron.history.files.sheet import Scan, Sheet
from patron.history.files.unique import unique_names
from patron.words import Text

NO_ROLES = "table"  # a kind of record without roles of its own: no name of an order's column stands out
ROW = "row"


@dataclass(frozen=True)
class AnyColumn:
    """A column: its unique name, its kind ('number', 'text', 'date' or 'blank'), cells that hold something, different
    values, and filled cells of a number or date column that could not be read and became missing. `form`: the decimal
    mark of its numbers or the order of day and month of its dates, where it matters.
    """

    name: str
    kind: str
    filled: int
    distinct: int
    unread: int
    form: str = ""


@dataclass(frozen=True)
class AnyTable:
    """A table: `row` (as a person counts rows of the file), then every column: numbers as float64, dates as
    timestamp('us'), texts as string, blank columns as float64 without a value. `malformed` rows are not in it.
    """

    table: pa.Table
    columns: list[AnyColumn]
    told: list[Text]
    sha256: str
    label: str
    malformed: int


def read_any(
    path: str | Path | SqlSource,
    options: ReadOptions,
    *,
    kinds: Mapping[str, str] | None = None,
    forms: Mapping[str, str] | None = None,
    today: date,
    progress: Progress = lambda *_: None,
) -> AnyTable:
    """Read any flat table. `kinds`: column name → the kind it is read as, whatever stands in it. `forms`: column
    name → the `form` it had before, which is taken where its cells could be read in two ways.

    A name in `options.mapping` (role → column) helps to find a header below other rows; a position says there is none.
    Raises InputError, UsageError or ResourceError naming the file and the remedy.
    """
    check_timezone(options.timezone)
    _check_kinds(kinds or {})
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as con:
        sheet, scan = _opened(con, path, replace(options, kind=options.kind or NO_ROLES), Path(folder), progress)
        names = unique_names([name.replace("\0", "") for name in sheet.columns], {ROW})
        forced, before = _by_position(names, kinds or {}), _by_position(names, forms or {})
        with engine_errors(sheet.label):
            progress("check", 0, None)
            relation, cells = tidy(con, scan.relation, len(names), already=scan.staged)
            likely = sheet.decimal_comma_likely
            deciding = Deciding(con, relation, cells, names, forced, before, options, today, likely)
            decided = deciding.decide()
            table = _table(con, deciding.relation, cells, decided, names)
            if not table.num_rows:
                raise _no_rows(sheet)
            columns, table, told = _finished(con, deciding.relation, decided, table)
    first = [*sheet.told, *scan.told, *told_malformed(scan.malformed), *told_names(sheet.columns, names)]
    return AnyTable(
        table=table,
        columns=columns,
        told=[*first, *deciding.told, *told],
        sha256=(scan.digest or sheet.digest).hex(),
        label=sheet.label if isinstance(path, SqlSource) else Path(path).name,
        malformed=len(scan.malformed),
    )


def _by_position(names: Sequence[str], said: Mapping[str, str]) -> dict[int, str]:
    return {i: said[name] for i, name in enumerate(names) if name in said}


def _check_kinds(kinds: Mapping[str, str]) -> None:
    """Refuse kinds that there are not: a mistake of the caller, or a damaged model."""
    for name, kind in kinds.items():
        if kind not in KINDS:
            raise InputError(
                Text(f"'{kind}' is not a kind of column.", f"“{kind}”不是列的种类。"),
                column=name,
                remedy=Text(f"There are: {', '.join(KINDS)}.", f"可用的有：{'、'.join(KINDS)}。"),
            )


def _opened(
    con: duckdb.DuckDBPyConnection,
    path: str | Path | SqlSource,
    options: ReadOptions,
    folder: Path,
    progress: Progress,
) -> tuple[Sheet, Scan]:
    """The sheet and its cells; opened again where a title stands above the header."""
    sheet, scan = _scanned(path, options, folder / "0.parquet", progress)
    name = _name_below(con, sheet, scan) if options.header is None and not options.mapping else ""
    if name:
        sheet, scan = _scanned(path, replace(options, mapping={"column": name}), folder / "1.parquet", progress)
    if len(sheet.columns) < 2:
        raise InputError(
            Text("The table has only one column.", "表格只有一列。"),
            file=sheet.label,
            remedy=Text(
                "Hand in a table with one row for each customer and a column for each thing known of them.",
                "请提供每个客户一行、每项信息一列的表格。",
            ),
        )
    return sheet, scan


def _scanned(path: str | Path | SqlSource, options: ReadOptions, to: Path, progress: Progress) -> tuple[Sheet, Scan]:
    try:
        sheet = open_source(path, options)
    except InputError as error:
        if error.remedy is None or "--no-header" not in error.remedy.en:
            raise
        remedy = Text(
            "Put the names of the columns into the first row, or say --no-header: they are then called 1, 2, 3 …",
            "请在首行写上列名；或使用 --no-header，此时各列依次称为 1、2、3……",
        )
        raise InputError(error.what, file=error.file, row=error.row, remedy=remedy) from None
    with engine_errors(sheet.label):
        return sheet, sheet.scan(to, progress)


def _name_below(con: duckdb.DuckDBPyConnection, sheet: Sheet, scan: Scan) -> str:
    """A name of the header that stands below a title; empty where the first row is the header."""
    named = sum(bool(name) for name in sheet.columns)
    if not sheet.header or not scan.staged or 2 * named >= len(sheet.columns):
        return ""
    columns = ", ".join(f"c{i}" for i in range(len(sheet.columns)))
    with engine_errors(sheet.label):
        rows = con.execute(f"SELECT {columns} FROM {scan.relation} ORDER BY row LIMIT {PREAMBLE}").fetchall()
    full = [row for row in rows if all(row)]
    return str(full[0][0]) if full and not looks_like_data(full[0], NO_ROLES) else ""


def _table(
    con: duckdb.DuckDBPyConnection, relation: str, cells: Sequence[Cell], decided: Sequence[Decided], names: list[str]
) -> pa.Table:
    """The values under their names, in the order of the file (which the engine keeps), without blank rows."""
    values = ", ".join(f"{each.value} AS v{i}" for i, each in enumerate(decided))
    filled = " OR ".join(f"{cell.sql} IS NOT NULL" for cell in cells)
    sql = f"SELECT CAST(row AS BIGINT) AS row, {values} FROM {relation} WHERE {filled}"
    return con.execute(sql).to_arrow_table().rename_columns([ROW, *names])


def _no_rows(sheet: Sheet) -> InputError:
    return InputError(
        Text("The table has no rows.", "表格没有数据行。"),
        file=sheet.label,
        remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
    )


def _finished(
    con: duckdb.DuckDBPyConnection, relation: str, decided: Sequence[Decided], table: pa.Table
) -> tuple[list[AnyColumn], pa.Table, list[Text]]:
    """(the columns, the table without infinite numbers, what was told of single columns)."""
    names = table.column_names[1:]
    infinite = {}
    for i, each in enumerate(decided):
        if each.kind == "number":
            finite = compute.if_else(compute.is_finite(table[i + 1]), table[i + 1], None)
            infinite[i] = finite.null_count - table[i + 1].null_count
            table = table.set_column(i + 1, names[i], finite) if infinite[i] else table
    columns = [_column(name, each, table[i + 1]) for i, (name, each) in enumerate(zip(names, decided, strict=True))]
    odd = {i: column.unread - infinite.get(i, 0) for i, column in enumerate(columns)}
    first = _first_unread(con, relation, {i: decided[i] for i, n in odd.items() if n})
    missing = {name: each.missing for name, each in zip(names, decided, strict=True) if each.missing}
    told = told_missing(sum(missing.values()), list(missing))
    told += told_blank([column.name for column in columns if column.kind == "blank" and not column.filled])
    for i, column in enumerate(columns):
        told += told_text(column.name, decided[i].fits, column.filled)
        if i in first:
            told.append(told_unread(column.name, column.kind, odd[i], column.filled, *first[i]))
        if infinite.get(i):
            told.append(told_infinite(column.name, infinite[i]))
    return columns, table, told


def _column(name: str, decided: Decided, values: pa.ChunkedArray) -> AnyColumn:
    unread = decided.filled - (len(values) - values.null_count) if decided.kind in ("number", "date") else 0
    return AnyColumn(name, decided.kind, decided.filled, compute.count_distinct(values).as_py(), unread, decided.form)


def _first_unread(
    con: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[int, Decided]
) -> dict[int, tuple[int, str]]:
    """Index of a column → the first row with a cell that can't be read, and the cell; all columns in one pass."""
    if not columns:
        return {}
    wanted = []
    for i, each in columns.items():
        text = each.cell.text
        unread = f"FILTER (s{i} IS NOT NULL AND v{i} IS NULL)"
        wanted.append((f"{text} AS s{i}, {each.value} AS v{i}", f"min(r) {unread}, arg_min(s{i}, r) {unread}"))
    inner = f"SELECT row AS r, {', '.join(seen for seen, _ in wanted)} FROM {relation}"
    found = con.execute(f"SELECT {', '.join(first for _, first in wanted)} FROM ({inner})").fetchone() or ()
    pairs = zip(found[::2], found[1::2], strict=True)
    return {i: (int(row), str(cell)[:40]) for i, (row, cell) in zip(columns, pairs, strict=True) if row is not None}
