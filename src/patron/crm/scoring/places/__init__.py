"""In which order customers stand: for every order of a list, who comes after whom, ready to be walked.

Six indexes on the standings would be the plain way, and cost more than all else when a million customers are scored
anew: each row touches a page of every index, and each short transaction writes those pages out again. So the orders
are a narrow table of their own, made anew with each refresh in the order in which it lies: page after page, and the
next ones are shown only when all of them are there (`switch`). In between single customers leave their places and
enter new ones (`leave`, `enter`) whenever a standing changes.

Derived: `rebuild` makes it from the standings.
"""

from patron.crm.scoring.places.columns import Columns
from patron.crm.scoring.places.kinds import ALL, KINDS, KNOWN, PARTED, Kind, number_of, part_of, value_of
from patron.crm.scoring.places.moving import enter, leave, moving
from patron.crm.scoring.places.table import (
    catch_up,
    clear,
    create,
    current,
    discard,
    drop,
    finish,
    rebuild,
    repair,
    start,
    write,
)

__all__ = [
    "ALL",
    "KINDS",
    "KNOWN",
    "PARTED",
    "Columns",
    "Kind",
    "catch_up",
    "clear",
    "create",
    "current",
    "discard",
    "drop",
    "enter",
    "finish",
    "leave",
    "moving",
    "number_of",
    "part_of",
    "rebuild",
    "repair",
    "start",
    "value_of",
    "write",
]
