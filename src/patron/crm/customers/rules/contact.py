"""E-mails, phones and names in the form in which they are compared (pure)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import phonenumbers

_SPACE = re.compile(r"\s+")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
_CJK = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN_CJK = re.compile(rf"(?<={_CJK})\s+(?={_CJK})")
_EXTENSION = re.compile(r"(ext|extn|转|轉|x|#)\.?\s*\d+\s*$", re.IGNORECASE)
FEWEST_DIGITS = 5
MOST_DIGITS = 20


def folded(text: str) -> str:
    """Full-width and half-width forms made one, case folded, blanks single: for comparing only."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def normalise_name(name: str | None) -> str:
    """A name to compare by: '王 小明' is '王小明', 'LI,  Ming' is 'li ming'. '' where nothing is left.

    >>> normalise_name("Ｌi, Ming "), normalise_name("王　小明"), normalise_name("—")
    ('li ming', '王小明', '')
    """
    plain = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in folded(name or ""))
    return _BETWEEN_CJK.sub("", _SPACE.sub(" ", plain).strip())[:200]


def normalise_email(email: str | None) -> str:
    """An e-mail address in lower case; '' for what is none.

    >>> normalise_email(" Li.Ming@Example.COM "), normalise_email("none")
    ('li.ming@example.com', '')
    """
    plain = folded(email or "").removeprefix("mailto:")
    return plain if _EMAIL.fullmatch(plain) and len(plain) <= 254 else ""


def normalise_phone(phone: str | None, region: str = "CN") -> str:
    """A phone number as +country number; the digits alone where no plan of numbers knows it; '' for what is none.

    `region` is the country (ISO 3166, two letters) of numbers written without one.

    >>> normalise_phone("138 0013 8000"), normalise_phone("0086-138-0013-8000"), normalise_phone("call me")
    ('+8613800138000', '+8613800138000', '')
    """
    text = _EXTENSION.sub("", unicodedata.normalize("NFKC", phone or "").strip())
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return _digits(text)
    if not phonenumbers.is_possible_number(number):
        return _digits(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits(text: str) -> str:
    digits = "".join(c for c in text if c in "0123456789")
    mostly = len(digits) * 2 >= len(text.replace(" ", ""))
    return digits if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and mostly else ""


@cache
def region_of(timezone: str) -> str:
    """The country (ISO 3166, two letters) of an IANA time zone: where an organisation's local numbers are from.

    >>> region_of("Europe/London"), region_of("Asia/Shanghai"), region_of("UTC")
    ('GB', 'CN', 'CN')
    """
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and cells[2] == timezone:
            return cells[0]
    return "CN"
