"""The database backend: `ENGINE = "patron.crm.kit.sqlite"`."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from patron.crm.kit.sqlite.waiting import begin


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but that a transaction begins as soon as the writer is free."""

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            begin(self.connection)
