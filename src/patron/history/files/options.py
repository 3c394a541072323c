"""What a reader is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from patron.words import Text

Progress = Callable[[str, int, int | None], None]
"""`progress(step, done, total)`: rows (or bytes) done of this step; total None where it is not known."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read; what is left out is recognised and told.

    `mapping`: role → column name or 1-based position; an empty text leaves the role out.
    `header`: True, False or None = recognise. `timezone`: IANA name that times with an offset are moved to.
    `currency`: label of the base currency. `rates`: base units for one unit of another currency.
    `rates_by_day`: (day, currency, base units for one unit from that day on); they win over `rates`.
    `assumed_currency`: currency of rows that name none, if it is not the base.
    `kind`: the kind of record the columns are named for (record_kinds.RECORDS); empty = an order export.
    `date_order`: 'dmy', 'mdy' or 'ymd' where the figures alone do not tell. `decimal`: '.' or ','.
    """

    mapping: Mapping[str, str | int] = field(default_factory=dict)
    header: bool | None = None
    timezone: str | None = None
    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    rates_by_day: Sequence[tuple[date, str, float]] = ()
    assumed_currency: str | None = None
    kind: str = ""
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    decimal: Literal[".", ","] | None = None
    lang: str = "en"


@dataclass(frozen=True)
class SqlSource:
    """One query against a database: `url` is sqlite:///path or postgresql://user@host/name."""

    url: str
    query: str


@dataclass(frozen=True)
class SetAside:
    """Rows that were not used for one reason, and the money that could be read in them."""

    reason: str
    text: Text
    rows: int
    value: float


@dataclass(frozen=True)
class OrdersRead:
    """What came of reading orders. rows_used + rows set aside = rows_file, and so with the money."""

    parts: list[Path]
    rejected: Path
    rows_file: int
    rows_used: int
    set_aside: list[SetAside]
    value_file: float
    value_used: float
    told: list[Text]
    mapping: dict[str, str]
    has_cost: bool
    currency: str | None
    currencies: list[str]
    input_hash: str
    first_day: date
    last_day: date
