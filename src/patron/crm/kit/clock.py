"""The one place below the faces where the clock is read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """The calendar day it is in `timezone` (an IANA name)."""
    return now().astimezone(ZoneInfo(timezone)).date()
