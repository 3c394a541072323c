"""CSV, TSV and text tables: read by Arrow's CSV reader as text, block by block."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from patron.errors import InputError
from patron.history.files.layout import BLANKS, Layout, recognise_layout
from patron.history.files.options import Progress, ReadOptions
from patron.history.files.sheet import Scan, Sheet, stage
from patron.history.files.text import HEAD, Encoding, Utf8Stream, recognise_encoding, weigh
from patron.words import Text


class Delimited:
    """Text tables with a delimiter or runs of blanks."""

    name = "csv"

    def recognises(self, head: bytes) -> bool:  # noqa: ARG002 — text has no magic: it is what is left
        """Never by its first bytes: text is what is left when nothing else fits."""
        return False

    def open(self, path: Path, options: ReadOptions) -> Sheet:
        """Recognise encoding (over the whole file), delimiter, header and width."""
        seen = weigh(path)
        encoding = recognise_encoding(path, seen, options.encoding)
        with Utf8Stream(path, encoding) as stream:
            text = stream.read(HEAD).decode("utf-8", "ignore")
        layout = recognise_layout(text, options, str(path), seen.size <= HEAD)
        if (
            seen.odd_quotes
            and layout.delimiter != BLANKS
            and (row := _row_of_open_quote(path, encoding, layout.delimiter))
        ):
            raise _broken(path, row, "")

        def scan(scratch: Path, progress: Progress) -> Scan:
            return _scan(path, encoding, layout, seen.nul, scratch, progress)

        told = [*encoding.told, *layout.told]
        return Sheet(str(path), layout.columns, layout.header, told, seen.digest, scan, layout.delimiter == ";")


def _scan(path: Path, encoding: Encoding, layout: Layout, nul: bool, scratch: Path, progress: Progress) -> Scan:
    malformed: list[tuple[int, str]] = []

    def keep(row: pc.InvalidRow) -> str:
        malformed.append((row.number, row.text or ""))
        return "skip"

    with _source(path, encoding, layout) as source:
        try:
            batches = _numbered(_reader(source, layout, keep), malformed, layout.skip, progress)
            relation = stage(batches, len(layout.columns), scratch)
        except pa.ArrowInvalid as error:
            raise _broken(path, _row_of_open_quote(path, encoding, layout.delimiter), f" ({error})") from None
    return Scan(relation, malformed, nul and not encoding.codec.startswith("utf-16"))


def _source(path: Path, encoding: Encoding, layout: Layout) -> io.IOBase:
    if encoding.codec == "utf-8" and encoding.errors == "strict" and layout.delimiter != BLANKS:
        file = path.open("rb")
        file.seek(encoding.skip)
        return file
    return Utf8Stream(path, encoding, layout.delimiter == BLANKS)


def _reader(source: io.IOBase, layout: Layout, keep: object) -> pc.CSVStreamingReader:
    """Cells as text under the names c0, c1 …; empty cells are null. One thread, so that rows are numbered."""
    names = [f"c{i}" for i in range(len(layout.columns))]
    blanks = layout.delimiter == BLANKS
    return pc.open_csv(
        pa.PythonFile(source, mode="r"),
        read_options=pc.ReadOptions(
            column_names=names, skip_rows_after_names=layout.skip, use_threads=False, block_size=4 << 20
        ),
        parse_options=pc.ParseOptions(
            delimiter="\t" if blanks else layout.delimiter,
            newlines_in_values=not blanks,
            quote_char=False if blanks else '"',
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _numbered(
    reader: pc.CSVStreamingReader, malformed: list[tuple[int, str]], skip: int, progress: Progress
) -> Iterator[pa.RecordBatch]:
    """The batches with the row numbers a person sees: header = row 1, malformed and blank rows counted."""
    last, passed = skip, 0
    for batch in reader:
        n, rows = batch.num_rows, []
        while n:
            gap = malformed[passed][0] if passed < len(malformed) else last + n + 1
            run = min(n, gap - last - 1)
            rows.append(np.arange(last + 1, last + 1 + run))
            n -= run
            last += run
            if last + 1 == gap and passed < len(malformed):
                last, passed = gap, passed + 1
        progress("read", last, None)
        numbers = pa.array(np.concatenate(rows) if rows else np.empty(0, np.int64))
        yield pa.RecordBatch.from_arrays([numbers, *map(tidied, batch.columns)], names=["row", *batch.schema.names])


def tidied(cells: pa.Array) -> pa.Array:
    """Text cells without blanks of any kind at their ends; empty ones null."""
    trimmed = compute.utf8_trim_whitespace(cells)
    return compute.if_else(compute.equal(trimmed, ""), None, trimmed)


def _broken(path: Path, row: int | None, why: str) -> InputError:
    """A quotation mark that is opened and never closed."""
    return InputError(
        Text(f"A quotation mark is opened and never closed{why}.", f"有一个引号打开后没有关闭{why}。"),
        file=str(path),
        row=row,
        remedy=Text(
            "Double the quotation marks inside cells, or remove the odd one.",
            "请将单元格内的引号写成两个，或删除多余的引号。",
        ),
    )


def _row_of_open_quote(path: Path, encoding: Encoding, delimiter: str) -> int | None:
    """The row whose quotation mark is never closed, so that it would swallow the rest of the file; None if all are."""
    row = 0
    with Utf8Stream(path, encoding) as stream, io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="") as text:
        try:
            for _ in csv.reader(text, delimiter=delimiter, strict=True):
                row += 1
        except csv.Error as error:
            return row + 1 if "end of data" in str(error) or "field larger" in str(error) else None
    return None
