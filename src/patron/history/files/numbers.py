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
    sure = [vote[0] for vote in votes.values() if vote[0]]
    usual = forced or (max(set(sure), key=sure.count) if sure else "," if comma_likely else ".")
    out = {}
    for role, (mark, plain, seen) in votes.items():
        decimal = forced or mark or usual
        out[role] = NumberForm(decimal, plain and decimal == ".")
        if decimal == "," or seen:
            told.append(_spoken(names[role], decimal, certain=bool(forced or mark)))
    return out


def _vote(con: duckdb.DuckDBPyConnection, relation: str, cell: Cell) -> tuple[str | None, bool, bool]:
    """(decimal mark or None where both fit, whether all cells are plain, whether marks of thousands were seen)."""
    if not cell.is_text:
        return None, True, False
    text = cell.text
    filled, plain, three, fractions = con.execute(
        f"SELECT count(t), count(TRY_CAST(t AS DOUBLE)), count(*) FILTER (contains(t, '.') AND regexp_full_match(t, {lit(AMBIGUOUS)})), "
        f"count(*) FILTER (contains(t, '.')) FROM (SELECT {text} AS t FROM {relation})"
    ).fetchone() or (0, 0, 0, 0)
    if filled == plain:
        return (None if fractions == three else "."), True, False
    point, comma, clear_point, clear_comma = con.execute(
        f"SELECT count({_careful(cell, '.')}), count({_careful(cell, ',')}), {_clear(text, '.')}, {_clear(text, ',')} FROM {relation}"
    ).fetchone() or (0, 0, 0, 0)
    grouped = point > plain
    if point != comma:
        return ("." if point > comma else ","), False, grouped or comma > point
    if clear_point != clear_comma:
        return ("." if clear_point > clear_comma else ","), False, grouped
    return None, False, grouped


def _clear(text: str, decimal: str) -> str:
    """SQL: how many cells can only have this decimal mark (it is there once and not before three digits)."""
    mark = "\\." if decimal == "." else ","
    shape = f"(^|\\D)0{mark}\\d|{mark}(\\d{{1,2}}|\\d{{4,}})\\D*$"
    return f"count(*) FILTER (regexp_matches({text}, {lit(shape)}))"


def _spoken(column: str, decimal: str, certain: bool) -> Text:
    comma = decimal == ","
    en = "with decimal commas (1.234,56)" if comma else "with decimal points and commas between thousands (1,234.56)"
    zh = "逗号为小数点（1.234,56）" if comma else "点为小数点、逗号为千位分隔（1,234.56）"
    if certain:
        return Text(f"'{column}' is written {en}.", f"“{column}”以{zh}书写。")
    return Text(
        f"'{column}' could be read in two ways; it is taken to be written {en}, like the rest of the file.",
        f"“{column}”有两种读法；按文件其余部分取：{zh}。",
    )
