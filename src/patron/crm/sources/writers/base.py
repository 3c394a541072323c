"""What all writers have in common: a chunk of prepared rows, the plan made from it, and who runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

CREATE, UPDATE, SKIP, ERROR = "create", "update", "skip", "error"
OUTCOMES = (CREATE, UPDATE, SKIP, ERROR)
ERASED = "erased"
"""A row of a person who was erased: left out. It is counted only where there are such rows."""


@dataclass
class Run:
    """One import on its way. `fresh`: its source has brought nothing before, so that no row needs looking up.

    `seen` holds rows that occur again in the file, for a preview, which has no database to look them up in.
    """

    import_id: int
    source_id: int
    now: str
    columns: list[str]
    mapping: dict[str, str]
    region: str = "CN"
    base: str = "CNY"
    fresh: bool = False
    seen: dict[Any, Any] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    """Products by code that earlier chunks met or made. A chunk that is refused must clear it: see `forget`."""

    def forget(self) -> None:
        """What was thought to be in the database may not be there (any more)."""
        self.fresh = False
        self.codes.clear()


class Chunk:
    """Rows of a prepared file that can be used, by columns; those that can't are in `refused`."""

    def __init__(self, table: pa.Table) -> None:
        bad = table["reasons"].to_pylist() if table.num_rows else []
        self.rows = table.num_rows
        good = [i for i, reasons in enumerate(bad) if not reasons]
        self.first: int
        self.last: int
        self.first, self.last = (table["row"][0].as_py(), table["row"][-1].as_py()) if bad else (0, 0)
        keep = table if len(good) == len(bad) else table.take(pa.array(good, pa.int64()))
        self._table = keep
        self._lists: dict[str, list[Any]] = {}
        wrong = pa.array([i for i, reasons in enumerate(bad) if reasons], pa.int64())
        self.refused = table.select(["row", "reasons", "cells"]).take(wrong).to_pylist() if len(wrong) else []

    def without(self, rows: Collection[int]) -> Chunk:
        """The same without these of its usable rows (by their place)."""
        rest = copy(self)
        keep = [i for i in range(len(self)) if i not in rows]
        rest._table, rest._lists = self._table.take(pa.array(keep, pa.int64())), {}
        return rest

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __getitem__(self, name: str) -> list[Any]:
        """The values of a column; None for every row where the file has no such column."""
        if name not in self._lists:
            there = name in self._table.column_names
            self._lists[name] = _plain(self._table[name]) if there else [None] * len(self)
        return self._lists[name]

    def array(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(numbers, which of them are missing) of a column of whole numbers or yes and no; what is missing is 0."""
        column = self._table[name].combine_chunks().cast(pa.int64())
        return column.fill_null(0).to_numpy(zero_copy_only=False), column.is_null().to_numpy(zero_copy_only=False)


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """The values as Python has them: by way of numpy, which makes them all at once, where that is the same."""
    flat = pa.types.is_string(column.type) or (
        column.null_count == 0 and (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type))
    )
    values: list[Any] = column.to_numpy().tolist() if flat else column.to_pylist()
    return values


@dataclass
class Plan:
    """What will become of each usable row of a chunk, and whatever else its writer has to remember."""

    outcomes: Sequence[str]
    detail: Any = None

    def counts(self, refused: int) -> dict[str, int]:
        """How many of each outcome, `refused` rows being errors."""
        found = Counter(self.outcomes)
        found[ERROR] += refused
        return added(found, {})


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """The sums of two counts of rows.

    >>> added({"create": 1}, {"create": 2, "erased": 1})
    {'create': 3, 'update': 0, 'skip': 0, 'error': 0, 'erased': 1}
    """
    sums = {name: one.get(name, 0) + other.get(name, 0) for name in (*OUTCOMES, ERASED)}
    return sums if sums[ERASED] else {name: sums[name] for name in OUTCOMES}


class Writer(Protocol):
    """One kind of record. `plan` only reads; `write` does what was planned, in the caller's transaction."""

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """What each row will come to."""
        ...

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Write it; the numbers of the customers concerned."""
        ...


def decide(
    keys: Sequence[Any],
    contents: Sequence[Any],
    there: dict[Any, Any],
    again: Sequence[bool],
    seen: dict[Any, Any],
) -> list[str]:
    """What each row comes to: new, the same as what is `there` (or was just `seen`), or other contents.

    >>> decide(["a", "b", "a"], [1, 2, 3], {"b": 2}, [True, False, True], {})
    ['create', 'skip', 'update']
    """
    out = []
    nothing = object()
    for key, content, repeated in zip(keys, contents, again, strict=True):
        known = seen.get(key, nothing) if repeated else nothing
        if known is nothing:
            known = there.get(key, nothing)
        out.append(CREATE if known is nothing else SKIP if known == content else UPDATE)
        if repeated:
            seen[key] = content
    return out
