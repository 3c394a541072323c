"""A list of customers is what its filters say, in its order, page after page, whichever way it is found."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import people
import pytest
import records
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.crm.accounts.models import Team, User
from patron.crm.customers import search
from patron.crm.customers.models import Customer, CustomerTag, Tag
from patron.crm.kit import clock
from patron.crm.kit.policy import Nobody, System
from patron.crm.kit.problems import Forbidden, Invalid
from patron.crm.scoring import places
from patron.crm.scoring.models import Refresh, Standing
from patron.crm.scoring.queries import (
    SORTS,
    Filters,
    count_customers,
    customer_ids,
    list_customers,
    lists,
    plan,
    steering,
)
from patron.lifecycle.decisions.rules import CODES
from patron.lifecycle.models.value.rfm import SEGMENTS

pytestmark = pytest.mark.django_db
N = 60
DAY = date(2024, 6, 1)


@pytest.fixture
def base() -> list[Customer]:
    """Sixty customers; every tenth is not scored yet, every fifth has never bought."""
    draw = random.Random(7)
    refresh = Refresh.objects.create(made_at=clock.now(), by_name="test", state="done")
    made = records.customers([f"{draw.choice('王李张')}{draw.choice('明华')}{i:03}" for i in range(N)])
    vip = Tag.objects.create(name="VIP")
    owner, team = people.person("member"), Team.objects.create(name="North")
    for i, one in enumerate(made):
        one.created_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=draw.randrange(20))
        one.owner = owner if i % 3 == 0 else None
        one.team = team if i % 4 == 0 else None
        one.channel = "web" if i % 2 else ""
    Customer.objects.bulk_update(made, ["created_at", "owner", "team", "channel"])
    rows = []
    for i, one in enumerate(made):
        if i % 10 == 9:
            continue
        bought = i % 5 != 4
        rows.append(
            Standing(
                customer=one,
                refresh=refresh,
                as_of=DAY,
                horizon_days=90,
                clv_horizon_days=364,
                stage=draw.choice(CODES[2:]) if bought else draw.choice(CODES[:2]),
                rfm_segment=draw.choice(list(SEGMENTS)) if bought else "",
                abc=draw.choice("ABC"),
                revenue=draw.randrange(5) * 100,
                clv=Decimal(draw.randrange(8)) / 4 if bought else None,
                value_at_risk=draw.randrange(6) if bought else None,
                churn_risk=draw.randrange(5) / 4 if bought else None,
                first_order=DAY - timedelta(days=draw.randrange(300, 310)) if bought else None,
                last_order=DAY - timedelta(days=draw.randrange(9)) if bought else None,
            )
        )
    Standing.objects.bulk_create(rows)
    record = records.record_of
    CustomerTag.objects.bulk_create(
        CustomerTag(record=record(one), customer=one, tag=vip) for one in made if one.pk % 7 < 2
    )
    search.index([one.pk for one in made])
    places.rebuild()
    return list(Customer.objects.select_related("standing").order_by("pk"))


def owner_id(base: list[Customer]) -> int:
    return next(one.owner_id for one in base if one.owner_id)


def team_id(base: list[Customer]) -> int:
    return next(one.team_id for one in base if one.team_id)


def of(one: Customer, name: str) -> Any:
    found = getattr(one, "standing", None)
    return getattr(found, name) if found else None


def within(value: Any, low: Any = None, high: Any = None) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


# name → (filters, the same in Python)
CASES: dict[str, tuple[Any, Any]] = {
    "everybody": (lambda _b: Filters(), lambda _c, _b: True),
    "stage": (lambda _b: Filters(stages=("loyal",)), lambda c, _b: of(c, "stage") == "loyal"),
    "two stages": (
        lambda _b: Filters(stages=("loyal", "lead")),
        lambda c, _b: of(c, "stage") in ("loyal", "lead"),
    ),
    "segment": (lambda _b: Filters(segments=("champion",)), lambda c, _b: of(c, "rfm_segment") == "champion"),
    "class": (lambda _b: Filters(abc=("A", "B")), lambda c, _b: of(c, "abc") in ("A", "B")),
    "value": (
        lambda _b: Filters(clv_from=Decimal("0.5"), clv_to=Decimal(1)),
        lambda c, _b: within(of(c, "clv"), Decimal("0.5"), 1),
    ),
    "value at risk": (
        lambda _b: Filters(value_at_risk_from=Decimal(3)),
        lambda c, _b: within(of(c, "value_at_risk"), 3),
    ),
    "risk": (lambda _b: Filters(risk_from=0.25, risk_to=0.75), lambda c, _b: within(of(c, "churn_risk"), 0.25, 0.75)),
    "revenue": (lambda _b: Filters(revenue_to=Decimal(200)), lambda c, _b: within(of(c, "revenue"), None, 200)),
    "first order": (
        lambda _b: Filters(first_order_from=DAY - timedelta(days=305)),
        lambda c, _b: within(of(c, "first_order"), DAY - timedelta(days=305)),
    ),
    "last order": (
        lambda _b: Filters(last_order_to=DAY - timedelta(days=3)),
        lambda c, _b: within(of(c, "last_order"), None, DAY - timedelta(days=3)),
    ),
    "tag": (lambda _b: Filters(tag="VIP"), lambda c, _b: c.pk % 7 < 2),
    "owner": (lambda b: Filters(owner_id=owner_id(b)), lambda c, b: c.owner_id == owner_id(b)),
    "nobody's": (lambda _b: Filters(owner_id=0), lambda c, _b: c.owner_id is None),
    "team": (lambda b: Filters(team_id=team_id(b)), lambda c, b: c.team_id == team_id(b)),
    "created": (
        lambda _b: Filters(
            created_from=datetime(2024, 1, 5, tzinfo=UTC), created_before=datetime(2024, 1, 9, tzinfo=UTC)
        ),
        lambda c, _b: datetime(2024, 1, 5, tzinfo=UTC) <= c.created_at < datetime(2024, 1, 9, tzinfo=UTC),
    ),
    "text": (lambda _b: Filters(text="王明"), lambda c, _b: "王明" in c.name),
    "channel and kind": (lambda _b: Filters(channel="web", kind="person"), lambda c, _b: c.channel == "web"),
    "several": (
        lambda b: Filters(stages=("at_risk", "lapsed", "loyal"), team_id=team_id(b), risk_to=0.5),
        lambda c, b: (
            of(c, "stage") in ("at_risk", "lapsed", "loyal")
            and c.team_id == team_id(b)
            and within(of(c, "churn_risk"), None, 0.5)
        ),
    ),
}


def expected(base: list[Customer], holds: Any, sort: str) -> list[int]:
    """What the list has to be, sorted in Python."""
    name = sort.lstrip("-")
    value = {"name": lambda c: c.name, "created": lambda c: c.created_at}.get(name, lambda c: of(c, name))
    some = [c for c in base if holds(c, base)]
    known = sorted((c for c in some if value(c) is not None), key=lambda c: (value(c), c.pk), reverse=sort[0] == "-")
    empty = sorted((c for c in some if value(c) is None), key=lambda c: c.pk, reverse=sort[0] == "-")
    return [c.pk for c in (*known, *empty)]


def walked(sort: str, filters: Filters, limit: int) -> list[int]:
    """All pages, one after the other."""
    found, after = [], None
    while True:
        page = list_customers(actor=System(), filters=filters, sort=sort, after=after, limit=limit)
        found += [row.customer.pk for row in page.rows]
        after = page.next
        if after is None:
            return found
        assert len(page.rows) == limit


SOME = ("-clv", "name", "last_order")


WAYS = {  # how many are gathered at once, or after a walk has gone so far
    "walked": {"FEW": 0, "SOME": 0},
    "given up": {"FEW": 0, "SOME": 0, "FAR": 3, "NEAR": 3},
    "given up in vain": {"FEW": 0, "SOME": 0, "FAR": 3, "NEAR": 3, "MANY": 0},
    "either": {"FEW": 10, "SOME": 10},
    "gathered": {"FEW": 1000, "SOME": 1000},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_every_filter_in_every_order_page_by_page(
    base: list[Customer], case: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "RARE", 1)
    for name, value in WAYS[way].items():
        monkeypatch.setattr(plan, name, value)
    make, holds = CASES[case]
    for sort in SORTS if case in ("everybody", "several") else SOME:
        wanted = expected(base, holds, sort)
        assert walked(sort, make(base), limit=11) == wanted, sort
        assert customer_ids(actor=System(), filters=make(base), sort=sort) == wanted
    assert count_customers(actor=System(), filters=make(base)) == lists.Count(len(wanted), exact=True)


def test_a_row_has_who_where_they_stand_and_tags(base: list[Customer]) -> None:
    page = list_customers(actor=System(), filters=Filters(tag="VIP"), limit=100)
    assert all(row.tags == ["VIP"] for row in page.rows)
    assert {row.standing is None for row in page.rows} == {not hasattr(c, "standing") for c in base if c.pk % 7 < 2}


def test_only_ones_own_are_listed_and_counted(base: list[Customer]) -> None:
    member = User.objects.get(pk=owner_id(base))
    member.role.scope = "own"
    own = {c.pk for c in base if c.owner_id == member.pk}
    page = list_customers(actor=member, limit=200)
    assert {row.customer.pk for row in page.rows} == own
    assert count_customers(actor=member) == lists.Count(len(own), exact=True)


@pytest.mark.usefixtures("base")
def test_a_page_costs_the_same_whatever_its_length() -> None:
    numbers = []
    for limit in (5, 50):
        with CaptureQueriesContext(connection) as seen:
            list_customers(actor=System(), limit=limit)
        numbers.append(sum(" FROM " in query["sql"] for query in seen.captured_queries))
    assert max(numbers) <= 5  # those without a value are a second look into the list


@pytest.mark.usefixtures("base")
def test_what_can_not_be_asked_is_refused() -> None:
    with pytest.raises(Invalid, match="none of"):
        Filters(stages=("gone",))
    with pytest.raises(Invalid, match="One of"):
        list_customers(actor=System(), sort="shoe_size")
    page = list_customers(actor=System(), sort="name", limit=5)
    with pytest.raises(Invalid, match="not known"):
        list_customers(actor=System(), sort="-clv", after=page.next)
    with pytest.raises(Invalid, match="not known"):
        list_customers(actor=System(), sort="-clv", after="abc")
    with pytest.raises(Forbidden):
        list_customers(actor=Nobody())


@pytest.mark.usefixtures("base")
@pytest.mark.django_db(transaction=True, reset_sequences=True)  # an estimate draws from all numbers ever given
def test_a_long_list_is_estimated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 20)
    monkeypatch.setattr(lists, "DRAWN", 30)
    monkeypatch.setattr(plan, "FEW", 0)
    guess = count_customers(actor=System())
    assert not guess.exact
    assert 40 <= guess.number <= 80


def test_postgresql_is_kept_from_whole_tables_while_lists_are_looked_up() -> None:
    with CaptureQueriesContext(connection) as seen, steering.steered(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in steering.NOT_CHOSEN:
                cursor.execute("SELECT current_setting(%s)", [name])
                assert cursor.fetchone() == ("off",)
    assert connection.vendor == "postgresql" or len(seen) == 0
