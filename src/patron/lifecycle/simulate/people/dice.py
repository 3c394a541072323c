"""Seeded draws one at a time, quick enough for tens of thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 8192


class Dice:
    """A stream of chance: the same seed and topic give the same draws, whatever other topics draw."""

    def __init__(self, seed: int, topic: str) -> None:
        self._chance = np.random.default_rng([seed, *topic.encode()])
        self._stream = self._draw()

    def _draw(self) -> Iterator[float]:
        while True:
            yield from self._chance.random(_BLOCK).tolist()

    def share(self) -> float:
        """Evenly from [0, 1)."""
        return next(self._stream)

    def below(self, n: int) -> int:
        """Evenly from 0 … n-1."""
        return int(next(self._stream) * n)

    def between(self, low: float, high: float) -> float:
        """Evenly from [low, high)."""
        return low + next(self._stream) * (high - low)

    def yes(self, chance: float) -> bool:
        """True with this chance."""
        return next(self._stream) < chance

    def pick(self, among: Sequence[T]) -> T:
        """One of them, evenly."""
        return among[int(next(self._stream) * len(among))]

    def shuffled(self, n: int) -> list[int]:
        """0 … n-1 in chance order."""
        order: list[int] = self._chance.permutation(n).tolist()
        return order
