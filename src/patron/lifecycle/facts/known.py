"""What was known on a day: the one rule behind every as-of view.

A fact counts as of day t when it had happened and was known by the end of t, and no correction of it was known
by then. Both ends of that life are whole days, so they are computed once per fact (`lifespan`) and a view of any
day is a comparison (`known_by`) [definitions.md, Time].
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import ibis


def lifespan(facts: Any, *, corrected: bool) -> Any:
    """`facts` (Ibis; fact_id, corrects, happened_at, known_at) with `day`, `visible` and, if `corrected`, `hidden`.

    `day` is the calendar day it happened. The fact counts from the end of day `visible` and, where `hidden` is not
    empty, no longer from the end of day `hidden` on: the day on which a correction of it was known. Of several
    corrections of the same fact the one known last stands (for equal times the higher fact_id). `corrected` says
    whether there are corrections at all; without them there is no join.
    """
    facts = facts.mutate(
        day=facts.happened_at.date(), visible=ibis.greatest(facts.happened_at.date(), facts.known_at.date())
    )
    if not corrected:
        return facts
    corrections = facts.filter(facts.corrects.notnull())
    overtaken = (
        corrections.known_at.date()
        .lead()
        .over(ibis.window(group_by=corrections.corrects, order_by=[corrections.known_at, corrections.fact_id]))
    )
    ends = ibis.union(
        corrections.select(ended_id=corrections.corrects, ended=corrections.known_at.date()),
        corrections.select(ended_id=corrections.fact_id, ended=overtaken),
    )
    ends = ends.group_by("ended_id").aggregate(hidden=ends.ended.min())
    return facts.left_join(ends, facts.fact_id == ends.ended_id).drop("ended_id")


def known_by(facts: Any, day: date) -> Any:
    """The rows of `facts` (with the columns of `lifespan`) that count as of the end of `day`.

    Facts that still have their moments are compared by these: the same as by `visible`, which then nobody needs to
    compute, and files whose moments all lie before that are not even looked at.
    """
    if "known_at" in facts.columns:
        end = ibis.literal(datetime.combine(day, time.max))
        facts = facts.filter(facts.happened_at <= end, facts.known_at <= end)
    else:
        facts = facts.filter(facts.visible <= ibis.literal(day))
    if "hidden" in facts.columns:
        facts = facts.filter(facts.hidden.isnull() | (facts.hidden > ibis.literal(day)))
    return facts
