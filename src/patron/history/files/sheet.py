"""The one protocol every file kind answers to, and the small SQL helpers they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from patron.history.files.options import Progress, ReadOptions
from patron.words import Text


@dataclass(frozen=True)
class Scan:
    """A source made readable to DuckDB.

    `relation` is SQL for a FROM clause with the columns `row` (as a person counts) and c0, c1 … ; `malformed`
    are rows with another number of cells than the header, as (row, text); `nul` says that a NUL byte occurs;
    `staged` that all cells are tidy text in a scratch file;
    `digest` is the SHA-256 of what was read, where it could not be known before.
    """

    relation: str
    malformed: list[tuple[int, str]] = field(default_factory=list)
    nul: bool = False
    staged: bool = True
    told: list[Text] = field(default_factory=list)
    digest: bytes | None = None


@dataclass(frozen=True)
class Sheet:
    """A source that has been recognised but not yet read: its columns as written and what was told on the way."""

    label: str
    columns: list[str]
    header: bool
    told: list[Text]
    digest: bytes
    scan: Callable[[Path, Progress], Scan]
    decimal_comma_likely: bool = False
    caution: Text | None = None  # what is wrong with the file as a whole, should its cells turn out empty


class FileKind(Protocol):
    """One kind of file. `recognises` looks at the first bytes; `open` recognises everything but the values."""

    name: str

    def recognises(self, head: bytes) -> bool:
        """Whether these first bytes can only be this kind."""
        ...

    def open(self, path: Path, options: ReadOptions) -> Sheet:
        """The sheet of this file; raises InputError naming file, row and remedy."""
        ...


def lit(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def stage(batches: Iterator[pa.RecordBatch], columns: int, to: Path) -> str:
    """Write batches of text cells (row, c0, c1 …) to a scratch Parquet file; returns SQL that reads it."""
    schema = pa.schema([("row", pa.int64()), *((f"c{i}", pa.string()) for i in range(columns))])
    with pq.ParquetWriter(to, schema, compression="snappy", write_statistics=False) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema) if batch.schema != schema else batch)
    return f"read_parquet({lit(str(to))})"
