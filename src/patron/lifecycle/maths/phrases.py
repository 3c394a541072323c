"""Sentences by the column: one template, many rows, no loop over rows.

A template is a `Text` with blanks in braces; a blank is filled from a column of the same name, which holds either
strings (the same in both languages) or a pair of string columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from patron.words import Text

SMALL = 100_000
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrases:
    """One phrase a row in both languages (columns of equal length, of strings or dictionary-encoded strings)."""

    en: pa.Array
    zh: pa.Array

    def __len__(self) -> int:
        return len(self.en)

    def take(self, rows: ArrayLike) -> Phrases:
        """The phrases of these rows (indices)."""
        index = pa.array(np.asarray(rows, dtype=np.int64))
        return Phrases(self.en.take(index), self.zh.take(index))


def counted(numbers: ArrayLike, *, one: Text, many: Text, zero: Text | None = None) -> Phrases:
    """A phrase of whole numbers ≥ 0 (n): `zero`, `one` or `many` with the number in the blank {n}.

    Each different number is worded once; the columns are dictionary-encoded, four bytes a row.
    """
    values, place = _distinct(np.asarray(numbers, dtype=np.int64))
    special = {1: one} | ({0: zero} if zero is not None else {})
    words = [special.get(value, many).format(n=value) for value in values.tolist()]
    index = pa.array(place.astype(np.int32))
    en, zh = ([word.say(lang) for word in words] for lang in ("en", "zh"))
    return Phrases(
        pa.DictionaryArray.from_arrays(index, pa.array(en, pa.string())),
        pa.DictionaryArray.from_arrays(index, pa.array(zh, pa.string())),
    )


def _distinct(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct whole numbers ≥ 0, rising, and which of them each is; by a table where they are small."""
    if numbers.max(initial=0) > max(len(numbers), SMALL):
        values, place = np.unique(numbers, return_inverse=True)
        return values, place
    there = np.bincount(numbers) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def fill(template: Text, blanks: Mapping[str, Phrases], rows: int) -> Phrases:
    """`template` with its blanks filled, `rows` times. Raises KeyError for a blank that has no column."""
    return Phrases(
        _fill(template.en, {name: phrases.en for name, phrases in blanks.items()}, rows),
        _fill(template.zh, {name: phrases.zh for name, phrases in blanks.items()}, rows),
    )


def choose(which: ArrayLike, templates: Sequence[Text], blanks: Mapping[str, Phrases]) -> Phrases:
    """For each row (n) template number `which`, filled from that row of the blanks."""
    chosen = np.asarray(which, dtype=np.int64)
    rows = [np.flatnonzero(chosen == number) for number in range(len(templates))]
    parts = [
        fill(template, {name: blanks[name].take(some) for name in _BLANK.findall(template.en)}, some.size)
        for template, some in zip(templates, rows, strict=True)
    ]
    both = Phrases(pa.concat_arrays([p.en for p in parts]), pa.concat_arrays([p.zh for p in parts]))
    back = np.empty(chosen.size, dtype=np.int64)
    back[np.concatenate(rows)] = np.arange(chosen.size)
    return both.take(back)


def join(*parts: Phrases) -> Phrases:
    """The parts of each row put together, with nothing in between."""
    columns = [(part.en, part.zh) for part in parts]
    en, zh = zip(*columns, strict=True)
    return Phrases(pc.binary_join_element_wise(*en, ""), pc.binary_join_element_wise(*zh, ""))


def _fill(template: str, blanks: Mapping[str, pa.Array], rows: int) -> pa.Array:
    pieces = _BLANK.split(template)
    if len(pieces) == 1:
        return pa.repeat(pa.scalar(template, pa.string()), rows)
    columns = [
        blanks[piece].cast(pa.string()) if number % 2 else pa.scalar(piece) for number, piece in enumerate(pieces)
    ]
    return pc.binary_join_element_wise(*columns, "")
