"""Numbers in many forms: the decimal mark is decided over the whole column, the symbols around it are taken off."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from patron.history.files.cells import Cell
from patron.history.files.sheet import lit
from patron.words import Text

SYMBOLS = "[$€£¥￥₽₹₩₫฿元圆]|RMB|CNY|USD|EUR|GBP|CHF|Rs\\.?|R\\$|US\\$|A\\$|C\\$|HK\\$|NT\\$|kr|zł|人民币"
SPACES = "[\\s\\x{00a0}\\x{2009}\\x{202f}\\x{3000}'’]"
AMBIGUOUS = "[-+]?[1-9]\\d{0,2}[.,]\\d{3}"


@dataclass(frozen=True)
class NumberForm:
    """The decimal mark of a column ('.' or ','), and whether every cell is plain for the engine's own reader."""

    decimal: str = "."
    plain: bool = True


def parse_number(cell: Cell, form: NumberForm) -> str:
    """SQL that gives the cell as DOUBLE, null where blank or unreadable. Infinities come through to be refused."""
    if cell.is_number:
        as_double = f"CAST({cell.sql} AS DOUBLE)"
        return (
            f"CASE WHEN isnan({as_double}) THEN NULL ELSE {as_double} END"
            if cell.type in ("FLOAT", "DOUBLE")
            else as_double
        )
    direct = f"TRY_CAST({cell.text if not cell.is_text else cell.sql} AS DOUBLE)"
    direct = f"(CASE WHEN isnan({direct}) THEN NULL ELSE {direct} END)"
    if form.plain:
        return direct
    return _careful(cell, form.decimal)


def _careful(cell: Cell, decimal: str) -> str:
    """SQL for numbers with symbols, grouping, brackets or a trailing minus under one decimal mark."""
    wide = f"translate({cell.text}, '０１２３４５６７８９．，－＋（）−', '0123456789.,-+()-')"
    bare = f"regexp_replace({wide}, {lit(SYMBOLS + '|' + SPACES)}, '', 'g')"
    signed = f"regexp_replace(regexp_replace({bare}, '^\\((.*)\\)$', '-\\1'), '^([^-].*)-$', '-\\1')"
    group, point = (",", "\\.") if decimal == "." else ("\\.", ",")
    shape = (
        f"[-+]?(\\d+|\\d{{1,3}}({group}\\d{{2,3}})*{group}\\d{{3}})?({point}\\d*)?([eE][-+]?\\d+)?|[-+]?(inf|Infinity)"
    )
    without = f"replace({signed}, {lit(',' if decimal == '.' else '.')}, '')"
    plain = without if decimal == "." else f"replace({without}, ',', '.')"
    return f"(CASE WHEN regexp_full_match({signed}, {lit(shape)}) THEN TRY_CAST({plain} AS DOUBLE) END)"


def recognise_numbers(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cells: dict[str, Cell],
    names: dict[str, str],
    *,
    forced: str | None,
    comma_likely: bool,
    told: list[Text],
) -> dict[str, NumberForm]:
    """The form of each number column. A column that could be either follows the others of its file."""
    votes = {role: _vote(con, relation, cell) for role, cell in cells.items()}
    sure = [vote.mark for vote in votes.values() if vote.mark]
    usual = forced or (max(set(sure), key=sure.count) if sure else "," if comma_likely else ".")
    out = {}
    for role, vote in votes.items():
        decimal = "." if vote.whole else forced or vote.mark or usual
        out[role] = NumberForm(decimal, vote.plain and decimal == ".")
        if not vote.whole and (decimal == "," or not vote.plain):
            told.append(_spoken(names[role], decimal, certain=bool(forced or vote.mark)))
    return out


@dataclass(frozen=True)
class _Vote:
    """A column's own word: its decimal mark (None where both fit), plain for the engine, whole numbers only."""

    mark: str | None
    plain: bool
    whole: bool = False


def _vote(con: duckdb.DuckDBPyConnection, relation: str, cell: Cell) -> _Vote:
    if not cell.is_text:
        return _Vote(None, True, cell.is_number)
    text = cell.text
    filled, plain, three, fractions = con.execute(
        "SELECT count(t), count(TRY_CAST(t AS DOUBLE)), "
        f"count(*) FILTER (contains(t, '.') AND regexp_full_match(t, {lit(AMBIGUOUS)})), "
        f"count(*) FILTER (contains(t, '.')) FROM (SELECT {text} AS t FROM {relation})"
    ).fetchone() or (0, 0, 0, 0)
    if filled == plain:
        return _Vote(None if fractions == three else ".", True, not fractions)
    point, comma, clear_point, clear_comma = con.execute(
        f"SELECT count({_careful(cell, '.')}), count({_careful(cell, ',')}), {_clear(text, '.')}, {_clear(text, ',')} "
        f"FROM {relation}"
    ).fetchone() or (0, 0, 0, 0)
    if point == comma and clear_point == clear_comma:
        return _Vote(None, False)
    return _Vote("." if (point, clear_point) > (comma, clear_comma) else ",", False)


def _clear(text: str, decimal: str) -> str:
    """SQL: how many cells can only have this decimal mark (behind a single 0, or not before exactly three digits)."""
    mark = "\\." if decimal == "." else ","
    shape = f"(^|\\D)0{mark}\\d|{mark}(\\d{{1,2}}|\\d{{4,}})\\D*$"
    return f"count(*) FILTER (regexp_matches({text}, {lit(shape)}))"


def _spoken(column: str, decimal: str, certain: bool) -> Text:
    comma = decimal == ","
    en = "with decimal commas (1.234,56)" if comma else "with decimal points (1,234.56)"
    zh = "逗号为小数点（1.234,56）" if comma else "点为小数点（1,234.56）"
    if certain:
        return Text(f"'{column}' is written {en}.", f"“{column}”以{zh}书写。")
    return Text(
        f"'{column}' could be read in two ways; it is taken to be written {en}, like the rest of the file.",
        f"“{column}”有两种读法；按文件其余部分取：{zh}。",
    )
