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


def number_forms(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[int, Cell],
    names: Sequence[str],
    before: Mapping[int, str],
    *,
    forced: str | None,
    comma_likely: bool,
    told: list[Text],
) -> dict[int, NumberForm]:
    """How the numbers of columns are written. `before`: the decimal mark that is taken where both would do."""
    groups = [(mark == ",", [i for i in cells if before.get(i) == mark]) for mark in (".", ",")]
    groups.append((comma_likely, [i for i in cells if before.get(i) not in (".", ",")]))
    out: dict[int, NumberForm] = {}
    for comma, group in groups:
        # Alone each, where a mark is known from before: the other columns of the file have no say in them.
        for part in [group] if group and before.get(group[0]) not in (".", ",") else [[i] for i in group]:
            found = recognise_numbers(
                con,
                relation,
                {str(i): cells[i] for i in part},
                {str(i): names[i] for i in part},
                forced=forced,
                comma_likely=comma,
                told=told,
            )
            out |= {int(i): form for i, form in found.items()}
    return out


def only_carefully_read(con: duckdb.DuckDBPyConnection, relation: str, cells: Mapping[int, Cell]) -> set[int]:
    """The columns with finite numbers that the engine alone does not read (1,234 · $5 · 1 000)."""
    values = {}
    for i, cell in cells.items():
        marks = [parse_number(cell, NumberForm(mark, plain=False)) for mark in (".", ",")]
        hard = f"{cell.text} IS NOT NULL AND TRY_CAST({cell.text} AS DOUBLE) IS NULL"
        values[i] = [f"CASE WHEN {hard} THEN coalesce({', '.join(marks)}) END"]
    return {i for i, found in count_read(con, relation, values).items() if found[0]}
