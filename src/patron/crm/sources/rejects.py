"""Rows that could not be used: kept cell by cell with the reason, and handed back as a table to be mended."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from patron.crm.kit import bulk
from patron.crm.sources.models import Import, RejectedCell
from patron.crm.sources.writers.base import Chunk, Run
from patron.history.files.reasons import REASONS, ROLE_OF, guarded
from patron.words import Text

NAMES = ("id", "run", "row", "column", "value", "reason", "words", "cells")
WORDS = REASONS | {
    "other_currency": Text("no exchange rate for its currency and day", "缺少该币种当日的汇率"),
}
ADDED = {"en": ("row in the file", "cells to mend", "reason"), "zh": ("文件中的行号", "需修改的单元格", "原因")}


def keep_refused(chunk: Chunk, run: Run) -> None:
    """Write the unusable rows of a chunk; the row as it stood goes with its first cell."""
    places = {name: i for i, name in enumerate(run.columns)}
    rows = []
    for refused in chunk.refused:
        cells = [_clean(c) for c in refused["cells"]]
        kept = json.dumps(cells, ensure_ascii=False)
        for coded in refused["reasons"]:
            code, _, role = coded.partition(":")
            column = run.mapping.get(role or ROLE_OF.get(code, ""), "")
            place = places.get(column, -1)
            value = cells[place] if 0 <= place < len(cells) else ""
            words = json.dumps({"en": WORDS[code].en, "zh": WORDS[code].zh}, ensure_ascii=False)
            rows.append((run.import_id, refused["row"], column[:200], value[:300], code, words, kept))
            kept = "[]"
    ids = bulk.next_ids(RejectedCell, len(rows))
    bulk.insert(RejectedCell, NAMES, [(i, *row) for i, row in zip(ids, rows, strict=True)])


def _clean(cell: str | None) -> str:
    return (cell or "").replace("\0", "\ufffd")


def rejected_csv(run: Import, lang: str = "en") -> Iterator[str]:
    """The rejected rows as CSV text in the file's own columns, with the reasons behind: UTF-8 with a mark for Excel.

    Mended and imported again, the last three columns are unknown ones. Cells that begin like a formula are guarded.
    """
    columns = run.found.get("prepared", {}).get("columns", [])
    yield "\ufeff" + _line([*columns, *ADDED[lang]])
    for row, cells, reasons in _rows(run):
        named = "; ".join(dict.fromkeys(column for column, _ in reasons if column))
        words = "; ".join(f"{column}: {said[lang]}" if column else said[lang] for column, said in reasons)
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        yield _line([*padded, str(row), named, words])


def _rows(run: Import) -> Iterator[tuple[int, list[str], list[tuple[str, dict[str, str]]]]]:
    """(row, its cells, (column, words) of every cell) in the order of the file."""
    found = RejectedCell.objects.filter(run=run).order_by("row", "id")
    row: int | None = None
    cells: list[str] = []
    reasons: list[tuple[str, dict[str, str]]] = []
    for cell in found.values("row", "column", "words", "cells").iterator(chunk_size=2_000):
        if cell["row"] != row:
            if row is not None:
                yield row, cells, reasons
            row, cells, reasons = cell["row"], cell["cells"], []
        reasons.append((cell["column"], cell["words"]))
    if row is not None:
        yield row, cells, reasons


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_guard(str(c)) for c in cells])
    return out.getvalue()


def _guard(cell: str) -> str:
    """Numbers stay as they are: a minus before a figure is no formula."""
    bare = cell[1:].replace(".", "", 1).replace(",", "")
    return cell if cell[:1] in "+-" and bare.isascii() and bare.isdigit() else guarded(cell)
