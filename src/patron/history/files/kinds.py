"""The registry of file kinds: a new kind is one file with a class and one line here."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from patron.errors import InputError, ResourceError
from patron.history.files.database import open_query
from patron.history.files.delimited import Delimited
from patron.history.files.options import ReadOptions, SqlSource
from patron.history.files.parquet import ParquetFile
from patron.history.files.sheet import FileKind, Sheet
from patron.history.files.workbook import Workbook
from patron.words import Text

KINDS: list[FileKind] = [ParquetFile(), Workbook(), Delimited()]

FOREIGN = {
    b"\x1f\x8b": Text("a gzip archive", "gzip 压缩包"),
    b"7z\xbc\xaf": Text("a 7z archive", "7z 压缩包"),
    b"Rar!": Text("a RAR archive", "RAR 压缩包"),
    b"\x89PNG": Text("a picture", "图片"),
    b"\xff\xd8\xff": Text("a picture", "图片"),
    b"GIF8": Text("a picture", "图片"),
    b"II*\x00": Text("a picture", "图片"),
    b"%PDF": Text("a PDF", "PDF 文件"),
    b"SQLite format 3": Text(
        "an SQLite database (use --sql sqlite:///path --query …)",
        "SQLite 数据库（请使用 --sql sqlite:///路径 --query …）",
    ),
    b"<!DOCTYPE": Text("a web page", "网页"),
    b"<html": Text("a web page", "网页"),
    b"<table": Text("a web page", "网页"),
    b"{": Text("JSON", "JSON 文件"),
    b"[{": Text("JSON", "JSON 文件"),
}


def open_source(source: str | Path | SqlSource, options: ReadOptions) -> Sheet:
    """Recognise a file or query. Raises InputError or ResourceError naming it and the remedy."""
    if isinstance(source, SqlSource):
        return open_query(source)
    path = Path(source)
    head = _head(path)
    for kind in KINDS:
        if kind.recognises(head):
            return kind.open(path, options)
    _refuse_foreign(path, head)
    return Delimited().open(path, options)


def _head(path: Path) -> bytes:
    """The first bytes; refuses what is missing, a folder, unreadable or empty."""
    if path.is_dir():
        raise InputError(
            Text("This is a folder.", "这是一个文件夹。"),
            file=str(path),
            remedy=Text("Name the files in it.", "请指明其中的文件。"),
        )
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise _missing(path) from None
    except PermissionError:
        raise ResourceError(
            Text("The file may not be read.", "没有读取该文件的权限。"),
            file=str(path),
            remedy=Text("Give yourself the right to read it.", "请授予读取权限。"),
        ) from None
    except OSError as error:
        raise ResourceError(
            Text(f"The file can't be opened: {error}.", f"无法打开文件：{error}。"), file=str(path)
        ) from None
    if not head:
        raise InputError(
            Text("The file is empty.", "文件为空。"),
            file=str(path),
            remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
        )
    return head


def _missing(path: Path) -> InputError:
    try:
        files = [entry.name for entry in os.scandir(path.parent) if entry.is_file()]
        near = difflib.get_close_matches(path.name, files, 1, 0.5)
    except OSError:
        near = []
    return InputError(
        Text("There is no such file.", "找不到该文件。"),
        file=str(path),
        remedy=Text(f"Did you mean {near[0]}?", f"您是指 {near[0]} 吗？")
        if near
        else Text("Check the name and the folder.", "请检查文件名和所在文件夹。"),
    )


def _refuse_foreign(path: Path, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for magic, what in FOREIGN.items():
        if start.startswith(magic.lower()):
            raise InputError(
                Text(f"This is {what.en}, not a table.", f"这是{what.zh}，不是数据表。"),
                file=str(path),
                remedy=Text("Hand in CSV, TSV, XLSX or Parquet.", "请提供 CSV、TSV、XLSX 或 Parquet 文件。"),
            )
