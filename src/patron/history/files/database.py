"""Queries: SQLite and PostgreSQL, read-only, streamed; a password is never shown."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import pyarrow as pa

from patron.errors import InputError, ResourceError, UsageError
from patron.history.files.options import Progress, SqlSource
from patron.history.files.sheet import Scan, Sheet, stage
from patron.history.files.values import ROWS_A_BATCH, text_batches
from patron.words import Text

COMMENT = re.compile(r"\s+|--[^\n]*(\n|$)|/\*.*?\*/", re.S)


def open_query(source: SqlSource) -> Sheet:
    """Run a query far enough to know its columns. The rows are read once, when the sheet is scanned.

    Raises UsageError for anything but one SELECT, ResourceError where the database can't be reached, InputError
    where it refuses the query or gives no rows.
    """
    check_query(source.query)
    label = f"sql:{shown(source.url)}"
    with _rows_of(source, label) as (columns, rows):
        if next(rows, None) is None:
            raise InputError(
                Text("The query gives no rows.", "查询没有返回任何行。"),
                file=label,
                remedy=Text("Change the query.", "请修改查询。"),
            )
    digest = hashlib.sha256(f"{shown(source.url)}\n{source.query}".encode()).digest()

    def scan(scratch: Path, progress: Progress) -> Scan:
        seen = hashlib.sha256()
        with _rows_of(source, label) as (_, fresh):
            relation = stage(_told(text_batches(fresh, len(columns), 1), seen, progress), len(columns), scratch)
        return Scan(relation, digest=seen.digest())

    return Sheet(label, columns, True, [], digest, scan)


def _told(batches: Iterator[pa.RecordBatch], seen: hashlib._Hash, progress: Progress) -> Iterator[pa.RecordBatch]:
    """The batches as they come, their bytes added to `seen`."""
    done = 0
    for batch in batches:
        done += batch.num_rows
        seen.update(batch.serialize())
        progress("read", done, None)
        yield batch


def check_query(query: str) -> None:
    """One SELECT or WITH, nothing behind it."""
    bare = query.strip().rstrip(";")
    start = 0
    while comment := COMMENT.match(bare, start):
        start = comment.end()
    if not re.match(r"(select|with)\b", bare[start:], re.I):
        raise UsageError(
            Text("Only a SELECT (or WITH … SELECT) is run.", "只运行 SELECT（或 WITH … SELECT）查询。"),
            remedy=Text('Write --query "SELECT …".', '请写成 --query "SELECT …"。'),
        )


def shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    where = re.sub(r":[^@]*@", ":***@", parts.netloc) if "@" in parts.netloc else parts.netloc
    query = re.sub(r"(?i)(password=)[^&]*", r"\1***", parts.query)
    return urlunsplit((parts.scheme, where, parts.path, query, "")) if parts.scheme != "sqlite" else url


@contextlib.contextmanager
def _rows_of(source: SqlSource, label: str) -> Iterator[tuple[list[str], Iterator[Sequence[object]]]]:
    """(column names, rows) of a query inside a read-only transaction."""
    scheme = urlsplit(source.url).scheme
    if scheme == "sqlite":
        opened = _sqlite(source, label)
    elif scheme in ("postgresql", "postgres"):
        opened = _postgresql(source, label)
    else:
        raise UsageError(
            Text(f"'{scheme}' databases are not read.", f"不支持“{scheme}”数据库。"),
            remedy=Text(
                "Write sqlite:///path/to/file or postgresql://user@host/name.",
                "请写成 sqlite:///文件路径 或 postgresql://用户@主机/库名。",
            ),
        )
    with opened as (columns, rows):
        yield columns, rows


@contextlib.contextmanager
def _sqlite(source: SqlSource, label: str) -> Iterator[tuple[list[str], Iterator[Sequence[object]]]]:
    path = Path(unquote(source.url.split("://", 1)[1])[1:])
    if not path.is_file():
        raise InputError(
            Text("There is no such database file.", "找不到该数据库文件。"),
            file=str(path),
            remedy=Text(
                "Write sqlite:///relative/path or sqlite:////absolute/path.",
                "请写成 sqlite:///相对路径 或 sqlite:////绝对路径。",
            ),
        )
    con = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        con.execute("PRAGMA query_only = ON")
        con.text_factory = lambda raw: raw.decode("utf-8", "replace")
        cursor = con.execute(source.query)
        yield [d[0] for d in cursor.description], _fetched(cursor)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _refused(label, str(error)) from None
    finally:
        con.close()


@contextlib.contextmanager
def _postgresql(source: SqlSource, label: str) -> Iterator[tuple[list[str], Iterator[Sequence[object]]]]:
    import psycopg

    password = urlsplit(source.url).password
    try:
        con = psycopg.connect(source.url, connect_timeout=15)
    except psycopg.Error as error:
        raise ResourceError(
            Text(
                f"The database can't be reached: {_hidden(error, password)}",
                f"无法连接数据库：{_hidden(error, password)}",
            ),
            file=label,
            remedy=Text(
                "Check address, name and password (PGPASSWORD or ~/.pgpass keep it out of the command).",
                "请检查地址、库名与密码（可用 PGPASSWORD 或 ~/.pgpass，避免写在命令里）。",
            ),
        ) from None
    try:
        con.read_only = True
        with con, con.cursor(name="patron") as cursor:
            cursor.itersize = ROWS_A_BATCH
            cursor.execute(source.query.encode())
            yield [d.name for d in cursor.description or []], _fetched(cursor)
    except psycopg.Error as error:
        raise _refused(label, _hidden(error, password)) from None
    finally:
        con.close()


def _fetched(cursor: Any) -> Iterator[Sequence[object]]:
    while rows := cursor.fetchmany(ROWS_A_BATCH):
        yield from rows


def _hidden(error: Exception, password: str | None) -> str:
    text = str(error).strip()
    return text.replace(unquote(password), "***").replace(password, "***") if password else text


def _refused(label: str, why: str) -> InputError:
    return InputError(
        Text(f"The database refused the query: {why}", f"数据库拒绝了查询：{why}"),
        file=label,
        remedy=Text("Try the query in the database's own tool first.", "请先在数据库自带工具中试运行该查询。"),
    )
