"""Sentences by the column are those that one would write row by row."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.lifecycle.maths.phrases import Phrases, choose, counted, fill, join
from patron.words import Text

ONE, MANY = Text("1 day", "1 天"), Text("{n} days", "{n} 天")
TEMPLATES = [Text("Silent.", "无消息。"), Text("{ago} since {what}.", "{what}已过 {ago}。"), Text("{ago}", "{ago}")]


def pairs(phrases: Phrases) -> list[tuple[str, str]]:
    return [(en.as_py(), zh.as_py()) for en, zh in zip(phrases.en, phrases.zh, strict=True)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=30))
def test_rows_are_worded_one_by_one(rows: list[tuple[int, int]]) -> None:
    days, which = [d for d, _ in rows], [w for _, w in rows]
    names = [f"n{d}" for d in days]
    blanks = {
        "ago": counted(days, one=ONE, many=MANY),
        "what": Phrases(pa.array(names, pa.string()), pa.array(names, pa.string())),
    }
    slow = [Text("1 day", "1 天") if d == 1 else MANY.format(n=d) for d in days]
    expected = [
        (TEMPLATES[w].en.format(ago=ago.en, what=name), TEMPLATES[w].zh.format(ago=ago.zh, what=name))
        for w, ago, name in zip(which, slow, names, strict=True)
    ]
    assert pairs(choose(which, TEMPLATES, blanks)) == expected


def test_nothing_has_words_of_its_own_where_they_are_given() -> None:
    said = counted([2, 0, 1, 0], one=ONE, many=MANY, zero=Text("today", "今天"))
    assert pairs(said) == [("2 days", "2 天"), ("today", "今天"), ("1 day", "1 天"), ("today", "今天")]
    assert pairs(said.take([1, 1])) == [("today", "今天")] * 2
    assert len(said) == 4


def test_parts_are_joined_with_nothing_between() -> None:
    left, right = fill(Text("a", "甲"), {}, 2), fill(Text("", "乙"), {}, 2)
    assert pairs(join(left, right)) == [("a", "甲乙")] * 2


def test_a_blank_without_a_column_is_an_error() -> None:
    with pytest.raises(KeyError, match="who"):
        fill(Text("{who}", "{who}"), {}, 1)
