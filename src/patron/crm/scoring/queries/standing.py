"""Where one customer stands, and how they got there."""

from __future__ import annotations

from patron.crm.customers.scope import reached
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.scoring.models import HandStage, StageChange, Standing


@query("scoring.view")
def standing(*, actor: Actor, customer_id: int) -> Standing | None:
    """The newest scores of a customer; None before the first scoring. Raises NotFound."""
    # The figures of a refresh are those of everybody, and long.
    found = Standing.objects.select_related("refresh").defer("refresh__figures")
    return found.filter(pk=reached(actor, customer_id)).first()


@query("scoring.view")
def hand_stage(*, actor: Actor, customer_id: int) -> HandStage | None:
    """Who set the customer's stage by hand, and when; None where nobody did. Raises NotFound."""
    return HandStage.objects.filter(customer=reached(actor, customer_id)).order_by("-set_at").first()


@query("scoring.view")
def stage_changes(*, actor: Actor, customer_id: int, after: str | None = None, limit: int = 50) -> Page[StageChange]:
    """From which stage to which a customer moved, when and why, newest first. Raises NotFound, Invalid."""
    found = StageChange.objects.filter(customer=reached(actor, customer_id)).order_by("-pk")
    if after:
        found = found.filter(pk__lt=read_bookmark(after, int)[0])
    limit = min(max(limit, 1), 200)
    rows = list(found[: limit + 1])
    return Page(rows[:limit], bookmark(rows[limit - 1].pk) if len(rows) > limit else None)
