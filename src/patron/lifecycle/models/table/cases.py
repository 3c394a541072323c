"""Cases of any table: one row each, with features of whatever kind and, where it is known, what came of it.

A table of cases has `customer_id` (text), `outcome` (number: 0 or 1, or an amount) where it is known, and features:
float64 is a number, text a category, a timestamp a date. Other columns are refused. Rows are put in the order of their
ids (then of their features), so that the order in which they come never matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import InputError
from patron.words import Text

ID, OUTCOME = "customer_id", "outcome"
Floats = npt.NDArray[np.float64]
Made = TypeVar("Made")


def kind_of(kept: pa.DataType) -> str:
    """'number', 'category' or 'date'; '' for anything else."""
    if pa.types.is_floating(kept) or pa.types.is_integer(kept):
        return "number"
    if pa.types.is_string(kept) or pa.types.is_large_string(kept) or pa.types.is_dictionary(kept):
        return "category"
    return "date" if pa.types.is_timestamp(kept) or pa.types.is_date(kept) else ""


@dataclass(frozen=True)
class Cases:
    """A table of cases in order. `made` holds what was made of them for models, by whom and for what."""

    table: pa.Table
    made: dict[tuple[int, str], tuple[object, Any]] = field(default_factory=dict, repr=False, compare=False)

    def once(self, maker: object, what: str, make: Callable[[], Made]) -> Made:
        """What `make` makes, made once for each `maker`: members of a blend read the same matrix."""
        key = (id(maker), what)
        if key not in self.made:
            self.made[key] = (maker, make())  # the maker is held, so that its number stays its own
        found: Made = self.made[key][1]
        return found

    @staticmethod
    def of(table: pa.Table, *, sort: bool = False) -> Cases:
        """`table` as cases; `sort` puts them in the order of their ids. Raises InputError for a column of no kind."""
        for column in table.schema:
            if column.name not in (ID, OUTCOME) and not kind_of(column.type):
                raise InputError(
                    Text(f"A feature can't be of type {column.type}.", f"特征列不能为 {column.type} 类型。"),
                    remedy=Text("Give it as numbers, text or dates.", "请使用数字、文本或日期。"),
                    column=column.name,
                )
        if sort:
            keys = [(ID, "ascending"), *((n, "ascending") for n in table.column_names if n != ID)]
            table = table.take(pc.sort_indices(table, sort_keys=keys))
        return Cases(table)

    @property
    def features(self) -> list[str]:
        """Names of the features."""
        return [name for name in self.table.column_names if name not in (ID, OUTCOME)]

    @property
    def n(self) -> int:
        """How many."""
        return int(self.table.num_rows)

    @cached_property
    def outcome(self) -> Floats:
        """What came of each (n). Raises InputError where it is not known of all."""
        if OUTCOME not in self.table.column_names or self.table.column(OUTCOME).null_count:
            raise InputError(
                Text("What came of it is not known of every row.", "部分行没有结果。"),
                remedy=Text("Train on rows whose outcome is known.", "请仅用结果已知的行训练。"),
                column=OUTCOME,
            )
        return np.asarray(self.table.column(OUTCOME).cast(pa.float64()).to_numpy())

    def number(self, name: str) -> Floats:
        """A column as numbers (n), NaN where it is missing or infinite; a date as days since 1970."""
        column = self.table.column(name)
        if kind_of(column.type) == "date":
            micros = column.cast(pa.timestamp("us")).cast(pa.int64())
            values = pc.divide(micros.cast(pa.float64()), 86_400_000_000.0)
        elif kind_of(column.type) == "number":
            values = column.cast(pa.float64())
        else:  # text where numbers were learnt: what reads as one counts
            values = pa.chunked_array([_read(column)])
        found = np.asarray(values.to_numpy(), dtype=np.float64)
        return np.where(np.isfinite(found), found, np.nan)

    def text(self, name: str) -> pa.ChunkedArray:
        """A column as text; numbers as they are written in plain."""
        column = self.table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        return column.cast(pa.string())


def _read(column: pa.ChunkedArray) -> pa.Array:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()).combine_chunks())
    plain = pc.match_substring_regex(text, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    return pc.if_else(plain, text, None).cast(pa.float64())
