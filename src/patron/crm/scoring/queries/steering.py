"""What PostgreSQL is kept from while lists are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

NOT_CHOSEN = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
"""Reading whole tables, and compiling for what is then believed to be dear."""


@contextmanager
def steered() -> Iterator[None]:
    """While inside, PostgreSQL looks things up as they are written; for this transaction alone."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"set_config('{name}', 'off', true)" for name in NOT_CHOSEN))
        yield
