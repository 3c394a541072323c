"""Any flat table, how its numbers and dates are written: as recognised, in doubt as they were once before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from patron.history.files.any_cells import AT_ONCE
from patron.history.files.cells import Cell
from patron.history.files.date_shapes import ORDERS, DateForm
from patron.history.files.dates import parse, recognise_dates
from patron.history.files.numbers import NumberForm, parse_number, recognise_numbers
from patron.history.files.options import ReadOptions
from patron.words import Text

MARKS = (".", ",")
FEW = 2_000


def count_read(
    con: duckdb.DuckDBPyConnection, relation: str, values: Mapping[int, Sequence[str]]
) -> dict[int, list[int]]:
    """How many cells each SQL value of each column reads; many columns in one pass."""
    out: dict[int, list[int]] = {}
    columns = list(values)
    for start in range(0, len(columns), AT_ONCE):
        part = columns[start : start + AT_ONCE]
        wanted = ", ".join(f"count({value})" for i in part for value in values[i])
        found = iter(con.execute(f"SELECT {wanted} FROM {relation}").fetchone() or ())
        out |= {i: [int(next(found)) for _ in values[i]] for i in part}
    return out


def date_form(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cell: Cell,
    name: str,
    options: ReadOptions,
    today: date,
    told: list[Text],
    before: str = "",
) -> DateForm:
    """How the dates of a column are written. `before`: the order that is taken if it reads as many of them."""
    heard: list[Text] = []
    form = recognise_dates(
        con,
        relation,
        cell,
        name,
        today=today,
        timezone=options.timezone,
        forced=options.date_order,
        told=heard,
    )
    if form.order and before in ORDERS and form.open[before] and not options.date_order:
        read, other = count_read(con, relation, {0: [parse(cell, form, None), parse(cell, form, None, before)]})[0]
        if other >= read:
            form.order, heard = before, []  # as it always was: nothing to tell
    told += heard
    return form


def number_sql(cell: Cell, form: NumberForm) -> str:
    """SQL of the cell as DOUBLE, as `parse_number` gives it; simple cells (12 · 12,5) go by the engine's own reader."""
    careful = parse_number(cell, form)
    if form.plain or not cell.is_text:
        return careful
    other = "," if form.decimal == "." else "."
    read, otherwise = _simple(cell, form.decimal), _simple(cell, other)
    # 12,5 is nothing where the point is the decimal mark, for a comma would stand before three digits.
    never = (
        f"{otherwise} IS NOT NULL AND contains({cell.sql}, '{other}') AND array_extract({cell.sql}, -4) <> '{other}' "
        f"AND NOT contains(lower({cell.sql}), 'e')"
    )
    # Not by coalesce: the engine would work out parts of the careful reading ahead, for all cells.
    return f"CASE WHEN NOT isnan({read}) THEN {read} WHEN {never} THEN NULL ELSE {careful} END"


def _simple(cell: Cell, mark: str) -> str:
    """SQL of the cell as the engine reads it under one decimal mark; null where something else stands in it."""
    comma = f"CASE WHEN NOT contains({cell.sql}, '.') THEN replace({cell.sql}, ',', '.') END"
    return f"TRY_CAST({cell.sql if mark == '.' else comma} AS DOUBLE)"


def under_both_marks(cell: Cell) -> list[str]:
    """SQL of the cell as DOUBLE with a decimal point, and with a decimal comma."""
    return [number_sql(cell, NumberForm(mark, plain=False)) for mark in MARKS]


def number_forms(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[int, Cell],
    names: Sequence[str],
    before: Mapping[int, str],
    read: Mapping[int, Sequence[int]],
    *,
    forced: str | None,
    comma_likely: bool,
    told: list[Text],
) -> dict[int, NumberForm]:
    """How the numbers of columns are written. `before`: the decimal mark that is taken where both would do; `read`: how
    many cells either mark reads, as far as they are counted already.

    The mark that reads more cells is certain; only where both read as many has every cell to be looked at closely.
    """
    if forced:
        certain = dict.fromkeys(cells, forced)
    else:
        left = {i: under_both_marks(cell) for i, cell in cells.items() if i not in read}
        counts = {i: n for i, n in read.items() if i in cells} | count_read(con, relation, left)
        certain = {i: MARKS[n[1] > n[0]] for i, n in counts.items() if n[0] != n[1]}
    commas = sum(mark == "," for mark in certain.values())
    likely = 2 * commas > len(certain) if certain else comma_likely
    few = f"(FROM {relation} LIMIT {FEW})"  # what is certain is only put into words
    groups: list[tuple[str, list[int], str | None, bool]]
    groups = [(few, [i for i in certain if certain[i] == mark], mark, False) for mark in MARKS]
    doubtful = [i for i in cells if i not in certain]
    # Alone each, where a mark is known from before: the other columns of the file have no say in them.
    groups += [(relation, [i], None, before[i] == ",") for i in doubtful if before.get(i) in MARKS]
    groups.append((relation, [i for i in doubtful if before.get(i) not in MARKS], None, likely))
    forms: dict[int, NumberForm] = {}
    for source, group, mark, comma in groups:
        asked = {str(i): cells[i] for i in group}
        words = {str(i): names[i] for i in group}
        found = recognise_numbers(con, source, asked, words, forced=mark, comma_likely=comma, told=told)
        forms |= {int(i): form for i, form in found.items()}
    return forms | {i: NumberForm(mark, plain=False) for i, mark in certain.items()}


def only_carefully_read(con: duckdb.DuckDBPyConnection, relation: str, cells: Mapping[int, Cell]) -> set[int]:
    """The columns with finite numbers that the engine alone does not read (1,234 · $5 · 1 000)."""
    values = {}
    for i, cell in cells.items():
        hard = f"TRY_CAST({cell.text} AS DOUBLE) IS NULL"
        values[i] = [f"CASE WHEN {hard} THEN coalesce({', '.join(under_both_marks(cell))}) END"]
    return {i for i, found in count_read(con, relation, values).items() if found[0]}
