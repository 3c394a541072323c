"""Lists of customers with their scores: filtered, sorted, found by key; and how many there are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from patron.crm.customers.models import Customer
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid
from patron.crm.scoring.queries.filters import Filters, Sort, sort_of
from patron.crm.scoring.queries.plan import Place, Plan, number_among, number_of, page, plan
from patron.crm.scoring.queries.rows import Listed, rows_of
from patron.words import Text

MOST_ROWS = 200
COUNTED = 10_000  # counted to the last one; beyond it is estimated
DRAWN = 4_000  # customers that an estimate looks at


@dataclass(frozen=True)
class Count:
    """How many customers; `exact` False says that it is an estimate."""

    number: int
    exact: bool


@query("customers.view")
def list_customers(
    *,
    actor: Actor,
    filters: Filters | None = None,
    sort: str = "-value_at_risk",
    after: str | None = None,
    limit: int = 50,
) -> Page[Listed]:
    """A page of the customers for whom all filters hold, in the order `sort` (see SORTS). Raises Invalid.

    Falling orders have '-' in front. Those without a value come last. `after` is the `next` of the page before.
    """
    by = sort_of(sort)
    limit = min(max(limit, 1), MOST_ROWS)
    found = page(plan(actor, filters or Filters(), by), by, _place(by, after), limit + 1)
    # While a refresh writes, somebody who moved may stand in the order twice: once is shown.
    rows = rows_of(list(dict.fromkeys(number for number, _ in found[:limit])))
    if len(found) <= limit:
        return Page(rows)
    number, value = found[limit - 1]
    return Page(rows, bookmark(json.dumps(_plain(value)), number))


def _place(sort: Sort, after: str | None) -> Place:
    if not after:
        return None
    text, number = read_bookmark(after, str, int)
    try:
        value = json.loads(text)
    except ValueError:
        value = ...
    if value is None and sort.nullable:
        return None, number
    if type(value) not in sort.kinds:
        raise Invalid(
            {"after": Text("This place in the list is not known. Start at its top.", "列表位置无效，请从头开始。")}
        )
    return value, number


def _plain(value: Any) -> Any:
    """As the database compares it: SQLite keeps moments as text with a blank in the middle."""
    return str(value) if isinstance(value, (date, datetime)) else value


@query("customers.view")
def count_customers(*, actor: Actor, filters: Filters | None = None) -> Count:
    """How many customers a list has: exact up to 10,000, else estimated from a sample."""
    wanted = plan(actor, filters or Filters())
    if wanted.gather is None:
        guess = _estimate(wanted)
        if guess > 2 * COUNTED:
            return Count(guess, exact=False)
    number = number_of(wanted, COUNTED + 1)
    if number <= COUNTED:
        return Count(number, exact=True)
    return Count(max(_estimate(wanted), COUNTED), exact=False)


def _estimate(wanted: Plan) -> int:
    """The share among evenly spread numbers, times how many numbers there are; two digits."""
    last = Customer.objects.aggregate(last=Max("pk"))["last"] or 0
    if last <= DRAWN:
        return 0
    step = last / DRAWN
    drawn = [int(i * step) + 1 for i in range(DRAWN)]
    number = number_among(wanted, drawn) * last / DRAWN
    digits = max(len(str(int(number))) - 2, 0)
    return int(round(number, -digits))


@query("customers.view")
def customer_ids(*, actor: Actor, filters: Filters, sort: str = "-value_at_risk", most: int = 100_000) -> list[int]:
    """The numbers of up to `most` customers of a list in its order: for exports and for edits of many."""
    by = sort_of(sort)
    return list(dict.fromkeys(number for number, _ in page(plan(actor, filters, by), by, None, most)))
