"""A list leaves as rows of a file, whole and in its order; purchases over time are occasions with what is expected."""

from __future__ import annotations

from datetime import UTC, datetime

import people
import programs
import pytest
import records

from patron.crm.customers.operations import record_consent, record_order
from patron.crm.customers.queries import consents
from patron.crm.kit.policy import Nobody, System
from patron.crm.kit.problems import Forbidden
from patron.crm.scoring.queries import earlier_refreshes, list_customers, purchases_over_time
from patron.crm.scoring.queries.export import MOST_ROWS, export_customers

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 2, 1, 4, tzinfo=UTC)


def test_every_page_of_the_list_is_in_the_file():
    made = records.customers([f"c{i:04}" for i in range(MOST_ROWS + 30)])
    rows = list(export_customers(actor=System(), sort="name"))
    assert [row.customer.pk for row in rows] == [c.pk for c in sorted(made, key=lambda c: c.name)]
    first = list_customers(actor=System(), sort="name", limit=MOST_ROWS)
    assert len(first.rows) < len(rows)


def test_who_may_not_export_gets_no_row():
    with pytest.raises(Forbidden):
        export_customers(actor=Nobody())


def test_days_of_purchases_are_occasions_with_their_net_money():
    by, who = System(), people.customer("李雷")
    line = {"product": "TEA", "quantity": "2", "unit_price": "5"}
    for at in (NOON, NOON.replace(hour=9), datetime(2026, 2, 10, 4, tzinfo=UTC)):
        record_order(by=by, customer_id=who.pk, happened_at=at, lines=[line])
    back = {"product": "TEA", "quantity": "-1", "unit_price": "5"}
    record_order(by=by, customer_id=who.pk, happened_at=datetime(2026, 2, 20, 4, tzinfo=UTC), lines=[back])
    figures = purchases_over_time(actor=by, customer_id=who.pk)
    assert figures["orders"] == [{"day": "2026-02-01", "revenue": 20.0}, {"day": "2026-02-10", "revenue": 10.0}]
    assert "ahead" not in figures


def test_a_standing_whose_files_are_gone_expects_nothing():
    who = people.customer("李雷")
    programs.scored([who.pk])
    figures = purchases_over_time(actor=System(), customer_id=who.pk)
    assert figures["as_of"] == "2026-03-01"
    assert "ahead" not in figures


def test_of_what_was_agreed_to_the_newest_word_counts():
    by, who = System(), people.customer("李雷")
    for given, day in ((True, 1), (False, 2)):
        at = datetime(2026, 2, day, tzinfo=UTC)
        record_consent(by=by, customer_id=who.pk, channel="mail", purpose="marketing", given=given, happened_at=at)
    record_consent(by=by, customer_id=who.pk, channel="phone", purpose="service", given=True, happened_at=NOON)
    found = consents(actor=by, customer_id=who.pk)
    assert [(c.channel, c.given) for c in found] == [("mail", False), ("phone", True)]


def test_earlier_scorings_are_listed_without_their_figures():
    programs.scored([people.customer("李雷").pk])
    (one,) = earlier_refreshes(actor=System())
    assert {"card", "figures"} <= one.get_deferred_fields()
