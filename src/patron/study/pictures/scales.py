"""From values to pixels: linear scales, slots for categories, and ticks a person would choose."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


def known(value: object) -> float | None:
    """`value` as a finite number, or None for everything that is not one (None, NaN, infinite, text)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def known_all(values: Iterable[object]) -> list[float]:
    """The finite numbers among `values`."""
    return [number for value in values if (number := known(value)) is not None]


def nice_step(span: float, target: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts `span` into `target` parts or somewhat fewer."""
    raw = span / max(target, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))


def ticks(low: float, high: float, target: int = 4, *, whole: bool = False) -> list[float]:
    """Round values from at or below `low` to at or above `high`; `whole` keeps them integers (counts)."""
    if not high - low > 1e-9 * max(abs(low), abs(high)):  # no closer than a figure is told apart
        low, high = (low, low + 1) if low >= 0 else (low, 0.0)
    step = nice_step(high - low, target)
    if whole:
        step = max(1.0, step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


@dataclass(frozen=True)
class Linear:
    """Values from `low` to `high` on pixels from `start` to `end` (which may run backwards)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        return self.start if span == 0 else self.start + (value - self.low) / span * (self.end - self.start)


@dataclass(frozen=True)
class Slots:
    """`count` equal slots on pixels from `start` to `end`, each with a gap that is `gap` of its width."""

    count: int
    start: float
    end: float
    gap: float = 0.2

    @property
    def step(self) -> float:
        """From one slot to the next."""
        return (self.end - self.start) / max(self.count, 1)

    @property
    def width(self) -> float:
        """Of a mark inside its slot."""
        return self.step * (1 - self.gap)

    def left(self, index: int) -> float:
        """Where the mark of slot `index` begins."""
        return self.start + self.step * (index + self.gap / 2)

    def middle(self, index: float) -> float:
        """The middle of slot `index`."""
        return self.start + self.step * (index + 0.5)

    def edge(self, index: float) -> float:
        """The left edge of slot `index`, its gap included."""
        return self.start + self.step * index


def every(count: int, room: float, needed: float) -> int:
    """Label each how manieth of `count` things so that labels `needed` pixels wide fit in `room` pixels."""
    return max(1, math.ceil(count * needed / max(room, 1)))
