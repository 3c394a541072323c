"""Keeps what was known: fact tables as Parquet, as-of views, outcomes, engines, files in and out."""

from patron.history.outcomes import Outcomes
from patron.history.store import History
from patron.history.views import View

__all__ = ["History", "Outcomes", "View"]
