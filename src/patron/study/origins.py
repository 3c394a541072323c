"""Where in the past to stand when judging the models: a plan of as-of days whose future is already known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patron.words import Text

MOST_ORIGINS = 5
LEAST_ORIGINS = 3
STEP = 0.25  # of the horizon between two origins
WEEK = 7


@dataclass(frozen=True)
class BacktestPlan:
    """As-of days, oldest first, and the days judged after each. `origins` is empty where the past is too short."""

    horizon_days: int
    origins: Sequence[date]
    why: Text


def plan(first_day: date, as_of: date, horizon_days: int) -> BacktestPlan:
    """The origins t' with t' + h ≤ as_of, each with at least h days of history behind it.

    h is the asked horizon where the data reach; else the longest whole number of weeks that leaves three origins
    a quarter of h apart, and none at all below a quarter of the asked horizon [definitions.md, Time].
    """
    span = (as_of - first_day).days + 1
    h = horizon_days if _fits(horizon_days, span) else _longest(span)
    if h < WEEK or 4 * h < horizon_days:
        past = "1 day of history is" if span == 1 else f"{span} days of history are"
        return BacktestPlan(
            h,
            (),
            Text(
                f"{past} too short to test a horizon of {horizon_days} days on the past.",
                f"历史只有 {span} 天，不足以用过去的数据检验 {horizon_days} 天的期限。",
            ),
        )
    step = _step(h)
    room = span - 2 * h
    count = min(MOST_ORIGINS, room // step + 1)
    origins = [as_of - timedelta(days=h + step * i) for i in reversed(range(count))]
    if h == horizon_days:
        why = Text(f"Tested on {count} earlier days, {h} days ahead.", f"在 {count} 个过去的日期上检验，向前 {h} 天。")
    else:
        why = Text(
            f"The history is shorter than twice the horizon: tested on {count} earlier days over {h} days instead of "
            f"{horizon_days}; the model carries it on to {horizon_days}.",
            f"历史短于期限的两倍：在 {count} 个过去的日期上以 {h} 天代替 {horizon_days} 天检验，"
            f"再由模型推至 {horizon_days} 天。",
        )
    return BacktestPlan(h, tuple(origins), why)


def _step(h: int) -> int:
    """Days between two origins."""
    return max(WEEK, round(h * STEP))


def _fits(h: int, span: int) -> bool:
    """Whether the least number of origins, with h days behind the first and ahead of the last, fit into `span` days."""
    return 2 * h + (LEAST_ORIGINS - 1) * _step(h) <= span


def _longest(span: int) -> int:
    """The longest whole number of weeks, in days, that fits; 0 where none does."""
    return next((h for h in range(span // WEEK * WEEK, 0, -WEEK) if _fits(h, span)), 0)
