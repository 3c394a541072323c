"""What every model is, and what is derived once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from patron.errors import InputError
from patron.words import Text


class Kind(StrEnum):
    """What a model's `predict` answers with."""

    SCORES = "scores"
    LABELS = "labels"
    PAIRS = "pairs"
    RULES = "rules"


@dataclass(frozen=True)
class Needs:
    """What a model asks of the table it is fitted on.

    `columns` must be there; `outcome_columns` say what followed (training rows of an earlier day); a model that can
    do without them says so by shrinking. `minimum_rows` below which fitting is an error. `horizon`: whether
    `predict` depends on one.
    """

    columns: Sequence[str]
    outcome_columns: Sequence[str] = ()
    minimum_rows: int = 1
    horizon: bool = True


@dataclass(frozen=True)
class Parts:
    """Everything a fitted model is: plain JSON, arrays and texts. `study` writes and reads them; nothing is pickled."""

    json: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Fitted(Protocol):
    """A model after fitting. Frozen: no method changes it or the table it is given."""

    @property
    def name(self) -> str:
        """The catalogue's name of its model."""

    def predict(self, table: pa.Table, *, horizon: float) -> pa.Table:
        """For `scores` a table of `tables.SCORES`: customer, quantity, value and its intervals. `horizon` in weeks."""

    def reasons(self, table: pa.Table, *, horizon: float) -> pa.Table:
        """A table of `tables.REASONS`: terms that add up to the prediction on the declared link."""

    def parts(self) -> Parts:
        """All it takes to make it again with the model's `restore`."""


@runtime_checkable
class Model(Protocol):
    """A way of predicting. One file holds it, one line of the catalogue names it."""

    name: str
    kind: Kind
    needs: Needs

    def fit(self, table: pa.Table, *, seed: int) -> Fitted:
        """Learn from `table`; the same table in any row order and the same seed give the same model."""

    def restore(self, parts: Parts) -> Fitted:
        """The fitted model that `parts()` took apart."""


def cells(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Column `name`. Raises InputError where it is missing."""
    if name not in table.column_names:
        raise InputError(
            Text(f"The table has no column '{name}'.", f"表中没有“{name}”列。"),
            remedy=Text(f"There are: {', '.join(table.column_names)}.", f"现有列：{'、'.join(table.column_names)}。"),
            column=name,
        )
    return table.column(name)


def numbers(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    """Column `name` as floats. Raises InputError where it is missing, empty in places, or not finite."""
    values = np.asarray(cells(table, name).to_numpy(zero_copy_only=False), dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise InputError(
            Text("The cell is empty or not a finite number.", "单元格为空或不是有限数值。"),
            remedy=Text("Give every customer a number here.", "请为每位客户填写数值。"),
            row=int(bad[0]) + 1,
            column=name,
        )
    return values
