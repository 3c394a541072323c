"""Every write of scoring that a person asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import SourceRecord
from patron.crm.customers.scope import reach
from patron.crm.kit import audit, clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.crm.scoring import jobs, places
from patron.crm.scoring.models import HandStage, Refresh, ScoringSettings, StageChange, Standing
from patron.crm.scoring.rules import checked, refused_stage, step_of
from patron.words import Text

REFRESH = Text("refresh", "评分任务")


@operation("scoring.refresh")
def request_refresh(*, by: Actor, as_of: date | None = None) -> Refresh:
    """Ask for everybody to be scored in the background; the one that waits or runs already, where there is one."""
    waiting = Refresh.objects.filter(state__in=("queued", "running")).order_by("-pk").first()
    if waiting is not None and not dead(waiting):
        audit.nothing()
        return waiting
    made = Refresh.objects.create(made_at=clock.now(), by_name=by.name)
    audit.record(by, "scoring.refresh_asked", "refresh", made.pk, as_of=as_of.isoformat() if as_of else None)
    transaction.on_commit(lambda: jobs.refresh.enqueue(made.pk, as_of.isoformat() if as_of else None) and None)
    return made


SILENT = 300  # seconds without a sign of life, after which a running refresh is taken for dead


def dead(refresh: Refresh) -> bool:
    """Whether a refresh says it runs, but nothing was heard of it for minutes."""
    if refresh.state != "running" or refresh.beat_at is None:
        return False
    return (clock.now() - refresh.beat_at).total_seconds() > SILENT


@operation("scoring.refresh")
def cancel_refresh(*, by: Actor, refresh_id: int) -> Refresh:
    """Stop a refresh; what it has written stays, and is right. Raises NotFound, Conflict for one that has ended."""
    found = Refresh.objects.select_for_update().filter(pk=refresh_id).first()
    if found is None:
        raise NotFound(REFRESH, refresh_id)
    if found.state == "queued" or dead(found):
        found.state, found.finished_at = "cancelled", clock.now()
    elif found.state == "running":
        found.asked = "cancelled"
    else:
        raise Conflict(Text("This refresh has ended already.", "该评分任务已结束。"))
    found.save(update_fields=["state", "asked", "finished_at"])
    audit.record(by, "scoring.refresh_cancelled", "refresh", found.pk)
    return found


@operation("scoring.stage")
def set_stage(*, by: Actor, customer_id: int, stage: str) -> Standing:
    """Set a customer's stage by hand. It holds until the customer's next fact. Raises Invalid, NotFound, Conflict."""
    refused = refused_stage(stage)
    if refused:
        raise Invalid({"stage": refused})
    customer = reach(by, customer_id, lock=True)
    standing = Standing.objects.filter(pk=customer.pk).first()
    if standing is None:
        raise Conflict(
            Text("This customer has not been scored yet.", "该客户尚未评分。"),
            remedy=Text("Refresh the scores first.", "请先重新评分。"),
        )
    record = SourceRecord.objects.filter(customer=customer).order_by("pk").first()
    assert record is not None, "a customer has a record"
    HandStage.objects.filter(customer=customer).delete()
    HandStage.objects.create(record=record, customer=customer, stage=stage, set_at=clock.now(), set_by=by.name)
    before, today = standing.stage, clock.today(Organisation.current().timezone)
    if before != stage:
        why = Text(f"Set by {by.name}.", f"由 {by.name} 设置。")
        StageChange.objects.create(
            customer=customer,
            before=before,
            after=stage,
            day=today,
            by_name=by.name,
            reason_en=why.en,
            reason_zh=why.zh,
        )
        standing.stage_since = today
    standing.stage, standing.stage_by_hand = stage, True
    standing.next_step = step_of(stage, standing.abc)
    with places.moving([customer.pk]):
        standing.save(update_fields=["stage", "stage_by_hand", "stage_since", "next_step"])
    audit.record(by, "scoring.stage_set", "customer", customer.pk, stage=[before, stage])
    return standing


@operation("scoring.settings")
def save_settings(*, by: Actor, **fields: Any) -> ScoringSettings:
    """Change horizons, discount, margin or thresholds; they count from the next refresh on. Raises Invalid."""
    settings = ScoringSettings.current()
    values = checked(fields)
    before = {name: getattr(settings, name) for name in values}
    changed = audit.changes(before, values, frozenset())
    if not changed:
        audit.nothing()
        return settings
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save(update_fields=list(values))
    audit.record(by, "scoring.settings_saved", "scoring settings", 1, **changed)
    return settings
