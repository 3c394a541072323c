"""A history: a folder of Parquet parts that is only ever added to."""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from patron.errors import ResourceError
from patron.history import manifest as manifests
from patron.history import parts
from patron.history.derived import Derived, build, forget_older
from patron.history.engines import DuckDB, Engine
from patron.history.manifest import Manifest, Part
from patron.history.outcomes import Outcomes, outcomes
from patron.history.views import View
from patron.lifecycle.tables import CUSTOMERS, TableShape
from patron.words import Text


class History:
    """Facts with `happened_at` and `known_at`, as-of views of them, and the outcomes after a day.

    Use it as a context manager, or call `close`: it holds a connection and its spill folder.
    """

    def __init__(self, folder: Path, manifest: Manifest, engine: Engine) -> None:
        self.folder, self.manifest, self.engine = folder, manifest, engine

    @classmethod
    def create(cls, folder: Path | str, *, engine: Engine | None = None) -> History:
        """A new, empty history in `folder`, which is made; an existing history there is opened."""
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / manifests.NAME).exists():
                manifests.save(folder, Manifest())
        except OSError as error:
            raise ResourceError(
                Text(f"The folder can't be written: {error.strerror}.", f"无法写入该文件夹：{error.strerror}。"),
                remedy=Text("Choose another folder.", "请选择其他文件夹。"),
                file=str(folder),
            ) from error
        return cls.open(folder, engine=engine)

    @classmethod
    def open(cls, folder: Path | str, *, engine: Engine | None = None) -> History:
        """The history in `folder`; raises InputError if there is none."""
        manifest = manifests.load(Path(folder))
        return cls(Path(folder), manifest, engine or DuckDB())

    def __enter__(self) -> History:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine, and of derived files that later parts overtook. Safe to call twice."""
        self.engine.close()
        forget_older(self.folder, self.manifest.digest("order_lines"))

    def append(self, fact: str, data: parts.Data, *, part: str | None = None) -> Part:
        """Add facts to the table `fact`: a pyarrow.Table, a RecordBatchReader, or the path of a Parquet file.

        The part is added whole or not at all. `part` names it: a second append of the same name does nothing and
        returns the first; without a name its contents name it. Raises KeyError for an unknown table, InputError
        for columns that don't fit, fact_ids that are taken, and amounts that can't be added up.
        """
        shape = parts.shape_of(fact)
        with manifests.locked(self.folder):
            self._forget(manifests.load(self.folder))
            known = self.manifest.find(fact, part) if part else None
            return known or self._append(shape, data, part)

    def _append(self, shape: TableShape, data: parts.Data, name: str | None) -> Part:
        home = self.folder / shape.name
        home.mkdir(exist_ok=True)
        unfinished = home / f"{os.getpid()}.tmp"
        try:
            parts.write(shape, data, unfinished, number=len(self.manifest.of(shape.name)))
            digest = manifests.file_sha256(unfinished)
            known = self.manifest.find(shape.name, name or digest[:16])
            if known:
                return known
            seen = parts.look(self.engine, shape, unfinished)
            old = [(part, self.folder / part.file) for part in self.manifest.of(shape.name)]
            parts.refuse_overlap(self.engine, shape, seen, unfinished, old)
            file = home / f"{len(old):05d}-{digest[:16]}.parquet"
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        made = Part(name or digest[:16], shape.name, str(file.relative_to(self.folder)), sha256=digest, **seen)
        manifests.save(self.folder, self.manifest.with_part(made))
        self._forget(self.manifest.with_part(made))
        return made

    def _forget(self, manifest: Manifest) -> None:
        """Take the manifest as it is now, and what hangs on it with it."""
        if manifest != self.manifest:
            self.manifest = manifest
            for name in ("derived", "days", "ids", "last_order_day", "_span"):
                self.__dict__.pop(name, None)

    @property
    def next_fact(self) -> int:
        """The first fact_id that no fact of any table has."""
        return 1 + max((part.last_fact or 0 for part in self.manifest.parts), default=0)

    def facts(self, fact: str) -> Any:
        """All rows of a fact table ever appended, with no regard to when they were known (Ibis)."""
        shape = parts.shape_of(fact)
        files = [self.folder / part.file for part in self.manifest.of(fact)]
        schema = parts.VERSIONED if shape is CUSTOMERS else shape.schema
        return self.engine.read(files, schema=schema)

    @cached_property
    def derived(self) -> Derived:
        """The customer-day files of this history, made when they are missing."""
        fact = "order_lines"
        corrected = self.manifest.corrections(fact) > 0
        rows = sum(part.rows for part in self.manifest.of(fact))
        digest = self.manifest.digest(fact)
        return build(self.engine, self.folder, self.facts(fact), rows=rows, corrected=corrected, digest=digest)

    @cached_property
    def days(self) -> Any:
        """Customer-days of the whole history with `visible` (and `hidden`) days (Ibis)."""
        return self.engine.read([self.derived.days])

    @cached_property
    def ids(self) -> Any:
        """customer (int32) and customer_id, in sorted order of the ids (Ibis)."""
        return self.engine.read([self.derived.ids])

    def as_of(self, day: date) -> View:
        """What had happened and was known by the end of `day`."""
        return View(self, day)

    def outcomes(self, day: date, horizon_days: int, *, known_by: date | None = None) -> Outcomes:
        """Purchases and revenue in the `horizon_days` after `day` of the customers known at `day`.

        Labels use what was known by the end of `known_by` (default: the last day of the history). Raises UsageError
        if the period runs past it.
        """
        return outcomes(self, day, horizon_days, known_by)

    @cached_property
    def _span(self) -> dict[str, date | None]:
        days = self.days
        found = days.aggregate(
            first_day=days.day.min(), last_day=days.day.max(), last_order_day=days.day.max(where=days.purchase)
        )
        row: dict[str, date | None] = self.rows(found).to_pylist()[0]
        return row

    @property
    def first_day(self) -> date | None:
        """The day of the first line; None for a history without lines."""
        return self._span["first_day"]

    @property
    def last_day(self) -> date | None:
        """The day of the last line, returns and fees included; None for a history without lines."""
        return self._span["last_day"]

    @property
    def last_order_day(self) -> date | None:
        """The day of the last purchase: the default as-of day of a file. None without a purchase."""
        return self._span["last_order_day"]

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression over this history's tables."""
        return self.engine.rows(expression)
