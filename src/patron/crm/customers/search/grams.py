"""Pieces of text by which any part of a name, phone or e-mail is found: every two neighbouring characters (pure).

Pieces of one part stand in order, so that following pieces mean a part as it stood. A word of three pieces or more is
found by all of them in a row. A single character is looked for at the beginning of names only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

GAP = "·"  # between parts, so that nothing is found across them
START = "ˆ"  # before the first character of a name
LONGEST = 60  # characters of a query that count


def plain(text: str) -> str:
    """Letters and digits alone, case folded, full width as half width: '+86 138' is '86138'."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def pieces(parts: Iterable[str], names: Iterable[str] = ()) -> list[str]:
    """The pieces of a customer: of all `parts` (names among them), and how each of `names` begins."""
    out: list[str] = []
    for part in dict.fromkeys(map(plain, parts)):
        out += [*pairs(part), GAP]
    starts = [START + name[0] for name in map(plain, names) if name]
    return [*out, *dict.fromkeys(starts)]


def pairs(word: str) -> list[str]:
    """Every two neighbouring characters of a plain word.

    >>> pairs("王小明"), pairs("a")
    (['王小', '小明'], [])
    """
    return [word[i : i + 2] for i in range(len(word) - 1)]


def wanted(text: str) -> list[str]:
    """The pieces that must follow each other for `text` to be found; none where it holds no letter or digit."""
    word = plain(text)[:LONGEST]
    return [START + word] if len(word) == 1 else pairs(word)
