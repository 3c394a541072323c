"""Programs that speak to the API in tests: `program(person("member"))` has a token with all that its person may."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from patron.crm.accounts import rules
from patron.crm.accounts.models import ApiToken, Team, User
from patron.crm.accounts.tokens import written
from patron.crm.customers import operations
from patron.crm.kit import clock
from patron.crm.kit.policy import System
from patron.crm.scoring import places
from patron.crm.scoring.models import Refresh, StageChange, Standing

API = "/api/v1"
_number = count(1)


def token(user: User, permissions: Iterable[str] | None = None, *, days: int = 30) -> str:
    """A token's key, written past the operations: not everybody may make one."""
    number, secret, now = next(_number), rules.new_secret(), clock.now()
    made = ApiToken.objects.create(
        user=user,
        name=f"program {number}",
        prefix=f"t{number}",
        secret_hash=rules.digest(secret),
        permissions=sorted(user.role.permissions if permissions is None else permissions),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return written(made.prefix, secret)


class Program:
    """A test client that sends JSON with a token."""

    def __init__(self, key: str, **headers: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}", **headers}

    def ask(
        self, method: str, path: str, body: Any = None, kind: str = "application/json", **headers: str
    ) -> HttpResponse:
        """The response; `headers` with _ for -, `kind` the body's media type."""
        more = {"Accept-Language": "en"} | self.headers | {n.replace("_", "-"): v for n, v in headers.items()}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, f"{API}{path}", data, content_type=kind, headers=more)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("DELETE", path, **headers)


def program(user: User, permissions: Iterable[str] | None = None, **headers: str) -> Program:
    """A program that acts for `user`."""
    return Program(token(user, permissions), **headers)


def base() -> dict[str, int]:
    """A small base with one of everything; numbers by name."""
    by, day = System(), date(2026, 3, 1)
    one = operations.add_customer(by=by, fields={"name": "Li Lei", "phone": "13800138000"})
    two = operations.add_customer(by=by, fields={"name": "李雷", "phone": "13800138000", "email": "li@example.org"})
    three = operations.add_customer(by=by, kind="organisation", fields={"name": "Acme"})
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    operations.save_rate(by=by, day=day, currency="EUR", rate=Decimal("7.8"))
    product = operations.save_product(by=by, code="TEA", name="Tea", price=Decimal("12"), cost=Decimal("4"))
    lines = [{"product": "TEA", "quantity": "2", "unit_price": "12"}]
    order = operations.record_order(by=by, customer_id=one.pk, happened_at=at, lines=lines)
    note = operations.add_note(by=by, customer_id=one.pk, text="likes tea")
    operations.log_interaction(by=by, customer_id=one.pk, channel="phone", inbound=True, text="asked", minutes=3)
    operations.record_event(by=by, customer_id=one.pk, kind="visit")
    operations.record_feedback(by=by, customer_id=one.pk, question="nps", score=9)
    term = operations.record_subscription(
        by=by, customer_id=one.pk, plan="gold", amount=Decimal("5"), starts_at=at, currency="CNY"
    )
    operations.record_consent(by=by, customer_id=one.pk, channel="mail", purpose="marketing", given=True)
    operations.tag_customers(by=by, customer_ids=[one.pk, three.pk], tag="vip")
    relation = operations.relate(by=by, customer_id=one.pk, other_id=three.pk, kind="works_for")
    merge = operations.merge_customers(by=by, survivor_id=one.pk, absorbed_id=two.pk)
    refresh = scored([one.pk, three.pk])
    team = Team.objects.create(name="North")
    return {
        "customer_id": one.pk,
        "absorbed_id": two.pk,
        "other_id": three.pk,
        "product_id": product.pk,
        "order_id": order.pk,
        "fact_id": note.pk,
        "subscription_id": term.pk,
        "relation_id": relation.pk,
        "merge_id": merge.pk,
        "team_id": team.pk,
        "refresh_id": refresh.pk,
    }


def scored(customer_ids: Iterable[int]) -> Refresh:
    """A refresh that has scored these customers, written past the models: stage, money and chances are made up."""
    now, day = clock.now(), date(2026, 3, 1)
    refresh = Refresh.objects.create(
        state="done", as_of=day, made_at=now, finished_at=now, by_name="Patron", customers=2, figures={}, card=None
    )
    for number, customer_id in enumerate(customer_ids):
        Standing.objects.create(
            customer_id=customer_id,
            refresh=refresh,
            as_of=day,
            horizon_days=90,
            clv_horizon_days=364,
            stage="at_risk" if number else "loyal",
            orders=3,
            last_order=day,
            revenue=Decimal("72.50"),
            clv=Decimal(100 * (number + 1)),
            value_at_risk=Decimal(10 * number),
            churn_risk=0.25,
            rfm_segment="champion",
            abc="A",
            reason_en="Usually buys every 21 days.",
            reason_zh="通常每 21 天购买一次。",
        )
        StageChange.objects.create(customer_id=customer_id, before="new", after="loyal", day=day, refresh=refresh)
    places.rebuild()
    return refresh
