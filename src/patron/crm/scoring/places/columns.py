"""What places are made from: the columns of the standings that lists are ordered by, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from patron.crm.scoring.places.kinds import ALL, LOWEST, PARTS, Kind, number_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

PAGE = 50_000
VALUES = ("clv", "value_at_risk", "churn_risk", "revenue", "last_order")
Row = tuple[int, int, float, int]  # kind, part, value, customer


@dataclass(frozen=True)
class Columns:
    """Customers (n), the numbers of their stage and segment (−1: none), and `values` by column (NaN: unknown)."""

    customer: np.ndarray
    parts: dict[str, np.ndarray]
    values: dict[str, np.ndarray]

    @staticmethod
    def joined(pieces: Sequence[Columns]) -> Columns:
        """Several pieces as one."""
        import numpy as np

        if not pieces:
            return Columns.from_rows([])
        return Columns(
            np.concatenate([one.customer for one in pieces]),
            {name: np.concatenate([one.parts[name] for one in pieces]) for name in PARTS},
            {name: np.concatenate([one.values[name] for one in pieces]) for name in VALUES},
        )

    @staticmethod
    def of_table(rows: pa.Table) -> Columns:
        """From rows of standings as they are written: money in millionths, days as dates."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        def floats(name: str) -> np.ndarray:
            column = rows.column(name)
            if pa.types.is_date(column.type):
                days = column.cast(pa.int32()).cast(pa.float64()).to_numpy(zero_copy_only=False)
                return np.asarray(days + EPOCH)
            return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))

        def part(name: str) -> np.ndarray:
            found = pc.index_in(rows.column(name), pa.array(list(PARTS[name])))
            return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)

        customer = np.asarray(rows.column("customer_id").to_numpy(), dtype=np.int64)
        return Columns(customer, {name: part(name) for name in PARTS}, {name: floats(name) for name in VALUES})

    @staticmethod
    def from_rows(rows: Sequence[tuple[Any, ...]]) -> Columns:
        """From rows of the database: customer, stage, segment, then VALUES."""
        import numpy as np

        def floats(place: int) -> np.ndarray:
            numbers = [number_of(row[place]) for row in rows]
            return np.array([np.nan if n is None else n for n in numbers], dtype=np.float64)

        return Columns(
            np.array([row[0] for row in rows], dtype=np.int64),
            {
                name: np.array([codes.get(row[place], -1) for row in rows], dtype=np.int64)
                for place, (name, codes) in enumerate(PARTS.items(), 1)
            },
            {name: floats(place) for place, name in enumerate(VALUES, 1 + len(PARTS))},
        )

    @staticmethod
    def of_standings(ids: Sequence[int] | None = None) -> Columns:
        """From the database: of these customers, or of everybody."""
        return Columns.joined([Columns.from_rows(rows) for rows in _read(ids)])

    def of(self, ids: Sequence[int]) -> Columns:
        """Of these customers alone."""
        import numpy as np

        rows = np.flatnonzero(np.isin(self.customer, np.asarray(ids, dtype=np.int64)))
        return Columns(
            self.customer[rows],
            {name: part[rows] for name, part in self.parts.items()},
            {name: values[rows] for name, values in self.values.items()},
        )

    def sorted(self, kind: Kind) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(part, value, customer) of everybody who has a place of this kind, in the order of the table."""
        import numpy as np

        values = self.values[kind.column]
        known = ~np.isnan(values)
        part = self.parts[kind.part] if kind.part else np.zeros(len(values), np.int64)
        rows = np.flatnonzero((part >= 0) & (known | bool(kind.part)))
        part, value, customer = part[rows], np.where(known, values, LOWEST)[rows], self.customer[rows]
        order = np.lexsort((customer, value, part))
        return part[order], value[order], customer[order]

    def rows(self) -> Iterator[Row]:
        """Every place."""
        for kind in ALL:
            part, value, customer = (column.tolist() for column in self.sorted(kind))
            yield from ((kind.code, *row) for row in zip(part, value, customer, strict=True))


EPOCH = 719_163  # ordinal of 1970-01-01


def _read(ids: Sequence[int] | None) -> Iterator[list[tuple[Any, ...]]]:
    columns = ", ".join(["customer_id", *PARTS, *VALUES])
    sql = f"SELECT {columns} FROM scoring_standing WHERE "
    if ids is not None:
        for low in range(0, len(ids), 500):
            some = list(ids[low : low + 500])
            yield _fetched(f"{sql}customer_id IN ({', '.join(['%s'] * len(some))})", some)
        return
    last = 0
    while rows := _fetched(f"{sql}customer_id > %s ORDER BY customer_id LIMIT {PAGE}", [last]):
        last = rows[-1][0]
        yield rows


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())
