"""Makes the sample base. Cut short, it goes on where it was: every step is done, or done again harmlessly.

The owner's account is made last, with the mark that the base is whole: nobody can sign in to half of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from patron.crm.accounts.models import Organisation
from patron.crm.accounts.operations import mark_sample, save_organisation
from patron.crm.kit import clock
from patron.crm.kit.policy import System
from patron.faces.project.sample import crew
from patron.faces.project.sample.by_hand import by_hand
from patron.faces.project.sample.importing import bring
from patron.faces.project.sample.orders import orders_of, write_orders
from patron.faces.project.sample.plan import CURRENCY, LAST_DAY, SOURCE, TIMEZONE, Wish, shift_days
from patron.faces.project.sample.scoring import score
from patron.faces.project.sample.state import State, finish, state
from patron.lifecycle.simulate.people import People, simulate_people
from patron.words import Text

SHOP = "Lantern & Larkspur 灯笼与飞燕草"
SEED = 352
MEETINGS = f"{SOURCE}: newsletter and enquiries 订阅与咨询"
Say = Callable[[Text, float], None]


@dataclass(frozen=True)
class Part:
    """One file of the base: its kind, the source it speaks for, and its share of the work."""

    name: str
    kind: str
    source: str
    share: float
    about: Text


# Orders first: a source that has told nothing yet is written without looking anything up.
PARTS = (
    Part("orders", "orders", SOURCE, 0.5, Text("Order lines", "订单明细")),
    Part("people", "customers", SOURCE, 0.05, Text("Customers", "客户")),
    Part("newcomers", "customers", MEETINGS, 0.01, Text("Leads and prospects", "线索与潜在客户")),
    Part("interactions", "interactions", SOURCE, 0.03, Text("Interactions", "互动")),
    Part("enquiries", "interactions", MEETINGS, 0.01, Text("Enquiries", "咨询")),
    Part("events", "events", SOURCE, 0.04, Text("Events", "行为")),
    Part("baskets", "events", MEETINGS, 0.01, Text("Baskets", "购物车")),
    Part("feedback", "feedback", SOURCE, 0.02, Text("Feedback", "反馈")),
    Part("subscriptions", "subscriptions", SOURCE, 0.01, Text("Subscriptions", "订阅")),
)
_BEFORE, _BY_HAND = 0.04, 0.1


def build(wish: Wish, say: Say) -> str:
    """Makes the base or goes on making it; returns the owner's password, which holds for one sign-in.

    `say` gets words and the share of the whole (0 … 1).
    """
    by = System("Patron demo")
    say(Text("Colleagues and settings", "同事与设置"), 0.0)
    shift = _organisation(by, wish)
    team = crew.engage(by)
    with tempfile.TemporaryDirectory(prefix="patron-sample-") as folder:
        say(Text("Making up people for the orders", "为订单生成虚构人物"), 0.01)
        people = _files(Path(folder), shift, wish.lines)
        done = _BEFORE
        for part in PARTS:
            file = Path(folder) / f"{part.name}.parquet"
            if pq.read_metadata(file).num_rows:  # a slice for tests may lack a kind
                bring(file, part.kind, part.source, by, _inside(say, part.about, done, part.share))
            done += part.share
    by_hand(people, team, by, lambda words, share: say(words, done + share * _BY_HAND))
    done += _BY_HAND
    score(by, lambda words, share: say(words, done + share * (1 - done)))
    with transaction.atomic():
        password = crew.admit_owner(by)
        finish(by)
    return password


def _organisation(by: System, wish: Wish) -> int:
    """The shop's settings; returns by how many days its dates are moved, as it was decided the first time."""
    if state() is State.HALF:
        return Organisation.current().sample_shift_days
    shift = shift_days(clock.today(TIMEZONE) - timedelta(days=1)) if wish.shift else 0
    with transaction.atomic():
        save_organisation(by=by, name=SHOP, base_currency=CURRENCY, timezone=TIMEZONE, language=wish.language)
        mark_sample(by=by, shift_days=shift, frozen_day=None if shift else LAST_DAY)
    return shift


def _inside(say: Say, about: Text, start: float, share: float) -> Callable[[int, int | None], None]:
    """Progress of one file: rows done, rows in all."""

    def tell(rows: int, total: int | None) -> None:
        words = Text(f"{about.en}: {rows:,} of {total:,}", f"{about.zh}：{rows:,} / {total:,}") if total else about
        say(words, start + share * (rows / total if total else 0))

    return tell


def _files(folder: Path, shift: int, lines: int | None) -> People:
    """Writes every file of PARTS into `folder`; the same every time for the same shift and lines."""
    orders, last = orders_of(write_orders(folder / "orders.parquet", shift, lines))
    people = simulate_people(orders, seed=SEED, colleagues=crew.LOOKING_AFTER, shop=SHOP, currency=CURRENCY, until=last)
    for name, table in _tables(people):
        pq.write_table(table, folder / f"{name}.parquet")
    return people


def _tables(people: People) -> Iterator[tuple[str, pa.Table]]:
    yield "people", people.buyers
    yield "newcomers", people.others
    yield "interactions", people.interactions
    yield "enquiries", people.other_interactions
    yield "events", people.events
    yield "baskets", people.other_events
    yield "feedback", people.feedback
    yield "subscriptions", people.subscriptions
