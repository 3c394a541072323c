"""Programs read where customers stand and why, set stages, ask for scoring and look at the models."""

from __future__ import annotations

import pytest
from people import person
from programs import base, program

from patron.crm.scoring.models import Refresh, ScoringSettings
from patron.faces.api.schemas.scoring import Ranked

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return program(person("owner"))


def test_where_a_customer_stands_with_money_as_text_and_a_reason(owner):
    numbers = base()
    said = owner.get(f"/customers/{numbers['customer_id']}/standing").json()
    assert (said["stage"], said["revenue"], said["clv"], said["as_of"]) == ("loyal", "72.5", "100", "2026-03-01")
    assert said["reason_zh"] == "通常每 21 天购买一次。"
    path = f"/customers/{numbers['customer_id']}"
    assert owner.get(f"{path}/stages").json()["items"][0]["after"] == "loyal"
    assert [one["revenue"] for one in owner.get(f"{path}/purchases").json()["orders"]] == [24.0]


def test_who_was_never_scored_stands_nowhere(owner):
    number = owner.post("/customers", {"name": "New"}).json()["id"]
    assert owner.get(f"/customers/{number}/standing").status_code == 404
    assert owner.put(f"/customers/{number}/stage", {"stage": "lead"}).status_code == 409


def test_lists_by_stage_value_and_risk(owner):
    numbers = base()

    def found(query):
        return [one["id"] for one in owner.get(f"/customers?{query}").json()["items"]]

    one, three = numbers["customer_id"], numbers["other_id"]
    assert found("stage=at_risk") == [three]
    assert found("stage=at_risk&stage=loyal&sort=-clv") == [three, one]
    assert found("clv_to=100") == [one]
    assert found("value_at_risk_from=0.000001&risk_from=0.2&risk_to=0.3&abc=A&segment=champion") == [three]
    assert found("last_order_from=2026-03-02") == []
    assert owner.get("/customers?risk_from=2").status_code == 422
    assert owner.get("/customers?clv_from=1e3").status_code == 422
    assert owner.get("/customers?stage=loyal").json()["items"][0]["standing"]["clv"] == "100"


def test_a_list_that_is_written_as_it_is_says_what_its_shape_would(owner):
    numbers = base()
    answer = owner.get("/customers?sort=name")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    rows = answer.json()["items"]
    assert {row["standing"] is None for row in rows} == {False}
    unscored = owner.post("/customers", {"name": "Zoe"}).json()["id"]
    rows = owner.get("/customers?sort=name").json()["items"]
    assert next(row for row in rows if row["id"] == unscored)["standing"] is None
    for row in rows:
        assert row == Ranked.model_validate(row).model_dump(mode="json")
    for number in (numbers["customer_id"], numbers["other_id"]):
        listed = next(row for row in rows if row["id"] == number)
        assert listed["standing"] == owner.get(f"/customers/{number}/standing").json()


def test_a_stage_by_hand(owner):
    path = f"/customers/{base()['customer_id']}"
    said = owner.put(f"{path}/stage", {"stage": "won_back"}).json()
    assert (said["stage"], said["stage_by_hand"]) == ("won_back", True)
    assert owner.put(f"{path}/stage", {"stage": "king"}).status_code == 422
    assert program(person("analyst")).put(f"{path}/stage", {"stage": "new"}).status_code == 403


def test_a_refresh_is_asked_for_once_and_can_be_stopped(owner):
    first = owner.post("/refreshes").json()
    assert owner.post("/refreshes", {}).json()["id"] == first["id"]
    assert owner.get(f"/refreshes/{first['id']}").json()["state"] == "queued"
    assert owner.post(f"/refreshes/{first['id']}/cancel").json()["state"] == "cancelled"
    assert owner.post(f"/refreshes/{first['id']}/cancel").status_code == 409
    assert Refresh.objects.count() == 1
    assert owner.get("/refreshes/999").status_code == 404


def test_settings_and_what_they_would_move(owner):
    base()
    assert owner.get("/models/moves?loyal_frequency=5").json()["customers"] == 2
    assert owner.get("/models/moves?loyal_frequency=77").status_code == 422
    assert owner.patch("/scoring/settings", {"margin": 0.3}).json()["margin"] == 0.3
    assert owner.patch("/scoring/settings", {"margin": 3}).json()["errors"][0]["field"] == "margin"
    assert ScoringSettings.current().margin == 0.3
    assert owner.get("/models").json()["settings"]["margin"] == 0.3


def test_the_overview_before_and_after_the_first_scoring(owner):
    assert owner.get("/overview").json()["refresh"] is None
    base()
    said = owner.get("/overview").json()
    assert said["refresh"]["as_of"] == "2026-03-01"
    assert len(said["lately"]) == 2
    assert len(owner.get("/refreshes").json()["items"]) == 1


def test_the_overview_of_a_member_is_of_their_own_customers():
    base()
    assert program(person("member")).get("/overview").json()["lately"] == []
