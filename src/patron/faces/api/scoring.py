"""Scores: where a customer stands, stages by hand, refreshes, models and their settings."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query
from ninja.responses import Status

from patron.crm.kit.problems import NotFound
from patron.crm.scoring import operations, queries
from patron.faces.api.problems import language
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


@scores.get(f"{OF}/purchases", shapes.Purchases, needs="scoring.view", zh="客户的购买记录与预期")
def get_purchases(request: Asked, customer_id: Key) -> Any:
    """A customer's purchases over time, and what the model expects from here on."""
    return queries.purchases_over_time(actor=request.actor, customer_id=customer_id)


@scores.get("/overview", shapes.Overview, needs="scoring.view", zh="总览")
def get_overview(request: Asked) -> Any:
    """What happens in the customer base: stages and flow, value at risk, cohorts, concentration, what changed."""
    return queries.overview(actor=request.actor)


@scores.get("/models", shapes.Models, needs="scoring.view", zh="模型：参数、回测与说明")
def get_models(request: Asked) -> Any:
    """What the scores rest on, and how good the model was."""
    page = queries.model_page(actor=request.actor)
    lang = language(request)
    return {
        "refresh": page.refresh,
        "card": page.card,
        "figures": page.figures,
        "words": [text.say(lang) for text in page.words],
        "settings": page.settings,
    }


@scores.get("/models/moves", shapes.Moves, needs="scoring.view", zh="调整阶段阈值会影响多少客户")
def look_at_moves(request: Asked, thresholds: Annotated[shapes.Thresholds, Query()]) -> Any:
    """How many customers would change stage under other thresholds."""
    return queries.would_move(actor=request.actor, **thresholds.model_dump(exclude_unset=True))


@scores.get("/refreshes", Listed[shapes.RefreshInShort], needs="scoring.view", zh="已完成的评分，由新到旧")
def list_refreshes(request: Asked, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> Any:
    """Earlier scorings that ended well, newest first."""
    return {"items": queries.earlier_refreshes(actor=request.actor, limit=limit)}


@scores.get("/refreshes/{int:refresh_id}", shapes.Refresh, needs="scoring.view", zh="单次评分及其进度")
def get_refresh(request: Asked, refresh_id: Key) -> Any:
    """One scoring of everybody, and how far it is."""
    found = queries.get_refresh(actor=request.actor, refresh_id=refresh_id)
    if found is None:
        raise NotFound(Text("refresh", "评分任务"), refresh_id)
    return found


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
