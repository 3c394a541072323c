"""Patron: every customer's whole life.

`import patron` is light; the parts load when they are used. An analyst's start is three lines:

    import patron
    run = patron.analyze("orders.csv")
    run.plot("tracking")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from patron.study.analyze import analyze
    from patron.study.run import Run, open_run

_PARTS = {"analyze": "patron.study.analyze", "open_run": "patron.study.run", "Run": "patron.study.run"}
__all__ = ["Run", "__version__", "analyze", "open_run"]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return getattr(import_module(_PARTS[name]), name)
    raise AttributeError(f"patron has no '{name}'; it has {', '.join(__all__)}")
