"""What names a fact in its source for ever (pure)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

SIZE = 16


def _digest(*parts: object) -> bytes:
    text = "|".join(str(part).replace("\\", "\\\\").replace("|", "\\|") for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=SIZE).digest()


def key_of_id(source_id: int, kind: str, external_id: str) -> bytes:
    """The key of a fact that its source names."""
    return _digest(source_id, kind, external_id)


def key_of_content(source_id: int, kind: str, content: Sequence[object], ordinal: int) -> bytes:
    """The key of a fact without a name: its contents, and which one of equal rows it is (from 0)."""
    return _digest(source_id, kind, *("" if c is None else c for c in content), f"#{ordinal}")


def key_by_hand() -> bytes:
    """The key of a fact that somebody typed: two equal ones are two facts."""
    return secrets.token_bytes(SIZE)
