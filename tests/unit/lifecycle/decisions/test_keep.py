"""Churn risk, value at risk, the call list, labels and next steps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.decisions.keep import (
    LABELS,
    NEXT_STEPS,
    STEP_BY_STAGE,
    call_list,
    churn_risk,
    label,
    next_step,
    value_at_risk,
)
from patron.lifecycle.decisions.rules import CODES


def test_value_at_risk_is_churn_risk_times_clv() -> None:
    assert churn_risk([0.9, 0.25]) == pytest.approx([0.1, 0.75])
    assert value_at_risk([0.9, 0.25, np.nan], [100.0, -40.0, 10.0]) == pytest.approx([10.0, -30.0, np.nan], nan_ok=True)


def test_the_call_list_ranks_by_value_at_risk_and_equals_by_id() -> None:
    scores = pa.table(
        {
            "customer_id": ["d", "c", "a", "b", "e", "f", "g"],
            "value_at_risk": pa.array([5.0, 9.0, 5.0, 0.0, -3.0, None, float("nan")], from_pandas=False),
            "stage": list("1234567"),
        }
    )
    assert call_list(scores).to_pylist() == [
        {"rank": 1, "customer_id": "c", "value_at_risk": 9.0, "stage": "2"},
        {"rank": 2, "customer_id": "a", "value_at_risk": 5.0, "stage": "3"},
        {"rank": 3, "customer_id": "d", "value_at_risk": 5.0, "stage": "1"},
    ]
    assert call_list(scores, 1).column("customer_id").to_pylist() == ["c"]
    assert call_list(scores.slice(0, 0)).num_rows == 0


@given(st.permutations(list(range(8))), st.lists(st.integers(-3, 3).map(float), min_size=8, max_size=8))
def test_the_call_list_ignores_row_order(order: list[int], risks: list[float]) -> None:
    scores = pa.table({"customer_id": list("abcdefgh"), "value_at_risk": risks})
    assert call_list(scores.take(order)).equals(call_list(scores))


def test_too_little_data_is_said_of_everybody_under_a_shrunken_model_and_of_who_never_bought() -> None:
    assert label([0, 1, 5], shrunken=False).to_pylist() == ["too_little_data", "", ""]
    assert label([0, 1, 5], shrunken=True).to_pylist() == ["too_little_data"] * 3
    assert LABELS["too_little_data"].zh == "数据不足"


def test_every_stage_has_a_next_step_in_both_languages() -> None:
    assert set(STEP_BY_STAGE) == set(CODES)
    stages = np.repeat(np.arange(len(CODES)), 2)
    steps = next_step(stages, np.tile([True, False], len(CODES))).to_pylist()
    assert steps == [step for name in CODES for step in STEP_BY_STAGE[name]]
    assert set(steps) == set(NEXT_STEPS)
