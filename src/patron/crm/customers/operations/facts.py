"""Facts told by hand: notes, contacts, events, feedback, subscriptions, consent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Model

from patron.crm.accounts.models import Organisation
from patron.crm.customers import changes
from patron.crm.customers.kinds import KINDS
from patron.crm.customers.models import Consent, Event, Feedback, Interaction, Note, Order, Subscription
from patron.crm.customers.operations.hands import done, keep, moment, one_of, required
from patron.crm.customers.scope import reach, visible
from patron.crm.kit import audit
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.words import Text


@operation("customers.record")
def add_note(*, by: Actor, customer_id: int, text: str, happened_at: datetime | None = None) -> Note:
    """Write something down about a customer, as of now or of when it was noticed."""
    customer = reach(by, customer_id, lock=True)
    note = keep(Note, customer, happened_at=happened_at, text=required("text", text), by_id=by.id, by_name=by.name)
    done(by, "customers.noted", note)
    return note


@operation("customers.record")
def log_interaction(
    *,
    by: Actor,
    customer_id: int,
    channel: str,
    inbound: bool,
    text: str,
    subject: str = "",
    happened_at: datetime | None = None,
    minutes: int | None = None,
    external_id: str = "",
) -> Interaction:
    """One contact with a customer: `channel` of Interaction.CHANNELS, `minutes` it took."""
    customer = reach(by, customer_id, lock=True)
    if minutes is not None and not 0 <= minutes <= 100_000:
        raise Invalid({"minutes": Text("Minutes are between 0 and 100,000.", "分钟数应在 0 到 100,000 之间。")})
    contact = keep(
        Interaction,
        customer,
        happened_at=happened_at,
        external_id=external_id,
        channel=one_of("channel", channel, Interaction.CHANNELS),
        inbound=inbound,
        subject=subject.strip(),
        text=text.strip(),
        minutes=minutes,
        by_name=by.name,
    )
    done(by, "customers.contacted", contact, channel=channel, inbound=inbound)
    return contact


@operation("customers.record")
def record_event(
    *,
    by: Actor,
    customer_id: int,
    kind: str,
    happened_at: datetime | None = None,
    intent: bool = False,
    object_id: str = "",
    external_id: str = "",
) -> Event:
    """One behaviour: `kind` in a word or two; `intent` where it shows the wish to buy."""
    customer = reach(by, customer_id, lock=True)
    event = keep(
        Event,
        customer,
        happened_at=happened_at,
        external_id=external_id,
        kind=required("kind", kind),
        intent=intent,
        object_id=object_id.strip(),
    )
    done(by, "customers.event_recorded", event)
    return event


@operation("customers.record")
def record_feedback(
    *,
    by: Actor,
    customer_id: int,
    question: str,
    score: float | None = None,
    text: str = "",
    happened_at: datetime | None = None,
    external_id: str = "",
) -> Feedback:
    """One answer, rating or review: a score on the question's scale, a text, or both."""
    customer = reach(by, customer_id, lock=True)
    if score is None and not text.strip():
        raise Invalid({"text": Text("A score or a text is needed.", "请填写评分或内容。")})
    if score is not None and not abs(score) <= 1_000_000:
        raise Invalid({"score": Text("This is no score.", "这不是有效的评分。")})
    feedback = keep(
        Feedback,
        customer,
        happened_at=happened_at,
        external_id=external_id,
        question=required("question", question),
        score=score,
        text=text.strip(),
    )
    done(by, "customers.feedback_recorded", feedback)
    return feedback


@operation("customers.record")
def record_subscription(
    *,
    by: Actor,
    customer_id: int,
    plan: str,
    amount: Decimal,
    starts_at: datetime,
    ends_at: datetime | None = None,
    currency: str | None = None,
    period_days: int = 30,
    external_id: str = "",
) -> Subscription:
    """One term of a subscription: `amount` for every `period_days`; without an end it runs on."""
    customer = reach(by, customer_id, lock=True)
    start = moment(starts_at, "starts_at")
    if ends_at is not None and ends_at.tzinfo is None:
        ends_at = ends_at.replace(tzinfo=start.tzinfo)
    if ends_at is not None and ends_at < start:
        raise Invalid({"ends_at": Text("It ends before it begins.", "结束时间早于开始时间。")})
    if not 1 <= period_days <= 3_660:
        raise Invalid({"period_days": Text("A period is 1 to 3,660 days.", "周期应为 1 到 3,660 天。")})
    term = keep(
        Subscription,
        customer,
        happened_at=start,
        external_id=external_id,
        plan=required("plan", plan),
        amount=amount,
        ends_at=ends_at,
        currency=(currency or Organisation.current().base_currency).upper(),
        period_days=period_days,
    )
    done(by, "customers.subscription_recorded", term)
    return term


@operation("customers.record")
def end_subscription(*, by: Actor, subscription_id: int, ends_at: datetime | None = None) -> Subscription:
    """A running subscription ends (now, if no time is given)."""
    found = Subscription.objects.filter(pk=subscription_id, customer__in=visible(by)).first()
    if found is None:
        raise NotFound(Text("subscription", "订阅"), subscription_id)
    end = moment(ends_at, "ends_at")
    if end < found.happened_at:
        raise Invalid({"ends_at": Text("It ends before it begins.", "结束时间早于开始时间。")})
    found.ends_at = end
    found.save(update_fields=["ends_at"])
    changes.note(Subscription, "corrected", [found.pk])
    done(by, "customers.subscription_ended", found)
    return found


@operation("customers.record")
def record_consent(
    *,
    by: Actor,
    customer_id: int,
    channel: str,
    purpose: str,
    given: bool,
    proof: str = "",
    happened_at: datetime | None = None,
) -> Consent:
    """What a customer agreed to (`given`) or withdrew; the newest for a channel and purpose counts."""
    customer = reach(by, customer_id, lock=True)
    consent = keep(
        Consent,
        customer,
        happened_at=happened_at,
        channel=one_of("channel", channel, Consent.CHANNELS),
        purpose=one_of("purpose", purpose, Consent.PURPOSES),
        given=given,
        proof=proof.strip(),
    )
    done(by, "customers.consented", consent, channel=channel, purpose=purpose, given=given)
    return consent


@operation("customers.record")
def remove_fact(*, by: Actor, kind: str, fact_id: int) -> None:
    """Take back a fact that was typed by mistake. What a source told can't be taken back here: Conflict."""
    model = KINDS[one_of("kind", kind, KINDS)]
    found = model._base_manager.filter(pk=fact_id, customer__in=visible(by)).first()
    if found is None:
        raise NotFound(Text(kind, "记录"), fact_id)
    if found.batch is not None:
        raise Conflict(
            Text("This came with an import.", "该记录来自导入。"),
            remedy=Text(
                "Undo the import, or correct the file and import it again.", "请撤销该导入，或修正文件后重新导入。"
            ),
        )
    _note_lines(found)
    customer_id, number = found.customer_id, found.pk
    found.delete()
    changes.note(model, "removed", [number])
    audit.record(by, "customers.fact_removed", "customer", customer_id, kind=kind, fact=number)
    announce("customers.changed", customer_ids=[customer_id])


def _note_lines(fact: Model) -> None:
    """An order takes its lines along."""
    if isinstance(fact, Order):
        lines = fact.lines.all()
        changes.note(lines.model, "removed", lines.values_list("pk", flat=True))
