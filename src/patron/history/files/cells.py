"""SQL for single cells: trimmed texts, ids as written, blanks in all their spellings."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb

from patron.history.files.sheet import lit

ENDS = " \t\n\r\u00a0\u3000\ufeff"
BLANK_SET = " || ".join(f"chr({ord(c)})" for c in ENDS)
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


@functools.cache
def codes() -> dict[str, Any]:
    """The open tables of codes.toml: blanks, statuses, lines that are no product."""
    loaded: dict[str, Any] = tomllib.loads((files("patron.history.files") / "codes.toml").read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Cell:
    """A column of a scan: its SQL name and DuckDB type. Texts are tidy: not empty, no blanks at their ends."""

    sql: str
    type: str

    @property
    def is_text(self) -> bool:
        """Written as text, so that its form has to be recognised."""
        return self.type == "VARCHAR"

    @property
    def is_number(self) -> bool:
        """An integer, float or decimal."""
        return self.type in (*INTEGERS, "FLOAT", "DOUBLE") or self.type.startswith("DECIMAL")

    @property
    def text(self) -> str:
        """SQL of the cell as text, null where it is blank."""
        return as_written(self)

    @property
    def said(self) -> str:
        """SQL of the cell as text, null where it is blank or only says so ('NULL', 'nan', '#N/A' …)."""
        return f"CASE WHEN {self.text} IN ({in_list(blank_words())}) THEN NULL ELSE {self.text} END"

    @property
    def id(self) -> str:
        """SQL of the cell as an identifier: as written, blanks ('NULL', 'nan' …) null, Excel's ="00123" unwrapped."""
        if self.type in INTEGERS:
            return as_written(self)
        text = self.text
        unwrapped = (
            f"CASE WHEN starts_with({text}, '=\"') THEN regexp_extract({text}, '^=\"(.*)\"$', 1) ELSE {text} END"
        )
        return f"CASE WHEN {text} IN ({in_list(blank_words())}) THEN NULL ELSE {unwrapped} END"


def as_written(cell: Cell) -> str:
    """SQL of the cell as text: whole floats without a fraction (17850, not 17850.0), NaN null."""
    sql = cell.sql
    if cell.is_text:
        return sql
    if cell.type in ("FLOAT", "DOUBLE"):
        whole = f"CAST(CAST({sql} AS HUGEINT) AS VARCHAR)"
        return (
            f"CASE WHEN isnan({sql}) THEN NULL WHEN isfinite({sql}) AND {sql} = trunc({sql}) AND abs({sql}) < 1e18 "
            f"THEN {whole} ELSE CAST({sql} AS VARCHAR) END"
        )
    if cell.type.startswith("DECIMAL"):
        return f"regexp_replace(CAST({sql} AS VARCHAR), '\\.0*$', '')"
    return f"CAST({sql} AS VARCHAR)"


def in_list(words: list[str]) -> str:
    """SQL list of literals."""
    return ", ".join(lit(word) for word in words)


@functools.cache
def blank_words() -> list[str]:
    """The spellings of nothing, in small letters, capitals and both."""
    words: list[str] = codes()["blanks"]
    return sorted({form for word in words for form in (word, word.upper(), word.capitalize(), "NaN", "NaT") if form})


def tidy(con: duckdb.DuckDBPyConnection, relation: str, columns: int, *, already: bool) -> tuple[str, list[Cell]]:
    """(relation, its columns as cells). Text columns with a ragged cell get a trimmed twin; most files need none,
    and not trimming what is tidy spares a third of the work. `already`: the texts were tidied when they were staged.
    """
    types = {str(row[0]): str(row[1]) for row in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    names = [f"c{i}" for i in range(columns)]
    texts = [] if already else [name for name in names if types[name] == "VARCHAR"]
    flags = con.execute(f"SELECT {', '.join(map(_ragged, texts))} FROM {relation}").fetchone() if texts else ()
    ragged = [name for name, flag in zip(texts, flags or (), strict=True) if flag]
    if ragged:
        twins = ", ".join(f"nullif(trim({name}, {BLANK_SET}), '') AS t{name}" for name in ragged)
        relation = f"(SELECT *, {twins} FROM {relation})"
    return relation, [Cell(f"t{name}" if name in ragged else name, types[name]) for name in names]


def _ragged(sql: str) -> str:
    """SQL aggregate: whether any cell is empty or begins or ends with a blank. (What sorts below '!' is blank.)"""
    wide = [f"chr({ord(c)})" for c in ENDS if c > "~"]
    parts = [
        f"{sql} < '!'",
        *(f"starts_with({sql}, {c})" for c in wide),
        *(f"suffix({sql}, chr({ord(c)}))" for c in ENDS),
    ]
    return f"coalesce(bool_or({' OR '.join(parts)}), false)"
