"""A list with nothing around it: one indexed query of the filled SQLite base, 50 rows, JSON. Served by granian."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any

SQL = """
    SELECT s.*, c.id, c.name, c.email, c.phone, c.city, c.country, c.owner_id
    FROM scoring_place p CROSS JOIN customers_customer c ON c.id = p.customer
    CROSS JOIN scoring_standing s ON s.customer_id = p.customer
    WHERE p.generation = (SELECT places FROM scoring_scoringsettings) AND p.kind = 2 AND p.part = 0
    ORDER BY p.value DESC, p.customer DESC LIMIT 50
"""
_mine = threading.local()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The page, or 'well' at /healthz."""
    start("200 OK", [("Content-Type", "application/json")])
    if environ["PATH_INFO"] == "/healthz":
        return [b"well"]
    if not hasattr(_mine, "connection"):
        _mine.connection = sqlite3.connect(f"{os.environ['PATRON_HOME']}/patron.sqlite3")
        _mine.connection.execute("PRAGMA mmap_size=268435456")
    cursor = _mine.connection.execute(SQL)
    names = [one[0] for one in cursor.description]
    return [json.dumps([dict(zip(names, row, strict=True)) for row in cursor], default=str).encode()]
