"""Scores written down as standings, in pieces so short that nobody has to wait; and who moved from stage to stage."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from django.db import connection, transaction

from patron.crm.kit.fields import MICROS
from patron.crm.kit.pace import Pace
from patron.crm.scoring import places
from patron.crm.scoring.models import Refresh, StageChange, Standing
from patron.lifecycle.decisions.stages import explain
from patron.study.scoring import stage_facts
from patron.study.settings import Settings

BLOCK = 50_000  # customers made ready at once
COPIED = 10_000  # rows of a transaction on PostgreSQL

MONEY = ("revenue", "margin", "clv", "clv_low", "clv_high", "clv_low95", "clv_high95", "value_at_risk")
WHOLE = ("orders", "recency_days", "tenure_days", "last_gap", "r", "f", "m")
WORDS = ("stage", "value_basis", "rfm_segment", "abc", "label", "reason_en", "reason_zh", "next_step")
DAYS = ("first_order", "last_order")
PLAIN = (
    "usual_gap",
    "health",
    "health_before",
    "expected_purchases",
    "expected_purchases_low",
    "expected_purchases_high",
    "expected_purchases_low95",
    "expected_purchases_high95",
    "p_purchase",
    "p_alive",
    "churn_risk",
)
FLAGS = {"interest": "interest", "stage_by_hand": "by_hand"}
TABLE = Standing._meta.db_table
LIVE = "SELECT 1 FROM customers_customer c WHERE c.id = {} AND c.merged_into_id IS NULL AND c.erased_at IS NULL"

Told = Callable[[int], None]


@dataclass(frozen=True)
class Basis:
    """What the rows of one scoring have in common. `first`: nobody stood anywhere before."""

    refresh: Refresh
    settings: Settings
    first: bool = False


@dataclass(frozen=True)
class Before:
    """Where customers stood until now, in order of their numbers."""

    ids: np.ndarray
    stage: np.ndarray
    since: np.ndarray  # datetime64[D]

    @staticmethod
    def of(customer_ids: Sequence[int] | None = None) -> Before:
        """Of these customers, or of everybody."""
        rows = list(_stood(customer_ids))
        ids, stages, since = zip(*rows, strict=True) if rows else ((), (), ())
        return Before(
            np.array(ids, dtype=np.int64), np.array(stages, dtype="U8"), np.array(since, dtype="datetime64[D]")
        )

    def find(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(stage, '' where there was none; since) of these customers."""
        if not len(self.ids):
            return np.full(len(ids), "", dtype="U8"), np.full(len(ids), np.datetime64("NaT", "D"))
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        known = self.ids[at] == ids
        return np.where(known, self.stage[at], ""), np.where(known, self.since[at], np.datetime64("NaT", "D"))


def _stood(customer_ids: Sequence[int] | None) -> Iterator[tuple[Any, ...]]:
    sql = "SELECT customer_id, stage, stage_since FROM scoring_standing WHERE"
    if customer_ids is None:
        last = 0
        while rows := _fetched(f"{sql} customer_id > %s ORDER BY customer_id LIMIT {BLOCK}", [last]):
            yield from rows
            last = rows[-1][0]
        return
    ids = sorted(set(customer_ids))
    for low in range(0, len(ids), 1_000):
        some = ids[low : low + 1_000]
        yield from _fetched(f"{sql} customer_id IN ({', '.join(['%s'] * len(some))}) ORDER BY customer_id", some)


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


def write(scores: pa.Table, basis: Basis, before: Before, told: Told = lambda _done: None) -> places.Columns:
    """Write a standing for each row of `scores` (with scoring.MORE), and the moves; what the places are made from.

    Each piece is a transaction of its own; customers who were merged, erased or removed in the meantime are left out.
    """
    ids = scores.column("customer_id").cast(pa.int64()).to_numpy()
    order = np.argsort(ids, kind="stable")
    done, writer, seen = 0, _writer(), []
    for low in range(0, len(order), BLOCK):
        some = scores.take(pa.array(order[low : low + BLOCK])).combine_chunks()
        rows, moves = prepared(some, basis, before)
        for n in writer.put(rows, moves):
            done += n
            told(done)
        seen.append(places.Columns.of_table(rows))
    return places.Columns.joined(seen)


def prepared(scores: pa.Table, basis: Basis, before: Before) -> tuple[pa.Table, pa.Table]:
    """(rows of the standings, rows of the stage changes) as the database keeps them."""
    ids = scores.column("customer_id").cast(pa.int64())
    stage = np.asarray(scores.column("stage").to_numpy(zero_copy_only=False), dtype="U8")
    was, since = before.find(ids.to_numpy())
    moved = (was != stage) & (not basis.first)
    n, s = scores.num_rows, basis.settings
    since = np.where(moved, np.datetime64(s.as_of, "D"), since)
    columns: dict[str, Any] = {
        "customer_id": ids,
        "refresh_id": pa.repeat(pa.scalar(basis.refresh.pk, pa.int64()), n),
        "as_of": pa.repeat(pa.scalar(s.as_of), n),
        "horizon_days": pa.repeat(pa.scalar(s.horizon_days, pa.int64()), n),
        "clv_horizon_days": pa.repeat(pa.scalar(s.clv_horizon_days, pa.int64()), n),
        "stage_since": pa.array(since, pa.date32()),
        **{name: _micros(scores.column(name)) for name in MONEY},
        **{name: scores.column(name).cast(pa.float64()).cast(pa.int64()) for name in WHOLE},
        **{name: scores.column(name).fill_null("") for name in WORDS},
        **{name: scores.column(name) for name in (*DAYS, *PLAIN)},
        **{name: scores.column(source) for name, source in FLAGS.items()},
    }
    return pa.table(columns), _moves(scores, np.flatnonzero(moved), was, basis)


def _micros(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.round(pc.multiply(column.cast(pa.float64()), float(MICROS))).cast(pa.int64())


def _moves(scores: pa.Table, rows: np.ndarray, was: np.ndarray, basis: Basis) -> pa.Table:
    """Who moved, with the rule that says why."""
    some = scores.take(pa.array(rows)).combine_chunks()
    facts, s = stage_facts(some), basis.settings
    after, by_hand = some.column("stage").to_pylist(), some.column("by_hand").to_pylist()
    why = [
        None if hand else explain(name, facts, i, s.horizon_days, settings=s.stages)
        for i, (name, hand) in enumerate(zip(after, by_hand, strict=True))
    ]
    return pa.table(
        {
            "customer_id": some.column("customer_id").cast(pa.int64()),
            "before": pa.array(was[rows].tolist(), pa.string()),
            "after": pa.array(after, pa.string()),
            "day": pa.repeat(pa.scalar(s.as_of), len(rows)),
            "refresh_id": pa.repeat(pa.scalar(basis.refresh.pk, pa.int64()), len(rows)),
            "by_name": pa.repeat("", len(rows)),
            "reason_en": pa.array([w.en if w else "" for w in why], pa.string()),
            "reason_zh": pa.array([w.zh if w else "" for w in why], pa.string()),
        }
    )


def _upsert(names: Sequence[str], select: str) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "customer_id")
    return f"INSERT INTO {TABLE} ({', '.join(names)}) {select} ON CONFLICT (customer_id) DO UPDATE SET {sets}"


class _Sqlite:
    """Upserts as many rows a transaction as the writer can take without anybody noticing."""

    def __init__(self) -> None:
        self.pace = Pace()

    def put(self, rows: pa.Table, moves: pa.Table) -> Iterator[int]:
        """Write them; yields how many rows each transaction took."""
        names = rows.column_names
        sql = _upsert(names, f"SELECT {', '.join('?' * len(names))} WHERE EXISTS ({LIVE.format('?')})")
        ready = [(*row, row[0]) for row in _tuples(rows)]
        changes = {row[0]: row for row in _tuples(moves)}
        low = 0
        while low < len(ready):
            some = ready[low : low + self.pace.size]
            moved = [(*changes[row[0]], row[0]) for row in some if row[0] in changes]
            with self.pace.timed(), transaction.atomic(), connection.cursor() as cursor:
                cursor.connection.executemany(sql, some)  # the cursor beneath: Django's own looks at every parameter
                if moved:
                    cursor.connection.executemany(_insert_moves(moves.column_names), moved)
            low += len(some)
            yield len(some)


def _insert_moves(names: Sequence[str]) -> str:
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {StageChange._meta.db_table} ({quoted}) SELECT {marks} WHERE EXISTS ({LIVE.format('?')})"


def _tuples(table: pa.Table) -> list[tuple[Any, ...]]:
    """Rows as SQLite keeps them: days as text."""
    columns = [
        (column.cast(pa.string()) if pa.types.is_date(column.type) else column).to_pylist() for column in table.columns
    ]
    return list(zip(*columns, strict=True))


class _Postgresql:
    """COPY into a table of the session's own, and from there in one statement."""

    def put(self, rows: pa.Table, moves: pa.Table) -> Iterator[int]:
        """Write them; yields how many rows each transaction took."""
        moved = moves.column("customer_id")
        for low in range(0, rows.num_rows, COPIED):
            some = rows.slice(low, COPIED)
            changed = moves.filter(pc.is_in(moved, some.column("customer_id").combine_chunks()))
            with transaction.atomic(), connection.cursor() as cursor:
                select = self._copied(cursor, TABLE, some)
                cursor.execute(_upsert(some.column_names, select))
                if changed.num_rows:
                    select = self._copied(cursor, StageChange._meta.db_table, changed)
                    names = ", ".join(f'"{name}"' for name in changed.column_names)
                    cursor.execute(f"INSERT INTO {StageChange._meta.db_table} ({names}) {select}")
            yield some.num_rows

    def _copied(self, cursor: Any, table: str, rows: pa.Table) -> str:
        """The rows in a temporary table; the SELECT of those whose customer is still there."""
        names, place = ", ".join(f'"{name}"' for name in rows.column_names), f"arriving_{table}"
        cursor.execute(f"DROP TABLE IF EXISTS {place}")
        cursor.execute(f"CREATE TEMP TABLE {place} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")
        text = io.BytesIO()
        pcsv.write_csv(rows, text, pcsv.WriteOptions(include_header=False))
        with cursor.copy(f"COPY {place} ({names}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getbuffer())
        return f"SELECT {names} FROM {place} a WHERE EXISTS ({LIVE.format('a.customer_id')})"


def _writer() -> _Sqlite | _Postgresql:
    return _Postgresql() if connection.vendor == "postgresql" else _Sqlite()


def drop_vanished(before: Before, scores: pa.Table) -> int:
    """Remove the standings of customers who are no longer scored: merged, erased, removed. How many went."""
    ids = scores.column("customer_id").cast(pa.int64()).to_numpy()
    return drop(np.setdiff1d(before.ids, ids).tolist())


def drop(customer_ids: Sequence[int]) -> int:
    """Remove the standings of these customers, a piece at a time."""
    went = 0
    for low in range(0, len(customer_ids), 500):
        some = list(customer_ids[low : low + 500])
        with transaction.atomic():
            places.leave(some)
            went += Standing.objects.filter(pk__in=some).delete()[0]
    return went
