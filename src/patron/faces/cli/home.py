"""Where Patron keeps what is its own."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder PATRON_HOME, by default ~/.local/share/patron; `./patron` in a clone sets it to the clone's var."""
    told = os.environ.get("PATRON_HOME")
    return Path(told) if told else Path.home() / ".local" / "share" / "patron"
