"""Scores: where a customer stands, stages by hand, refreshes, models and their settings."""

from __future__ import annotations

from typing import Any

from ninja.responses import Status

from patron.crm.kit.problems import NotFound
from patron.crm.scoring import operations, queries
from patron.faces.api.resource import After, Asked, Key, Limit, Resource
from patron.faces.api.schemas import scoring as shapes
from patron.faces.api.values import Listed
from patron.words import Text

scores = Resource(Text("Scores", "评分"))
RESOURCES = (scores,)
OF = "/customers/{int:customer_id}"


@scores.get(f"{OF}/standing", shapes.Standing, needs="scoring.view", zh="客户的当前评分")
def get_standing(request: Asked, customer_id: Key) -> Any:
    """Where a customer stands; 404 before the first scoring."""
    found = queries.standing(actor=request.actor, customer_id=customer_id)
    if found is None:
        raise NotFound(Text("score of customer", "评分，客户"), customer_id)
    return found


@scores.put(f"{OF}/stage", shapes.Standing, needs="scoring.stage", zh="手动设置阶段")
def set_stage(request: Asked, customer_id: Key, stage: shapes.NewStage) -> Any:
    """A stage by hand; it holds until the customer's next fact."""
    return operations.set_stage(by=request.actor, customer_id=customer_id, stage=stage.stage)


@scores.get(f"{OF}/stages", Listed[shapes.StageChange], needs="scoring.view", zh="客户的阶段变化，由新到旧")
def list_stage_changes(request: Asked, customer_id: Key, after: After = None, limit: Limit = 50) -> Any:
    """From which stage to which a customer moved, when and why."""
    page = queries.stage_changes(actor=request.actor, customer_id=customer_id, after=after, limit=limit)
    return {"items": page.rows, "next": page.next}


@scores.post("/refreshes", shapes.RefreshInShort, needs="scoring.refresh", zh="重新评分", status=201)
def request_refresh(request: Asked, refresh: shapes.NewRefresh) -> Any:
    """Score everybody anew in the background; the one that waits already, if there is one."""
    return Status(201, operations.request_refresh(by=request.actor, as_of=refresh.as_of))


@scores.post("/refreshes/{int:refresh_id}/cancel", shapes.RefreshInShort, needs="scoring.refresh", zh="停止评分")
def cancel_refresh(request: Asked, refresh_id: Key) -> Any:
    """Stop a refresh; what it has written stays."""
    return operations.cancel_refresh(by=request.actor, refresh_id=refresh_id)


@scores.patch("/scoring/settings", shapes.Settings, needs="scoring.settings", zh="修改评分设置")
def save_settings(request: Asked, change: shapes.SettingsChange) -> Any:
    """Change horizons, margin and thresholds; they count from the next refresh on."""
    return operations.save_settings(by=request.actor, **change.model_dump(exclude_unset=True))
