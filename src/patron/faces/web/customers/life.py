"""The lifecycle panel of a customer's page: what the scores say, in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import mark_safe

from patron.crm.customers.models import Customer
from patron.crm.scoring import queries
from patron.faces.web.shell.requests import lang_of, me
from patron.lifecycle.decisions.keep import LABELS, NEXT_STEPS
from patron.lifecycle.models.value.rfm import SEGMENTS
from patron.study.pictures import numbers
from patron.study.pictures.customer import interval_bar
from patron.study.pictures.terms import MODELS
from patron.words import Text

CHANGES = 6


def life(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What the panel shows; `standing` None before the first refresh."""
    standing = queries.standing(actor=me(request), customer_id=customer.pk)
    if standing is None:
        return {"standing": None}
    changes = queries.stage_changes(actor=me(request), customer_id=customer.pk, limit=CHANGES)
    model = ((standing.refresh.card or {}).get("chosen") or {}).get("purchase", "")
    return {
        "standing": standing,
        "label": LABELS.get(standing.label, Text.of(standing.label)),
        "basis": _basis(standing.value_basis),
        "clv_span": _span(standing.clv_horizon_days),
        "horizon_span": _span(standing.horizon_days),
        "chance_words": _chance(standing.p_purchase),
        "clv_bar": _bar(standing, lang_of(request)),
        "reasons": [Text(standing.reason_en, standing.reason_zh)],
        "step": NEXT_STEPS.get(standing.next_step),
        "segment": SEGMENTS.get(standing.rfm_segment, Text("", "")),
        "model_words": MODELS.get(model, Text.of(model)),
        "changes": changes.rows,
    }


def _basis(code: str) -> Text:
    return Text("margin", "毛利") if code == "margin" else Text("revenue", "收入")


def _span(days: int) -> Text:
    return Text(f"next {numbers.span(days, 'en')}", f"未来{numbers.span(days, 'zh')}")


def _chance(p: float | None) -> Text:
    return Text(numbers.chance_parts(p, "en")[1], numbers.chance_parts(p, "zh")[1])


def _bar(standing: Any, lang: str) -> str:
    """The expected value in its interval."""
    ends = [standing.clv_low95, standing.clv_low, standing.clv_high, standing.clv_high95]
    known = [None if end is None else float(end) for end in ends]
    value = None if standing.clv is None else float(standing.clv)
    highest = max([v for v in (*known, value) if v is not None], default=0.0)
    about = f"{numbers.money(value, None, lang)} {numbers.interval(known[1], known[2], lang)}"
    # Drawn by study from numbers and escaped words.
    return mark_safe(interval_bar(value, known, highest, about))
