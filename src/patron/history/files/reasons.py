"""Why a row is set aside, in words; and the file of those rows."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.csv as pc

from patron.words import Text

REASONS = {
    "cells": Text("another number of cells than the header", "单元格数量与表头不符"),
    "nul": Text("a NUL character in the cell", "单元格中含有 NUL 字符"),
    "cancelled": Text("the order was cancelled, refunded or never paid", "订单已取消、已退款或未付款"),
    "no_customer": Text("no customer", "没有客户"),
    "no_date": Text("no date", "没有日期"),
    "bad_date": Text("not a date", "不是日期"),
    "old_date": Text("implausible date: before 1970", "日期不合理：早于 1970 年"),
    "future_date": Text("in the future", "日期在将来"),
    "no_number": Text("the cell is blank", "单元格为空"),
    "bad_number": Text("not a number", "不是数字"),
    "infinite": Text("not a finite number", "不是有限的数"),
    "other_currency": Text("in another currency", "属于其他币种"),
    "no_value": Text("the cell is blank", "单元格为空"),
    "bad_choice": Text("not one of the words known here", "不是可识别的取值"),
    "too_long": Text("longer than can be kept", "超出可保存的长度"),
    "too_large": Text("larger than can be kept", "超出可保存的数值范围"),
    "bad_order": Text("ends before it starts", "结束早于开始"),
    "nothing_said": Text("neither a score nor words", "既无评分也无文字"),
}
UNREADABLE = ("cells", "nul", "no_date", "bad_date", "old_date", "future_date", "no_number", "bad_number", "infinite")
ROLE_OF = {
    "no_customer": "customer",
    "no_date": "date",
    "bad_date": "date",
    "old_date": "date",
    "future_date": "date",
    "cancelled": "status",
    "other_currency": "currency",
}
SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("cell", pa.string()),
    ]
)


class Rejects(contextlib.AbstractContextManager["Rejects"]):
    """rejected.csv: UTF-8 with a mark so that Excel opens it; cells that begin like a formula are guarded."""

    def __init__(self, path: Path, lang: str) -> None:
        self.path, self._lang = path, lang
        self._file: BinaryIO = path.open("wb")
        self._file.write(b"\xef\xbb\xbf" + ",".join(SCHEMA.names).encode() + b"\r\n")
        self._options = pc.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add_malformed(self, file: str, rows: list[tuple[int, str]]) -> None:
        """Rows that have another number of cells than the header."""
        for start in range(0, len(rows), 100_000):
            part = rows[start : start + 100_000]
            n = len(part)
            columns = [
                [file] * n,
                [r for r, _ in part],
                [None] * n,
                ["cells"] * n,
                [REASONS["cells"].say(self._lang)] * n,
                [guarded(text[:80]) for _, text in part],
            ]
            self._write(pa.table(columns, schema=SCHEMA))

    def add(self, con: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Rows of a query with the columns of SCHEMA, streamed."""
        for batch in con.execute(sql).to_arrow_reader(100_000):
            self._write(pa.Table.from_batches([batch]).cast(SCHEMA))

    def _write(self, table: pa.Table) -> None:
        pc.write_csv(table, self._file, self._options)


def guarded(text: str) -> str:
    """A cell that a spreadsheet would run as a formula, made text; line breaks and NULs taken out."""
    flat = text.replace("\0", "").replace("\r", " ").replace("\n", " ")
    return "'" + flat if flat[:1] in ("=", "+", "-", "@", "\t") else flat


def guarded_sql(sql: str) -> str:
    """The same in SQL, cut after 80 characters."""
    flat = f"regexp_replace(substr({sql}, 1, 80), '[\\x00\\r\\n]', ' ', 'g')"
    return f"CASE WHEN regexp_matches({sql}, '^[=+@\\t-]') THEN '''' || {flat} ELSE {flat} END"
