"""Kinds of values as they stand in JSON: money as decimal text, times with their offset, numbers that fit the database.

What is read is read strictly: a number is not a text, a text is not a number, and nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

T = TypeVar("T")

MOST = 2**63 - 1
JSON = "application/json; charset=utf-8"
AMOUNT = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
NUMBER = r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_YEARS = range(1900, 2201)


def _amount(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(AMOUNT.strip("^$"), value, re.ASCII):
        raise PydanticCustomError("money", 'An amount is a text like "19.90".')
    return Decimal(value)


def _rate(value: Any) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(NUMBER.strip("^$"), value, re.ASCII):
        raise PydanticCustomError("money", 'An amount is a text like "19.90".')
    return Decimal(value)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        read = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", 'A day is a text like "2026-03-01".') from None
    return _in_range(read)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        # An address turns the plus of an offset into a blank unless it was written as %2B.
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError
        read = datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError(
            "moment", 'A time is a text with an offset, like "2026-03-01T09:30:00+08:00".'
        ) from None
    return _in_range(read).astimezone(UTC)


D = TypeVar("D", date, datetime)


def _in_range(read: D) -> D:
    if read.year not in _YEARS:
        raise PydanticCustomError("years", "Patron keeps the years 1900 to 2200.")
    return read


def plain(value: Decimal | int | float) -> str:
    """A decimal number as text, without an exponent or zeros that say nothing.

    >>> plain(Decimal("12.50")), plain(Decimal("1E+3")), plain(Decimal("-0.00"))
    ('12.5', '1000', '0')
    """
    text = format(value if isinstance(value, Decimal) else Decimal(str(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


Money = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "examples": ["19.90"]}),
]
"""An amount in JSON: text with a point, at most six decimals."""

Sum = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
"""An amount that is only ever answered: it may be larger than what one may hand in."""

Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    WithJsonSchema({"type": "string", "pattern": NUMBER}),
]

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

Number = Annotated[int, Field(strict=True, ge=1, le=MOST)]
"""The number of a record, in a body or an answer."""

Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


Many = BeforeValidator(lambda value: list(value.all()) if hasattr(value, "all") else value)
"""Related rows of a record, as a list."""


class Given(BaseModel):
    """What a program sends: a name nobody knows is a mistake, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What Patron answers; read off a record's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Shown, Generic[T]):
    """A page of a list. `next` goes into `after` of the next request; null at the end."""

    items: list[T]
    next: str | None = None


class Said(Shown):
    """A sentence in both languages."""

    en: str
    zh: str
