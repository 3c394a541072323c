"""One customer's purchases and intervals, drawn."""

from __future__ import annotations

from patron.study.pictures.customer import interval_bar, purchases

FIGURES = {
    "as_of": "2026-03-31",
    "currency": "GBP",
    "orders": [{"day": "2026-01-05", "revenue": 20.0}, {"day": "2026-02-09", "revenue": 35.5}],
    "ahead": [{"day": "2026-04-30", "expected": 0.6}, {"day": "2026-06-30", "expected": 1.7}],
    "low": 0.0,
    "high": 4.0,
}


def test_what_came_and_what_is_expected_stand_in_the_finding():
    en, zh = (purchases(FIGURES, lang).title.replace("\u2060", "") for lang in ("en", "zh"))
    assert en == "2 purchases so far; about 1.7 (0–4) expected until 30 Jun 2026"
    assert zh == "至今购买 2 次；预计到2026年6月30日约 1.7 次（0–4）"


def test_the_table_adds_the_expectation_to_what_was_bought():
    table = purchases(FIGURES, "en").table.to_pylist()
    assert [(row["day"], row["purchases"], row["ahead"]) for row in table] == [
        ("2026-01-05", 1.0, False),
        ("2026-02-09", 2.0, False),
        ("2026-04-30", 2.6, True),
        ("2026-06-30", 3.7, True),
    ]


def test_nobody_who_never_bought_gets_an_empty_axis():
    assert purchases({"as_of": "2026-03-31"}, "en").empty


def test_one_purchase_today_without_expectation_is_drawn():
    one = {"as_of": "2026-01-05", "orders": [{"day": "2026-01-05", "revenue": 1.0}]}
    assert "1 purchase so far" in purchases(one, "en").svg


def test_an_interval_is_drawn_inside_its_scale_and_escaped():
    bar = str(interval_bar(30.0, (5.0, 10.0, 60.0, 900.0), 100.0, "<30>"))
    assert "&lt;30&gt;" in bar
    assert "<30>" not in bar
    assert interval_bar(None, (None,) * 4, 1.0, "") == ""
