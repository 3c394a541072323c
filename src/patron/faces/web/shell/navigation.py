"""The rail: where one can go. Only what exists and the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from patron.faces.web.shell.requests import me
from patron.words import Text


@dataclass(frozen=True)
class Way:
    """One entry: the name of its address, its words, its icon, the permission it needs, the key after `g`."""

    address: str
    words: Text
    icon: str
    permission: str | None
    key: str


WAYS = (
    Way("today", Text("Today", "今日"), "sun", "customers.view", "t"),
    Way("customers", Text("Customers", "客户"), "users", "customers.view", "c"),
    Way("models", Text("Insight", "洞察"), "chart", "scoring.view", "i"),
    Way("imports", Text("Imports", "导入"), "upload", "sources.view", "m"),
    Way("settings", Text("Settings", "设置"), "settings", None, "s"),
)

OF_SETTINGS = ("/audit/", "/accounts/")
"""Where settings go on under other addresses."""


def ways(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries the signed-in person may follow; the one they are on is marked."""
    found = []
    for way in WAYS:
        if way.permission and not me(request).may(way.permission):
            continue
        try:
            address = reverse(way.address)
        except NoReverseMatch:
            continue
        under = (address, *OF_SETTINGS) if way.address == "settings" else (address,)
        here = request.path == address or (address != "/" and request.path.startswith(under))
        found.append({"way": way, "address": address, "here": here})
    return found
