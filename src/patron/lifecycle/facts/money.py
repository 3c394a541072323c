"""Exact amounts: money and units as whole millionths.

Sums of floating point numbers depend on the order of the rows, which a parallel engine does not promise. Whole
numbers add up to the same bytes in any order, so that a figure as of a day stays the same figure for ever.
"""

from __future__ import annotations

from typing import Any

import ibis

MICRO = 1_000_000
LARGEST = 1e12
"""The largest amount a line may have: in millionths it fills a ninth of a 64-bit number."""
BOUND = 2**53 / MICRO
"""Up to this sum (9 billion) float64 counts every millionth, in whatever order the amounts are added."""


@ibis.udf.scalar.builtin(name="round")  # type: ignore[untyped-decorator]
def _round(_: float) -> float:  # type: ignore[empty-body]
    """The engine's own rounding to a whole number, half away from zero: Ibis' asks for a number of digits too."""


def micro(amount: Any) -> Any:
    """An Ibis column of amounts as whole millionths (int64), rounded half away from zero."""
    return _round(amount * float(MICRO)).cast("int64")


def total(millionths: Any, *, bounded: bool) -> Any:
    """The sum of whole millionths (Ibis) as int64.

    `bounded` says that no sum of these amounts passes BOUND: float64 then adds them as exactly as the engine's wider
    whole numbers, and quicker.
    """
    return whole((millionths.cast("float64") if bounded else millionths).sum())


def whole(total: Any) -> Any:
    """A sum of whole numbers (Ibis) as int64, past the wider type that the engine gives it.

    Ibis takes the sum for int64 already and leaves a plain cast out, so the way leads over float64 (by decimals it
    costs ten times as much): exact up to 9 billion in money a customer and day, beyond that to sixteen digits.
    """
    return total.cast("float64").cast("int64")


def money(millionths: Any) -> Any:
    """An Ibis column of whole millionths as an amount (float64)."""
    return millionths.cast("float64") / float(MICRO)
