"""From a history that a database keeps up to date to everybody's lifecycle: what a refresh of the server runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patron.history.shelf import LINES
from patron.history.store import History
from patron.history.views import View
from patron.lifecycle.decisions.keep import label, next_step
from patron.lifecycle.decisions.reasons import ReasonFacts, reasons
from patron.lifecycle.decisions.stages import HandSet, StageFacts, stage
from patron.lifecycle.features.rhythm import gaps
from patron.lifecycle.features.summary import summarise
from patron.study.analyze import Basis, Given, Report, default_horizon, judge
from patron.study.card import words
from patron.study.customers import with_strangers
from patron.study.fits import Fits
from patron.study.run import Run
from patron.study.scoring import COLUMNS, MORE, WIDE, Beside, score
from patron.study.settings import Settings
from patron.words import Text

NOBODY = pa.schema(
    [
        ("customer_id", pa.string()),
        ("stage", pa.string()),
        ("set_at", pa.timestamp("us")),
        ("last_fact_at", pa.timestamp("us")),
    ]
).empty_table()
"""No stage set by hand; the columns such a table has. `last_fact_at` is the customer's newest fact, empty without."""


@dataclass(frozen=True)
class People:
    """Who there is, with orders or without (`ids`), and whose stage a hand set (a table like NOBODY)."""

    ids: pa.Array
    hand: pa.Table = field(default_factory=lambda: NOBODY)

    def complete(self, summary: pa.Table) -> tuple[pa.Table, None, list[Text]]:
        """The summary with everybody in it."""
        return with_strangers(summary, self.ids)[1], None, []

    def beside(self, view: View, summary: pa.Table) -> Beside:
        """Signs of interest by the view's day, and the stages set by hand, of the customers of a summary."""
        ids = summary.column("customer_id").combine_chunks()
        interest = np.asarray(pc.is_in(ids, interested(view)).to_numpy(zero_copy_only=False))
        return Beside(interest, self._hand(ids) if self.hand.num_rows else None)

    def _hand(self, ids: pa.Array) -> HandSet:
        at = pc.index_in(ids, self.hand.column("customer_id").combine_chunks())
        columns = [self.hand.column(name).combine_chunks().take(at) for name in ("stage", "set_at", "last_fact_at")]
        return HandSet(
            np.asarray(columns[0].fill_null("").to_numpy(zero_copy_only=False), dtype=np.str_),
            *(_moments(column) for column in columns[1:]),
        )


def _moments(column: pa.Array) -> NDArray[np.datetime64]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype="datetime64[us]")


def interested(view: View) -> pa.Array:
    """Ids of the customers with a sign of interest by the view's day: an inbound contact or an event with intent."""
    signs = []
    if view.shelf.manifest.of("interactions"):
        signs.append(view.interactions.filter(ibis._.inbound).select("customer_id"))
    if view.shelf.manifest.of("events"):
        signs.append(view.events.filter(ibis._.intent).select("customer_id"))
    if not signs:
        return pa.array([], pa.string())
    either = signs[0] if len(signs) == 1 else ibis.union(*signs)
    return view.rows(either.distinct()).column("customer_id").combine_chunks()


def analyze_history(
    history: History,
    settings: Settings,
    people: People,
    *,
    notes: Sequence[Text] = (),
    use: Run | None = None,
    progress: Report | None = None,
) -> Run:
    """The run of `history` as of a day for everybody in `people`; its scores have scoring.MORE.

    `notes` are said in the card before all others. `use`: a run whose parameters score instead of fitting anew.
    A `settings.horizon_days` of 0 is derived from the repeat gaps. The history needs at least one order line.
    """
    view = history.as_of(settings.as_of)
    seen = gaps(view)
    if not settings.horizon_days:
        settings = with_horizon(settings, default_horizon(seen))
    given = Given(
        people=people.complete,
        inputs=lambda _told, after: _input(history, after),
        has_cost=_has_cost(view),
        beside_orders=people.beside,
        notes=notes,
        more=True,
    )
    basis = Basis(history, view, summarise(view, seen=seen), settings, progress or (lambda _step, _share: None))
    return judge(basis, use, given)


def score_history(history: History, settings: Settings, people: People, fitted: Fits) -> pa.Table:
    """The scores (with scoring.MORE) of a history of few customers, by frozen parameters of everybody's."""
    view = history.as_of(settings.as_of)
    summary = people.complete(summarise(view))[0]
    return score(summary, fitted, settings, people.beside(view, summary))


def nobody_bought(view: View, people: People, settings: Settings) -> pa.Table:
    """The scores (with scoring.MORE) where nobody has bought yet: stages and words, and nothing expected of anybody."""
    summary = people.complete(summarise(view))[0]
    beside, n = people.beside(view, summary), summary.num_rows
    facts = StageFacts.of(
        orders=np.zeros(n), recency_days=np.nan, tenure_days=np.nan, f=0, health=np.nan, interest=beside.interest
    )
    stages = stage(facts, settings.horizon_days, settings=settings.stages, hand=beside.hand)
    returns = summary.column("return_days").to_numpy()
    said = reasons(
        ReasonFacts.of(orders=np.zeros(n), recency_days=0, usual_gap=0, return_days=returns, interest=beside.interest)
    )
    known = {
        **{name: summary.column(name) for name in ("customer_id", "orders", "first_order", "last_order", "revenue")},
        "value_basis": pa.repeat("revenue", n),
        "stage": stages.column().cast(pa.string()),
        "label": label(np.zeros(n), shrunken=True).cast(pa.string()),
        "reason_en": said.en,
        "reason_zh": said.zh,
        "came_while_lapsed": pa.repeat(False, n),
        "interest": pa.array(beside.interest),
        "by_hand": pa.array(stages.by_hand),
        "next_step": next_step(stages.code, np.zeros(n, dtype=np.bool_)).cast(pa.string()),
    }
    unknown = {"rfm_segment": pa.string(), "abc": pa.string()}
    return pa.table(
        {
            name: known[name] if name in known else pa.nulls(n, unknown.get(name, pa.float64()))
            for name in (*COLUMNS, *WIDE, *MORE)
        }
    )


def with_horizon(settings: Settings, days: int) -> Settings:
    """The same settings with another horizon."""
    return replace(settings, horizon_days=days)


def _has_cost(view: View) -> bool:
    days = view.days
    return bool(view.rows(days.aggregate(known=days.cost.notnull().any())).column("known")[0].as_py())


def _input(history: History, after: Mapping[str, float]) -> dict[str, Any]:
    """The card's entry: lines and money in the database, and what of it came after the as-of day."""
    last = history.last_day
    days = history.as_of(last).days if last is not None else history.shelf.days
    found = history.rows(days.aggregate(value=days.revenue.sum()))
    value = float(found.column("value")[0].as_py() or 0) / 1e6
    rows = sum(part.rows - part.corrections for part in history.manifest.of(LINES))
    aside = []
    if after["rows"]:
        text = Text("after the as-of day (kept to check the predictions)", "晚于截至日（仅用于检验预测）")
        aside.append(
            {"reason": words(text), "code": "after_as_of", "rows": int(after["rows"]), "value": after["value"]}
        )
    return {
        "files": [],
        "sha256": history.manifest.digest(LINES),
        "rows_file": rows,
        "rows_used": rows - int(after["rows"]),
        "set_aside": aside,
        "value_file": value,
        "value_used": round(value - after["value"], 6),
        "told": [],
        "mapping": {},
    }
