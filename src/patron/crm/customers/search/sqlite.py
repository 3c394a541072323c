"""The index on SQLite: an FTS5 table of pieces made by the application.

Its own trigrams find nothing for one or two characters. The tokenizer `ascii` takes every character beyond ASCII as
part of a word, also those that are younger than the SQLite library.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


class Sqlite:
    """Pieces in the order they stand; a query is a phrase."""

    def create(self, cursor: Any) -> None:
        """Make the empty index."""
        cursor.execute("CREATE VIRTUAL TABLE customers_search USING fts5(pieces, tokenize='ascii')")

    def drop(self, cursor: Any) -> None:
        """Take it away."""
        cursor.execute("DROP TABLE customers_search")

    def put(self, cursor: Any, documents: Collection[tuple[int, list[str]]]) -> None:
        """Keep these, in place of what was kept of the same customers."""
        rows = [(number, " ".join(pieces)) for number, pieces in documents]
        cursor.executemany("INSERT OR REPLACE INTO customers_search (rowid, pieces) VALUES (%s, %s)", rows)

    def remove(self, cursor: Any, customer_ids: Collection[int]) -> None:
        """Forget these."""
        cursor.executemany("DELETE FROM customers_search WHERE rowid = %s", [(number,) for number in customer_ids])

    def clear(self, cursor: Any) -> None:
        """Forget everybody."""
        cursor.execute("DELETE FROM customers_search")

    def find(self, pieces: list[str], newest: int | None) -> tuple[str, list[Any]]:
        """SQL and parameters of the numbers of customers that have the pieces in a row; the `newest` so many."""
        # Pieces are letters, digits and one sign: nothing in them could end the quotes.
        phrase = '"' + " ".join(pieces) + '"'
        sql = "SELECT rowid FROM customers_search WHERE customers_search MATCH %s"
        if newest is not None:
            return f"{sql} ORDER BY rowid DESC LIMIT %s", [phrase, newest]
        return sql, [phrase]

    def holds(self, pieces: list[str]) -> tuple[str, list[Any]]:
        """SQL and parameters of whether the customer numbered `{}` has the pieces in a row, without the index."""
        # FTS5 keeps what it was given in the first column of this table (its manual names it). Pieces that are asked
        # for have two characters each: wherever a row of them is found, it begins and ends with whole ones.
        kept = "SELECT 1 FROM customers_search_content kept WHERE kept.id = {}"
        return f"EXISTS ({kept} AND instr(kept.c0, %s) > 0)", [" ".join(pieces)]
