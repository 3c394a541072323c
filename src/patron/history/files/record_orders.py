"""The prepared rows of an order export: read and priced as `analyze` does it, with what an import keeps beside that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb

from patron.history.files.cells import in_list
from patron.history.files.fields import LARGEST, listed, micros, utc_text
from patron.history.files.lines import faults, item, judged, purchase
from patron.history.files.options import ReadOptions
from patron.history.files.record_kinds import ORDER_EXTRAS
from patron.history.files.sheet import Scan, Sheet, lit
from patron.history.files.survey import Survey, survey
from patron.words import Text

LENGTHS = {"customer_id": 200, "order_id": 200, "product_id": 120, "description": 300, "currency": 3}
NULL_TEXT = "CAST(NULL AS VARCHAR)"


def prepared_orders(
    con: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    scan: Scan,
    mapping: Mapping[str, int],
    options: ReadOptions,
    today: date,
    told: list[Text],
    kind: str,  # noqa: ARG001 — one signature for all kinds
) -> tuple[str, list[str]]:
    """(SQL of the prepared rows, the currencies of the file). Money in millionths, of the order and of the base."""
    base = (options.currency or "").upper() or None
    found = survey(con, sheet, scan, mapping, _free_of_base(options), today, told)
    columns = [f"c{i}" for i in range(len(sheet.columns))]
    extras = [f"{_extra(found, role)} AS x_{role}" for role in ORDER_EXTRAS]
    known = replace(found, cancelled=[])  # a cancelled order is kept, and counts nothing
    sql = judged(known, options, base, today, [*columns, *extras])
    cancelled = f"coalesce(status IN ({in_list(found.cancelled)}), false)" if found.cancelled else "false"
    raw = ", ".join(f"CAST({c} AS VARCHAR)" for c in columns)
    inner = (
        "SELECT *, coalesce(upper(product_id), '') AS code, coalesce(lower(description), '') AS words, "
        f"{cancelled} AS off, {listed(_faults(known, today))} AS reasons, {_identity(found)} AS identity FROM ({sql})"
    )
    money = (options.assumed_currency or base or "").upper()
    zone = options.timezone or "UTC"
    known_at = "coalesce(known, date)" if "known" in found.cells else "date"  # the same words are worked out once
    return (
        'SELECT row, customer_id AS customer, order_id AS "order", product_id AS product, description, '
        f"{utc_text('date', zone)} AS date, {utc_text(known_at, zone)} AS known, "
        f"CASE WHEN off THEN 'cancelled' ELSE 'placed' END AS status, "
        f"coalesce(upper(currency), {lit(money)}) AS currency, "
        f"CAST(CAST(rate AS DECIMAL(18, 9)) AS VARCHAR) AS rate, {micros('quantity')} AS quantity, "
        f"{micros('price_n')} AS price, {micros('revenue / rate')} AS amount, "
        f"CASE WHEN off THEN 0 ELSE {micros('revenue')} END AS revenue, "
        f"CASE WHEN off AND cost IS NOT NULL THEN 0 ELSE {micros('cost')} END AS cost, "
        f"({purchase(found)}) AND NOT off AS purchase, {item(found)} AS item, "
        f"{', '.join(f'x_{role} AS {role}' for role in ORDER_EXTRAS)}, identity, reasons, "
        f"CASE WHEN len(reasons) > 0 THEN [{raw}] END AS cells FROM ({inner})",
        found.currencies,
    )


def _free_of_base(options: ReadOptions) -> ReadOptions:
    """Options under which `survey` does not refuse a file for its currencies: rates come from the organisation."""
    return replace(options, rates={**options.rates, **{c: r for _, c, r in options.rates_by_day}})


def _extra(found: Survey, role: str) -> str:
    if role not in found.cells:
        return NULL_TEXT
    return found.cells[role].id if ORDER_EXTRAS[role].type == "id" else found.cells[role].said


def _faults(found: Survey, today: date) -> list[tuple[str, str]]:
    """What `analyze` sets a row aside for, and what can't be kept."""
    out = faults(found, today)
    out += [(f"length({c}) > {most}", f"too_long:{c.removesuffix('_id')}") for c, most in LENGTHS.items()]
    out += [(f"length(x_{r}) > {a.most}", f"too_long:{r}") for r, a in ORDER_EXTRAS.items() if r in found.cells]
    for role in ("quantity", "price_n", "revenue", "cost", "revenue / rate"):
        name = role.removesuffix("_n") if role in ("quantity", "price_n", "cost") else "amount"
        shown = name if name in found.cells else "price"
        out.append((f"isfinite({role}) AND abs({role}) >= {LARGEST}", f"too_large:{shown}"))
    return out


def _identity(found: Survey) -> str:
    """SQL of what tells a line apart: its number; its order, in a file without products; else its canonical content."""
    parts = ["order_id", "customer_id", "epoch_us(date)", "product_id", "description"]
    parts += [
        f"CASE WHEN abs({n}) < 9e12 THEN CAST(round({n} * 1000000) AS BIGINT) END"
        for n in ("quantity_n", "price_n", "amount_n")
    ]
    parts.append("upper(currency)")
    content = f"concat_ws(chr(31), {', '.join(f'coalesce(CAST({p} AS VARCHAR), chr(30))' for p in parts)})"
    if not {"product", "description"} & found.cells.keys() and "order" in found.cells:
        content = f"coalesce(order_id || chr(31) || customer_id, {content})"
    return f"coalesce('#' || x_line, {content})" if "line" in found.cells else content
