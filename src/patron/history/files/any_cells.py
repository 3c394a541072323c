"""Any flat table, its cells: words that mean missing, and what one pass counts in every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from patron.history.files.cells import INTEGERS, Cell, codes, in_list
from patron.history.files.flat import ID_LIKE
from patron.history.files.sheet import lit

AT_ONCE = 100  # columns in one query: they share one pass, and the engine still plans it quickly
CODE = (
    f"{ID_LIKE}|0\\d{{2,}}( \\d+)+|\\d{{4}}( \\d{{4}}){{3,}}|\\+\\d[\\d ]{{9,}}"  # numbers of telephones and cards too
)
FAITHFUL = 999_999_999_999_999  # the largest whole number of 15 digits, which a double keeps for certain
VAGUE = ["nil", "?", "-", "–", "无", "空", "缺失", "不详"]
"""Words that mean missing where a number or a date should stand; among texts they may be a category of their own."""


def technical_words() -> list[str]:
    """Words, in small letters, that programs write for a missing cell and that no person means otherwise."""
    known = [word for word in codes()["blanks"] if word and word not in VAGUE]
    return [*known, "na", "#div/0!", "#value!", "#ref!", "#name?", "#num!"]


@dataclass(frozen=True)
class Counts:
    """What one pass counts in a column. `cells` are not blank; of them `technical` and `vague` only say that they are;
    `plain` are numbers to the engine; of them `dots` have a point and `clear` one that can only be a decimal point;
    `codes` have leading zeros or too many digits; `shortest` and `longest` plain ones in letters.
    """

    cells: int
    technical: int = 0
    vague: int = 0
    plain: int = 0
    dots: int = 0
    clear: int = 0
    codes: int = 0
    shortest: int = 0
    longest: int = 0

    @property
    def texts(self) -> int:
        """Cells that hold something if the column is of texts."""
        return self.cells - self.technical

    @property
    def filled(self) -> int:
        """Cells that hold something if the column is of numbers or dates."""
        return self.cells - self.technical - self.vague

    @property
    def clearly_marked(self) -> bool:
        """No point in what the engine reads could group thousands, if there is any at all."""
        return not self.dots or bool(self.clear)


def is_typed(cell: Cell) -> bool:
    """The file itself says that it is a number or a date."""
    return cell.is_number or cell.type.startswith(("TIMESTAMP", "DATE"))


def count_cells(con: duckdb.DuckDBPyConnection, relation: str, cells: Sequence[Cell]) -> list[Counts]:
    """The counts of every column of `relation`, in one pass over the file."""
    out: list[Counts] = []
    for start in range(0, len(cells), AT_ONCE):
        part = list(enumerate(cells[start : start + AT_ONCE], start))
        seen = ", ".join(sql for i, cell in part for sql in _seen(i, cell))
        judged = ", ".join(_judged(i) for i, cell in part if not is_typed(cell))
        inner = f"SELECT *{', ' + judged if judged else ''} FROM (SELECT {seen} FROM {relation})"
        wanted = [_aggregates(i, cell) for i, cell in part]
        found = con.execute(f"SELECT {', '.join(a for each in wanted for a in each)} FROM ({inner})").fetchone() or ()
        numbers = iter(found)
        out += [Counts(*(int(next(numbers) or 0) for _ in each)) for each in wanted]
    return out


def _seen(i: int, cell: Cell) -> Iterator[str]:
    """SQL of a column's cells: as text, and as a number where the engine reads one (it takes 10_20 for 1020)."""
    if is_typed(cell):
        yield f"{cell.sql} AS x{i}"
        return
    yield f"{cell.text} AS x{i}"
    number = f"CASE WHEN NOT contains({cell.text}, '_') THEN TRY_CAST({cell.text} AS DOUBLE) END"
    yield f"CASE WHEN {cell.text} < ':' THEN {number} END AS v{i}"


def _judged(i: int) -> str:
    """SQL: which word for missing it is, counted from 1; 0 for none. Words are looked up in what is no number only."""
    words = in_list([*technical_words(), *VAGUE])
    return f"CASE WHEN v{i} IS NULL THEN coalesce(list_position([{words}], lower(x{i})), 0) ELSE 0 END AS w{i}"


def _aggregates(i: int, cell: Cell) -> list[str]:
    """SQL of the counts of a column, in the order of `Counts`."""
    x, v, w = f"x{i}", f"v{i}", f"w{i}"
    if is_typed(cell):
        return _typed_aggregates(x, cell)
    technical = len(technical_words())
    dots = f"{v} IS NOT NULL AND contains({x}, '.')"
    id_like = f"CASE WHEN regexp_full_match({x}, {lit(CODE)}) THEN 1 END"
    return [
        f"count({x})",
        f"count(*) FILTER ({w} BETWEEN 1 AND {technical})",
        f"count(*) FILTER ({w} > {technical})",
        f"count({v})",
        f"count(*) FILTER ({dots})",
        f"count(CASE WHEN {dots} THEN CASE WHEN array_extract({x}, -4) <> '.' THEN 1 END END)",
        f"count(CASE WHEN starts_with({x}, '0') OR starts_with({x}, '+') OR length({x}) > 15 THEN {id_like} END)",
        f"min(CASE WHEN {v} IS NOT NULL THEN length({x}) END)",
        f"max(CASE WHEN {v} IS NOT NULL THEN length({x}) END)",
    ]


def _typed_aggregates(x: str, cell: Cell) -> list[str]:
    """The same of a typed column: NaN is missing, whole numbers that a double can't keep are codes."""
    if cell.type in ("FLOAT", "DOUBLE"):
        return [f"count(*) FILTER (NOT isnan({x}))"]
    if cell.type not in INTEGERS:
        return [f"count({x})"]
    too_long = f"count(*) FILTER ({x} NOT BETWEEN -{FAITHFUL} AND {FAITHFUL})"
    return [f"count({x})", "0", "0", "0", "0", "0", too_long, "0", "1"]


def missing_as_null(text: str, *, vague: bool) -> str:
    """SQL of a text, null where it only says that it is missing; `vague` words too where numbers or dates stand."""
    words = in_list([*technical_words(), *(VAGUE if vague else [])])
    return f"CASE WHEN list_contains([{words}], lower({text})) THEN NULL ELSE {text} END"
