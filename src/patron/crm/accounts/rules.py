"""Pure decisions about people and their ways in."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from zoneinfo import available_timezones

from patron.words import Text

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)
TOKEN_DAYS = (1, 366)
# Without signs that are mistaken for one another when a password is read off a screen.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CURRENCY = re.compile(r"[A-Z]{3}")


def new_secret() -> str:
    """A link's secret: 256 bits, safe in an address."""
    return token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. Secrets are random and long, so that a plain hash can't be guessed backwards."""
    return sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether `kept` is the hash of `secret`; takes as long for a near miss as for a far one."""
    return hmac.compare_digest(digest(secret), kept)


def one_time_password() -> str:
    """Four groups of four signs, e.g. 'k7mp-2hxw-9aqd-c3nt': 79 bits, easy to type off a terminal."""
    from secrets import choice

    return "-".join("".join(choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def wrong_organisation(name: str, base_currency: str, timezone: str, language: str) -> dict[str, Text]:
    """What is wrong with an organisation's settings, by field; empty when nothing is."""
    wrong = {}
    if not name.strip():
        wrong["name"] = Text("Give the organisation a name.", "请填写组织名称。")
    if not _CURRENCY.fullmatch(base_currency):
        wrong["base_currency"] = Text(
            "Write the currency as three letters, like CNY or EUR.", "请用三个字母填写货币，如 CNY 或 EUR。"
        )
    if timezone not in available_timezones():
        wrong["timezone"] = Text("Choose a time zone like Asia/Shanghai.", "请选择时区，如 Asia/Shanghai。")
    if language not in {"en", "zh"}:
        wrong["language"] = Text("Choose English or Chinese.", "请选择英文或中文。")
    return wrong
