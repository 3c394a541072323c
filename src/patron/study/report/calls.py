"""Who to keep: the customers with the most value at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from patron.lifecycle.decisions.keep import LABELS, TOO_LITTLE_DATA, call_list
from patron.study.pictures import numbers
from patron.study.pictures.terms import STAGES, term
from patron.study.pictures.voice import Voice
from patron.study.report.safe import clean

TOP = 50
LONGEST_ID, LONGEST_REASON = 80, 300
_COLUMNS = (
    "customer_id",
    "stage",
    "revenue",
    "clv",
    "clv_low",
    "clv_high",
    "churn_risk",
    "value_at_risk",
    "label",
)


@dataclass(frozen=True)
class Call:
    """One line of the call list, said in one language."""

    rank: int
    customer: str
    stage_code: str
    stage: str
    so_far: str
    expected: str
    between: str
    risk: str
    risk_words: str
    at_risk: str
    reason: str
    label: str


def calls(scores: pa.Table, v: Voice) -> list[Call]:
    """The `TOP` customers by value at risk (above zero), largest first; ties by customer id.

    Selection is done on columns; only the rows shown become Python objects, whatever the size of the base.
    """
    if "value_at_risk" not in scores.column_names or scores.num_rows == 0:
        return []
    marked = marked_too_little(scores)
    tell = 0 < marked < scores.num_rows  # what holds for everybody is said once, elsewhere
    wanted = [name for name in (*_COLUMNS, f"reason_{v.lang}") if name in scores.column_names]
    return [_call(row, v, tell=tell) for row in call_list(scores.select(wanted), TOP).to_pylist()]


def _call(row: Mapping[str, Any], v: Voice, *, tell: bool) -> Call:
    percent, words = numbers.chance_parts(row.get("churn_risk"), v.lang)
    return Call(
        rank=row["rank"],
        customer=clean(row.get("customer_id"), LONGEST_ID),
        stage_code=str(row.get("stage")) if row.get("stage") in STAGES else "prospect",
        stage=term(STAGES, row.get("stage"), v.lang),
        so_far=v.money(row.get("revenue")),
        expected=v.money(row.get("clv")),
        between=v.interval(row.get("clv_low"), row.get("clv_high")),
        risk=percent,
        risk_words=words,
        at_risk=v.money(row.get("value_at_risk")),
        reason=clean(row.get(f"reason_{v.lang}") or "", LONGEST_REASON),
        label=LABELS[TOO_LITTLE_DATA].say(v.lang) if tell and row.get("label") == TOO_LITTLE_DATA else "",
    )


def marked_too_little(scores: pa.Table) -> int:
    """How many customers carry the label 'too little data'."""
    if "label" not in scores.column_names:
        return 0
    found: int = pc.sum(pc.equal(scores["label"].cast(pa.string()), TOO_LITTLE_DATA)).as_py() or 0
    return found
