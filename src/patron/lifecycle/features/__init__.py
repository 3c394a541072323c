"""Features: one row per customer as of a day, each written once as an Ibis expression."""

from patron.lifecycle.features.behaviour import FEATURES
from patron.lifecycle.features.summary import summarise

__all__ = ["FEATURES", "summarise"]
