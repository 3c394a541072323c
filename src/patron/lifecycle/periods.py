"""Days and half-open periods: the only notion of time that the lower buildings have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from patron.errors import UsageError
from patron.words import Text

DAYS_A_WEEK = 7
WEEKS_A_YEAR = 52.1775


@dataclass(frozen=True)
class Period:
    """The days from `start` up to but not including `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends before it starts: {self.start} … {self.end}")

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def after(day: date, horizon_days: int) -> Period:
    """What follows the as-of day: [day+1, day+horizon+1)."""
    return Period(day + timedelta(days=1), day + timedelta(days=horizon_days + 1))


def horizon_days(text: str | int) -> int:
    """Days of a horizon written as '39w', '90d', '6m' (30.4375 days each), '1y' or a number of days."""
    if isinstance(text, int):
        days = text
    else:
        found = re.fullmatch(r"\s*(\d+)\s*([dwmy]?)\s*", text.lower())
        if not found:
            raise UsageError(
                Text(f"'{text}' is not a length of time.", f"“{text}”不是一段时间。"),
                remedy=Text("Write it like 39w, 90d, 6m or 1y.", "请写成 39w、90d、6m 或 1y。"),
            )
        each = {"d": 1, "": 1, "w": 7, "m": 30.4375, "y": 365.25}[found[2]]
        days = round(int(found[1]) * each)
    if not 1 <= days <= 36525:
        raise UsageError(
            Text(f"A horizon of {days} days is out of range.", f"{days} 天的期限超出范围。"),
            remedy=Text("Choose between 1 day and 100 years.", "请在 1 天到 100 年之间选择。"),
        )
    return days
