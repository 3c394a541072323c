"""The two databases as a backup sees them: out into an archive, back from one, while others use them.

SQLite is copied by its own online backup; PostgreSQL is read with COPY in one REPEATABLE READ transaction, so that
both show one moment. Back, each is one transaction: it is the whole backup afterwards, or what it was before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZipFile

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from patron.errors import InputError
from patron.faces.project import tables
from patron.faces.project.archive import Manifest, differences, not_whole, sum_of
from patron.words import Text

SQLITE_ENTRY = "database.sqlite3"
_FETCH, _BLOCK, _PATIENCE = 10_000, 1 << 20, "30s"


class Database(Protocol):
    """One kind of database."""

    def save(self, archive: ZipFile, manifest: Manifest, scratch: Path) -> None:
        """Puts the rows into the archive and what checks them into the manifest."""

    def load(self, archive: ZipFile, manifest: Manifest, scratch: Path, swap: Any) -> None:
        """Puts the archive's rows in place of the present ones; `swap()` is called just before it becomes so."""


def database() -> Database:
    """The one that is configured."""
    return Sqlite() if connection.vendor == "sqlite" else Postgresql()


def migrations() -> list[list[str]]:
    """What was applied, in order of names."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


class Sqlite:
    """The embedded database."""

    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])

    def save(self, archive: ZipFile, manifest: Manifest, scratch: Path) -> None:
        """A copy as of one moment."""
        copy = scratch / SQLITE_ENTRY
        tables.copy_sqlite(self.path, copy)
        manifest.tables = hashes_of(copy)
        with closing(sqlite3.connect(copy)) as read:
            manifest.migrations = sorted(map(list, read.execute("SELECT app, name FROM django_migrations")))
        archive.write(copy, SQLITE_ENTRY)
        copy.unlink()

    def load(self, archive: ZipFile, manifest: Manifest, scratch: Path, swap: Any) -> None:
        """The copy is checked, then written over the present one by SQLite itself, in one transaction of it."""
        copy = Path(archive.extract(SQLITE_ENTRY, scratch))
        if wrong := differences(manifest.tables, hashes_of(copy)):
            raise not_whole(f"rows of {', '.join(wrong)} differ", f"{'、'.join(wrong)} 的数据不符")
        before = scratch / "before.sqlite3"
        tables.copy_sqlite(self.path, before)
        connection.close()
        swap()
        self._overwrite(copy)
        if wrong := differences(manifest.tables, hashes_of(self.path)):
            self._overwrite(before)
            raise not_whole(f"rows of {', '.join(wrong)} differ after it", f"恢复后 {'、'.join(wrong)} 的数据不符")

    def _overwrite(self, source: Path) -> None:
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(self.path, timeout=30)) as live:
            copy.backup(live)


def hashes_of(path: Path) -> dict[str, list[int]]:
    """Rows and hash of every table of an SQLite file, as of one moment."""
    ordinary = "type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.text_factory = bytes
        db.execute("BEGIN")
        names = [row[0].decode() for row in db.execute(f"SELECT name FROM sqlite_master WHERE {ordinary}")]
        return {name: sum_of(repr(row).encode() for row in _rows(db, name)) for name in names}


def _rows(db: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    cursor = db.execute(f'SELECT * FROM "{table}"')
    while rows := cursor.fetchmany(_FETCH):
        yield from rows


class Postgresql:
    """A PostgreSQL server."""

    def save(self, archive: ZipFile, manifest: Manifest, scratch: Path) -> None:
        """Every table as COPY text, all as of one moment."""
        del scratch
        connection.ensure_connection()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            manifest.migrations = migrations()
            for name, columns in _tables(cursor).items():
                manifest.columns[name] = columns
                with archive.open(_entry(name), "w", force_zip64=True) as target:
                    manifest.tables[name] = sum_of(_written(_lines(cursor, name, columns), target))

    def load(self, archive: ZipFile, manifest: Manifest, scratch: Path, swap: Any) -> None:
        """Empties and fills every table in one transaction. Raises InputError unless the tables are the same."""
        del scratch
        if manifest.migrations != migrations():
            raise InputError(
                Text(
                    f"The backup was made by another Patron ({manifest.version}), with other tables.",
                    f"备份由另一版本的 Patron（{manifest.version}）创建，表结构不同。",
                ),
                remedy=Text(
                    "Install that version, restore, then update; nothing was changed.",
                    "请安装该版本并恢复，然后再升级；未做任何更改。",
                ),
            )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            present = _tables(cursor)
            cursor.execute(f"TRUNCATE {', '.join(map(_quoted, present))}")
            for name, columns in manifest.columns.items():
                _fill(cursor, archive, name, columns)
            found = {name: sum_of(_lines(cursor, name, columns)) for name, columns in manifest.columns.items()}
            if wrong := differences(manifest.tables, found):
                raise not_whole(f"rows of {', '.join(wrong)} differ", f"{'、'.join(wrong)} 的数据不符")
            _go_on_counting(cursor)
            swap()


def _tables(cursor: Any) -> dict[str, list[str]]:
    """Columns of every table of the schema in use, in order; those that the database computes itself left out."""
    cursor.execute(
        "SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position) "
        "FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' "
        "GROUP BY c.table_name ORDER BY c.table_name"
    )
    return dict(cursor.fetchall())


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _copy(name: str, columns: list[str]) -> str:
    return f"{_quoted(name)} ({', '.join(map(_quoted, columns))})"


def _entry(name: str) -> str:
    return f"tables/{name}.copy"


def _lines(cursor: Any, name: str, columns: list[str]) -> Iterator[bytes]:
    """The rows of a table as COPY writes them, a line each."""
    rest = b""
    with cursor.copy(f"COPY {_copy(name, columns)} TO STDOUT") as copy:
        for block in copy:
            *lines, rest = (rest + bytes(block)).split(b"\n")
            yield from lines


def _written(lines: Iterator[bytes], target: Any) -> Iterator[bytes]:
    for line in lines:
        target.write(line + b"\n")
        yield line


def _fill(cursor: Any, archive: ZipFile, name: str, columns: list[str]) -> None:
    with archive.open(_entry(name)) as source, cursor.copy(f"COPY {_copy(name, columns)} FROM STDIN") as copy:
        while block := source.read(_BLOCK):
            copy.write(block)


def _go_on_counting(cursor: Any) -> None:
    """Sequences go on after the highest number that is there."""
    cursor.execute(
        "SELECT s.relname, t.relname, a.attname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid "
        "JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
        "JOIN pg_namespace n ON n.oid = s.relnamespace "
        "WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i') AND n.nspname = current_schema()"
    )
    for sequence, table, column in cursor.fetchall():
        highest = f"(SELECT max({_quoted(column)}) FROM {_quoted(table)})"
        cursor.execute(
            f"SELECT setval(%s::regclass, coalesce({highest}, 1), {highest} IS NOT NULL)", [_quoted(sequence)]
        )
