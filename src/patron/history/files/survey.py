"""What one source turns out to hold, decided over all of its rows before a single line is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from patron.errors import InputError
from patron.history.files.cells import Cell, codes, tidy
from patron.history.files.columns import normal, order_total_names
from patron.history.files.date_shapes import DateForm
from patron.history.files.dates import recognise_dates
from patron.history.files.numbers import NumberForm, parse_number, recognise_numbers
from patron.history.files.options import ReadOptions
from patron.history.files.sheet import Scan, Sheet
from patron.words import Text

NUMBERS = ("quantity", "price", "amount", "cost", "unit_cost")
DATES = ("date", "known")


@dataclass(frozen=True)
class Survey:
    """The decisions about one source.

    `basis`: 'price' = quantity × price; 'amount' = money of the line; 'order' = order total, counted once.
    `filled`: order totals stand on the first line only, and its customer, date, status and currency hold for the rest.
    """

    relation: str
    cells: dict[str, Cell]
    names: dict[str, str]
    dates: dict[str, DateForm]
    numbers: dict[str, NumberForm]
    basis: str
    filled: bool
    cancelled: list[str]
    currencies: list[str]
    nul: bool


def survey(
    con: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    scan: Scan,
    mapping: Mapping[str, int],
    options: ReadOptions,
    today: date,
    told: list[Text],
) -> Survey:
    """Look at every row of a source and decide how its columns are written and what its money stands for."""
    every = [f"c{i}" for i in range(len(sheet.columns))]
    relation = scan.relation
    if scan.staged:
        relation = f"(SELECT * FROM {relation} WHERE coalesce({', '.join(every)}) IS NOT NULL)"
    relation, columns = tidy(con, relation, len(every), already=scan.staged)
    cells = {role: columns[i] for role, i in mapping.items()}
    names = {role: sheet.columns[i] or str(i + 1) for role, i in mapping.items()}
    dates = {
        role: recognise_dates(
            con,
            relation,
            cells[role],
            names[role],
            today=today,
            timezone=options.timezone,
            forced=options.date_order,
            told=told,
        )
        for role in DATES
        if role in cells
    }
    numbers = recognise_numbers(
        con,
        relation,
        {role: cells[role] for role in NUMBERS if role in cells},
        names,
        forced=options.decimal,
        comma_likely=sheet.decimal_comma_likely,
        told=told,
    )
    basis, filled = _basis(con, relation, cells, names, numbers, told)
    cancelled = _cancelled(con, relation, cells)
    currencies = _currencies(con, relation, cells, options, sheet.label)
    return Survey(relation, cells, names, dates, numbers, basis, filled, cancelled, currencies, scan.nul)


def _basis(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[str, Cell],
    names: Mapping[str, str],
    numbers: Mapping[str, NumberForm],
    told: list[Text],
) -> tuple[str, bool]:
    """Which money counts. An amount wins over a price, once it is known to be of the line or of the order."""
    if "amount" not in cells:
        if "quantity" not in cells:
            told.append(Text("There is no quantity: each row counts as one unit.", "没有数量列：每行计为 1 件。"))
        return "price", False
    column = names["amount"]
    if "price" in cells and "quantity" in cells and _is_product(con, relation, cells, numbers):
        return "amount", False
    multi, repeated, first_only = _per_order(con, relation, cells, numbers)
    is_total = normal(column) in order_total_names()
    enough = (multi >= 1 and is_total) or multi >= 20
    if enough and first_only >= 0.9 * multi:
        told.append(
            Text(
                f"'{column}' is the total of an order and stands on its first line; it is counted "
                "there, and the other lines take customer, date and state from it.",
                f"“{column}”是订单总额，写在订单的首行；金额计在首行，其余行沿用其客户、日期与状态。",
            )
        )
        return "order", True
    if enough and repeated >= (0.9 if is_total else 0.99) * multi:
        told.append(
            Text(
                f"'{column}' is the total of an order, repeated on each of its lines; it is counted once an order.",
                f"“{column}”是订单总额，在每行重复出现；每个订单只计一次。",
            )
        )
        return "order", False
    return "amount", False


def _is_product(
    con: duckdb.DuckDBPyConnection, relation: str, cells: Mapping[str, Cell], numbers: Mapping[str, NumberForm]
) -> bool:
    """Whether quantity × price is the amount in most rows that have all three."""
    q, p, a = (parse_number(cells[role], numbers[role]) for role in ("quantity", "price", "amount"))
    n, same = con.execute(
        f"SELECT count(*), count(*) FILTER (abs(q * p - a) <= 0.006 + 1e-6 * abs(a)) "
        f"FROM (SELECT {q} AS q, {p} AS p, {a} AS a FROM {relation}) "
        "WHERE q * p IS NOT NULL AND a IS NOT NULL AND q <> 1"
    ).fetchone() or (0, 0)
    return bool(n) and same > 0.5 * n


def _per_order(
    con: duckdb.DuckDBPyConnection, relation: str, cells: Mapping[str, Cell], numbers: Mapping[str, NumberForm]
) -> tuple[int, int, int]:
    """(orders of several lines, those with one same amount on each line, those with an amount on one line only)."""
    if "order" not in cells:
        return 0, 0, 0
    order, amount = cells["order"].id, parse_number(cells["amount"], numbers["amount"])

    def count(where: str) -> tuple[int, int, int]:
        found = con.execute(
            "SELECT count(*), count(*) FILTER (k = n AND lo = hi), count(*) FILTER (k = 1) "
            "FROM (SELECT count(*) AS n, count(a) AS k, min(a) AS lo, max(a) AS hi "
            f"FROM (SELECT {order} AS o, {amount} AS a FROM {relation}) WHERE o IS NOT NULL{where} GROUP BY o) "
            "WHERE n > 1"
        ).fetchone() or (0, 0, 0)
        return int(found[0]), int(found[1]), int(found[2])

    part = count(" AND hash(o) % 64 = 0")  # whole orders, so an unbiased sample of them
    if part[0] > 100 and part[1] + part[2] < 0.5 * part[0]:
        return part
    (rows,) = con.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,)
    return part if part[0] == 0 and rows > 1_000_000 else count("")


def _cancelled(con: duckdb.DuckDBPyConnection, relation: str, cells: Mapping[str, Cell]) -> list[str]:
    """The states of this file, as written, that stand for orders that never came about or were taken back whole."""
    if "status" not in cells:
        return []
    words = {normal(word) for word in codes()["cancelled"]}
    found = con.execute(
        f"SELECT DISTINCT {cells['status'].text} AS s FROM {relation} WHERE s IS NOT NULL LIMIT 10000"
    ).fetchall()
    return sorted(row[0] for row in found if normal(row[0]) in words)


def _currencies(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[str, Cell],
    options: ReadOptions,
    file: str,
) -> list[str]:
    """The currencies of the file, the most frequent first. Several need a base currency; rates or set aside."""
    if "currency" not in cells:
        return []
    rows = con.execute(
        f"SELECT upper({cells['currency'].text}) AS c, count(*) FROM {relation} WHERE c IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200"
    ).fetchall()
    found = [str(row[0]) for row in rows]
    base = options.currency.upper() if options.currency else None
    shown = ", ".join(f"{row[0]} ({row[1]})" for row in rows[:8])
    if len(found) > 1 and base is None:
        raise InputError(
            Text(f"There are several currencies: {shown}.", f"存在多种币种：{shown}。"),
            file=file,
            column=None,
            remedy=Text(
                f"Say which one counts: --currency {found[0]}. Rows in others are set aside.",
                f"请指明采用哪一种：--currency {found[0]}。其他币种的行将被搁置。",
            ),
        )
    if base and found and base not in found and not set(found) & {k.upper() for k in options.rates}:
        raise InputError(
            Text(f"No row is in {base}; there are: {shown}.", f"没有 {base} 的行；现有：{shown}。"),
            file=file,
            remedy=Text(f"Say --currency {found[0]}.", f"请使用 --currency {found[0]}。"),
        )
    return found
