"""Reasons are facts, in both languages, with no promise of cause."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.decisions.reasons import RHYTHM, STANDS_OUT, ReasonFacts, reasons

NAN = float("nan")


def said(**facts: object) -> tuple[str, str]:
    usual = {"orders": 6, "recency_days": 5, "usual_gap": 21.0}
    phrases = reasons(ReasonFacts.of(**{**usual, **facts}))  # type: ignore[arg-type]
    return phrases.en[0].as_py(), phrases.zh[0].as_py()


@pytest.mark.parametrize(
    ("facts", "en", "zh"),
    [
        ({"recency_days": 74}, "Usually buys every 21 days; it has been 74.",
         "通常每 21 天购买一次，已有 74 天未购买。"),
        ({}, "Usually buys every 21 days; last purchase 5 days ago.", "通常每 21 天购买一次，最近一次在 5 天前。"),
        ({"usual_gap": 1, "recency_days": 1}, "Usually buys every day; last purchase yesterday.",
         "通常每天购买一次，最近一次在 1 天前。"),
        ({"usual_gap": 20.5, "recency_days": 31}, "Usually buys every 21 days; last purchase 31 days ago.",
         "通常每 21 天购买一次，最近一次在 31 天前。"),
        ({"orders": 1, "usual_gap": NAN, "recency_days": 0}, "Bought once, today.", "仅在今天购买过一次。"),
        ({"orders": 1, "usual_gap": NAN, "recency_days": 30}, "Bought once, 30 days ago.", "仅在 30 天前购买过一次。"),
        ({"orders": 2, "usual_gap": 40}, "Bought twice, 40 days apart; last purchase 5 days ago.",
         "购买过两次，间隔 40 天，最近一次在 5 天前。"),
        ({"came_while_lapsed": True, "last_gap": 400}, "Came back after 400 days; last purchase 5 days ago.",
         "时隔 400 天后再次购买，最近一次在 5 天前。"),
        ({"orders": 0, "recency_days": NAN, "usual_gap": NAN, "return_days": 1},
         "Only returns on record, no purchase.", "仅有退货记录，没有购买。"),
        ({"orders": 0, "recency_days": NAN, "usual_gap": NAN, "interest": True},
         "Showed interest, no purchase yet.", "表现出兴趣，尚未购买。"),
        ({"orders": 0, "recency_days": NAN, "usual_gap": NAN}, "No purchase yet.", "尚未购买。"),
        ({"usual_gap": NAN}, "Last purchase 5 days ago.", "最近一次购买在 5 天前。"),
        ({"m": 5}, "Usually buys every 21 days; last purchase 5 days ago. Spends more each time than four in five "
         "customers.", "通常每 21 天购买一次，最近一次在 5 天前。每次消费高于五分之四的客户。"),
        ({"return_days": 3}, "Usually buys every 21 days; last purchase 5 days ago. Returned goods on 3 days.",
         "通常每 21 天购买一次，最近一次在 5 天前。有 3 天发生退货。"),
    ],
)  # fmt: skip
def test_what_is_said(facts: dict[str, object], en: str, zh: str) -> None:
    assert said(**facts) == (en, zh)


numbers = st.one_of(st.just(NAN), st.integers(0, 900).map(float))


@given(
    st.lists(
        st.tuples(st.integers(0, 9), numbers, numbers, st.integers(0, 5), st.integers(0, 5), st.booleans()),
        min_size=1,
        max_size=20,
    )
)
def test_everybody_gets_a_finished_sentence_of_their_own(rows: list[tuple[object, ...]]) -> None:
    orders, recency, gap, returns, m, back = (np.array(column) for column in zip(*rows, strict=True))
    columns = {"orders": orders, "recency_days": recency, "usual_gap": gap, "return_days": returns, "m": m,
               "last_gap": gap, "came_while_lapsed": back}  # fmt: skip
    together = reasons(ReasonFacts.of(**columns))
    assert len(together) == len(rows)
    for i, (en, zh) in enumerate(zip(together.en.to_pylist(), together.zh.to_pylist(), strict=True)):
        alone = reasons(ReasonFacts.of(**{name: column[i] for name, column in columns.items()}))
        assert (en, zh) == (alone.en[0].as_py(), alone.zh[0].as_py())
        assert en.endswith(".")
        assert zh.endswith("。")
        assert not re.search(r"[{}]|nan|  |，。", en + zh)


def test_nothing_promises_a_cause() -> None:
    words = " ".join(line.text.en + line.text.zh for line in (*RHYTHM, *STANDS_OUT))
    assert not re.search(r"because|caus|due to|will |brought|因为|导致|由于|带来|!|！", words)
