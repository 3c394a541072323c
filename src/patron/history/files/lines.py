"""The SQL that turns one surveyed source into judged order lines: every row with its money and, if any, its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from patron.history.files.cells import as_written, codes, in_list
from patron.history.files.dates import parse
from patron.history.files.numbers import parse_number
from patron.history.files.options import ReadOptions
from patron.history.files.reasons import REASONS, ROLE_OF, guarded_sql
from patron.history.files.sheet import lit
from patron.history.files.survey import NUMBERS, Survey


def judged(s: Survey, options: ReadOptions, base: str | None, today: date, more: Sequence[str] = ()) -> str:
    """SQL of all rows: the columns of an order line, `value` (readable money, 0 without) and `reason` (or null).

    `more`: SQL of further columns of the source that pass through.
    """
    return (
        f"WITH read AS (SELECT {', '.join([_read(s, options), *more])} FROM {s.relation}), "
        f"whole AS (SELECT * REPLACE ({_carried(s)}) FROM read), "
        f"rated AS ({_rated(options, base)}), "
        f"priced AS (SELECT *, {_quantity(s)} AS quantity, {_revenue(s)} AS revenue, {_cost(s)} AS cost FROM rated) "
        "SELECT *, coalesce(CASE WHEN isfinite(revenue) THEN revenue END, 0) AS value, "
        f"{_reason(s, today)} AS reason FROM priced"
    )


def _read(s: Survey, options: ReadOptions) -> str:
    """Every role's cell in its type; roles without a column are null."""
    cells = s.cells
    ids = {
        role: cells[role].id if role in cells else "CAST(NULL AS VARCHAR)" for role in ("customer", "order", "product")
    }
    texts = {
        role: cells[role].text if role in cells else "CAST(NULL AS VARCHAR)"
        for role in ("description", "status", "currency")
    }
    known = parse(cells["known"], s.dates["known"], options.timezone) if "known" in cells else "CAST(NULL AS TIMESTAMP)"
    out = [
        "row",
        *(f"{sql} AS {role}_id" for role, sql in ids.items()),
        *(f"{sql} AS {role}" for role, sql in texts.items()),
        f"{parse(cells['date'], s.dates['date'], options.timezone)} AS date",
        f"{known} AS known",
        f"{cells['date'].said if cells['date'].is_text else cells['date'].sql} IS NULL AS date_blank",
        *(f"{as_written(cell)} AS raw_{role}" for role, cell in cells.items()),
    ]
    for role in NUMBERS:
        number = parse_number(cells[role], s.numbers[role]) if role in cells else "CAST(NULL AS DOUBLE)"
        out.append(f"{number} AS {role}_n")
        blank = f"{cells[role].said} IS NULL" if role in cells and cells[role].is_text else f"{role}_n IS NULL"
        out.append(f"{blank} AS {role}_blank")
    if s.nul:
        out += [f"contains({cell.sql}, chr(0)) AS {role}_nul" for role, cell in cells.items() if cell.is_text]
    return ", ".join(out)


def _carried(s: Survey) -> str:
    """Order totals once an order; where only its first line is filled in, the rest take its customer, date, state."""
    if s.basis != "order":
        return "row AS row"
    by_amount = "order_id, amount_n" if not s.filled else "order_id"
    without = "order_id IS NULL OR count(amount_n) OVER (PARTITION BY order_id) = 0"
    once = (
        f"CASE WHEN {without} OR (amount_n IS NULL AND NOT amount_blank) "
        f"OR row = min(row) FILTER (amount_n IS NOT NULL) OVER (PARTITION BY {by_amount}) "
        f"THEN amount_n ELSE 0 END AS amount_n, amount_blank AND ({without}) AS amount_blank"
    )
    if not s.filled:
        return once
    first = "OVER (PARTITION BY order_id ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    carried = [
        f"CASE WHEN order_id IS NULL THEN {c} ELSE coalesce({c}, first_value({c} IGNORE NULLS) {first}) END AS {c}"
        for c in ("customer_id", "date", "known", "status", "currency")
    ]
    return ", ".join([once, *carried])


def _rated(options: ReadOptions, base: str | None) -> str:
    """The rows with the factor to base currency: 1 for the base, a rate, or null where none is known."""
    if base is None:
        return "SELECT *, 1.0 AS rate FROM whole"
    money = f"coalesce(upper(currency), {lit((options.assumed_currency or base).upper())})"
    cases = "".join(f" WHEN {lit(k.upper())} THEN {float(v)!r}" for k, v in options.rates.items())
    fixed = f"CASE {money} WHEN {lit(base)} THEN 1.0{cases} END"
    if not options.rates_by_day:
        return f"SELECT *, {fixed} AS rate FROM whole"
    days = ", ".join(
        f"({lit(str(day))}::DATE::TIMESTAMP, {lit(currency.upper())}, {float(rate)!r})"
        for day, currency, rate in options.rates_by_day
    )
    return (
        f"SELECT whole.*, CASE WHEN {money} = {lit(base)} THEN 1.0 ELSE coalesce(rates.rate, {fixed}) END AS rate "
        f"FROM whole ASOF LEFT JOIN (VALUES {days}) AS rates(day, money, rate) "
        f"ON rates.money = {money} AND whole.date >= rates.day"
    )


def _quantity(s: Survey) -> str:
    """As written; 1 where the file has none (−1 for a negative total) or an order total has a blank one."""
    if s.basis == "price":
        return "quantity_n" if "quantity" in s.cells else "1.0"
    sign = "CASE WHEN amount_n < 0 THEN -1.0 ELSE 1.0 END"
    return f"CASE WHEN quantity_blank THEN {sign} ELSE quantity_n END" if "quantity" in s.cells else sign


def _revenue(s: Survey) -> str:
    """Money in base currency; a negative quantity makes it negative whatever the sign of the price or amount."""
    money = "price_n" if s.basis == "price" else "amount_n"
    if s.basis == "price" and "quantity" in s.cells:
        money = "price_n * quantity_n"
    if "quantity" in s.cells:
        money = f"CASE WHEN quantity_n < 0 THEN -abs({money}) ELSE {money} END"
    return f"({money}) * coalesce(rate, 1.0)"


def _cost(s: Survey) -> str:
    """Cost of the line: as given, or unit cost × quantity; negative for a return."""
    if "cost" in s.cells:
        line = "CASE WHEN quantity < 0 THEN -abs(cost_n) ELSE cost_n END" if "quantity" in s.cells else "cost_n"
        return f"({line}) * coalesce(rate, 1.0)"
    if "unit_cost" in s.cells:
        return "unit_cost_n * quantity * coalesce(rate, 1.0)"
    return "CAST(NULL AS DOUBLE)"


def _reason(s: Survey, today: date) -> str:
    """The first thing that keeps a row from being used, as 'code' or 'code:role'; null for none."""
    return "CASE " + " ".join(f"WHEN {when} THEN {lit(code)}" for when, code in faults(s, today)) + " END"


def faults(s: Survey, today: date) -> list[tuple[str, str]]:
    """All that can keep a row from being used, as (SQL condition over a judged row, 'code' or 'code:role')."""
    late = lit(str(today + timedelta(days=2)))
    cases = [(f"{role}_nul", f"nul:{role}") for role, cell in s.cells.items() if s.nul and cell.is_text]
    if s.cancelled:
        cases.append((f"status IN ({in_list(s.cancelled)})", "cancelled"))
    cases += [
        ("customer_id IS NULL", "no_customer"),
        ("date IS NULL AND date_blank", "no_date"),
        ("date IS NULL", "bad_date"),
        ("date < TIMESTAMP '1970-01-01'", "old_date"),
        (f"date >= {late}::TIMESTAMP", "future_date"),
        ("rate IS NULL", "other_currency"),
    ]
    needed = {"price"} if s.basis == "price" else {"amount"}
    needed |= {"quantity"} if s.basis == "price" else set()
    for role in NUMBERS:
        if role in s.cells and (role in needed or role in ("quantity", "cost", "unit_cost")):
            cases.append((f"{role}_n IS NULL AND NOT {role}_blank", f"bad_number:{role}"))
            cases.append((f"isinf({role}_n)", f"infinite:{role}"))
            if role in needed:
                cases.append((f"{role}_blank", f"no_number:{role}"))
    cases.append(("NOT isfinite(revenue)", "infinite:" + ("price" if s.basis == "price" else "amount")))
    return cases


def used_lines(s: Survey, judged_sql: str, source: str, first_id: int) -> str:
    """SQL of the usable rows in the shape of tables.ORDER_LINES. fact_id = rows of earlier sources + row."""
    return (
        f"SELECT CAST(row + {first_id} AS BIGINT) AS fact_id, CAST(NULL AS BIGINT) AS corrects, customer_id, order_id, "
        f"date AS happened_at, coalesce(known, date) AS known_at, product_id, description AS product, "
        f"CAST(quantity AS DOUBLE) AS quantity, CAST(revenue AS DOUBLE) AS revenue, CAST(cost AS DOUBLE) AS cost, "
        f"{purchase(s)} AS purchase, {item(s)} AS item, {lit(source)} AS source, CAST(row AS BIGINT) AS row "
        "FROM (SELECT *, coalesce(upper(product_id), '') AS code, coalesce(lower(description), '') AS words "
        f"FROM ({judged_sql}) WHERE reason IS NULL)"
    )


def purchase(s: Survey) -> str:
    """Quantity > 0 and price > 0; where the file knows no unit price, a free order is an order."""
    if "price" in s.cells:
        return "quantity > 0 AND coalesce(price_n, revenue) > 0"
    return "quantity > 0 AND revenue >= 0"


def item(s: Survey) -> str:
    """Whether the line is a product, by the open tables of codes and words."""
    table = codes()["no_product"]
    parts = []
    if "product" in s.cells:
        parts.append(f"code IN ({in_list(table['codes'])})")
        parts += [f"starts_with(code, {lit(start)})" for start in table["code_starts"]]
    if "description" in s.cells:
        parts.append(f"words IN ({in_list(table['descriptions'])})")
        parts += [f"starts_with(words, {lit(start)})" for start in table["description_starts"]]
    return f"NOT ({' OR '.join(parts)})" if parts else "true"


def rejected_rows(s: Survey, judged_sql: str, source: str, lang: str) -> str:
    """SQL of the unusable rows in the shape of reasons.SCHEMA, with the cell as written."""
    words = " ".join(f"WHEN {lit(c)} THEN {lit(text.say(lang))}" for c, text in REASONS.items())
    roles = " ".join(f"WHEN {lit(c)} THEN {lit(role)}" for c, role in ROLE_OF.items())
    names = " ".join(f"WHEN {lit(r)} THEN {lit(name)}" for r, name in s.names.items())
    raw = " ".join(f"WHEN {lit(r)} THEN raw_{r}" for r in s.cells)
    return (
        f"WITH coded AS (SELECT *, split_part(reason, ':', 1) AS code FROM ({judged_sql}) WHERE reason IS NOT NULL), "
        f"placed AS (SELECT *, CASE code {roles} ELSE split_part(reason, ':', 2) END AS role FROM coded), "
        f"shown AS (SELECT *, CASE role {raw} END AS cell FROM placed) "
        f'SELECT {lit(source)} AS file, row, CASE role {names} END AS "column", code, CASE code {words} END AS reason, '
        f"{guarded_sql('cell')} AS cell FROM shown ORDER BY row"
    )
