"""What people ask of scoring: refresh, cancel, a stage by hand, settings; and what follows when customers change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import records
from django_tasks_db.models import DBTaskResult

from patron.crm.customers.models import Customer, Event, Order, SourceRecord
from patron.crm.kit import clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Nobody, System
from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound
from patron.crm.scoring import counting, operations, people, refreshing, rescoring, rules, telling
from patron.crm.scoring.models import HandStage, Refresh, ScoringSettings, StageChange, Standing
from patron.crm.scoring.queries import (
    get_refresh,
    hand_stage,
    model_page,
    overview,
    running_refresh,
    stage_changes,
    standing,
    would_move,
)
from patron.words import Text

pytestmark = pytest.mark.django_db
BY = System()
DAY = date(2024, 6, 30)


def base() -> list[Customer]:
    """Thirty customers who bought one to nine times, and two who never did; one of those rang up."""
    made = records.customers([f"c{i:02}" for i in range(32)])
    bought = [
        (made[i], DAY - timedelta(days=5 + 11 * i + (20 + i) * k), 10.0 + i + k)
        for i in range(30)
        for k in range(1 + i % 9)
    ]
    records.orders(bought)
    records.event(made[30], clock.now().replace(year=2024, month=5, day=1))
    return made


def refreshed(as_of: date = DAY, **more: Any) -> Refresh:
    made = Refresh.objects.create(made_at=clock.now(), by_name="test")
    return refreshing.run(made.pk, as_of=as_of, **more)


def test_a_small_base_from_the_first_refresh_to_the_model_page() -> None:
    made = base()
    steps: list[tuple[Text, float]] = []
    done = refreshed(also=lambda step, share: steps.append((step, share)))
    assert (done.state, done.customers, done.error) == ("done", 32, None)
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert standing(actor=BY, customer_id=made[30].pk).stage == "lead"
    assert standing(actor=BY, customer_id=made[31].pk).stage == "prospect"
    one = standing(actor=BY, customer_id=made[8].pk)
    assert one.orders == 9
    assert one.clv_low95 <= one.clv_low <= one.clv <= one.clv_high95
    assert one.next_step
    assert one.reason_en
    assert one.reason_zh

    seen = overview(actor=BY)
    assert seen.refresh == done
    assert seen.figures["customers"] == 32
    assert sum(row["customers"] for row in seen.figures["stages"]) == 32
    assert sum(month["new"] for month in seen.figures["months"]) == 30
    assert seen.cohorts["cohorts"]
    page = model_page(actor=BY)
    assert page.words
    assert page.card["settings"]["as_of"] == "2024-06-30"
    # Other thresholds: as many move as the next refresh then moves.
    wanted = {"at_risk_health": 0.9, "loyal_tenure": 0.5, "loyal_frequency": 3}
    told = would_move(actor=BY, **wanted)
    assert would_move(actor=BY).moved == 0
    operations.save_settings(by=BY, **wanted)
    again = refreshed()
    assert told.moved == StageChange.objects.filter(refresh=again).count() > 0
    change = StageChange.objects.filter(refresh=again).first()
    assert change.day == DAY
    assert change.reason_en.endswith(".")
    assert change.reason_zh.endswith("。")
    assert stage_changes(actor=BY, customer_id=change.customer_id).rows == [change]


def test_nobody_has_bought_yet() -> None:
    made = records.customers(["a", "b"])
    records.interaction(made[1], clock.now().replace(year=2024, month=5, day=1))
    done = refreshed()
    assert (done.state, done.card, done.customers) == ("done", None, 2)
    assert dict(Standing.objects.values_list("customer_id", "stage")) == {made[0].pk: "prospect", made[1].pk: "lead"}
    assert model_page(actor=BY).words == []
    assert overview(actor=BY).figures["customers"] == 2


def test_a_merge_sums_at_once_and_few_are_rescored_like_everybody(django_capture_on_commit_callbacks: Any) -> None:
    made = base()
    refreshed()
    a, b = made[2], made[3]
    apart = {s.pk: s.revenue for s in Standing.objects.filter(pk__in=(a.pk, b.pk))}
    SourceRecord.objects.filter(customer=b).update(customer=a)
    Order.objects.filter(customer=b).update(customer=a)
    Customer.objects.filter(pk=b.pk).update(merged_into=a)
    with django_capture_on_commit_callbacks(execute=True):
        announce("customers.merged", survivor_id=a.pk, absorbed_id=b.pk)
    one = Standing.objects.get(pk=a.pk)
    assert one.revenue == sum(apart.values())
    assert not Standing.objects.filter(pk=b.pk).exists()
    assert DBTaskResult.objects.count() == 1
    assert rescoring.rescore([a.pk, b.pk]) == 1
    frozen = Standing.objects.get(pk=a.pk)
    refreshed()
    again = Standing.objects.get(pk=a.pk)
    for name in ("orders", "revenue", "first_order", "last_order", "usual_gap", "last_gap", "tenure_days"):
        assert getattr(frozen, name) == getattr(again, name) == getattr(frozen, name), name
    assert frozen.p_purchase == pytest.approx(again.p_purchase, abs=0.1)


def test_a_new_order_is_scored_as_of_its_day() -> None:
    made = base()
    refreshed()
    records.orders([(made[9], DAY + timedelta(days=3), 50)])
    assert rescoring.touched(most=100) == {made[9].pk}
    assert rescoring.touched(most=0) == set()
    assert rescoring.rescore([made[9].pk]) == 1
    one = Standing.objects.get(pk=made[9].pk)
    assert (one.as_of, one.recency_days, one.orders) == (DAY + timedelta(days=3), 0, 2)
    counting.recount(made[9].pk)
    assert Standing.objects.get(pk=made[9].pk).revenue == one.revenue


def test_a_stage_set_by_hand_holds_until_the_next_fact() -> None:
    made = base()
    refreshed()
    one = Standing.objects.get(pk=made[4].pk)
    wanted = "loyal" if one.stage != "loyal" else "lapsed"
    changed = operations.set_stage(by=BY, customer_id=one.pk, stage=wanted)
    assert (changed.stage, changed.stage_by_hand) == (wanted, True)
    assert hand_stage(actor=BY, customer_id=one.pk).set_by == "Patron"
    assert StageChange.objects.get().by_name == "Patron"
    refreshed()
    assert Standing.objects.get(pk=one.pk).stage == wanted
    assert would_move(actor=BY, at_risk_health=0.99).customers == 32
    Event.objects.create(
        record=records.record_of(made[4]),
        customer=made[4],
        happened_at=clock.now() + timedelta(minutes=1),
        known_at=clock.now() + timedelta(minutes=1),
        row_key=b"0123456789abcdef",
        kind="visit",
    )
    assert people.forget_overtaken("UTC") == 1
    refreshed()
    after = Standing.objects.get(pk=one.pk)
    assert (after.stage, after.stage_by_hand) == (one.stage, False)
    with pytest.raises(Invalid, match="no stage"):
        operations.set_stage(by=BY, customer_id=one.pk, stage="gone")
    with pytest.raises(NotFound):
        operations.set_stage(by=BY, customer_id=10**9, stage="loyal")
    with pytest.raises(Conflict, match="not been scored"):
        operations.set_stage(by=BY, customer_id=records.customers(["new"])[0].pk, stage="loyal")


def test_a_refresh_is_asked_for_once_and_can_be_cancelled(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = operations.request_refresh(by=BY)
        assert operations.request_refresh(by=BY) == first
    assert DBTaskResult.objects.count() == 1
    assert running_refresh(actor=BY) == get_refresh(actor=BY, refresh_id=first.pk) == first
    assert operations.cancel_refresh(by=BY, refresh_id=first.pk).state == "cancelled"
    assert running_refresh(actor=BY) is None
    with pytest.raises(Conflict, match="ended already"):
        operations.cancel_refresh(by=BY, refresh_id=first.pk)
    with pytest.raises(NotFound):
        operations.cancel_refresh(by=BY, refresh_id=0)
    running = Refresh.objects.create(made_at=clock.now(), by_name="x", state="running", beat_at=clock.now())
    assert operations.cancel_refresh(by=BY, refresh_id=running.pk).asked == "cancelled"
    with pytest.raises(telling.Cancelled):
        telling.Teller(running)(Text("Step", "步骤"), 0.5)
    Refresh.objects.filter(pk=running.pk).update(beat_at=clock.now() - timedelta(hours=1))
    assert operations.request_refresh(by=BY) != running  # nothing was heard of it for an hour
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "scoring.refresh_asked",
        "scoring.refresh_cancelled",
    }


def test_two_refreshes_never_run_at_once() -> None:
    made = Refresh.objects.create(made_at=clock.now(), by_name="x")
    with refreshing._alone(), pytest.raises(Conflict, match="already"):
        refreshing.run(made.pk)
    assert Refresh.objects.get(pk=made.pk).state == "queued"


def test_a_refresh_that_was_killed_is_told_so_and_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    base()
    dead = Refresh.objects.create(made_at=clock.now(), by_name="x", state="running", beat_at=clock.now())

    def broken(*_args: object) -> None:
        raise RuntimeError("out of paper")

    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_keep", broken)
        with pytest.raises(RuntimeError):
            refreshed()
    failed = Refresh.objects.order_by("-pk")[0]
    assert (failed.state, Refresh.objects.get(pk=dead.pk).state) == ("failed", "failed")
    assert "中途停止" in Refresh.objects.get(pk=dead.pk).error["zh"]
    assert Standing.objects.count() == 32
    done = refreshing.run(failed.pk, as_of=DAY)
    assert done.state == "done"
    assert set(Standing.objects.values_list("refresh_id", flat=True)) == {done.pk}


@pytest.mark.parametrize(
    "wrong",
    [
        {"horizon_days": 3},
        {"margin": 1.5},
        {"loyal_frequency": 2.5},
        {"shoe_size": 4},
        {"discount": None},
        {"discount": "x"},
    ],
)
def test_settings_out_of_range_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        operations.save_settings(by=BY, **wrong)
    assert list(refused.value.fields) == list(wrong)
    with pytest.raises(Invalid):
        would_move(actor=BY, horizon_days=90)


def test_settings_are_kept_and_audited_once() -> None:
    operations.save_settings(by=BY, margin="0.3", horizon_days="", loyal_frequency="3")
    kept = ScoringSettings.current()
    assert (kept.margin, kept.horizon_days, kept.loyal_frequency) == (0.3, None, 3)
    operations.save_settings(by=BY, margin=0.3)
    assert AuditEntry.objects.count() == 1
    assert rules.step_of("at_risk", "A") == "call"
    with pytest.raises(Forbidden):
        operations.save_settings(by=Nobody(), margin=0.2)
    assert not HandStage.objects.exists()
