"""Why a customer is listed, as facts and not as features [look.md, "Numbers and words"].

One sentence about the rhythm of purchases, and where there is one, a second about what stands out. Both come from
an ordered table: the first line whose condition holds is said. Facts only: nothing here says what caused what, or
promises what will happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from patron.lifecycle.maths.phrases import Phrases, choose, counted, join
from patron.words import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SLOWER = 1.5
"""Silent for this many usual gaps: slower than usual."""
RETURNS_SHARE = 0.34
"""Days with a return ÷ occasions from which returns are worth a word (and at least two such days)."""


@dataclass(frozen=True)
class ReasonFacts:
    """What can be said of each customer (n); what is unknown is 0.

    orders: occasions. recency_days: days since the last one. usual_gap: median days between occasions. last_gap:
    days between the last two. return_days: days with a return. f, m: RFM scores. interest, came_while_lapsed: as in
    the rules of the stages.
    """

    orders: Ints
    recency_days: Ints
    usual_gap: Ints
    last_gap: Ints
    return_days: Ints
    f: Ints
    m: Ints
    came_while_lapsed: Mask
    interest: Mask

    @staticmethod
    def of(
        *,
        orders: ArrayLike,
        recency_days: ArrayLike,
        usual_gap: ArrayLike,
        last_gap: ArrayLike = np.nan,
        return_days: ArrayLike = 0,
        f: ArrayLike = 0,
        m: ArrayLike = 0,
        came_while_lapsed: ArrayLike = False,
        interest: ArrayLike = False,
    ) -> ReasonFacts:
        """Facts from array-likes; single values count for everybody, NaN is unknown, half days are rounded up."""
        given = np.broadcast_arrays(orders, recency_days, usual_gap, last_gap, return_days, f, m)
        count, recency, usual, last, returns, often, much = (_whole(np.atleast_1d(column)) for column in given)
        came_back, interested = (
            np.broadcast_to(np.asarray(flag, dtype=np.bool_), count.shape) for flag in (came_while_lapsed, interest)
        )
        return ReasonFacts(count, recency, usual, last, returns, often, much, came_back, interested)


@dataclass(frozen=True)
class Line:
    """One thing to say, and of whom."""

    holds: Callable[[ReasonFacts], Mask]
    text: Text


RHYTHM: tuple[Line, ...] = (
    Line(
        lambda f: (f.orders == 0) & (f.return_days > 0),
        Text("Only returns on record, no purchase.", "仅有退货记录，没有购买。"),
    ),
    Line(
        lambda f: (f.orders == 0) & f.interest,
        Text("Showed interest, no purchase yet.", "表现出兴趣，尚未购买。"),
    ),
    Line(lambda f: f.orders == 0, Text("No purchase yet.", "尚未购买。")),
    Line(lambda f: f.orders == 1, Text("Bought once, {ago}.", "仅在{ago}购买过一次。")),
    Line(
        lambda f: f.came_while_lapsed & (f.last_gap > 0),
        Text("Came back after {silence}; last purchase {ago}.", "时隔 {silence}后再次购买，最近一次在{ago}。"),
    ),
    Line(
        lambda f: (f.orders == 2) & (f.usual_gap > 0),
        Text("Bought twice, {gap} apart; last purchase {ago}.", "购买过两次，间隔 {gap}，最近一次在{ago}。"),
    ),
    Line(
        lambda f: (f.usual_gap > 0) & (f.recency_days > SLOWER * f.usual_gap),
        Text("Usually buys every {every}; it has been {recency}.", "通常每{every}购买一次，已有 {recency} 天未购买。"),
    ),
    Line(
        lambda f: f.usual_gap > 0,
        Text("Usually buys every {every}; last purchase {ago}.", "通常每{every}购买一次，最近一次在{ago}。"),
    ),
    Line(lambda f: f.orders > 0, Text("Last purchase {ago}.", "最近一次购买在{ago}。")),
)
"""What is said first; the last lines hold for all who are left."""

STANDS_OUT: tuple[Line, ...] = (
    Line(
        lambda f: (f.orders > 0) & (f.return_days >= 2) & (f.return_days >= RETURNS_SHARE * f.orders),
        Text(" Returned goods on {returns} days.", "有 {returns} 天发生退货。"),
    ),
    Line(
        lambda f: (f.f == 5) & (f.m == 5),
        Text(
            " Buys more often and spends more each time than four in five customers.",
            "购买次数和每次消费均高于五分之四的客户。",
        ),
    ),
    Line(
        lambda f: f.m == 5, Text(" Spends more each time than four in five customers.", "每次消费高于五分之四的客户。")
    ),
    Line(lambda f: f.f == 5, Text(" Buys more often than four in five customers.", "购买次数高于五分之四的客户。")),
    Line(lambda f: f.orders == f.orders, Text("", "")),
)
"""What is said beside it; of most, nothing."""


def reasons(facts: ReasonFacts) -> Phrases:
    """The reason of each customer (n) in English and Chinese."""
    blanks = {
        "ago": counted(facts.recency_days, zero=_TODAY, one=Text("yesterday", " 1 天前"), many=_AGO),
        "every": counted(facts.usual_gap, one=Text("day", "天"), many=Text("{n} days", " {n} 天")),
        "gap": counted(facts.usual_gap, one=_DAY, many=_DAYS),
        "silence": counted(facts.last_gap, one=_DAY, many=_DAYS),
        "recency": counted(facts.recency_days, one=_NUMBER, many=_NUMBER),
        "returns": counted(facts.return_days, one=_NUMBER, many=_NUMBER),
    }
    said = (choose(_first(table, facts), [line.text for line in table], blanks) for table in (RHYTHM, STANDS_OUT))
    return join(*said)


_TODAY = Text("today", "今天")
_AGO = Text("{n} days ago", " {n} 天前")
_DAY, _DAYS = Text("1 day", "1 天"), Text("{n} days", "{n} 天")
_NUMBER = Text("{n}", "{n}")


def _first(table: Sequence[Line], facts: ReasonFacts) -> Ints:
    """Number of the first line that holds for each customer."""
    return np.asarray(np.argmax([line.holds(facts) for line in table], axis=0), dtype=np.int64)


def _whole(column: NDArray) -> Ints:
    """Whole numbers, halves up, unknown as 0."""
    return np.floor(np.nan_to_num(column.astype(np.float64)) + 0.5).astype(np.int64)
