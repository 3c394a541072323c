"""An import's file, read by the one reader into prepared rows that lie beside it until the import is done with."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import ExchangeRate
from patron.crm.kit import clock
from patron.crm.kit.problems import Conflict
from patron.crm.sources.models import Import
from patron.crm.sources.writers.base import Chunk
from patron.errors import PatronError
from patron.history.files.options import ReadOptions
from patron.history.files.records import Prepared, prepare_records
from patron.words import Text

CHUNK = 5_000
ONE_WRITER = 2_000
"""Rows of a chunk where there is one writer (SQLite), so that nobody waits for it longer than about 0.1 s."""


def chunk_rows() -> int:
    """Rows that are written in one transaction."""
    return min(CHUNK, ONE_WRITER) if connection.vendor == "sqlite" else CHUNK


OPTIONS = ("encoding", "delimiter", "header", "date_order", "decimal", "sheet", "timezone", "currency")
"""What can be said of how a file is read; `currency` is that of rows which name none."""

Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Ready:
    """Prepared rows of one import and what was recognised on the way."""

    path: Path
    rows: int
    columns: list[str]
    mapping: dict[str, str]
    told: list[dict[str, str]]

    def chunks(self, done: frozenset[int] = frozenset()) -> Iterator[tuple[int, Chunk]]:
        """(number, rows) of every chunk that is not `done`, in order, `chunk_rows` each, whatever the file's groups."""
        with pq.ParquetFile(self.path) as file:
            groups = _Groups(file)
            size = chunk_rows()
            for number, low in enumerate(range(0, self.rows, size)):
                if number not in done:
                    yield number, Chunk(groups.rows(low, min(low + size, self.rows)))


class _Groups:
    """Row groups of a Parquet file, of whatever sizes, read one after the other; the last two are kept."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._file = file
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        self._starts = [0, *accumulate(sizes)]
        self._kept: dict[int, pa.Table] = {}

    def rows(self, low: int, high: int) -> pa.Table:
        """Rows low … high − 1 of the whole file."""
        parts = []
        for group in range(bisect_right(self._starts, low) - 1, bisect_left(self._starts, high)):
            start = self._starts[group]
            table = self._group(group)
            first = max(low - start, 0)
            parts.append(table.slice(first, min(high - start, table.num_rows) - first))
        return pa.concat_tables(parts)

    def _group(self, number: int) -> pa.Table:
        if number not in self._kept:
            self._kept = {n: t for n, t in self._kept.items() if n == number - 1}
            self._kept[number] = self._file.read_row_group(number)
        return self._kept[number]


def file_of(run: Import) -> Path:
    """Where the uploaded file lies. Raises Conflict once it has been forgotten."""
    if not run.path:
        raise Conflict(
            Text("The file of this import has been forgotten.", "该导入的文件已被清除。"),
            remedy=Text("Upload it again.", "请重新上传。"),
        )
    return Path(settings.UPLOADS) / run.path


def prepared_path(run: Import) -> Path:
    """Where its prepared rows lie."""
    return Path(settings.UPLOADS) / f"{run.path or run.pk}.rows.parquet"


def read_options(run: Import) -> ReadOptions:
    """How the file is read: as the import says, else in the organisation's time zone and base currency."""
    told = {name: value for name, value in run.options.items() if name in OPTIONS and value not in (None, "")}
    house = Organisation.current()
    assumed = told.pop("currency", None)
    told.setdefault("timezone", house.timezone)
    rates = ExchangeRate.objects.filter(base=house.base_currency).order_by("currency", "day")
    return ReadOptions(
        mapping=dict(run.mapping),
        currency=house.base_currency,
        assumed_currency=assumed,
        rates_by_day=[
            (day, currency, float(rate)) for day, currency, rate in rates.values_list("day", "currency", "rate")
        ],
        kind=run.kind,
        **told,
    )


def prepare(run: Import, progress: Progress = silent, *, anew: bool = False) -> Ready:
    """The prepared rows: those that lie there for the same mapping and options, else made (`anew`: always).

    `run.options['today']`, once set, is the day against which dates are judged, so that a resumed import judges alike.
    """
    path, mark = prepared_path(run), _mark(run)
    there = run.found.get("prepared", {})
    if anew or there.get("mark") != mark or not path.exists():
        made = prepare_records(file_of(run), run.kind, read_options(run), path, today=_today(run), progress=progress)
        there = {"mark": mark, **_plain(made)}
        run.found = {**run.found, "prepared": there}
        Import.objects.filter(pk=run.pk).update(found=run.found, rows_total=made.rows)
    return Ready(path, there["rows"], there["columns"], there["mapping"], there["told"])


def _plain(made: Prepared) -> dict[str, Any]:
    told = [asdict(text) for text in made.told]
    return {"rows": made.rows, "columns": made.columns, "mapping": made.mapping, "told": told}


def _today(run: Import) -> date:
    if told := run.options.get("today"):
        return date.fromisoformat(told)
    return clock.today(Organisation.current().timezone)


def _mark(run: Import) -> str:
    said: Mapping[str, Any] = {
        "kind": run.kind,
        "mapping": run.mapping,
        "options": {**run.options, "today": str(_today(run))},
        "rates": [str(rate) for rate in read_options(run).rates_by_day],
        "base": Organisation.current().base_currency,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def said_of(run: Import, error: PatronError) -> dict[str, str]:
    """An error as it is kept with the import: of the file by the name that it came with, not of where it lies."""
    if error.file is not None:
        error.file = run.file_name
    return {"en": error.say("en"), "zh": error.say("zh")}


def forget_rows(run: Import) -> None:
    """The prepared rows are needed no more; they can be made again while the file is there."""
    prepared_path(run).unlink(missing_ok=True)


def forget_file(run: Import) -> None:
    """The file and its prepared rows are deleted."""
    if run.path:
        forget_rows(run)
        (Path(settings.UPLOADS) / run.path).unlink(missing_ok=True)
        run.path = ""
        Import.objects.filter(pk=run.pk).update(path="")
