"""Stages by the table of rules, without any data store: given these facts and this horizon, then that stage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.decisions.moments import earlier_moments, health
from patron.lifecycle.decisions.rules import CODES, RULES, STAGES, StageFacts, StageSettings
from patron.lifecycle.decisions.stages import HandSet, explain, stage

H = 100
USUAL = {"orders": 6, "recency_days": 20.0, "tenure_days": 150.0, "f": 3, "health": 0.9}


def stage_of(**facts: object) -> str:
    return str(stage(StageFacts.of(**{**USUAL, **facts}), H).names[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"orders": 0, "interest": True}, "lead"),
        ({"orders": 0, "health": np.nan, "recency_days": np.nan}, "prospect"),
        ({"came_while_lapsed": True, "recency_days": 100}, "won_back"),
        ({"came_while_lapsed": True, "recency_days": 100, "health": 0.1}, "won_back"),
        ({"came_while_lapsed": True, "recency_days": 101, "health": 0.1}, "lapsed"),
        ({"recency_days": 101, "health": 0.2499}, "lapsed"),
        ({"recency_days": 100, "health": 0.2499}, "at_risk"),
        ({"recency_days": 101, "health": 0.25}, "at_risk"),
        ({"health": 0.5999}, "at_risk"),
        ({"health": 0.6}, "active"),
        ({"orders": 1, "health": 0.6}, "new"),
        ({"orders": 1, "health": 0.5}, "at_risk"),
        ({"f": 4, "tenure_days": 200}, "loyal"),
        ({"f": 4, "tenure_days": 199}, "active"),
        ({"f": 3, "tenure_days": 900}, "active"),
        ({"orders": 1, "f": 5, "tenure_days": 900}, "new"),
        ({"interest": True}, "active"),
    ],
)
def test_the_first_rule_that_holds_decides(facts: dict[str, object], name: str) -> None:
    assert stage_of(**facts) == name


def test_thresholds_are_settings() -> None:
    facts = StageFacts.of(**{**USUAL, "health": 0.7})  # type: ignore[arg-type]
    assert stage(facts, H, settings=StageSettings(at_risk_health=0.8)).names[0] == "at_risk"


@given(
    orders=st.integers(0, 5),
    recency=st.floats(0, 400),
    tenure=st.floats(0, 900),
    f=st.integers(1, 5),
    health_now=st.floats(0, 1),
    lapsed=st.booleans(),
    interest=st.booleans(),
)
def test_everybody_has_a_stage_with_a_reason(
    orders: int, recency: float, tenure: float, f: int, health_now: float, lapsed: bool, interest: bool
) -> None:
    facts = StageFacts.of(
        orders=orders, recency_days=recency, tenure_days=tenure, f=f, health=health_now,
        came_while_lapsed=lapsed, interest=interest,
    )  # fmt: skip
    name = str(stage(facts, H).names[0])
    assert name in STAGES
    why = explain(name, facts, 0, H)
    assert "{" not in why.en + why.zh


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 5), st.floats(0, 400))
def test_falling_health_never_improves_the_stage(one: float, other: float, orders: int, recency: float) -> None:
    names = [stage_of(health=h, orders=orders, recency_days=recency) for h in sorted((one, other), reverse=True)]
    worse = {"at_risk": 1, "lapsed": 2}
    assert worse.get(names[0], 0) <= worse.get(names[1], 0)


def test_each_customer_is_judged_alone() -> None:
    facts = StageFacts.of(orders=[0, 1, 6], recency_days=[0, 5, 300], tenure_days=[0, 5, 900], f=[0, 1, 5],
                          health=[np.nan, 0.9, 0.1])  # fmt: skip
    assert stage(facts, H).names.tolist() == ["prospect", "new", "lapsed"]
    assert stage(facts, H).column().to_pylist() == ["prospect", "new", "lapsed"]


def test_every_stage_has_one_rule() -> None:
    assert sorted(rule.stage for rule in RULES) == sorted(CODES)


def days(*written: str) -> np.ndarray:
    return np.array(written, dtype="datetime64[D]")


def test_a_stage_set_by_hand_holds_until_the_next_fact_and_says_who_set_it() -> None:
    facts = StageFacts.of(**{**USUAL, "orders": [6, 6, 6, 0]})  # type: ignore[arg-type]
    hand = HandSet(
        np.array(["lapsed", "lapsed", "", "lead"]),
        days("2024-05-01", "2024-05-01", "NaT", "2024-05-01"),
        days("2024-05-01", "2024-05-02", "2024-05-02", "NaT"),
    )
    staged = stage(facts, H, hand=hand)
    assert staged.names.tolist() == ["lapsed", "active", "active", "lead"]
    assert staged.by_hand.tolist() == [True, False, False, True]
    assert explain("lapsed", facts, 0, H, by="Mei").en == "Set to Lapsed by Mei; holds until the next fact."


def test_a_hand_set_stage_must_exist() -> None:
    hand = HandSet(np.array(["asleep"]), days("2024-05-01"), days("NaT"))
    with pytest.raises(ValueError, match="asleep"):
        stage(StageFacts.of(**USUAL), H, hand=hand)  # type: ignore[arg-type]


def test_unknown_health_of_a_buyer_and_an_empty_horizon_are_refused() -> None:
    with pytest.raises(ValueError, match="health must be known"):
        stage_of(health=np.nan)
    with pytest.raises(ValueError, match="no length of time"):
        stage(StageFacts.of(**USUAL), 0)  # type: ignore[arg-type]


def test_the_reason_of_a_lapse_gives_its_numbers() -> None:
    facts = StageFacts.of(**{**USUAL, "recency_days": 140, "health": 0.1})  # type: ignore[arg-type]
    why = explain("lapsed", facts, 0, H)
    assert "No purchase for 140 days (over 100)" in why.en
    assert "is 10 % of what it was" in why.en
    assert "10%（低于 25%）" in why.zh


@pytest.mark.parametrize(("days", "ago"), [(0, "today"), (1, "yesterday"), (2, "2 days ago")])
def test_the_reason_of_a_first_purchase_says_when(days: int, ago: str) -> None:
    facts = StageFacts.of(**{**USUAL, "orders": 1, "recency_days": days})  # type: ignore[arg-type]
    assert explain("new", facts, 0, H).en == f"Bought once, {ago}."


def test_health_is_one_on_the_last_day_and_where_there_was_nothing_to_lose() -> None:
    assert health([0.4, 0.2, 0.0], [0.4, 0.4, 0.0]).tolist() == [1.0, 0.5, 1.0]


def test_the_moments_of_a_customer_who_bought_on_days_0_70_and_280() -> None:
    moments = earlier_moments([2], [40.0], [210.0])
    assert (moments.last_day.x[0], moments.last_day.t_x[0], moments.last_day.T[0]) == (2, 40.0, 40.0)
    assert (moments.occasion_before.x[0], moments.occasion_before.t_x[0], moments.occasion_before.T[0]) == (
        1,
        10.0,
        10.0,
    )
    assert moments.eve.t_x[0] == 10.0
    assert moments.eve.T[0] == pytest.approx(279 / 7)
    assert moments.silence_days[0] == 209


def test_a_purchase_after_a_lapse_is_told_from_one_after_a_pause() -> None:
    # silence of 209 days on the eve; second customer bought once; third came back the next day
    moments = earlier_moments([2, 0, 1], [40.0, 0.0, 1 / 7], [210.0, np.nan, 1.0])
    assert moments.rows.tolist() == [0, 2]
    assert moments.came_while_lapsed([0.1, 0.5], [0.8, 0.5], H).tolist() == [True, False, False]
    assert moments.came_while_lapsed([0.3, 0.5], [0.8, 0.5], H).tolist() == [False, False, False]
    assert moments.came_while_lapsed([0.1, 0.5], [0.8, 0.5], 209).tolist() == [False, False, False]


def test_the_second_purchase_starts_from_a_first_without_age() -> None:
    moments = earlier_moments([1], [0.3], [2.0])
    assert moments.eve.x[0] == 0
    assert moments.eve.t_x[0] == 0.0


def behaviour(bought: list[int], day: int) -> tuple[int, float, float]:
    """(x, t_x, T) of a customer who bought on these days, as of `day`."""
    known = [d for d in bought if d <= day]
    return len(known) - 1, (known[-1] - known[0]) / 7, (day - known[0]) / 7


@given(st.sets(st.integers(0, 900), min_size=2, max_size=12).map(sorted))
def test_earlier_moments_are_what_was_known_then(bought: list[int]) -> None:
    x, t_x, _ = behaviour(bought, 1000)
    moments = earlier_moments([x], [t_x], [float(bought[-1] - bought[-2])])
    for moment, day in (
        (moments.last_day, bought[-1]),
        (moments.eve, bought[-1] - 1),
        (moments.occasion_before, bought[-2]),
    ):
        found = (moment.x[0], moment.t_x[0], moment.T[0])
        assert found == pytest.approx(behaviour(bought, day), abs=1e-9)
    assert moments.silence_days[0] == bought[-1] - 1 - bought[-2]


def mbg_p_purchase(x: np.ndarray, t_x: np.ndarray, T: np.ndarray, weeks: float) -> np.ndarray:
    """P(at least one purchase) by MBG/NBD with the pinned CDNOW parameters, written out."""
    r, alpha, a, b = 0.525, 6.183, 0.891, 1.614
    alive = 1 / (1 + a / (b + x) * ((alpha + T) / (alpha + t_x)) ** (r + x))
    return np.asarray(alive * (1 - ((alpha + T) / (alpha + T + weeks)) ** (r + x)))


@given(st.sets(st.integers(0, 900), min_size=1, max_size=12).map(sorted), st.integers(0, 400))
def test_won_back_means_that_the_stage_on_the_eve_was_lapsed(bought: list[int], silence: int) -> None:
    h = 91

    def judged(days: list[int], day: int) -> str:
        known = [d for d in days if d <= day]
        x, t_x, age = (np.array([value]) for value in behaviour(known, day))
        gap = [float(known[-1] - known[-2]) if len(known) > 1 else np.nan]
        then = earlier_moments(x, t_x, gap)
        ask = [mbg_p_purchase(m.x, m.t_x, m.T, h / 7) for m in (then.eve, then.occasion_before, then.last_day)]
        facts = StageFacts.of(
            orders=len(known), recency_days=day - known[-1], tenure_days=day - known[0], f=3,
            health=health(mbg_p_purchase(x, t_x, age, h / 7), ask[2]),
            came_while_lapsed=then.came_while_lapsed(ask[0], ask[1], h),
        )  # fmt: skip
        return str(stage(facts, h).names[0])

    now = judged(bought, bought[-1] + silence)
    eve = judged(bought[:-1], bought[-1] - 1) if len(bought) > 1 else ""
    assert (now == "won_back") == (eve == "lapsed" and silence <= h)
