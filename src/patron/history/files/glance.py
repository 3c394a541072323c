"""A first look at a file for the one who says which column is what: names, sample values, what they look like."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from patron.history.files.cells import Cell, tidy
from patron.history.files.columns import find_columns
from patron.history.files.dates import parse, recognise_dates
from patron.history.files.engine import connect, engine_errors
from patron.history.files.kinds import open_source
from patron.history.files.numbers import parse_number, recognise_numbers
from patron.history.files.options import ReadOptions
from patron.history.files.record_kinds import RECORDS
from patron.words import Text

LOOKED_AT = 2_000
SAMPLES = 4


@dataclass(frozen=True)
class SeenColumn:
    """One column: its name as written, what its first values look like ('number', 'date', 'text', 'blank'), samples."""

    name: str
    looks: str
    samples: list[str]


@dataclass(frozen=True)
class Glance:
    """What a first look shows: columns, role → index of the column it may be, and what was told."""

    columns: list[SeenColumn]
    guess: dict[str, int]
    told: list[Text]


def glance(path: Path, kind: str, options: ReadOptions, *, today: date) -> Glance:
    """Look at `path`. Raises InputError for what is no table."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, connect(Path(folder)) as con:
        sheet = open_source(path, options)
        with engine_errors(sheet.label):
            scan = sheet.scan(Path(folder) / "0.parquet", lambda *_: None)
            first = f"(SELECT * FROM {scan.relation} ORDER BY row LIMIT {LOOKED_AT})"
            relation, cells = tidy(con, first, len(sheet.columns), already=scan.staged)
            columns = [_seen(con, relation, *pair, today) for pair in zip(sheet.columns, cells, strict=True)]
        guess = guess_columns(sheet.columns, options.mapping, kind, sheet.label)
        return Glance(columns, guess, [*sheet.told, *scan.told])


def guess_columns(columns: list[str], mapping: Mapping[str, str | int], kind: str, file: str = "") -> dict[str, int]:
    """role → index of its column: as `mapping` says, else as the names say; of equals the first."""
    roles = {role: asks.about for role, asks in RECORDS[kind].items()}
    return find_columns(columns, mapping, file=file, roles=roles, kind=kind, guess=True)


def _seen(con: duckdb.DuckDBPyConnection, relation: str, name: str, cell: Cell, today: date) -> SeenColumn:
    text = cell.text
    found = con.execute(
        f"SELECT t FROM (SELECT {text} AS t, min(row) AS r FROM {relation} WHERE t IS NOT NULL GROUP BY 1) "
        f"ORDER BY r LIMIT {SAMPLES}"
    ).fetchall()
    return SeenColumn(name, _looks(con, relation, cell, today), [str(row[0])[:60] for row in found])


def _looks(con: duckdb.DuckDBPyConnection, relation: str, cell: Cell, today: date) -> str:
    if cell.is_number:
        return "number"
    if cell.type.startswith(("TIMESTAMP", "DATE")):
        return "date"
    if not cell.is_text:
        return "text"
    heard: list[Text] = []
    form = recognise_numbers(con, relation, {"x": cell}, {"x": ""}, forced=None, comma_likely=False, told=heard)["x"]
    days = recognise_dates(con, relation, cell, "", today=today, timezone=None, forced=None, told=heard)
    filled, numbers, dates = con.execute(
        f"SELECT count({cell.said}), count({parse_number(cell, form)}), count({parse(cell, days, None)}) "
        f"FROM {relation}"
    ).fetchone() or (0, 0, 0)
    if not filled:
        return "blank"
    shaped = bool(days.fixed or days.open["dmy"])
    return "date" if shaped and dates >= 0.9 * filled else "number" if numbers >= 0.9 * filled else "text"
