"""What a database holds: nothing, the sample base half made, the sample base, or somebody's own."""

from __future__ import annotations

import shutil
from datetime import timedelta
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from patron.crm.accounts.models import Organisation
from patron.crm.customers import search
from patron.crm.customers.models import Customer
from patron.crm.kit import audit
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Actor
from patron.crm.scoring import places
from patron.faces.project.sample.plan import LAST_DAY
from patron.words import Text

READY = "sample.ready"
# What is derived from the database or was handed to it; all of it is made anew with the base.
FOLDERS = ("history", "uploads", "runs")


class State(Enum):
    """Of a database whose tables are there."""

    EMPTY = "empty"
    HALF = "half"
    READY = "ready"
    OWN = "own"


def state() -> State:
    """What this database holds."""
    if Organisation.current().is_sample:
        return State.READY if AuditEntry.objects.filter(action=READY).exists() else State.HALF
    used = get_user_model().objects.exists() or Customer.objects.exists()
    return State.OWN if used else State.EMPTY


def finish(by: Actor) -> None:
    """Write down that the sample base is whole."""
    audit.record(by, READY)


def empty_out() -> None:
    """Takes everything out of a database that holds the sample. Raises ValueError for any other."""
    if state() not in {State.HALF, State.READY}:
        raise ValueError("only a sample base may be emptied")
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        search.engine(connection.vendor).clear(cursor)
    places.clear()
    for name in FOLDERS:
        shutil.rmtree(Path(settings.HOME) / name, ignore_errors=True)


def said_of_dates() -> Text:
    """Whether and how far the dates of this base were moved."""
    shift = Organisation.current().sample_shift_days
    if not shift:
        return Text(
            "Sample orders of 2010 and 2011, their dates as they were.", "2010 至 2011 年的示例订单，日期未作改动。"
        )
    last, weeks = LAST_DAY + timedelta(days=shift), "1 week" if shift == 7 else f"{shift // 7} weeks"
    return Text(
        f"Sample orders, moved by {weeks} so that they end on {last:%Y-%m-%d}; all people are made up.",
        f"示例订单，日期整体后移 {shift // 7} 周，止于 {last:%Y-%m-%d}；人物均为虚构。",
    )
