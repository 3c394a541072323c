"""Who is judged by a model that did not see them: folds of like shares, or blocks of time.

Copies of a row stand in one fold together: nobody is judged by a twin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import rankdata

from patron.errors import InputError
from patron.lifecycle.models.table.cases import ID, OUTCOME
from patron.words import Text

Ints = npt.NDArray[np.int64]
FOLDS = 5
BLOCKS = 6
"""Time is cut into six blocks of rows; each but the first is judged by what was learnt before it."""
FEWEST_OF_EITHER = 2
UNKNOWN = -2


@dataclass(frozen=True)
class Folds:
    """`fold` (n): where each case is judged. In time, fold k learns from the folds before it, from −1 on; what has no
    place in time (−2) is neither learnt from nor judged."""

    fold: Ints
    in_time: bool

    @property
    def judged(self) -> npt.NDArray[np.bool_]:
        """Which cases are judged."""
        return self.fold >= 0

    def splits(self) -> Iterator[tuple[Ints, Ints]]:
        """(rows learnt from, rows judged) of each fold."""
        for number in range(int(self.fold.max()) + 1):
            test = np.flatnonzero(self.fold == number)
            before = (self.fold < number) & (self.fold > UNKNOWN)
            train = np.flatnonzero(before if self.in_time else self.fold != number)
            yield train, test


def copies(cases: pa.Table) -> Ints:
    """A number for each case; rows that are equal but for their id share one."""
    columns = [name for name in cases.column_names if name != ID]
    keys = np.zeros(cases.num_rows, dtype=np.int64)
    for name in columns:
        found = cases.column(name).combine_chunks().dictionary_encode(null_encoding="encode")
        codes = np.asarray(found.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
        _, keys = np.unique(keys * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
        keys = keys.astype(np.int64)
    return keys


def random_folds(cases: pa.Table, task: str, *, twins: Ints | None = None, seed: int = 0, folds: int = FOLDS) -> Folds:
    """Folds of like shares of the outcome (class), or of like amounts (number). Raises InputError for too few."""
    outcome = np.asarray(cases.column(OUTCOME).to_numpy())
    _, first, of = np.unique(
        np.arange(len(outcome)) if twins is None else twins, return_index=True, return_inverse=True
    )
    level = outcome[first] if task == "class" else np.minimum(_tenths(outcome[first]), 9)
    if task == "class":
        least = int(min((level == 0).sum(), (level == 1).sum()))
        folds = min(folds, least)
        if least < FEWEST_OF_EITHER:
            raise InputError(
                Text(
                    f"Only {int((outcome == 1).sum())} of {len(outcome)} rows say yes: too few to judge a model.",
                    f"{len(outcome)} 行中只有 {int((outcome == 1).sum())} 行为“是”，不足以评估模型。",
                ),
                remedy=Text("Gather more rows of either outcome.", "请补充两种结果的数据。"),
                column=OUTCOME,
            )
    rng = np.random.default_rng(seed)
    place = np.zeros(len(first), dtype=np.int64)
    begun = 0
    for value in np.unique(level):
        mine = rng.permutation(np.flatnonzero(level == value))
        place[mine] = (begun + np.arange(len(mine))) % folds  # the next level goes on where this one ended
        begun += len(mine)
    return Folds(place[of], in_time=False)


def blocks_of_time(time: npt.NDArray[np.float64], *, blocks: int = BLOCKS) -> Folds:
    """Blocks of as many rows each, in time; the first is learnt from only. Equal moments stay together.

    Rows without a time are left out of it: they may be of any day. Raises InputError where time tells too little apart.
    """
    known = np.isfinite(time)
    share = (rankdata(time[known], method="min") - 1) / max(int(known.sum()), 1)
    fold = np.full(len(time), UNKNOWN, dtype=np.int64)
    fold[known] = np.minimum((share * blocks).astype(np.int64), blocks - 1) - 1
    there = np.unique(fold[fold >= 0])
    if len(there) < 2 or not (fold[known] < 0).any():
        raise InputError(
            Text("Too few different moments to judge in time.", "不同的时间点太少，无法按时间评估。"),
            remedy=Text("Leave --time out, or name a finer column.", "请去掉 --time，或指明更细的时间列。"),
        )
    fold[fold >= 0] = np.searchsorted(there, fold[fold >= 0])
    return Folds(fold, in_time=True)


def _tenths(values: npt.NDArray[Any]) -> Ints:
    return np.asarray(10 * (rankdata(values, method="ordinal") - 1) // max(len(values), 1), dtype=np.int64)
