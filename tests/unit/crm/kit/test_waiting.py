"""Whoever waits for SQLite's one writer gets it between two transactions of somebody who writes and writes."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from patron.crm.kit import pace
from patron.crm.kit.sqlite.waiting import begin


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A database with the log that lets many read."""
    path = tmp_path / "base.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE one (number INTEGER)")
        made.commit()
    return path


def opened(path: Path) -> sqlite3.Connection:
    """As Django opens it: every statement for itself."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def test_the_writer_is_had_in_the_next_gap(base: Path) -> None:
    over, held = threading.Event(), threading.Event()

    def write() -> None:
        with closing(opened(base)) as connection:
            while not over.is_set():
                begin(connection)
                connection.execute("INSERT INTO one VALUES (1)")
                held.set()
                over.wait(pace.HOLD)
                connection.execute("COMMIT")
                pace.give_way()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        held.wait(10)
        waits = []
        with closing(opened(base)) as other:
            for _ in range(10):
                started = time.monotonic()
                begin(other)
                other.execute("COMMIT")
                waits.append(time.monotonic() - started)
                time.sleep(pace.HOLD / 3)
    finally:
        over.set()
        writer.join()
    # Half of them at once, whatever else the machine does: SQLite's own way takes ten times as long and more.
    assert sorted(waits)[5] < 4 * pace.HOLD


def test_who_waits_too_long_hears_it_from_sqlite(base: Path) -> None:
    with closing(opened(base)) as holder, closing(opened(base)) as other:
        begin(holder)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            begin(other, patience=0.05)
        assert other.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
        holder.execute("COMMIT")
        begin(other)


def test_what_is_wrong_otherwise_is_said_at_once(base: Path) -> None:
    with closing(opened(base)) as one:
        begin(one)
        with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
            begin(one)


@pytest.mark.django_db(transaction=True)
def test_transactions_of_the_application_begin_so(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        assert not connection.settings_dict["ENGINE"].startswith("patron")
        return
    with transaction.atomic():
        name = connection.settings_dict["NAME"]
        with closing(opened(Path(name))) as other, pytest.raises(sqlite3.OperationalError, match="locked"):
            begin(other, patience=0.01)
    monkeypatch.setattr("patron.crm.kit.sqlite.base.begin", lambda given: begin(given, patience=0.01))
    with closing(opened(Path(name))) as other:
        begin(other)
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
