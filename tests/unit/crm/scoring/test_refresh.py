"""A refresh scores what the files of the same orders score."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import records

import patron
from patron.crm.accounts.models import Organisation
from patron.crm.kit import clock
from patron.crm.scoring import refreshing
from patron.crm.scoring.models import Refresh, ScoringSettings, StageChange, Standing

AS_OF = date(1997, 9, 30)
SAME = ("orders", "recency_days", "first_order", "last_order", "r", "f", "m", "rfm_segment", "stage", "abc")
CLOSE = (
    "p_purchase",
    "p_alive",
    "churn_risk",
    "expected_purchases",
    "expected_purchases_low",
    "expected_purchases_high",
    "expected_purchases_low95",
    "expected_purchases_high95",
)
MONEY = ("revenue", "clv", "clv_low", "clv_high", "clv_low95", "clv_high95", "value_at_risk")


@pytest.mark.django_db
def test_scores_from_the_database_are_those_of_the_file(shared_data: Callable[[str], Path]) -> None:
    file = shared_data("cdnow/CDNOW_sample.txt")
    customers, _ = records.cdnow(file)
    Organisation.objects.update_or_create(id=1, defaults={"timezone": "UTC", "base_currency": "USD"})
    ScoringSettings.objects.update_or_create(id=1, defaults={"horizon_days": 273})
    made = Refresh.objects.create(made_at=clock.now(), by_name="test")
    done = refreshing.run(made.pk, as_of=AS_OF)
    assert (done.state, done.as_of, done.horizon_days, done.customers) == ("done", AS_OF, 273, 2357)
    columns = {"customer": 2, "date": 3, "quantity": 4, "amount": 5}
    run = patron.analyze(file, header=False, mapping=columns, as_of=AS_OF, horizon="39w")
    standings = {s.customer_id: s for s in Standing.objects.all()}
    assert len(standings) == 2357
    for row in run.scores.to_pylist():
        mine = standings[customers[row["customer_id"]].pk]
        assert [getattr(mine, name) for name in SAME] == [row[name] for name in SAME]
        assert [getattr(mine, name) for name in CLOSE] == pytest.approx([row[name] for name in CLOSE], abs=1e-9)
        money = [float(getattr(mine, name)) for name in MONEY]
        assert money == pytest.approx([row[name] for name in MONEY], abs=1e-6)
    assert not StageChange.objects.exists()
