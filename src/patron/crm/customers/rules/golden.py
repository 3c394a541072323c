"""Survivorship: from what the sources said of a customer to the one record that is shown (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from patron.crm.customers.rules.contact import normalise_email, normalise_name, normalise_phone
from patron.crm.customers.rules.fields import FIELDS


@dataclass(frozen=True)
class Said:
    """One version of one record: `rank` of its source, `at` received, `order` (record, number) for equal times.

    `own` is what was typed for this very customer, and not for one who was merged into it.
    """

    fields: Mapping[str, Any]
    rank: int = 50
    at: datetime | None = None
    by_hand: bool = False
    own: bool = False
    order: tuple[int, int] = (0, 0)

    @property
    def strength(self) -> tuple[Any, ...]:
        """Higher wins: by hand (its own before that of merged ones), then the source's rank, then the newer."""
        seconds = self.at.timestamp() if self.at else 0.0
        return (self.by_hand, self.own, -self.rank, seconds, self.order)


def survive(versions: Iterable[Said], external_id: str = "") -> dict[str, Any]:
    """The golden fields, every one of them with its column's type, and `name_key`.

    Each field is taken from the strongest version that said it. An empty value says nothing, except by hand, where it
    empties the field. Entries of `extra` count one by one. `external_id` is that of the first record from a source;
    one that somebody typed goes before it.
    """
    chosen: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for version in sorted(versions, key=lambda v: v.strength, reverse=True):
        for name, value in version.fields.items():
            if name == "extra":
                _further(extra, value or {}, version.by_hand)
            elif name in FIELDS and name not in chosen and (version.by_hand or value not in (None, "")):
                chosen[name] = value
    chosen["extra"] = {name: extra[name] for name in sorted(extra) if extra[name] not in (None, "")}
    chosen["external_id"] = chosen.get("external_id") or external_id
    golden = {name: field.value(chosen.get(name)) for name, field in FIELDS.items()}
    return {**golden, "name_key": normalise_name(golden["name"])}


def _further(extra: dict[str, Any], said: Mapping[str, Any], by_hand: bool) -> None:
    for name, value in said.items():
        if name not in extra and (by_hand or value not in (None, "")):
            extra[name] = value


def newest(versions: Iterable[Said]) -> dict[str, Any]:
    """What one record says now: for each field the newest version that said it."""
    return survive(Said(v.fields, at=v.at, by_hand=v.by_hand, order=v.order) for v in versions)


def identities_of(fields: Mapping[str, Any], region: str = "CN") -> dict[tuple[str, str], str]:
    """(kind, normalised value) → as given, of everything in `fields` that tells who somebody is.

    >>> identities_of({"email": "Li@x.CN", "phone": "13800138000"})
    {('email', 'li@x.cn'): 'Li@x.CN', ('phone', '+8613800138000'): '13800138000'}
    """
    given = {name: str(fields.get(name) or "").strip() for name in ("email", "phone", "wechat", "external_id")}
    values = {
        "email": normalise_email(given["email"]),
        "phone": normalise_phone(given["phone"], region),
        "wechat": given["wechat"].casefold(),
        "external_id": given["external_id"],
    }
    return {(name.removesuffix("_id"), value): given[name][:254] for name, value in values.items() if value}
