"""Work at set times: when a piece of it is due, and who may do it. A claim is a unique row, so that of any number of
workers one gets it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from patron.crm.kit.models import ScheduledRun
from patron.words import Text


@dataclass(frozen=True)
class Entry:
    """One line of the schedule: every day at `at` in the organisation's time zone, or every `every`.

    `job` is 'module:function'; the function takes nothing and may be run twice without harm. `short` work of a moment
    does not wait for what is heavy.
    """

    name: str
    job: str
    about: Text
    at: time | None = None
    every: timedelta | None = None
    short: bool = False

    def __post_init__(self) -> None:
        if (self.at is None) == (self.every is None):
            raise ValueError(f"{self.name}: either a time of day or an interval")


def last_due(entry: Entry, now: datetime, timezone: str) -> datetime:
    """The newest moment at or before `now` at which the entry was due."""
    if entry.every is not None:
        seconds = int(entry.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)
    assert entry.at is not None
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), entry.at, zone)
    if due > local:
        due = datetime.combine(local.date() - timedelta(days=1), entry.at, zone)
    return due.astimezone(now.tzinfo)


def claim(entry: Entry, now: datetime, timezone: str) -> ScheduledRun | None:
    """The run that is due and that nobody has claimed, now ours; None when there is none.

    The first time an entry is seen at all, its last due moment lies before this Patron: it counts as done.
    """
    due = last_due(entry, now, timezone)
    runs = ScheduledRun.objects.filter(name=entry.name)
    if runs.filter(due_at=due).exists():
        return None
    new = not runs.exists()
    try:
        with transaction.atomic():
            made = ScheduledRun.objects.create(
                name=entry.name, due_at=due, claimed_at=now, finished_at=now if new else None
            )
    except IntegrityError:
        return None  # another worker was quicker
    return None if new else made


def claim_all(entries: Iterable[Entry], now: datetime, timezone: str) -> list[ScheduledRun]:
    """Every run that is due and now ours."""
    return [run for entry in entries if (run := claim(entry, now, timezone)) is not None]
