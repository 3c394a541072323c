"""One stretch of row numbers, as the database has it and as the history has it, brought together.

The notes of changes say where to look; the tables say what is so. What the history lacks is appended, what differs is
corrected by a later fact, what the database no longer has is forgotten. So it does not matter how often, in which
order or after which crash a note is followed.

A row's first fact has the row's own number; its corrections have `version` above it (see VERSION_BITS).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.crm.customers.models import Correction
from patron.crm.scoring.mirror.reading import Seen, append, pages
from patron.crm.scoring.mirror.shapes import Mirrored
from patron.history import History
from patron.history.rewriting import forget

VERSION_BITS = 36
ROW = (1 << VERSION_BITS) - 1
"""fact_id & ROW is the number of the row in the database."""
BESIDE = {"fact_id", "corrects", "known_at", "source", "row"}  # what may differ without being another fact
WIDE = 2_000_000  # numbers compared at once, so that what is held in memory stays small


def reconcile(history: History, kind: Mirrored, low: int, high: int, zone: ZoneInfo, now: datetime, seen: Seen) -> None:
    """Bring the rows `low` … `high` of a kind of fact together. `now`: wall-clock time of the organisation."""
    if not _held(history, kind, low, high):
        append(history, kind, low, high, zone, seen)
        return
    for first in range(low, high + 1, WIDE):
        _stretch(history, kind, first, min(first + WIDE - 1, high), zone, now, seen)


def _held(history: History, kind: Mirrored, low: int, high: int) -> bool:
    """Whether a part may hold one of these rows."""
    return any(
        part.rows and (part.corrections or ((part.first_fact or 0) <= high and (part.last_fact or 0) >= low))
        for part in history.manifest.of(kind.fact)
    )


def _stretch(history: History, kind: Mirrored, low: int, high: int, zone: ZoneInfo, now: datetime, seen: Seen) -> None:
    known = _newest(history, kind, low, high)
    fresh, found = [], []
    for page in pages(kind, low, high, zone):
        seen(page.num_rows)
        found.append(page.column("fact_id").to_numpy())
        fresh.append(_news(page, known, kind, now, zone))
    news = [table for table in fresh if table.num_rows]
    if news:
        history.append(kind.fact, pa.concat_tables(news))
    there = np.concatenate([np.empty(0, np.int64), *found])
    gone = np.setdiff1d(_rows(known), there)
    if len(gone):
        forget_rows(history, kind, gone)


def forget_rows(history: History, kind: Mirrored, rows: np.ndarray) -> None:
    """These rows never were: their facts and all corrections of them go."""
    wanted = history.engine.hold(pa.table({"gone": pa.array(rows, pa.int64())}))
    forget(history, kind.fact, lambda facts: (facts.fact_id & ROW).isin(wanted.gone))


def _newest(history: History, kind: Mirrored, low: int, high: int) -> pa.Table:
    """What the history says last of each row, in order of the rows."""
    facts = history.shelf.facts(kind.fact)
    facts = facts.mutate(db_row=facts.fact_id & ROW)
    near = facts.filter((facts.db_row >= low) & (facts.db_row <= high))
    last = ibis.row_number().over(group_by=near.db_row, order_by=near.fact_id.desc())
    return history.rows(near.mutate(place=last).filter(ibis._.place == 0).order_by("db_row").drop("place"))


def _rows(known: pa.Table) -> np.ndarray:
    return np.asarray(known.column("db_row").to_numpy())


def _news(page: pa.Table, known: pa.Table, kind: Mirrored, now: datetime, zone: ZoneInfo) -> pa.Table:
    """What of a page the history lacks: first facts of new rows, and corrections of those that differ."""
    ids, rows = page.column("fact_id").to_numpy(), _rows(known)
    at = np.searchsorted(rows, ids)
    there = at < len(rows)
    there[there] = rows[at[there]] == ids[there]
    new = page.filter(pa.array(~there))
    old, last = page.filter(pa.array(there)), known.take(pa.array(at[there]))
    differs = _differ(old, last)
    if not differs.any():
        return new
    return pa.concat_tables([new, _corrections(old.filter(pa.array(differs)), last, differs, kind, now, zone)])


def _differ(left: pa.Table, right: pa.Table) -> np.ndarray:
    out = np.zeros(left.num_rows, dtype=np.bool_)
    for name in left.column_names:
        if name in BESIDE:
            continue
        a, b = left.column(name), right.column(name)
        same = pc.fill_null(pc.equal(a, b), False)
        empty = pc.and_(pc.is_null(a), pc.is_null(b))
        out |= ~np.asarray(pc.or_(same, empty).to_numpy(), dtype=np.bool_)
    return out


def _corrections(
    rows: pa.Table, last: pa.Table, differs: np.ndarray, kind: Mirrored, now: datetime, zone: ZoneInfo
) -> pa.Table:
    """The rows as later facts, known when they were written (now, where nothing says when)."""
    ids = rows.column("fact_id").to_numpy()
    version = (last.filter(pa.array(differs)).column("fact_id").to_numpy() >> VERSION_BITS) + 1
    written = dict(_written(kind.model, ids.tolist()))
    when = pa.array([_wall(written.get(i), zone) or now for i in ids.tolist()], pa.timestamp("us"))
    first = rows.column("known_at").combine_chunks()
    made = {name: rows.column(name) for name in rows.column_names}
    made |= {
        "fact_id": pa.array((version << VERSION_BITS) | ids),
        "corrects": pa.array(ids),
        "known_at": pc.max_element_wise(first, when),
    }
    return pa.table(made, schema=rows.schema)


def _wall(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None)


def _written(model: str, ids: list[int]) -> Iterator[tuple[int, datetime]]:
    """When each of the rows was last corrected, as far as it was noted."""
    for low in range(0, len(ids), 1_000):
        found = Correction.objects.filter(model=model, row_id__in=ids[low : low + 1_000]).order_by("known_at")
        yield from found.values_list("row_id", "known_at")
