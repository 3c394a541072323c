"""How a text table is laid out: its delimiter, its header row, how many columns; judged on its first rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from patron.errors import InputError, UsageError
from patron.history.files.columns import listed, normal, roles_found
from patron.history.files.options import ReadOptions
from patron.words import Text

DELIMITERS = (",", ";", "\t", "|")
BLANKS = " "
NAMES = {
    ",": Text("commas", "逗号"),
    ";": Text("semicolons", "分号"),
    "\t": Text("TABs", "制表符"),
    "|": Text("bars", "竖线"),
    BLANKS: Text("runs of blanks", "连续空格"),
}
PREAMBLE = 30
DATA_LIKE = re.compile(r"[-+(]?[$€£¥￥]?\s?\d[\d.,:/\-年月日T \s]*(?:[ap]m|Z)?\)?%?", re.I)


@dataclass(frozen=True)
class Layout:
    """Delimiter (' ' = runs of blanks), rows before the first data row, column names, whether they were read."""

    delimiter: str
    skip: int
    columns: list[str]
    header: bool
    told: list[Text] = field(default_factory=list)


def recognise_layout(text: str, options: ReadOptions, file: str, whole: bool) -> Layout:
    """The layout of a text table from its beginning; `whole` says that `text` is all of it."""
    if not text.strip():
        raise InputError(
            Text("The file is empty.", "文件为空。"),
            file=file,
            remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
        )
    told: list[Text] = []
    delimiter, before = _delimiter(text, options, file)
    rows = split_rows(text, delimiter)
    if not whole and len(rows) > 1:
        rows.pop()
    if delimiter != ",":
        told.append(Text(f"Cells are separated by {_name(delimiter).en}.", f"单元格以{_name(delimiter).zh}分隔。"))
    return lay_out(rows, options, file, told, delimiter, before)


def _name(delimiter: str) -> Text:
    return NAMES.get(delimiter, Text(f"'{delimiter}'", f"“{delimiter}”"))


def lay_out(
    rows: Sequence[Sequence[str]],
    options: ReadOptions,
    file: str,
    told: list[Text],
    delimiter: str = ",",
    before: int = 0,
) -> Layout:
    """Find the header among the first rows and name the columns. `before` rows are never looked at."""
    width = _usual_width(rows[before:])
    skip, header = _header_row(rows, options, file, before, told)
    if not header:
        return Layout(delimiter, skip, [str(i + 1) for i in range(width)], False, told)
    names = [cell.strip() for cell in rows[skip]]
    if skip > before:
        told.append(
            Text(
                f"The header is row {skip + 1}; the rows above it are left out.",
                f"表头位于第 {skip + 1} 行，其上方的行已略过。",
            )
        )
    if not _something_below(rows, skip):
        raise InputError(
            Text("There is a header and no row below it.", "只有表头，没有数据行。"),
            file=file,
            row=skip + 1,
            remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
        )
    names += [""] * (width - len(names))
    return Layout(delimiter, skip + 1, names, True, told)


def _something_below(rows: Sequence[Sequence[str]], header: int) -> bool:
    return any(any(cell.strip() for cell in row) for row in rows[header + 1 :])


def _delimiter(text: str, options: ReadOptions, file: str) -> tuple[str, int]:
    """The delimiter, and how many rows before everything else only say so (Excel's 'sep=;')."""
    if said := re.match(r"sep=(.)\r?\n", text):
        return said[1], 1
    if options.delimiter:
        forced = {"\\t": "\t", "tab": "\t", "blanks": BLANKS}.get(options.delimiter, options.delimiter)
        if len(forced) != 1:
            raise UsageError(
                Text(f"'{options.delimiter}' is not one character.", f"“{options.delimiter}”不是单个字符。"),
                remedy=Text("Give one character, 'tab' or 'blanks'.", "请给出单个字符、tab 或 blanks。"),
            )
        return forced, 0
    judged = {d: _consistency(split_rows(text, d)) for d in DELIMITERS}
    best = max(judged, key=lambda d: judged[d])
    if judged[best][0] >= 0.5:
        return best, 0
    if _consistency(split_rows(text, BLANKS))[0] >= 0.8:
        return BLANKS, 0
    if judged[best][0] > 0:
        return best, 0
    first = text.strip().splitlines()[0][:80]
    raise InputError(
        Text(f"Only one column was found; the first row is: {first}", f"只找到一列；首行为：{first}"),
        file=file,
        row=1,
        remedy=Text(
            "Separate the cells by commas, semicolons, TABs, bars or blanks, or name the character with --delimiter.",
            "请用逗号、分号、制表符、竖线或空格分隔单元格，或用 --delimiter 指明分隔符。",
        ),
    )


def split_rows(text: str, delimiter: str) -> list[list[str]]:
    """Rows of cells; a blank line is a row without cells."""
    if delimiter == BLANKS:
        return [line.split() for line in text.splitlines()]
    lines = io.StringIO(text.replace("\0", ""), newline="")
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]


def _consistency(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """(share of rows that have the most frequent number of cells, that number); 0 where it is below two."""
    widths = Counter(len(row) for row in rows if row)
    several = Counter({w: n for w, n in widths.items() if w > 1})
    if not several:
        return 0.0, 0
    width, rows_so = max(several.items(), key=lambda item: (item[1], item[0]))
    return rows_so / sum(widths.values()), width


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows if row)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 1


def _header_row(
    rows: Sequence[Sequence[str]], options: ReadOptions, file: str, before: int, told: list[Text]
) -> tuple[int, bool]:
    """(index of the header row, True), or (rows to skip, False) for a table without one."""
    if options.header is False:
        return before, False
    wanted = {normal(str(v)) for v in options.mapping.values() if not str(v).isdigit()} - {""}
    first = next((i for i in range(before, len(rows)) if any(c.strip() for c in rows[i])), before)
    for i in range(first, min(len(rows), PREAMBLE)):
        if wanted & {normal(c) for c in rows[i]} or len(roles_found(rows[i], options.kind)) >= 2:
            return i, True
    if options.header is None and looks_like_data(rows[first], options.kind):
        _no_header(rows[first], options, file, first, told)
        return first, False
    return first, True


def looks_like_data(row: Sequence[str], kind: str = "") -> bool:
    """Whether at least a third of the filled cells are numbers or dates: no header is written so."""
    filled = [c.strip() for c in row if c.strip()]
    return (
        bool(filled)
        and not roles_found(row, kind)
        and sum(bool(DATA_LIKE.fullmatch(c)) for c in filled) * 3 >= len(filled)
    )


def _no_header(row: Sequence[str], options: ReadOptions, file: str, index: int, told: list[Text]) -> None:
    """Tell that the first row is data if positions are mapped; else refuse and say what to type."""
    if options.mapping and all(str(v).isdigit() or v == "" for v in options.mapping.values()):
        told.append(Text("There is no header: the first row is data.", "没有表头：首行即为数据。"))
        return
    raise InputError(
        Text("The first row looks like data, not like a header.", "首行看起来是数据而不是表头。"),
        file=file,
        row=index + 1,
        remedy=Text(
            f"Say --no-header and where things are: --map customer=1 date=2 amount=3. The first row is: {listed(row)}",
            f"请使用 --no-header 并指明各列位置：--map customer=1 date=2 amount=3。首行为：{listed(row)}",
        ),
    )
