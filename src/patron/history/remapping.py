"""A history seen by customers instead of source records: today's map from record to customer joined on top.

Facts are kept by source record for ever; who a record belongs to is known today only, and no as-of view asks when it
became known [definitions.md, Time]. The days of merged records are summed together.
"""

from __future__ import annotations

import hashlib
from functools import cached_property, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patron.history.derived import FOLDER, LIVES, Derived, is_split, keep
from patron.history.shelf import Shelf
from patron.history.sorting import FLAGS, SUMS, sum_days


class RemappedShelf(Shelf):
    """`whole`, its records' customer_id replaced by that of their customer in `owners` (record_id, customer_id).

    A record that `owners` does not name belongs to nobody and is left out.
    """

    def __init__(self, whole: Shelf, owners: pa.Table) -> None:
        super().__init__(whole.folder, whole.manifest, whole.engine)
        self._whole = whole
        self._owners = owners.select(["record_id", "customer_id"]).sort_by("record_id").combine_chunks()

    def facts(self, fact: str) -> Any:
        """All rows of a fact table, by customer."""
        rows = self._whole.facts(fact)
        mine = rows.join(self._map, rows.customer_id == self._map.record_id)
        return mine.drop("customer_id").rename(customer_id="owner_id")[rows.columns]

    @cached_property
    def _map(self) -> Any:
        return self.engine.hold(self._owners.rename_columns(["record_id", "owner_id"]))

    @cached_property
    def derived(self) -> Derived:
        """The customer-day files of the customers, made when they are missing."""
        made_from = self._whole.derived
        stem = f"{made_from.days.stem.removeprefix('days-')}-{self._digest()}"
        home = self.folder / FOLDER
        days, ids = home / f"days-{stem}.parquet", home / f"ids-{stem}.parquet"
        if not days.exists() or not ids.exists():
            self._forget_other_maps(made_from)
            self._build(days, ids)
        return Derived(days, ids, is_split(self.engine, days))

    def _digest(self) -> str:
        """A name for the map: changes when a record moves."""
        found = hashlib.sha256()
        for column in self._owners.columns:
            for chunk in column.chunks:
                for buffer in pa.concat_arrays([chunk]).buffers()[1:]:
                    found.update(buffer or b"")
        return found.hexdigest()[:16]

    def _forget_other_maps(self, made_from: Derived) -> None:
        for kept in (made_from.days, made_from.ids):
            for old in kept.parent.glob(f"{kept.stem}-*.parquet"):
                old.unlink(missing_ok=True)

    def _build(self, days: Any, ids: Any) -> None:
        mine = self._whole.days.join(self.engine.hold(self._numbers()), "customer")
        lives = [name for name in LIVES if name in mine.columns]
        rows = mine.select("customer_id", "day", *lives, *FLAGS, *SUMS)
        names, summed = sum_days(self.engine.batches(rows), lives)
        numbers = pa.array(range(len(names)), pa.int32())
        keep(ids, partial(pq.write_table, pa.table({"customer": numbers, "customer_id": names}), compression="snappy"))
        keep(days, partial(pq.write_table, summed, compression="snappy"))

    def _numbers(self) -> pa.Table:
        """The whole's number of each record with the id of its customer."""
        records = self.engine.rows(self._whole.ids)
        at = pc.index_in(
            records.column("customer_id").combine_chunks(), self._owners.column("record_id").combine_chunks()
        )
        customers = self._owners.column("customer_id").combine_chunks().take(at)
        return pa.table({"customer": records.column("customer"), "customer_id": customers}).filter(customers.is_valid())
