"""Writing one part of a fact table: the right columns, the right types, nothing that can't be added up."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from patron.errors import InputError
from patron.history.engines import Engine
from patron.lifecycle.facts.money import LARGEST, MICRO
from patron.lifecycle.tables import CUSTOMERS, FACTS, TableShape
from patron.words import Text

Data: TypeAlias = pa.Table | pa.RecordBatchReader | Path | str
CLOSE = 4  # fact_ids that span at most so many times their number are told apart by marks
VERSION = "_version"
"""Order in which versions of one customer's record came in; the newest counts."""
VERSIONED = CUSTOMERS.schema.append(pa.field(VERSION, pa.int64()))


def write(shape: TableShape, data: Data, file: Path, *, number: int) -> None:
    """`data` as a Parquet file of `shape` (customers keep further columns). `number` counts the parts before it.

    A Parquet file of exactly this shape is copied as it is; everything else is read in batches and cast.
    Raises InputError when a column is missing, of another type, or empty where it may not be.
    """
    if isinstance(data, str | Path) and _fits(shape, pq.read_metadata(data)):
        shutil.copyfile(data, file)
        return
    batches = _fitting(shape, _batches(data), number)
    first = next(batches, None)
    if first is None:
        pq.write_table(_versioned(shape, shape.schema.empty_table(), 0), file)
        return
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in batches:
            writer.write_table(table)


def _fits(shape: TableShape, metadata: pq.FileMetaData) -> bool:
    """Whether a Parquet file has exactly these columns, and its statistics say that none is empty that may not be."""
    schema = metadata.schema.to_arrow_schema()
    if shape is CUSTOMERS or [(f.name, f.type) for f in schema] != [(f.name, f.type) for f in shape.schema]:
        return False
    groups = (metadata.row_group(i).column(j) for i in range(metadata.num_row_groups) for j in _required(shape))
    return all(column.statistics is not None and column.statistics.null_count == 0 for column in groups)


def most(file: Path, name: str) -> float:
    """What the absolute values of a column of amounts may add up to at most, each rounded to millionths.

    As the file's statistics tell; inf where they don't.
    """
    metadata, found = pq.read_metadata(file), 0.0
    place = metadata.schema.to_arrow_schema().get_field_index(name)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    for group in (group for group in groups if group.num_rows):
        told = group.column(place).statistics
        if told is None or not told.has_null_count:
            return math.inf
        rows = group.num_rows - told.null_count
        if rows and not told.has_min_max:
            return math.inf
        found += rows * (max(abs(told.min), abs(told.max)) + 0.5 / MICRO) if rows else 0.0
    return found


def _required(shape: TableShape) -> list[int]:
    return [place for place, column in enumerate(shape.columns) if not column.nullable]


def _batches(data: Data) -> Iterator[pa.Table]:
    if isinstance(data, pa.Table):
        yield data
    elif isinstance(data, str | Path):
        with pq.ParquetFile(data) as opened:
            yield from (pa.Table.from_batches([batch]) for batch in opened.iter_batches(1 << 20))
    else:
        yield from (pa.Table.from_batches([batch], data.schema) for batch in data)


def _fitting(shape: TableShape, tables: Iterator[pa.Table], number: int) -> Iterator[pa.Table]:
    start = number << 40
    for table in tables:
        try:
            fitting = shape.check(table)
        except TypeError as error:
            raise InputError(
                Text(
                    f"These facts don't have the shape of {shape.name}: {error}.",
                    f"数据与 {shape.name} 表不符：{error}。",
                ),
                remedy=Text(
                    f"Bring the columns {', '.join(shape.names)}.", f"请提供以下各列：{'、'.join(shape.names)}。"
                ),
            ) from error
        if shape is CUSTOMERS:
            for name in table.column_names:
                if name not in fitting.column_names:
                    fitting = fitting.append_column(name, table.column(name))
        yield _versioned(shape, fitting, start)
        start += table.num_rows


def _versioned(shape: TableShape, table: pa.Table, start: int) -> pa.Table:
    if shape is not CUSTOMERS:
        return table
    return table.append_column(VERSION, pa.array(range(start, start + table.num_rows), pa.int64()))


def look(engine: Engine, shape: TableShape, file: Path) -> dict[str, Any]:
    """What is in a part, as the fields of `manifest.Part`; refuses amounts that can't be added up, and double ids."""
    table = engine.read([file])
    if shape is CUSTOMERS:
        return {"rows": engine.rows(table.aggregate(n=table.count()))["n"][0].as_py()}
    amounts = [table[c.name] for c in shape.columns if pa.types.is_floating(c.type)]
    figures = {
        "rows": table.count(),
        "first_fact": table.fact_id.min(),
        "last_fact": table.fact_id.max(),
        "corrections": table.corrects.count(),
        **{f"bad_{a.get_name()}": (a.isnan() | (a.abs() > LARGEST)).sum() for a in amounts},
    }
    seen: dict[str, Any] = engine.rows(table.aggregate(**figures)).to_pylist()[0]
    for amount in amounts:
        if seen.pop(f"bad_{amount.get_name()}"):
            _refuse_amount(engine, table, amount.get_name())
    if not _distinct(file):
        raise _double_ids(shape)
    return seen


def _distinct(file: Path) -> bool:
    """Whether every fact_id of a part is there once. Numbers that rise or lie close are seen without sorting."""
    with pq.ParquetFile(file) as opened:  # pq.read_table would load the datasets, and with them pandas
        ids = opened.read(columns=["fact_id"]).column(0).to_numpy()
    if bool(np.all(ids[1:] > ids[:-1])):
        return True
    low, width = int(ids.min()), int(ids.max()) - int(ids.min()) + 1
    if width <= CLOSE * len(ids):
        seen = np.zeros(width, dtype=np.bool_)
        seen[ids - low] = True
        return int(np.count_nonzero(seen)) == len(ids)
    ordered = np.sort(ids)  # numpy's unique hashes, which takes ten times as long
    return bool(np.all(ordered[1:] > ordered[:-1]))


def _refuse_amount(engine: Engine, table: Any, column: str) -> None:
    bad = table.filter(table[column].isnan() | (table[column].abs() > LARGEST))
    row = engine.rows(bad.order_by("fact_id").limit(1)).to_pylist()[0]
    raise InputError(
        Text(f"The amount {row[column]} is too large to be added up.", f"金额 {row[column]} 过大，无法累加。"),
        remedy=Text("Use a larger unit, such as thousands.", "请改用更大的单位，例如千元。"),
        file=row.get("source"),
        row=row.get("row"),
        column=column,
    )


def _double_ids(shape: TableShape) -> InputError:
    return InputError(
        Text(f"Two facts of {shape.name} have the same fact_id.", f"{shape.name} 中有两条事实的 fact_id 相同。"),
        remedy=Text("Number the facts on from History.next_fact.", "请从 History.next_fact 起继续编号。"),
        column="fact_id",
    )


def refuse_overlap(
    engine: Engine, shape: TableShape, seen: dict[str, Any], new: Path, old: list[tuple[Any, Path]]
) -> None:
    """Raise InputError if a fact_id of the part `new` is in one of the `old` parts (manifest.Part, file)."""
    low, high = seen.get("first_fact"), seen.get("last_fact")
    near = [
        file
        for part, file in old
        if low is not None and part.rows and part.first_fact <= high and part.last_fact >= low
    ]
    if near:
        mine, theirs = engine.read([new]), engine.read(near)
        both = mine.semi_join(theirs, "fact_id")
        if engine.rows(both.aggregate(n=both.count()))["n"][0].as_py():
            raise _double_ids(shape)


def shape_of(fact: str) -> TableShape:
    """The declared shape of a fact table, by name; raises KeyError naming the tables there are."""
    if fact not in FACTS:
        raise KeyError(f"there is no fact table '{fact}'; there are {', '.join(FACTS)}")
    return FACTS[fact]
