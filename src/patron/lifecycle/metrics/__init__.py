"""Metrics: one row per period, or one curve, as of a day."""

from patron.lifecycle.metrics.activity import Activity, activity
from patron.lifecycle.metrics.cohorts import cohorts
from patron.lifecycle.metrics.monthly import METRICS, Metric, months

__all__ = ["METRICS", "Activity", "Metric", "activity", "cohorts", "months"]
