"""Read one file of any kind of record into prepared rows: typed, judged cell by cell, and told apart for ever.

The prepared file is derived: made again from the same file with the same options it is the same, row by row, so that
whoever writes it away in pieces can stop and go on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from patron.errors import InputError
from patron.history.files.cells import Cell, tidy
from patron.history.files.columns import find_columns, listed, require_order_columns
from patron.history.files.dates import check_timezone
from patron.history.files.engine import connect, engine_errors
from patron.history.files.fields import Field, field_faults, read_sql, recognise_fields, value_sql
from patron.history.files.fields import listed as listed_faults
from patron.history.files.kinds import open_source
from patron.history.files.options import Progress, ReadOptions
from patron.history.files.record_kinds import RECORDS
from patron.history.files.record_orders import prepared_orders
from patron.history.files.sheet import Scan, Sheet, lit
from patron.history.files.unique import unique_names
from patron.words import Text

SEPARATOR = "chr(31)"
FUTURE = ("subscriptions",)  # kinds whose times may lie ahead
WHOLE = ("customers", "products")  # kinds whose further columns are kept


@dataclass(frozen=True)
class Prepared:
    """A file of records made ready: `rows` of it at `path`, the columns as written, role → name of its column.

    Columns of `path`: `row` as a person counts; one for each mapped role; `identity`, the canonical content that tells
    the row apart ('#' and its own number where it has one); `ordinal` among the rows of that identity, from 0;
    `again`, whether there are several; `reasons`, empty for a row that can be used; `cells` as written, for rows with
    reasons and for kinds that keep further columns.
    """

    path: Path
    rows: int
    columns: list[str]
    mapping: dict[str, str]
    told: list[Text]
    currencies: list[str]


def prepare_records(
    path: Path, kind: str, options: ReadOptions, into: Path, *, today: date, progress: Progress
) -> Prepared:
    """Write the prepared rows of `path` to `into`. `options.timezone` is the zone of its wall-clock times.

    Raises InputError or UsageError naming the file, the column and the remedy; a row that can't be used is no error.
    """
    check_timezone(options.timezone)
    with tempfile.TemporaryDirectory(dir=into.parent) as folder, connect(Path(folder)) as con:
        sheet = open_source(path, options)
        mapping = find_columns(
            sheet.columns, options.mapping, file=sheet.label, roles=_words(kind), kind=kind, guess=kind != "orders"
        )
        require_columns(kind, mapping, sheet)
        with engine_errors(sheet.label):
            scan = sheet.scan(Path(folder) / "0.parquet", progress)
            told = [*sheet.told, *scan.told]
            progress("check", 0, None)
            make = prepared_orders if kind == "orders" else _flat
            sql, currencies = make(con, sheet, scan, mapping, options, today, told, kind)
            rows = _write(con, sql, sheet, scan, into, Path(folder))
    names = {role: sheet.columns[i] or str(i + 1) for role, i in mapping.items()}
    return Prepared(into, rows, unique_names(sheet.columns), names, told, currencies)


def _words(kind: str) -> dict[str, Text]:
    return {role: asks.about for role, asks in RECORDS[kind].items()}


def require_columns(kind: str, mapping: Mapping[str, int], sheet: Sheet) -> None:
    """Refuse a table without the columns that this kind of record cannot do without, saying what to type."""
    if kind == "orders":
        require_order_columns(mapping, sheet.columns, file=sheet.label)
        return
    missing = [role for role, asks in RECORDS[kind].items() if asks.required and role not in mapping]
    if kind == "customers" and not set(mapping) & {"customer", "name", "email", "phone", "family_name", "given_name"}:
        missing = ["customer"]
    if kind == "feedback" and not set(mapping) & {"score", "text"}:
        missing.append("score")
    if not missing:
        return
    typed = " ".join(f"{role}=…" for role in missing)
    words = RECORDS[kind]
    raise InputError(
        Text(
            f"No column was recognised as {', '.join(f'{r} ({words[r].about.en})' for r in missing)}.",
            f"未能识别出以下列：{'、'.join(f'{r}（{words[r].about.zh}）' for r in missing)}。",
        ),
        remedy=Text(
            f"Say which columns they are: --map {typed} (name or position). The columns are: {listed(sheet.columns)}",
            f"请指明对应的列：--map {typed}（列名或位置）。现有的列：{listed(sheet.columns)}",
        ),
        file=sheet.label,
    )


def _flat(
    con: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    scan: Scan,
    mapping: Mapping[str, int],
    options: ReadOptions,
    today: date,
    told: list[Text],
    kind: str,
) -> tuple[str, list[str]]:
    """SQL of the prepared rows of a kind whose rows stand for themselves."""
    relation, columns = _tidied(con, sheet, scan)
    cells = {role: columns[i] for role, i in mapping.items()}
    names = {role: sheet.columns[i] or str(i + 1) for role, i in mapping.items()}
    fields = recognise_fields(
        con,
        relation,
        cells,
        names,
        RECORDS[kind],
        options,
        today=today,
        comma_likely=sheet.decimal_comma_likely,
        told=told,
    )
    faults = [fault for field in fields for fault in field_faults(field, today, future=kind in FUTURE)]
    faults += _nul_faults(scan, columns, mapping) + _kind_faults(kind, mapping)
    raw = [f"CAST(c{i} AS VARCHAR)" for i in range(len(columns))]
    read = ", ".join(
        ["row", *(f"c{i}" for i in range(len(columns))), *(p for f in fields for p in read_sql(f, options.timezone))]
    )
    values = ", ".join(f"{value_sql(f, options.timezone or 'UTC')} AS {f.role}" for f in fields)
    keep = "true" if kind in WHOLE else "len(reasons) > 0"
    identity = identity_sql(fields, kind, raw)
    judged = (
        f"SELECT *, {listed_faults(faults)} AS reasons, {identity} AS identity FROM (SELECT {read} FROM {relation})"
    )
    return (
        f"SELECT row, {values}, identity, reasons, "
        f"CASE WHEN {keep} THEN [{', '.join(raw)}] END AS cells FROM ({judged})",
        [],
    )


def _tidied(con: duckdb.DuckDBPyConnection, sheet: Sheet, scan: Scan) -> tuple[str, list[Cell]]:
    """(relation, cells) without rows that are blank from end to end."""
    every = [f"c{i}" for i in range(len(sheet.columns))]
    relation = scan.relation
    if scan.staged:
        relation = f"(SELECT * FROM {relation} WHERE coalesce({', '.join(every)}) IS NOT NULL)"
    return tidy(con, relation, len(every), already=scan.staged)


def identity_sql(fields: list[Field], kind: str, raw: list[str]) -> str:
    """SQL of what tells a row apart: its own number behind a '#', or its canonical content.

    Customers without a number are told apart by all of their columns, everything else by its key roles.
    """
    own = "product" if kind == "products" else "customer" if kind == "customers" else "id"
    cells = raw if kind == "customers" else [f"CAST({_canonical(f)} AS VARCHAR)" for f in fields if f.asks.key]
    filled = ", ".join(f"coalesce({sql}, '')" for sql in cells) or "''"
    content = f"concat_ws({SEPARATOR}, {filled})"
    if not any(f.role == own for f in fields):
        return content
    return f"CASE WHEN r_{own} IS NULL THEN {content} ELSE '#' || r_{own} END"


def _canonical(field: Field) -> str:
    """The read cell in one spelling: numbers in millionths, times in microseconds, the rest as it is."""
    if field.asks.type in ("money", "number", "count"):
        return f"CASE WHEN abs(r_{field.role}) < 9e12 THEN CAST(round(r_{field.role} * 1000000) AS BIGINT) END"
    if field.asks.type in ("time", "day"):
        return f"epoch_us(r_{field.role})"
    return f"r_{field.role}"


def _nul_faults(scan: Scan, columns: list[Cell], mapping: Mapping[str, int]) -> list[tuple[str, str]]:
    """A NUL can't be kept in a text, whatever its column stands for."""
    roles = {i: role for role, i in mapping.items()}
    if not scan.nul:
        return []
    return [(f"contains(c{i}, chr(0))", f"nul:{roles.get(i, '')}") for i, cell in enumerate(columns) if cell.is_text]


def _kind_faults(kind: str, mapping: Mapping[str, int]) -> list[tuple[str, str]]:
    """What only the cells of a row together show."""
    if kind == "subscriptions" and "ends" in mapping:
        return [("r_ends < r_date", "bad_order:ends")]
    if kind == "feedback":
        said = [f"r_{role} IS NULL" for role in ("score", "text") if role in mapping]
        return [(" AND ".join(said), "nothing_said")]
    return []


def _write(con: duckdb.DuckDBPyConnection, sql: str, sheet: Sheet, scan: Scan, into: Path, folder: Path) -> int:
    """Rows in their order, those with another number of cells than the header among them."""
    odd = folder / "malformed.parquet"
    rows, texts = [r for r, _ in scan.malformed], [t for _, t in scan.malformed]
    pq.write_table(pa.table({"row": pa.array(rows, pa.int64()), "text": pa.array(texts, pa.string())}), odd)
    con.execute(f"CREATE TEMP TABLE judged AS {sql}")
    # Few rows repeat another: only they are put in order, which spares sorting all of them by their contents.
    con.execute("CREATE TEMP TABLE twice AS SELECT hash(identity) AS h FROM judged GROUP BY 1 HAVING count(*) > 1")
    con.execute(
        "CREATE TEMP TABLE counted AS SELECT row, "
        "row_number() OVER (PARTITION BY identity ORDER BY row) - 1 AS ordinal, "
        "count(*) OVER (PARTITION BY identity) > 1 AS again "
        "FROM judged WHERE hash(identity) IN (SELECT h FROM twice)"
    )
    half = into.with_suffix(".half")
    every = (
        "SELECT judged.*, coalesce(ordinal, 0) AS ordinal, coalesce(again, false) AS again "
        "FROM judged LEFT JOIN counted USING (row) "
        "UNION ALL BY NAME SELECT row, ['cells'] AS reasons, [text] AS cells, '' AS identity, 0 AS ordinal, "
        f"false AS again FROM read_parquet({lit(str(odd))}) ORDER BY row"
    )
    if not rows and _plain(con):
        every = "SELECT *, CAST(0 AS BIGINT) AS ordinal, false AS again FROM judged"
    con.execute(f"COPY ({every}) TO {lit(str(half))} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 50000)")
    half.replace(into)
    counted = con.execute(f"SELECT count(*) FROM read_parquet({lit(str(into))})").fetchone()
    total = int(counted[0]) if counted else 0
    if not total:
        raise InputError(
            Text("The table has no rows.", "表格没有数据行。"),
            file=sheet.label,
            remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
        )
    return total


def _plain(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether no row repeats another and all lie in their order already."""
    found = con.execute(
        "SELECT NOT EXISTS (FROM counted) "
        "AND NOT EXISTS (FROM (SELECT row < lag(row) OVER () AS back FROM judged) WHERE back)"
    ).fetchone()
    return bool(found and found[0])
