"""Who to keep: churn risk, the value at risk, the call list, and the next step for each customer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from patron.lifecycle.decisions.rules import CODES
from patron.words import Text

Floats = NDArray[np.float64]

TOO_LITTLE_DATA = "too_little_data"
LABELS: dict[str, Text] = {"": Text("", ""), TOO_LITTLE_DATA: Text("too little data", "数据不足")}

NEXT_STEPS: dict[str, Text] = {
    "introduce": Text("Introduce yourself; ask what they need.", "先作介绍，了解需求。"),
    "answer": Text("Answer while the interest is fresh.", "趁对方有兴趣，及时回应。"),
    "thank_first": Text("Say thank you and ask how it went.", "致谢，并询问使用感受。"),
    "carry_on": Text("No need to act; keep in touch as usual.", "无需特别处理，保持日常联系。"),
    "cherish": Text("Thank them in person; show new things to them first.", "亲自致谢，新品优先告知。"),
    "call": Text("Call or write in person; ask whether anything is missing.", "亲自致电或写信，询问有何不足。"),
    "remind": Text(
        "Send a reminder, and hold out a group to see what it brings.", "发送提醒，并留出对照组以检验效果。"
    ),
    "ask_why": Text("Ask in person what has changed before offering anything.", "先亲自询问有何变化，再谈优惠。"),
    "win_back": Text(
        "Add to a win-back mailing with a group held out, or let go.", "列入挽回名单并留出对照组，或不再投入。"
    ),
    "welcome_back": Text("Welcome them back; ask what they were missing.", "欢迎回来，询问当初离开的原因。"),
}
"""What to do next, by code: advice, not a promise of what it will bring."""

STEP_BY_STAGE: dict[str, tuple[str, str]] = {
    "prospect": ("introduce", "introduce"),
    "lead": ("answer", "answer"),
    "new": ("thank_first", "thank_first"),
    "active": ("carry_on", "carry_on"),
    "loyal": ("cherish", "carry_on"),
    "at_risk": ("call", "remind"),
    "lapsed": ("ask_why", "win_back"),
    "won_back": ("welcome_back", "welcome_back"),
}
"""Next step of each stage: for customers worth a person's time, and for the others."""


def churn_risk(p_purchase: ArrayLike) -> Floats:
    """1 − P(at least one purchase in the horizon) (n); NaN stays unknown."""
    return np.asarray(1.0 - np.asarray(p_purchase, dtype=np.float64))


def value_at_risk(p_purchase: ArrayLike, clv: ArrayLike) -> Floats:
    """Churn risk × CLV (n), in the currency of clv; negative where keeping the customer costs more than it brings."""
    return churn_risk(p_purchase) * np.asarray(clv, dtype=np.float64)


def call_list(scores: pa.Table, most: int = 100) -> pa.Table:
    """The `most` customers with the highest value at risk, equals by id, with `rank` 1, 2, … in front.

    `scores` has customer_id and value_at_risk; its other columns come along. Customers of whom the value at risk is
    unknown, 0 or negative are not worth a call and left out.
    """
    value = scores["value_at_risk"].fill_null(0.0).to_numpy()
    rows = np.flatnonzero(value > 0)
    if len(rows) > most:
        rows = rows[value[rows] >= np.partition(value[rows], -most)[-most]]  # the rest can't be among the first
    at_risk = scores.take(pa.array(rows))
    order = pc.sort_indices(at_risk, sort_keys=[("value_at_risk", "descending"), ("customer_id", "ascending")])
    chosen = at_risk.take(order.slice(0, most))
    return chosen.add_column(0, "rank", pa.array(np.arange(1, chosen.num_rows + 1)))


def label(orders: ArrayLike, *, shrunken: bool) -> pa.DictionaryArray:
    """'too_little_data' where a documented prior speaks louder than the customer's data, else ''.

    That is everybody where the model was `shrunken`, and whoever never bought: nothing is predicted of them.
    """
    little = (np.asarray(orders) == 0) | shrunken
    return pa.DictionaryArray.from_arrays(little.astype(np.int32), pa.array(list(LABELS)))


def next_step(stage: ArrayLike, worth_a_call: ArrayLike) -> pa.DictionaryArray:
    """Code of the next step (NEXT_STEPS) by stage (n; index into rules.CODES) and worth, such as ABC class A or B."""
    codes = list(NEXT_STEPS)
    grid = np.array([[codes.index(step) for step in STEP_BY_STAGE[name]] for name in CODES], dtype=np.int32)
    chosen = grid[np.asarray(stage, dtype=np.int64), np.where(worth_a_call, 0, 1)]
    return pa.DictionaryArray.from_arrays(chosen, pa.array(codes))
