"""A history as it is between two appends: its facts and the customer-days derived from them."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from patron.history import parts
from patron.history.derived import Derived, build
from patron.history.engines import Engine
from patron.history.manifest import Manifest
from patron.lifecycle.facts.money import BOUND
from patron.lifecycle.tables import CUSTOMERS

LINES = "order_lines"


class Shelf:
    """The parts one manifest names. Views stand on a shelf, so that a later append does not move under them."""

    def __init__(self, folder: Path, manifest: Manifest, engine: Engine) -> None:
        self.folder, self.manifest, self.engine = folder, manifest, engine

    def facts(self, fact: str) -> Any:
        """All rows of a fact table ever appended, with no regard to when they were known (Ibis)."""
        shape = parts.shape_of(fact)
        files = [self.folder / part.file for part in self.manifest.of(fact)]
        return self.engine.read(files, schema=parts.VERSIONED if shape is CUSTOMERS else shape.schema)

    def corrected(self, fact: str) -> bool:
        """Whether any fact of the table corrects an earlier one."""
        return self.manifest.corrections(fact) > 0

    @cached_property
    def bounded(self) -> bool:
        """Whether no sum of amounts of the lines, in whatever order, can pass money.BOUND: told by the files."""
        files = [self.folder / part.file for part in self.manifest.of(LINES)]
        return all(sum(parts.most(file, name) for file in files) < BOUND for name in ("quantity", "revenue", "cost"))

    @cached_property
    def derived(self) -> Derived:
        """The customer-day files, made when they are missing."""
        return build(
            self.engine,
            self.folder,
            self.facts(LINES),
            rows=sum(part.rows for part in self.manifest.of(LINES)),
            corrected=self.corrected(LINES),
            digest=self.manifest.digest(LINES),
        )

    @cached_property
    def days(self) -> Any:
        """Customer-days of the whole history with their `visible` (and `hidden`) days (Ibis)."""
        return self.engine.read([self.derived.days])

    @cached_property
    def ids(self) -> Any:
        """customer (int32) and customer_id, in sorted order of the ids (Ibis)."""
        return self.engine.read([self.derived.ids])

    def __len__(self) -> int:
        """How many customers there are."""
        return int(pq.read_metadata(self.derived.ids).num_rows)

    @cached_property
    def span(self) -> dict[str, date | None]:
        """first_day, last_day and last_order_day of the order lines."""
        days = self.days
        found = days.aggregate(
            first_day=days.day.min(), last_day=days.day.max(), last_order_day=days.day.max(where=days.purchase)
        )
        row: dict[str, date | None] = self.rows(found).to_pylist()[0]
        return row

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression over this shelf's tables."""
        return self.engine.rows(expression)
