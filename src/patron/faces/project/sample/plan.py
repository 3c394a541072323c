"""What the sample base is to be. Light: `patron demo` knows it before anything that computes is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SOURCE = "Online Retail (UCI 352)"
CURRENCY, TIMEZONE = "GBP", "Europe/London"
LINES = 541_909
LAST_DAY = date(2011, 12, 9)
OWNER = ("owner@example.com", "Ada Thistlewood")


@dataclass(frozen=True)
class Wish:
    """How the base is to be: dates moved to end yesterday or left, all lines or about so many (for tests)."""

    shift: bool = True
    lines: int | None = None
    language: str = "en"


def shift_days(yesterday: date) -> int:
    """By how many days, a whole number of weeks, the last order day comes to lie at `yesterday` or just before it.

    Weekdays stay what they were. Never backwards.
    """
    return max((yesterday - LAST_DAY).days // 7 * 7, 0)
