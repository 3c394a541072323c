"""Step by step ahead: it rises, and ends at the figure of the published case."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from patron.lifecycle.models.purchase.bg_nbd import BgNbdFitted
from patron.study.outlook import STEPS, outlook

CDNOW = {"r": 0.2425945, "alpha": 4.4135898, "a": 0.7929199, "b": 2.4258990}
FIRST = date(1997, 1, 1)
CASE = {
    "orders": 3,
    "first": FIRST,
    "last": FIRST + timedelta(days=213),
    "as_of": FIRST + timedelta(days=272),
    "horizon_days": 273,
}


@pytest.fixture
def fitted():
    return BgNbdFitted("bg_nbd", CDNOW, {}, 0.0, 2357, np.eye(4), shrunken=False)


def test_the_last_step_is_the_published_expectation(fitted):
    path = outlook(fitted, **CASE)
    assert len(path) == STEPS
    assert path[-1]["day"] == (CASE["as_of"] + timedelta(days=273)).isoformat()
    assert path[-1]["expected"] == pytest.approx(1.226, abs=0.001)  # x=2, t_x=30.43, T=38.86, 39 weeks
    steps = [row["expected"] for row in path]
    assert steps == sorted(steps)


def test_a_short_horizon_has_as_many_steps_as_days(fitted):
    assert len(outlook(fitted, **(CASE | {"horizon_days": 5}))) == 5


@pytest.mark.parametrize("wrong", [{"orders": 0}, {"last": date(1996, 1, 1)}, {"as_of": date(1997, 1, 2)}])
def test_no_history_is_refused(fitted, wrong):
    with pytest.raises(ValueError, match="no history"):
        outlook(fitted, **(CASE | wrong))
