"""Keeps what was known: fact tables as Parquet, as-of views, outcomes, engines, files in and out.

The names load when they are used: whoever only needs a word of `history.files` does not wait for an engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patron.history.outcomes import Outcomes
    from patron.history.store import History
    from patron.history.views import View

_PARTS = {
    "History": "patron.history.store",
    "Outcomes": "patron.history.outcomes",
    "View": "patron.history.views",
}
__all__ = ["History", "Outcomes", "View"]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return getattr(import_module(_PARTS[name]), name)
    raise AttributeError(f"patron.history has no '{name}'")
