"""The tables of the application database: what is waiting to be done to them, and doing it."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from patron import __version__
from patron.crm.kit.announcements import announce
from patron.crm.kit.sqlite.waiting import PATIENCE

_LOCK = 7_203_118_514  # any number, the same in every Patron


def waiting() -> list[str]:
    """Names of the migrations that the database has not seen, in order. OperationalError when it can't be reached."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def empty() -> bool:
    """Whether no migration was ever applied: a new database."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return "django_migrations" not in names


def bring_up_to_date() -> None:
    """Applies every waiting migration; what must be there (the built-in roles) is put in afterwards.

    Announces 'server.updated', so that what is derived is there in the new form.
    Two processes that do it at once wait for each other, and the second finds nothing to do.
    """
    with _alone():
        if waiting():
            call_command("migrate", interactive=False, verbosity=0)
            announce("server.updated")


def keep_copy(now: datetime) -> Path | None:
    """A copy of an embedded database beside it, made while others may use it; None where the database is a server."""
    if connection.vendor != "sqlite":
        return None
    folder = Path(settings.HOME) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"before-{__version__}-{now:%Y%m%dT%H%M%S}.sqlite3"
    copy_sqlite(Path(connection.settings_dict["NAME"]), path)
    return path


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies an embedded database as of one moment, by SQLite's own means, while others read and write it."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=PATIENCE)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes tables: a lock on a file for processes of this machine, one in PostgreSQL for the others."""
    with (Path(settings.HOME) / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
