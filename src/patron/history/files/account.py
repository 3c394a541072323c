"""The account of what was read: rows and money by reason, and apart from that over the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb

from patron.errors import InputError
from patron.history.files.reasons import REASONS, ROLE_OF, UNREADABLE
from patron.history.files.sheet import Sheet
from patron.history.files.survey import Survey
from patron.words import Text

BIG = 2_000_000
FEW = 10


@dataclass
class Account:
    """Rows and money of all sources so far, by reason (None = used) and, apart from that, over whole files."""

    rows: dict[str | None, int] = field(default_factory=dict)
    value: dict[str | None, float] = field(default_factory=dict)
    rows_file: int = 0
    value_file: float = 0.0
    identical: int = 0
    first: date | None = None
    last: date | None = None

    def add(self, reason: str | None, rows: int, value: float) -> None:
        """Rows of one reason, 'code' or 'code:role', and their money."""
        code = reason.split(":")[0] if reason else None
        self.rows[code] = self.rows.get(code, 0) + rows
        self.value[code] = self.value.get(code, 0.0) + value

    def span(self, first: date, last: date) -> None:
        """Days of used rows."""
        self.first = min(first, self.first or first)
        self.last = max(last, self.last or last)


def judge(
    con: duckdb.DuckDBPyConnection,
    account: Account,
    sheet: Sheet,
    found: Survey,
    sql: str,
    *,
    malformed: int,
    alone: bool,
    told: list[Text],
) -> tuple[int, int]:
    """Count one source into `account`; (rows of the file, rows used). Refuses a file that mostly can't be read."""
    counted = con.execute(
        "SELECT grouping(reason), reason, count(*), coalesce(kahan_sum(value), 0), min(date)::DATE, max(date)::DATE, "
        "max(abs(value)), arg_max(row, abs(value)), sum(abs(value)), min(row) "
        f"FROM ({sql}) GROUP BY GROUPING SETS ((reason), ())"
    ).fetchall()
    by_reason = {row[1]: row[2:] for row in counted if not row[0]}
    (whole,) = (row[2:] for row in counted if row[0])
    rows, used = whole[0] + malformed, by_reason.get(None, (0,))[0]
    by_count = {r: row[0] for r, row in by_reason.items()} | {"cells": malformed}
    firsts = {r: row[7] for r, row in by_reason.items()}
    refuse_unreadable(sheet, found, by_count, firsts, rows, alone)
    for reason, (n, value, first, last, *_) in by_reason.items():
        account.add(reason, n, value)
        if reason is None:
            account.span(first, last)
    if malformed:
        account.add("cells", malformed, 0.0)
    account.rows_file += rows
    account.value_file += whole[1]
    account.identical += identical(con, found.relation, len(sheet.columns), rows)
    _tell_outlier(rows, *whole[4:7], told=told)
    return rows, used


def _tell_outlier(rows: int, largest: float, row: int, total: float, *, told: list[Text]) -> None:
    """One row with more money than all others together is taken, and told."""
    if rows >= FEW and largest > total - largest:
        told.append(
            Text(
                f"Row {row} alone holds {largest:,.2f}, more money than all other rows together; is that right?",
                f"仅第 {row} 行金额就达 {largest:,.2f}，超过其余各行之和；请确认是否正确。",
            )
        )


def identical(con: duckdb.DuckDBPyConnection, relation: str, columns: int, rows: int) -> int:
    """Rows that repeat another one in every column; in big files looked for first in a sixteenth of all contents."""
    every = ", ".join(f"c{i}" for i in range(columns))

    def count(where: str) -> int:
        found = con.execute(
            f"SELECT count(*) - count(DISTINCT h) FROM (SELECT hash({every}) AS h FROM {relation}) WHERE {where}"
        ).fetchone()
        return int(found[0]) if found else 0

    return 0 if rows > BIG and not count("h % 16 = 0") else count("true")


def refuse_unreadable(
    sheet: Sheet,
    found: Survey,
    rows: dict[str | None, int],
    firsts: dict[str | None, int],
    total: int,
    alone: bool,
) -> None:
    """More than half of the rows unreadable, or none usable in the only file: the columns were taken wrongly."""
    if not total:
        raise InputError(
            Text("The table has no rows.", "表格没有数据行。"),
            file=sheet.label,
            remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
        )
    unread = {str(r): n for r, n in rows.items() if r and r.split(":")[0] in UNREADABLE and n}
    if 2 * sum(unread.values()) <= total and (rows.get(None) or not alone):
        return
    blame = unread or {str(r): n for r, n in rows.items() if r and n}
    worst = max(blame, key=lambda r: blame[r])
    code, _, role = worst.partition(":")
    why, n, typed = REASONS[code], blame[worst], _as_map(found)
    raise InputError(
        Text(f"{n} of {total} rows can't be used: {why.en}.", f"{total} 行中有 {n} 行无法使用：{why.zh}。"),
        file=sheet.label,
        row=firsts.get(worst),
        column=found.names.get(role or ROLE_OF.get(code, "")),
        remedy=sheet.caution
        if sheet.caution and code.startswith("no_")
        else Text(
            f"Check which column is what: {typed} (change what is wrong).",
            f"请检查各列的对应关系：{typed}（修改不对的项）。",
        ),
    )


def _as_map(found: Survey) -> str:
    return "--map " + " ".join(f"{role}='{name}'" for role, name in found.names.items())
