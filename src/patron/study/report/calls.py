"""Who to keep: the customers with the most value at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from patron.lifecycle.decisions.keep import LABELS, TOO_LITTLE_DATA, call_list
from patron.study.pictures import numbers
from patron.study.pictures.scales import known
from patron.study.pictures.terms import STAGES, term

TOP = 50
LONGEST_ID, LONGEST_REASON = 80, 300
_COLUMNS = (
    "customer_id",
    "stage",
    "last_order",
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
    last_order: str
    so_far: str
    expected: str
    between: str
    risk: str
    risk_words: str
    at_risk: str
    reason: str
    label: str


def calls(scores: pa.Table, currency: str | None, lang: str) -> list[Call]:
    """The `TOP` customers by value at risk (above zero), largest first; ties by customer id.

    Selection is done on columns; only the rows shown become Python objects, whatever the size of the base.
    """
    if "value_at_risk" not in scores.column_names or scores.num_rows == 0:
        return []
    wanted = [name for name in (*_COLUMNS, f"reason_{lang}") if name in scores.column_names]
    return [_call(row, currency, lang) for row in call_list(scores.select(wanted), TOP).to_pylist()]


def _call(row: Mapping[str, Any], currency: str | None, lang: str) -> Call:
    risk = row.get("churn_risk")
    said = numbers.chance(risk, lang)
    percent, _, words = said.partition("，" if lang == "zh" else ", ")
    return Call(
        rank=row["rank"],
        customer=clean(row.get("customer_id"), LONGEST_ID),
        stage_code=str(row.get("stage")) if row.get("stage") in STAGES else "prospect",
        stage=term(STAGES, row.get("stage"), lang),
        last_order=numbers.day(row.get("last_order"), lang),
        so_far=numbers.money(row.get("revenue"), currency, lang),
        expected=numbers.money(row.get("clv"), currency, lang),
        between=numbers.interval(row.get("clv_low"), row.get("clv_high"), lang),
        risk=percent,
        risk_words=words if known(risk) is not None else "",
        at_risk=numbers.money(row.get("value_at_risk"), currency, lang),
        reason=clean(row.get(f"reason_{lang}") or "", LONGEST_REASON),
        label=LABELS[TOO_LITTLE_DATA].say(lang) if row.get("label") == TOO_LITTLE_DATA else "",
    )


def clean(value: object, longest: int) -> str:
    """Text from a file as it can stand on a page: control characters shown as �, cut at `longest` characters.

    Escaping is left to the template. Direction marks are isolated there by <bdi>.
    """
    words = "".join(c if c.isprintable() or c == " " else "�" for c in str(value)[: longest + 1])
    return words if len(words) <= longest else words[:longest] + "…"
