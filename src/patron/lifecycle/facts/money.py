"""Exact amounts: money and units as whole millionths.

Sums of floating point numbers depend on the order of the rows, which a parallel engine does not promise. Whole
numbers add up to the same bytes in any order, so that a figure as of a day stays the same figure for ever.
"""

from __future__ import annotations

from typing import Any

MICRO = 1_000_000
LARGEST = 1e12
"""The largest amount a line may have: in millionths it fills a ninth of a 64-bit number."""


def micro(amount: Any) -> Any:
    """An Ibis column of amounts as whole millionths (int64), rounded half away from zero."""
    return (amount * float(MICRO)).round().cast("int64")


def whole(total: Any) -> Any:
    """A sum of whole numbers (Ibis) as int64, past the wider type that the engine gives it.

    Ibis takes the sum for int64 already and leaves a plain cast out, so the way leads over float64 (by decimals it
    costs ten times as much): exact up to 9 billion in money a customer and day, beyond that to sixteen digits.
    """
    return total.cast("float64").cast("int64")


def money(millionths: Any) -> Any:
    """An Ibis column of whole millionths as an amount (float64)."""
    return millionths.cast("float64") / float(MICRO)
