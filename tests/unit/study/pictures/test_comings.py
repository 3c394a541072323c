"""New and lapsed customers by month."""

from __future__ import annotations

from patron.study.pictures.comings import comings

MONTHS = [
    {"month": "2025-12", "new": 0, "lapsed": 0},
    {"month": "2026-01", "new": 5, "lapsed": 0},
    {"month": "2026-02", "new": 7, "lapsed": 1},
    {"month": "2026-03", "new": 2, "lapsed": 3},
    {"month": "2026-04", "new": 1, "lapsed": 9},
]


def test_the_finding_counts_the_last_whole_months():
    running = {"as_of": "2026-04-20", "months": MONTHS}
    assert comings(running, "en").title == "14 new and 4 lapsed customers in the last 3 months"
    whole = {"as_of": "2026-04-30", "months": MONTHS}
    assert comings(whole, "zh").title == "最近 3 个月新增 10 位，流失 13 位"


def test_months_before_the_first_customer_are_left_out():
    assert comings({"as_of": "2026-04-30", "months": MONTHS}, "en").table["month"][0].as_py() == "2026-01"


def test_nobody_yet_is_said():
    assert comings({"months": MONTHS[:1]}, "en").empty
