"""SQL for the cells of a record by the type its role asks for, and for what keeps a cell from being used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from patron.history.files.cells import Cell, codes
from patron.history.files.columns import normal
from patron.history.files.date_shapes import DateForm
from patron.history.files.dates import parse, recognise_dates
from patron.history.files.numbers import NumberForm, parse_number, recognise_numbers
from patron.history.files.options import ReadOptions
from patron.history.files.record_kinds import Role
from patron.history.files.sheet import lit
from patron.words import Text

MICROS = 1_000_000
LARGEST = 9e12  # whole millionths in eight bytes
OPEN_END = "2200-01-01"  # an end beyond it (9999-12-31) means: none
NUMBERS = ("money", "number", "count")


@dataclass(frozen=True)
class Field:
    """One role of a flat record: its cell, what was recognised of it, and the names it has in a query."""

    role: str
    asks: Role
    cell: Cell
    dates: DateForm | None = None
    numbers: NumberForm | None = None


def recognise_fields(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[str, Cell],
    names: Mapping[str, str],
    roles: Mapping[str, Role],
    options: ReadOptions,
    *,
    today: date,
    comma_likely: bool,
    told: list[Text],
) -> list[Field]:
    """How every mapped column is written, decided over all of its rows."""
    numeric = {role: cell for role, cell in cells.items() if roles[role].type in NUMBERS}
    forms = recognise_numbers(
        con, relation, numeric, dict(names), forced=options.decimal, comma_likely=comma_likely, told=told
    )
    out = []
    for role, cell in cells.items():
        days = None
        if roles[role].type in ("time", "day"):
            days = recognise_dates(
                con,
                relation,
                cell,
                names[role],
                today=today,
                timezone=options.timezone,
                forced=options.date_order,
                told=told,
            )
        out.append(Field(role, roles[role], cell, days, forms.get(role)))
    return out


def read_sql(field: Field, timezone: str | None) -> list[str]:
    """The cell in its type as r_<role>, and whether it is blank as b_<role>."""
    role, cell, kind = field.role, field.cell, field.asks.type
    said = cell.said if cell.is_text else cell.text
    if kind == "id":
        value = cell.id
    elif kind in ("time", "day"):
        value = parse(cell, field.dates or DateForm(), timezone)
    elif kind in NUMBERS:
        value = parse_number(cell, field.numbers or NumberForm())
    else:
        value = said
    return [f"{value} AS r_{role}", f"{said} IS NULL AS b_{role}"]


def value_sql(field: Field, zone: str) -> str:
    """What is kept of the cell: text, UTC time or day as text, whole millionths, or a number."""
    role, kind = field.role, field.asks.type
    read = f"r_{role}"
    if kind == "time":
        return utc_text(f"CASE WHEN {read} < TIMESTAMP '{OPEN_END}' THEN {read} END", zone)
    if kind == "day":
        return f"strftime({read}, '%Y-%m-%d')"
    if kind == "money":
        return micros(read)
    if kind == "count":
        return f"CASE WHEN abs({read}) < 2e9 THEN CAST(round({read}) AS BIGINT) END"
    if kind == "choice":
        return choice_sql(read, field.asks)
    return read


def micros(sql: str) -> str:
    """SQL of an amount in whole millionths; null where it is too large to keep."""
    return f"CASE WHEN abs({sql}) < {LARGEST} THEN CAST(round(({sql}) * {MICROS}) AS BIGINT) END"


def utc_text(sql: str, zone: str) -> str:
    """SQL of a wall-clock time of `zone` as UTC text, in the form in which Django keeps times in SQLite."""
    utc = f"timezone('UTC', timezone({lit(zone)}, {sql}))"
    whole = f"CAST({utc} AS VARCHAR)"  # the same text as by strftime, several times as quick
    return f"CASE WHEN microsecond({utc}) % 1000000 = 0 THEN {whole} ELSE strftime({utc}, '%Y-%m-%d %H:%M:%S.%f') END"


def choice_sql(read: str, asks: Role) -> str:
    """SQL of the code of a word; null where no table has it and nothing stands for the rest."""
    plain = f"lower(regexp_replace({read}, '[^\\p{{L}}\\p{{N}}]', '', 'g'))"
    cases = "".join(
        f" WHEN {plain} IN ({', '.join(sorted({lit(normal(w)) for w in words}))}) THEN {lit(code)}"
        for code, words in codes()["choices"][asks.choice].items()
    )
    rest = {"": "NULL", "=": read}.get(asks.else_, lit(asks.else_))
    return f"CASE WHEN {read} IS NULL THEN NULL{cases} ELSE {rest} END"


def field_faults(field: Field, today: date, *, future: bool) -> list[tuple[str, str]]:
    """What can be wrong with the cell, as (SQL condition, 'code:role'). `future`: days to come are sound."""
    role, asks = field.role, field.asks
    read, blank = f"r_{role}", f"b_{role}"
    out = []
    if asks.required:
        special = {"customer": "no_customer", "date": "no_date"}.get(role)
        out.append((blank if asks.type != "id" else f"{read} IS NULL", special or f"no_value:{role}"))
    if asks.type in ("time", "day"):
        first = "1850-01-01" if asks.type == "day" else "1970-01-01"
        out.append((f"{read} IS NULL AND NOT {blank}", f"bad_date:{role}"))
        out.append((f"{read} < TIMESTAMP '{first}'", f"old_date:{role}"))
        if not future:
            out.append((f"{read} >= {lit(str(today + timedelta(days=2)))}::TIMESTAMP", f"future_date:{role}"))
    elif asks.type in NUMBERS:
        out += _number_faults(role, asks)
    elif asks.type == "choice" and not asks.else_:
        out.append((f"NOT {blank} AND ({choice_sql(read, asks)}) IS NULL", f"bad_choice:{role}"))
    if asks.most and asks.type in ("id", "text", "choice"):
        out.append((f"length({read}) > {asks.most}", f"too_long:{role}"))
    return out


def _number_faults(role: str, asks: Role) -> list[tuple[str, str]]:
    read = f"r_{role}"
    out = [(f"{read} IS NULL AND NOT b_{role}", f"bad_number:{role}"), (f"NOT isfinite({read})", f"infinite:{role}")]
    if asks.type == "money":
        out.append((f"isfinite({read}) AND abs({read}) >= {LARGEST}", f"too_large:{role}"))
    if asks.type == "count":
        out.append((f"{read} < 0", f"bad_number:{role}"))
        out.append((f"isfinite({read}) AND {read} >= 2e9", f"too_large:{role}"))
    return out


def listed(faults: list[tuple[str, str]]) -> str:
    """SQL of the list of all codes whose condition holds, in order."""
    if not faults:
        return "CAST([] AS VARCHAR[])"
    cases = ", ".join(f"CASE WHEN {when} THEN {lit(code)} END" for when, code in faults)
    any_of = " OR ".join(f"({when})" for when, _ in faults)  # nearly every row is sound: no list is made for it
    return f"CASE WHEN {any_of} THEN list_filter([{cases}], x -> x IS NOT NULL) ELSE CAST([] AS VARCHAR[]) END"
