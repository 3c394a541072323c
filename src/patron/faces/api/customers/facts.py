"""What has happened with a customer: the timeline, and facts told by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Path, Query
from ninja.responses import Status

from patron.crm.customers import operations, queries
from patron.faces.api.resource import After, Asked, Key, Limit, Resource
from patron.faces.api.schemas import facts as shapes
from patron.faces.api.values import Listed
from patron.words import Text

facts = Resource(Text("Facts", "事实"))
RESOURCES = (facts,)
OF = "/customers/{int:customer_id}"
Kind = Literal["order", "interaction", "event", "feedback", "subscription", "note", "consent"]


@facts.get(f"{OF}/timeline", Listed[shapes.Entry], needs="customers.view", zh="客户时间线，由新到旧")
def get_timeline(
    request: Asked,
    customer_id: Key,
    kinds: Annotated[list[Kind] | None, Query(description="of these kinds only; may be repeated")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Any:
    """Everything that happened with a customer, newest first."""
    page = queries.timeline(actor=request.actor, customer_id=customer_id, kinds=kinds or None, after=after, limit=limit)
    items = [{"source": one.source, "fact": shapes.shown(one.kind, one.fact)} for one in page.rows]
    return {"items": items, "next": page.next}


@facts.post(f"{OF}/notes", shapes.Note, needs="customers.record", zh="添加备注", status=201)
def add_note(request: Asked, customer_id: Key, note: shapes.NewNote) -> Any:
    """Write something down."""
    return _told(operations.add_note, request, customer_id, note)


@facts.post(f"{OF}/interactions", shapes.Interaction, needs="customers.record", zh="记录互动", status=201)
def log_interaction(request: Asked, customer_id: Key, interaction: shapes.NewInteraction) -> Any:
    """A call, a mail, a visit."""
    return _told(operations.log_interaction, request, customer_id, interaction)


@facts.post(f"{OF}/events", shapes.Event, needs="customers.record", zh="记录行为", status=201)
def record_event(request: Asked, customer_id: Key, event: shapes.NewEvent) -> Any:
    """A behaviour: a visit, a search, a click."""
    return _told(operations.record_event, request, customer_id, event)


@facts.post(f"{OF}/feedback", shapes.Feedback, needs="customers.record", zh="记录反馈", status=201)
def record_feedback(request: Asked, customer_id: Key, feedback: shapes.NewFeedback) -> Any:
    """An answer, rating or review."""
    return _told(operations.record_feedback, request, customer_id, feedback)


@facts.post(f"{OF}/subscriptions", shapes.Subscription, needs="customers.record", zh="记录订阅", status=201)
def record_subscription(request: Asked, customer_id: Key, subscription: shapes.NewSubscription) -> Any:
    """A term of a subscription."""
    return _told(operations.record_subscription, request, customer_id, subscription)


@facts.post("/subscriptions/{int:subscription_id}/end", shapes.Subscription, needs="customers.record", zh="结束订阅")
def end_subscription(request: Asked, subscription_id: Key, end: shapes.End) -> Any:
    """A running subscription ends."""
    return operations.end_subscription(by=request.actor, subscription_id=subscription_id, ends_at=end.ends_at)


@facts.get(f"{OF}/consents", Listed[shapes.Consent], needs="customers.view", zh="客户当前的授权同意")
def list_consents(request: Asked, customer_id: Key) -> Any:
    """What a customer agrees to now, by channel and purpose."""
    return {"items": queries.consents(actor=request.actor, customer_id=customer_id)}


@facts.post(f"{OF}/consents", shapes.Consent, needs="customers.record", zh="记录授权同意", status=201)
def record_consent(request: Asked, customer_id: Key, consent: shapes.NewConsent) -> Any:
    """What a customer agrees to or withdraws."""
    return _told(operations.record_consent, request, customer_id, consent)


@facts.delete("/facts/{kind}/{int:fact_id}", needs="customers.record", zh="撤回误录的事实")
def remove_fact(request: Asked, kind: Annotated[Kind, Path()], fact_id: Key) -> Any:
    """Take back a fact that was typed by mistake."""
    operations.remove_fact(by=request.actor, kind=kind, fact_id=fact_id)
    return Status(204, None)


def _told(operation: Any, request: Asked, customer_id: int, body: Any) -> Status[Any]:
    return Status(201, operation(by=request.actor, customer_id=customer_id, **body.model_dump()))
