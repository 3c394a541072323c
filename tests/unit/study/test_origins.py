"""Where the backtest stands: as far back as the data allow, and never past what is known."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patron.study.origins import plan

DAY = date(2024, 1, 1)


def test_long_history_is_tested_over_the_whole_horizon() -> None:
    found = plan(DAY, DAY + timedelta(days=729), 84)
    assert found.horizon_days == 84
    assert len(found.origins) == 5
    assert found.origins[-1] == DAY + timedelta(days=729 - 84)


def test_cdnow_is_tested_over_fifteen_weeks_from_three_days() -> None:
    found = plan(date(1997, 1, 1), date(1997, 9, 30), 273)
    assert found.horizon_days == 105
    assert [d.isoformat() for d in found.origins] == ["1997-04-26", "1997-05-22", "1997-06-17"]
    assert "instead of 273" in found.why.en


def test_too_short_a_history_is_not_tested_and_says_so() -> None:
    found = plan(DAY, DAY + timedelta(days=40), 273)
    assert found.origins == ()
    assert "too short" in found.why.en


@given(st.integers(0, 4000), st.integers(1, 1500))
def test_every_origin_has_as_much_behind_it_as_ahead_and_ends_by_the_day(span: int, horizon: int) -> None:
    as_of = DAY + timedelta(days=span)
    found = plan(DAY, as_of, horizon)
    assert found.horizon_days <= horizon
    for origin in found.origins:
        assert origin + timedelta(days=found.horizon_days) <= as_of
        assert (origin - DAY).days + 1 >= found.horizon_days
    if found.origins:
        assert len(found.origins) >= 3
        assert 4 * found.horizon_days >= horizon
        assert list(found.origins) == sorted(set(found.origins))


def test_one_day_of_history_is_told_in_the_singular() -> None:
    assert plan(DAY, DAY, 28).why.en.startswith("1 day of history is too short")
