"""Columns that Django does not have."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import models

MICROS = 1_000_000


def to_micros(value: Decimal | int | float | str | None) -> int | None:
    """Whole millionths of an amount; half to even. Text is read as a plain decimal number."""
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return int((exact * MICROS).to_integral_value(ROUND_HALF_EVEN))


def from_micros(value: int | None) -> Decimal | None:
    """The amount of so many millionths."""
    return None if value is None else Decimal(value) / MICROS


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """An amount, kept as whole millionths, a Decimal in Python: sums are exact on both databases."""

    _pyi_private_set_type: Any  # for the type checker: what may be assigned, and what is read
    _pyi_private_get_type: Any

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> Decimal | None:
        """As Python sees it."""
        # Sums of big integers come back as Decimal from PostgreSQL.
        return from_micros(None if value is None else int(value))

    def to_python(self, value: Any) -> Decimal | None:
        """As forms and fixtures hand it in."""
        return None if value is None else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        """As the database keeps it."""
        return to_micros(value)
