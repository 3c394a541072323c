"""The files of a run folder: written beside it first, put in place together."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from patron.errors import ResourceError
from patron.study import fits as parts
from patron.study.parallel import each
from patron.study.scoring import COLUMNS
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.run import Run

DECIMALS = {"revenue": 2, "margin": 2, "clv": 2, "clv_low": 2, "clv_high": 2, "value_at_risk": 2}
DIGITS, EXACT = 4, 12
OURS = {*COLUMNS} - {"customer_id"}  # columns whose words are Patron's own
PLAIN_ID = r"^[+-]?[0-9][0-9 .()/-]*$"
FORMULA = r"^[=+\-@\t\r]"
SCORES, SUMMARY = "scores.parquet", "parts/summary.parquet"


def write(run: Run, folder: Path, lang: str) -> Path:
    """The whole folder or nothing; the path of report.html. Raises ResourceError where it can't be written."""
    scratch = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
    try:
        scratch.mkdir(parents=True)
        parts.save(run.fits, scratch / "parts")
        each(_call, [*_tables(run, scratch), lambda: _texts(run, scratch, lang)])
        if run.rejected is not None:
            shutil.copyfile(run.rejected, scratch / "rejected.csv")
        put(scratch, folder)
    except OSError as error:
        raise ResourceError(
            Text(f"the run can't be written: {error.strerror or error}.", f"无法写出结果：{error.strerror or error}。"),
            file=str(folder),
            remedy=Text("Free some space or name another folder.", "请腾出空间或另选目录。"),
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder / "report.html"


def write_record(run: Run, folder: Path) -> None:
    """A run for the machine alone, whole or not at all: parts, scores and summary as Parquet, card, figures."""
    scratch = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
    try:
        scratch.mkdir(parents=True)
        parts.save(run.fits, scratch / "parts")
        pq.write_table(run.scores, scratch / SCORES, use_dictionary=_repeated(run.scores))
        pq.write_table(run.summary, scratch / SUMMARY, use_dictionary=False)
        (scratch / "figures.json").write_text(as_json(run.figures), encoding="utf-8")
        (scratch / "card.json").write_text(as_json(run.card), encoding="utf-8")
        put(scratch, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def forget(folder: Path, ids: pa.Array) -> int:
    """Take the customers `ids` out of the tables of a run folder. How many rows went."""
    went = 0
    for file in (folder / SCORES, folder / SUMMARY):
        if not file.exists():
            continue
        table = pq.read_table(file)
        left = table.filter(pc.invert(pc.is_in(table.column("customer_id"), ids)))
        if left.num_rows < table.num_rows:
            beside = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}")
            pq.write_table(left, beside)
            os.replace(beside, file)
            went += table.num_rows - left.num_rows
    return went


def _call(write: Callable[[], None]) -> None:
    write()


def _tables(run: Run, folder: Path) -> list[Callable[[], None]]:
    """What writes each of the tables."""
    return [
        lambda: write_csv(run.scores.select(COLUMNS + _further(run.scores)), folder / "scores.csv"),
        lambda: pq.write_table(run.scores, folder / "scores.parquet", use_dictionary=_repeated(run.scores)),
        lambda: pq.write_table(run.summary, folder / "parts" / "summary.parquet", use_dictionary=False),
    ]


def _texts(run: Run, folder: Path, lang: str) -> None:
    """Report, figures and card."""
    (folder / "figures.json").write_text(as_json(run.figures), encoding="utf-8")
    (folder / "report.html").write_text(run.report(lang), encoding="utf-8")
    (folder / "card.json").write_text(as_json(run.card), encoding="utf-8")


def put(scratch: Path, folder: Path) -> None:
    """A whole folder in its place. Raises ResourceError where another is there."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    if folder.exists():
        raise ResourceError(
            Text("the output folder is in use.", "输出目录已被占用。"),
            file=str(folder),
            remedy=Text("Name a new folder.", "请指定一个新目录。"),
        )
    scratch.rename(folder)


def replace_text(file: Path, text: str) -> Path:
    """`text` in the place of `file`, whole or not at all."""
    beside = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def as_json(value: Any) -> str:
    """Strict JSON text: what is not a number becomes null."""
    return json.dumps(finite(value), ensure_ascii=False, indent=1, allow_nan=False)


def finite(value: Any) -> Any:
    """The same value for strict JSON: NaN and infinities become None."""
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    return value


def _repeated(scores: pa.Table) -> list[str]:
    """Text columns that say the same of many customers."""
    return [f.name for f in scores.schema if pa.types.is_string(f.type) and f.name != "customer_id"]


def _further(scores: pa.Table) -> list[str]:
    """Columns that came through from the customer file."""
    from patron.study.scoring import MORE, WIDE

    return [name for name in scores.column_names if name not in {*COLUMNS, *WIDE, *MORE}]


def write_csv(table: pa.Table, file: Path, digits: int = DIGITS) -> None:
    """CSV for spreadsheets: UTF-8 with byte order mark, rounded numbers, no cell that runs as a formula.

    A cell of text that starts like a formula gets an apostrophe in front. Ids that are plain numbers, '-7' and
    '+86 138…' too, are left as they are.
    """
    out = []
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_floating(column.type):
            column = pc.round(column, DECIMALS.get(name, digits))
        elif name not in OURS and (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            column = guarded(column)
        out.append(column)
    with file.open("wb") as sink:
        sink.write(b"\xef\xbb\xbf")
        pcsv.write_csv(pa.table(out, names=[_safe(n) for n in table.column_names]), sink)


def guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text cells that a spreadsheet would run, with an apostrophe in front."""
    risky = pc.and_(pc.match_substring_regex(column, FORMULA), pc.invert(pc.match_substring_regex(column, PLAIN_ID)))
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _safe(name: str) -> str:
    return f"'{name}" if name[:1] in "=+-@\t\r" else name


def write_table(table: pa.Table, file: Path) -> None:
    """A table as .parquet or .csv, in the place of what is there, whole or not at all."""
    beside = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}")
    try:
        if file.suffix.lower() == ".parquet":
            pq.write_table(table, beside)
        else:
            write_csv(table, beside, EXACT)
        os.replace(beside, file)
    except OSError as error:
        raise ResourceError(
            Text(f"it can't be written: {error.strerror or error}.", f"无法写出：{error.strerror or error}。"),
            file=str(file),
            remedy=Text("Name another file.", "请指定另一个文件。"),
        ) from error
    finally:
        beside.unlink(missing_ok=True)
