"""The index on PostgreSQL: arrays of pieces under GIN, without an extension that a server may lack.

The array finds who has all pieces, in whatever order; the text of pieces beside it tells whether they stand in a row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


class Postgresql:
    """Pieces as an array, and in the order they stand."""

    def create(self, cursor: Any) -> None:
        """Make the empty index."""
        cursor.execute(
            "CREATE TABLE customers_search "
            "(customer_id bigint PRIMARY KEY, row_of text NOT NULL, pieces text[] NOT NULL)"
        )
        cursor.execute("CREATE INDEX customers_search_pieces ON customers_search USING gin (pieces)")

    def drop(self, cursor: Any) -> None:
        """Take it away."""
        cursor.execute("DROP TABLE customers_search")

    def put(self, cursor: Any, documents: Collection[tuple[int, list[str]]]) -> None:
        """Keep these, in place of what was kept of the same customers."""
        rows = [(number, f" {' '.join(pieces)} ", sorted(set(pieces))) for number, pieces in documents]
        cursor.executemany(
            "INSERT INTO customers_search (customer_id, row_of, pieces) VALUES (%s, %s, %s) "
            "ON CONFLICT (customer_id) DO UPDATE SET row_of = excluded.row_of, pieces = excluded.pieces",
            rows,
        )

    def remove(self, cursor: Any, customer_ids: Collection[int]) -> None:
        """Forget these."""
        cursor.execute("DELETE FROM customers_search WHERE customer_id = ANY(%s)", [list(customer_ids)])

    def clear(self, cursor: Any) -> None:
        """Forget everybody."""
        cursor.execute("DELETE FROM customers_search")

    def find(self, pieces: list[str], newest: int | None) -> tuple[str, list[Any]]:
        """SQL and parameters of the numbers of customers that have the pieces in a row; the `newest` so many."""
        sql = "SELECT customer_id FROM customers_search WHERE pieces @> %s::text[] AND strpos(row_of, %s) > 0"
        parameters = [sorted(set(pieces)), f" {' '.join(pieces)} "]
        if newest is not None:
            return f"{sql} ORDER BY customer_id DESC LIMIT %s", [*parameters, newest]
        return sql, parameters

    def holds(self, pieces: list[str]) -> tuple[str, list[Any]]:
        """SQL and parameters of whether the customer numbered `{}` has the pieces in a row, without the index."""
        # A subquery of one value is asked for each row; EXISTS could become a join with everybody.
        kept = "SELECT strpos(kept.row_of, %s) > 0 FROM customers_search kept WHERE kept.customer_id = {}"
        return f"coalesce(({kept}), false)", [f" {' '.join(pieces)} "]
