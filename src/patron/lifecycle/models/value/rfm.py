"""RFM: recency, frequency and monetary scores from 1 to 5, and the segment they point to [definitions.md, "Value"].

A score is 1 + floor(5 × number of customers strictly worse ÷ n): customers who are equal share a score, whatever
the order of the rows. The four cut points of each score are its fitted parameters. They are kept and put to new
data unchanged, so that a score means the same from one refresh to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patron.lifecycle.maths.phrases import Phrases, counted, fill
from patron.lifecycle.models.base import Kind, Needs, Parts, numbers
from patron.lifecycle.periods import DAYS_A_WEEK
from patron.words import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = 5
MONEY_DECIMALS = 6
"""Monetary means are rounded here: 30.299999999999997 ÷ 3 and 10.1 are the same money and must tie."""

SEGMENT_GRID: dict[int, tuple[str, str, str, str, str]] = {
    5: ("new", "promising", "potential_loyal", "champion", "champion"),
    4: ("promising", "potential_loyal", "potential_loyal", "loyal", "champion"),
    3: ("about_to_sleep", "needs_attention", "needs_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    1: ("lost", "lost", "hibernating", "at_risk", "cant_lose"),
}
"""Segment by R (key) and FM (1 … 5, left to right)."""

SEGMENTS: dict[str, Text] = {
    "new": Text("New", "新客户"),
    "promising": Text("Promising", "有潜力"),
    "potential_loyal": Text("Potential loyal", "潜在忠诚"),
    "champion": Text("Champion", "冠军客户"),
    "loyal": Text("Loyal", "忠诚"),
    "about_to_sleep": Text("About to sleep", "即将沉睡"),
    "needs_attention": Text("Needs attention", "需要关注"),
    "hibernating": Text("Hibernating", "沉睡"),
    "at_risk": Text("At risk", "有流失风险"),
    "cant_lose": Text("Can't lose", "不能失去"),
    "lost": Text("Lost", "已失去"),
}
"""Segment codes and their words."""

_SCORED = ("r", "f", "m")


def cut_points(goodness: Floats) -> Floats:
    """The four values a customer must exceed to reach score 2, 3, 4, 5; `goodness` (n ≥ 1) is larger when better.

    Score ≥ k needs 5 × (number strictly worse) ≥ (k−1) × n, that is at least m = ceil((k−1) n ÷ 5) customers
    strictly worse; and that holds exactly for those above the m-th smallest value. Whole numbers throughout,
    so the fitted scores come back exactly.
    """
    ordered = np.sort(goodness)
    need = -(-np.arange(1, LEVELS) * ordered.size // LEVELS)
    return np.asarray(ordered[need - 1], dtype=np.float64)


def score(goodness: Floats, cuts: Floats) -> Ints:
    """1 + how many cut points lie strictly below each value of `goodness` (n): 1 … 5, never falling with goodness."""
    return 1 + np.searchsorted(cuts, goodness, side="left").astype(np.int64)


def round_half_up_mean(f: Ints, m: Ints) -> Ints:
    """FM = (F + M) ÷ 2 with halves rounded up."""
    return (f + m + 1) // 2


def goodness(table: pa.Table) -> dict[str, Floats]:
    """What R, F and M are scored on, larger when better, of the customers of a SUMMARY table (with orders ≥ 1).

    r: − days from the last occasion to the as-of day; f: occasions; m: mean net value per occasion.
    """
    orders = numbers(table, "orders")
    age_days = (numbers(table, "T") - numbers(table, "t_x")) * DAYS_A_WEEK
    mean = np.round(numbers(table, "revenue") / orders, MONEY_DECIMALS)
    return {"r": -np.rint(age_days), "f": orders, "m": mean + 0.0}


@dataclass(frozen=True)
class FittedRfm:
    """Cut points of r (days, negative), f (occasions) and m (money an occasion), from `n` customers who bought.

    With n = 0 there is nothing to stand beside: every score is empty.
    """

    cuts: dict[str, Floats]
    n: int
    name: str = "rfm"

    def predict(self, table: pa.Table, *, horizon: float = 0.0) -> pa.Table:
        """customer_id, r, f, m, fm (1 … 5), rfm_segment of each row of a SUMMARY table, in its order.

        A customer without an occasion has empty scores and segment. `horizon` plays no part.
        """
        del horizon
        known = _bought(table) & (self.n > 0)
        measured = goodness(table.filter(pa.array(known)))
        scores = {name: score(measured[name], self.cuts[name]) for name in _SCORED} if self.n else {}
        f, m = scores.get("f", _NONE), scores.get("m", _NONE)
        scores = {name: scores.get(name, _NONE) for name in _SCORED} | {"fm": round_half_up_mean(f, m)}
        columns = {name: _spread(values, known) for name, values in scores.items()}
        return pa.table(
            {"customer_id": table.column("customer_id"), **columns, "rfm_segment": segment(columns["r"], columns["fm"])}
        )

    def reasons(self, table: pa.Table, *, horizon: float = 0.0) -> pa.Table:
        """customer_id, why_en, why_zh: the facts and the three scores in one sentence; empty where there are none."""
        del horizon
        predicted = self.predict(table)
        known = np.asarray(predicted.column("r").is_valid())
        rows = np.flatnonzero(known)
        facts, scores = goodness(table.take(rows)), predicted.take(rows)
        blanks = {
            "ago": counted(-facts["r"], one=Text("yesterday", "1 天前"), many=_AGO, zero=Text("today", "当天")),
            "times": counted(facts["f"], one=Text("1 purchase", "1 次购买"), many=_TIMES),
            "mean": _plain(pc.cast(pc.round(pa.array(facts["m"]), 2), pa.string())),
            **{name: _plain(pc.cast(scores.column(name), pa.string()).combine_chunks()) for name in _SCORED},
        }
        said = fill(_WHY, blanks, rows.size)
        back = pa.array(np.cumsum(known) - 1, mask=~known)
        return pa.table(
            {"customer_id": table.column("customer_id"), "why_en": said.en.take(back), "why_zh": said.zh.take(back)}
        )

    def parts(self) -> Parts:
        """The cut points and the number of customers they come from."""
        return Parts({"name": self.name, "n": self.n}, dict(self.cuts))


class Rfm:
    """Recency, frequency, monetary: where each customer stands among all who bought.

    Not for use when everybody bought once on one day: all tie, and all score 1.
    """

    name = "rfm"
    kind = Kind.LABELS
    needs = Needs(columns=("customer_id", "orders", "t_x", "T", "revenue"), minimum_rows=0, horizon=False)

    def fit(self, table: pa.Table, *, seed: int = 0) -> FittedRfm:
        """Cut points from the customers with an occasion in a SUMMARY table. Nothing here is left to chance."""
        del seed
        buyers = table.filter(pa.array(_bought(table)))
        if not buyers.num_rows:
            return FittedRfm({}, 0)
        return FittedRfm({name: cut_points(values) for name, values in goodness(buyers).items()}, buyers.num_rows)

    def restore(self, parts: Parts) -> FittedRfm:
        """The fitted scores that gave `parts`."""
        return FittedRfm({name: np.asarray(cuts) for name, cuts in parts.arrays.items()}, int(parts.json["n"]))


_NONE = np.empty(0, dtype=np.int64)
_AGO = Text("{n} days ago", "{n} 天前")
_TIMES = Text("{n} purchases", "{n} 次购买")
_WHY = Text(
    "Last purchase {ago} (R {r}), {times} (F {f}), {mean} each on average (M {m}).",
    "最近一次购买：{ago}（R {r}）；{times}（F {f}）；平均每次 {mean}（M {m}）。",
)


def segment(r: pa.Array, fm: pa.Array) -> pa.Array:
    """Segment codes by the grid (dictionary-encoded strings); empty where a score is."""
    codes = list(SEGMENTS)
    grid = pa.array([codes.index(SEGMENT_GRID[row][column]) for row in range(1, 6) for column in range(5)], pa.int32())
    cell = pc.subtract(pc.add(pc.multiply(pc.subtract(r, 1), LEVELS), fm), 1)
    return pa.DictionaryArray.from_arrays(grid.take(cell), pa.array(codes))


def _bought(table: pa.Table) -> NDArray[np.bool_]:
    return np.asarray(table.column("orders").to_numpy() > 0)


def _spread(values: Ints, known: NDArray[np.bool_]) -> pa.Array:
    """`values` of the known rows put back in their places, empty elsewhere."""
    out = np.zeros(known.size, dtype=np.int8)
    out[known] = values
    return pa.array(out, mask=~known)


def _plain(column: pa.Array) -> Phrases:
    return Phrases(column, column)
