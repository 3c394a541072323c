"""The keys of many rows at once: what customers.rules.keys says, a chunk at a time (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from patron.crm.customers.rules.keys import SIZE

OWN = "#"
"""What an identity of a prepared row begins with that is the row's own number, not its contents."""


def row_keys(source_id: int, kind: str, identities: Sequence[str], ordinals: Sequence[int]) -> list[bytes]:
    """One key a row: `key_of_id` for a row with a number of its own, `key_of_content` for any other.

    >>> from patron.crm.customers.rules.keys import key_of_content, key_of_id
    >>> one, other = row_keys(7, "event", ["#a|b", "x"], [0, 2])
    >>> one == key_of_id(7, "event", "a|b"), other == key_of_content(7, "event", ["x"], 2)
    (True, True)
    """
    head = f"{source_id}|{kind}|".encode()
    blake = hashlib.blake2b
    out = []
    for identity, ordinal in zip(identities, ordinals, strict=True):
        text = identity
        if "|" in text or "\\" in text:
            text = text.replace("\\", "\\\\").replace("|", "\\|")
        text = text[1:] if text[:1] == OWN else f"{text}|#{ordinal}"
        out.append(blake(head + text.encode(), digest_size=SIZE).digest())
    return out
