"""What the filled base needs beside orders before lists are asked of it: owners, tags, the search index, one long life.

`python dress.py` works on the database of PATRON_HOME / PATRON_DATABASE_URL, which `fill.py` filled, and prints one
line of JSON: a token for the API, a session for the screens, an owner, and the customer with 500 facts.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

OWNERS, FACTS = 10, 500
TAGS = {"newsletter": 3, "vip": 50, "fair 2026": 5_000}  # every so-maniest customer has it


def colleagues() -> list[Any]:
    """An owner and sales people."""
    from patron.crm.accounts.models import Role, User

    roles = [Role.objects.get(code="owner"), *[Role.objects.get(code="member")] * (OWNERS - 1)]
    made = [User(email=f"u{i}@example.org", name=f"User {i}", role=role) for i, role in enumerate(roles)]
    for user in made:
        user.set_unusable_password()
        user.save()
    return made


def assign(users: list[Any]) -> None:
    """Two of three customers to somebody; tags; the search."""
    from django.db import connection

    from patron.crm.customers import search
    from patron.crm.customers.models import Tag

    with connection.cursor() as cursor:
        for i, user in enumerate(users):
            cursor.execute(
                f"UPDATE customers_customer SET owner_id = %s WHERE id %% {len(users) * 3 // 2} = {i}", [user.pk]
            )
        for name, every in TAGS.items():
            tag = Tag.objects.create(name=name)
            cursor.execute(
                "INSERT INTO customers_customertag (record_id, customer_id, tag_id) "
                f"SELECT id, customer_id, %s FROM customers_sourcerecord WHERE id %% {every} = 0",
                [tag.pk],
            )
    search.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def long_life(by: Any) -> int:
    """A customer with 500 facts, told by hand."""
    from patron.crm.customers import operations
    from patron.crm.kit import clock

    customer = operations.add_customer(by=by, fields={"name": "龙小明", "email": "long@example.org"})
    now = clock.now()
    for i in range(FACTS):
        at = now - timedelta(days=i)
        if i % 5 == 0:
            line = {"description": "Tea", "quantity": 1, "unit_price": 20 + i % 7}
            operations.record_order(by=by, customer_id=customer.pk, happened_at=at, lines=[line])
        elif i % 5 in {1, 2}:
            operations.log_interaction(
                by=by,
                customer_id=customer.pk,
                channel="phone",
                inbound=bool(i % 2),
                subject="Call",
                text="",
                happened_at=at,
            )
        else:
            operations.record_event(by=by, customer_id=customer.pk, kind="visit", happened_at=at)
    return int(customer.pk)


def session(user: Any) -> str:
    """The key of a signed-in browser's session."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    """Dress the base; say what a caller needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.faces.project.settings")
    import django

    django.setup()
    from patron.crm.accounts.operations import make_token
    from patron.crm.scoring.rescoring import rescore

    users = colleagues()
    assign(users)
    person = long_life(users[0])
    rescore([person])
    _, secret = make_token(by=users[0], name="benchmark", permissions=["customers.view", "scoring.view"], days=1)
    print(json.dumps({"token": secret, "session": session(users[0]), "owner": users[0].pk, "customer": person}))


if __name__ == "__main__":
    main()
