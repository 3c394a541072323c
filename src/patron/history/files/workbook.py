"""Workbooks (XLSX, XLS, XLSB, ODS): read by calamine, after the archive was weighed without trusting its directory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from patron.errors import InputError, ResourceError, UsageError
from patron.history.files.columns import roles_found
from patron.history.files.layout import PREAMBLE, lay_out
from patron.history.files.options import Progress, ReadOptions
from patron.history.files.sheet import Scan, Sheet, stage
from patron.history.files.text import digest_of
from patron.history.files.values import cell_text, text_batches
from patron.words import Text

LARGEST = 2 << 30
STEEPEST = 400
"""Unpacked bytes a workbook may have, and how many times its size from 100 MB on: sheets shrink 5- to 50-fold."""
UNSAVED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]*t="str")[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""A cell of a sheet's XML with a formula and no result (of type "str" an empty one is a result)."""
LONGEST_CELL = 1 << 16


class Workbook:
    """Spreadsheets. Rows are numbered as the spreadsheet shows them."""

    name = "xlsx"

    def recognises(self, head: bytes) -> bool:
        """A ZIP archive or an OLE document."""
        return head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))

    def open(self, path: Path, options: ReadOptions) -> Sheet:
        """Choose the sheet, find the header, name the columns."""
        if _starts_like_zip(path):
            weigh_archive(path)
        try:
            book = CalamineWorkbook.from_path(str(path))
            caution = _unsaved(path)
            told = [caution] if caution else []
            sheet = _choose(book, options, path, told)
        except (CalamineError, OSError) as error:
            raise _broken(path, error) from None
        head = [[cell_text(c) or "" for c in row] for row in _first_rows(sheet)]
        if not any(any(row) for row in head):
            raise InputError(
                Text(f"The sheet '{sheet.name}' is empty.", f"工作表“{sheet.name}”为空。"),
                file=str(path),
                remedy=Text("Name another one (sheet).", "请指定其他工作表（sheet）。"),
            )
        layout = lay_out(head, options, str(path), told)

        def scan(scratch: Path, progress: Progress) -> Scan:
            rows = _rows(sheet, layout.skip, progress)
            return Scan(stage(text_batches(rows, len(layout.columns), layout.skip + 1), len(layout.columns), scratch))

        return Sheet(str(path), layout.columns, layout.header, told, digest_of(path), scan, caution=caution)


def _unsaved(path: Path) -> Text | None:
    """Says it where formulas have no stored result: a program wrote them and no spreadsheet ever worked them out."""
    if not _starts_like_zip(path):
        return None
    number, first = 0, ""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as sheet:
                    for cell in _formulas_without(sheet):
                        number, first = number + 1, first or cell
    if not number:
        return None
    cells = f"{number:,}"
    return Text(
        f"{cells} cells hold a formula without its result and are read as empty (the first: {first}). "
        "Open the workbook in a spreadsheet, save it, and hand it in again.",
        f"{cells} 个单元格只有公式而没有计算结果，按空值读取（首个：{first}）。请用电子表格软件打开并保存后重新提供。",
    )


def _formulas_without(sheet: IO[bytes]) -> Iterator[str]:
    """The addresses of cells with a formula and no value, met block by block."""
    left = b""
    while block := sheet.read(1 << 20):
        text = left + block
        if b"<f" in text:
            yield from (found[1].decode() for found in UNSAVED.finditer(text))
        # What is not yet a whole cell goes with the next block.
        end = text.rfind(b"</c>")
        left = text[end + 4 :][-LONGEST_CELL:] if end >= 0 else text[-LONGEST_CELL:]


def _starts_like_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _first_rows(sheet: CalamineSheet) -> list[list[object]]:
    return [list(row) for row in islice(sheet.iter_rows(), PREAMBLE + 200)]


def _rows(sheet: CalamineSheet, skip: int, progress: Progress) -> Iterator[list[object]]:
    for number, row in enumerate(sheet.iter_rows()):
        if number >= skip:
            yield list(row)
        if number % 50_000 == 0:
            progress("read", number, sheet.height)


def _choose(book: CalamineWorkbook, options: ReadOptions, path: Path, told: list[Text]) -> CalamineSheet:
    """The sheet asked for; else the first whose first rows name most of what an order has."""
    names = book.sheet_names
    if options.sheet is not None:
        if options.sheet not in names:
            raise UsageError(
                Text(f"There is no sheet '{options.sheet}'.", f"没有工作表“{options.sheet}”。"),
                file=str(path),
                remedy=Text(f"There are: {', '.join(names)}.", f"现有：{'、'.join(names)}。"),
            )
        return book.get_sheet_by_name(options.sheet)
    sheets = [book.get_sheet_by_name(name) for name in names]
    filled = [sheet for sheet in sheets if sheet.height] or sheets
    best = max(filled, key=lambda sheet: _roles(sheet, options.kind))
    if len(filled) > 1:
        told.append(
            Text(f"Sheet '{best.name}' of {len(names)} is read.", f"共 {len(names)} 个工作表，读取“{best.name}”。")
        )
    return best


def _roles(sheet: CalamineSheet, kind: str) -> int:
    rows = islice(sheet.iter_rows(), PREAMBLE)
    return max((len(roles_found([cell_text(c) or "" for c in row], kind)) for row in rows), default=0)


def weigh_archive(path: Path) -> None:
    """Refuse a truncated archive or one that unpacks to far more than a table; every entry is unpacked and counted.

    The directory of a ZIP can lie about sizes, so the compressed bytes themselves are run through the inflater.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            said = sum(entry.file_size for entry in entries)
            if not any(e.filename.endswith(("workbook.xml", "workbook.bin", "content.xml")) for e in entries):
                raise InputError(
                    Text("This is a ZIP archive, not a workbook.", "这是 ZIP 压缩包，不是工作簿。"),
                    file=str(path),
                    remedy=Text("Unpack it and hand in the table inside.", "请解压后提供其中的表格。"),
                )
            _refuse_bomb(path, said)
            _refuse_bomb(path, sum(_inflated(path, entry) for entry in entries))
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise _broken(path, error) from None


def _inflated(path: Path, entry: zipfile.ZipInfo) -> int:
    """Bytes an entry really unpacks to, counted up to the limit."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    with path.open("rb") as file:
        file.seek(entry.header_offset + 26)
        lengths = file.read(4)
        if len(lengths) < 4:
            raise zipfile.BadZipFile("the archive ends in the middle")
        file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
        inflater, total, left = zlib.decompressobj(-15), 0, entry.compress_size
        while left > 0 and not inflater.eof and total <= LARGEST:
            block = file.read(min(left, 1 << 16))
            if not block:
                raise zipfile.BadZipFile("the archive ends in the middle")
            left -= len(block)
            total += len(inflater.decompress(block))
    return total


def _refuse_bomb(path: Path, unpacked: int) -> None:
    packed = path.stat().st_size
    if unpacked > LARGEST or unpacked > max(100 << 20, STEEPEST * packed):
        raise ResourceError(
            Text(
                f"The workbook of {packed >> 10} kB unpacks to {unpacked >> 20} MB or more; it is not opened.",
                f"该工作簿仅 {packed >> 10} kB，解压后却达 {unpacked >> 20} MB 以上，已拒绝打开。",
            ),
            file=str(path),
            remedy=Text("If it is sound, save it as CSV.", "若确认无误，请另存为 CSV。"),
        )


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(
        Text(f"This is not a complete workbook ({error}).", f"这不是完整的工作簿（{error}）。"),
        file=str(path),
        remedy=Text(
            "Copy or download it again, remove a password, or save it as CSV.",
            "请重新复制或下载、去除密码，或另存为 CSV。",
        ),
    )
