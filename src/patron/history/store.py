"""A history: a folder of Parquet parts that is only ever added to."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from patron.errors import ResourceError
from patron.history import manifest as manifests
from patron.history import parts
from patron.history.derived import forget_older
from patron.history.engines import DuckDB, Engine
from patron.history.manifest import Manifest, Part
from patron.history.outcomes import Outcomes, outcomes
from patron.history.remapping import RemappedShelf
from patron.history.sampling import SampledShelf
from patron.history.shelf import LINES, Shelf
from patron.history.views import View
from patron.lifecycle.tables import TableShape
from patron.words import Text


class History:
    """Facts with `happened_at` and `known_at`, as-of views of them, and the outcomes after a day.

    Use it as a context manager, or call `close`: it holds a connection and its spill folder.
    """

    def __init__(self, folder: Path, manifest: Manifest, engine: Engine) -> None:
        self.folder, self.engine = folder, engine
        self.shelf = Shelf(folder, manifest, engine)

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
        forget_older(self.folder, self.manifest.digest(LINES))

    def append(self, fact: str, data: parts.Data, *, part: str | None = None) -> Part:
        """Add facts to the table `fact`: a pyarrow.Table, a RecordBatchReader, or the path of a Parquet file.

        The part is added whole or not at all. `part` names it: a second append of the same name does nothing and
        returns the first; without a name its contents name it. Raises KeyError for an unknown table, InputError
        for columns that don't fit, fact_ids that are taken, and amounts that can't be added up.
        """
        shape = parts.shape_of(fact)
        with manifests.locked(self.folder):
            self._take(manifests.load(self.folder))
            known = self.manifest.find(fact, part) if part else None
            return known or self._append(shape, data, part)

    def reload(self) -> None:
        """Stand on the parts that the folder's manifest names now: another process may have added or rewritten some."""
        self._take(manifests.load(self.folder))

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
        self._take(self.manifest.with_part(made))
        return made

    def _take(self, manifest: Manifest) -> None:
        """Stand on the parts of `manifest` from now on; views made before stay on theirs."""
        if manifest != self.manifest:
            self.shelf = Shelf(self.folder, manifest, self.engine)

    @property
    def manifest(self) -> Manifest:
        """The parts there are."""
        return self.shelf.manifest

    @property
    def next_fact(self) -> int:
        """The first fact_id that no fact of any table has."""
        return 1 + max((part.last_fact or 0 for part in self.manifest.parts), default=0)

    def as_of(self, day: date) -> View:
        """What had happened and was known by the end of `day`."""
        return View(self.shelf, day)

    def outcomes(self, day: date, horizon_days: int, *, known_by: date | None = None) -> Outcomes:
        """Purchases and revenue in the `horizon_days` after `day` of the customers known at `day`.

        Labels use what was known by the end of `known_by` (default: the last day of the history). Raises UsageError
        if the period runs past it.
        """
        return outcomes(self.shelf, day, horizon_days, known_by)

    def sample(self, customers: int, *, seed: int) -> History:
        """This history with at most `customers` of its customers, drawn by `seed`; itself where it has no more.

        Views and outcomes of a sample cost little. It shares the engine: close the whole, not the sample.
        """
        if len(self.shelf) <= customers:
            return self
        some = History(self.folder, self.manifest, self.engine)
        some.shelf = SampledShelf(self.shelf, customers, seed)
        return some

    def owned(self, owners: pa.Table) -> History:
        """This history by customer instead of by source record: `owners` has record_id and customer_id (text).

        The days of merged records are summed. It shares the engine: close the whole, not this.
        """
        mine = History(self.folder, self.manifest, self.engine)
        mine.shelf = RemappedShelf(self.shelf, owners)
        return mine

    @property
    def first_day(self) -> date | None:
        """The day of the first line; None for a history without lines."""
        return self.shelf.span["first_day"]

    @property
    def last_day(self) -> date | None:
        """The day of the last line, returns and fees included; None for a history without lines."""
        return self.shelf.span["last_day"]

    @property
    def last_order_day(self) -> date | None:
        """The day of the last purchase: the default as-of day of a file. None without a purchase."""
        return self.shelf.span["last_order_day"]

    def rows(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression over this history's tables."""
        return self.shelf.rows(expression)
