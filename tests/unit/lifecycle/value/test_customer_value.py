"""The pinned values of customers, and the textbook shortcut."""

from __future__ import annotations

import numpy as np
import pytest

from patron.lifecycle.models.value.customer_value import customer_value, textbook_clv


def test_revenue_less_cost_as_pinned() -> None:
    revenue, cost = [100, 200, 300, 400, 500], [50, 100, 150, 200, 250]
    assert customer_value(revenue, cost).tolist() == [50, 100, 150, 200, 250]


def test_serving_and_marketing_come_off_and_an_unknown_cost_stays_unknown() -> None:
    assert customer_value([100.0], [50.0], 5.0, [15.0]).tolist() == [30.0]
    assert np.isnan(customer_value([100.0], [np.nan]))[0]


def test_the_textbook_shortcut_as_pinned() -> None:
    found = textbook_clv(
        margin_per_purchase=1000, purchases_per_period=5, periods=5, acquisition=100, maintenance_per_period=20
    )
    assert found == pytest.approx(24_800)
