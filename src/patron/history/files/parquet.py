"""Parquet files: read by DuckDB where they lie, typed, without a copy."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from patron.errors import InputError
from patron.history.files.options import Progress, ReadOptions
from patron.history.files.sheet import Scan, Sheet, lit
from patron.history.files.text import digest_of
from patron.words import Text


class ParquetFile:
    """Apache Parquet. Rows are numbered from 1; there is no header row."""

    name = "parquet"

    def recognises(self, head: bytes) -> bool:
        """By the magic PAR1."""
        return head.startswith(b"PAR1")

    def open(self, path: Path, options: ReadOptions) -> Sheet:
        """Columns from the file's own schema; refuses a truncated file."""
        try:
            with pq.ParquetFile(path) as file:
                schema, rows = file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise broken(path, error) from None
        if not rows:
            raise InputError(
                Text("The table has no rows.", "表格没有数据行。"),
                file=str(path),
                remedy=Text("Export it again, with its rows.", "请重新导出，并包含数据行。"),
            )

        def scan(scratch: Path, progress: Progress) -> Scan:  # noqa: ARG001 — nothing is copied
            return Scan(_relation(path, schema, options.timezone), staged=False)

        return Sheet(str(path), list(schema.names), True, [], digest_of(path), scan)


def _relation(path: Path, schema: pa.Schema, timezone: str | None) -> str:
    """SQL with the columns under the names row, c0, c1 …; times with a zone as local times of it, or of `timezone`."""
    cells = ", ".join(f"{_cell(i, field, timezone)} AS c{i}" for i, field in enumerate(schema))
    names = ", ".join(f"p{i}" for i in range(len(schema)))
    return (
        f"(SELECT file_row_number + 1 AS row, {cells} "
        f"FROM read_parquet({lit(str(path))}, file_row_number = true) AS t({names}, file_row_number))"
    )


def _cell(i: int, field: pa.Field, timezone: str | None) -> str:
    if not pa.types.is_timestamp(field.type) or not field.type.tz:
        return f"p{i}"
    zone = timezone or field.type.tz
    if fixed := re.fullmatch(r"([+-])(\d\d):(\d\d)", zone):
        return f"timezone('UTC', p{i}) {fixed[1]} to_minutes({int(fixed[2]) * 60 + int(fixed[3])})"
    return f"timezone({lit(zone)}, p{i})"


def broken(path: Path, error: Exception) -> InputError:
    """A Parquet file that cannot be read to its end."""
    return InputError(
        Text(f"This is not a complete Parquet file ({error}).", f"这不是完整的 Parquet 文件（{error}）。"),
        file=str(path),
        remedy=Text("Copy or export it again.", "请重新复制或导出。"),
    )
