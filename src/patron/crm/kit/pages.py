"""One page of a long list: rows and where the next page begins. Pages are found by key, never counted off."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q

from patron.crm.kit.problems import Invalid
from patron.words import Text

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list; `next` is handed in as `after` for those behind them, None at the end."""

    rows: Sequence[T]
    next: str | None = None


def bookmark(*values: Any) -> str:
    """Plain JSON values as one opaque word that fits into an address."""
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_bookmark(word: str, *kinds: type) -> list[Any]:
    """The values of a `bookmark`, of these types. Raises Invalid for any other word."""
    try:
        values = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (ValueError, binascii.Error):
        values = None
    if not isinstance(values, list) or [type(v) for v in values] != list(kinds):
        wrong = Text("This place in the list is not known. Start at its top.", "列表位置无效，请从头开始。")
        raise Invalid({"after": wrong})
    return values


def beyond(field: str, value: Any, number: int, *, descending: bool = False) -> Q:
    """Rows behind (value, number) in the order of `field`, then `pk`, both the same way round; none of them null.

    Said as a range with an exception, not as "or": databases walk an index for it.
    """
    if descending:
        return Q(**{f"{field}__lte": value}) & ~Q(**{field: value, "pk__gte": number})
    return Q(**{f"{field}__gte": value}) & ~Q(**{field: value, "pk__lte": number})
