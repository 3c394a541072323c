"""How figures are said, in both languages."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.study.pictures import numbers

N = numbers.NARROW
amounts = st.floats(min_value=-1e14, max_value=1e14, allow_nan=False)


@pytest.mark.parametrize(
    "value, en, zh",
    [
        (0, "£0", "£0"),
        (4.2, "£4.20", "£4.20"),
        (320.4, "£320", "£320"),
        (9_994, "£9,990", "£9,990"),
        (9_999.6, "£10k", "£1万"),
        (12_345, "£12.3k", "£1.23万"),
        (999_950, "£1M", "£100万"),
        (8_300_065.81, "£8.3M", "£830万"),
        (123_456_789, "£123M", "£1.23亿"),
        (2.5e9, "£2.5bn", "£25亿"),
        (-120, "−£120", "−£120"),
        (-0.001, "£0", "£0"),
        (None, "–", "–"),
        (math.nan, "–", "–"),
    ],
)
def test_money(value: float | None, en: str, zh: str) -> None:
    assert (numbers.money(value, "GBP", "en"), numbers.money(value, "GBP", "zh")) == (en, zh)


def test_money_without_a_currency_or_with_an_unknown_one() -> None:
    assert numbers.money(320, None) == "320"
    assert numbers.money(320, "XYZ") == f"XYZ{N}320"
    assert numbers.money_exact(9747747.934, "GBP") == "£9,747,747.93"
    assert numbers.money_exact(-0.004, "GBP") == "£0.00"


def test_an_interval_stands_behind_its_figure() -> None:
    assert numbers.interval(210, 480, "en") == "(210–480)"
    assert numbers.interval(6_070_000, 8_260_000, "zh") == "（607万–826万）"
    assert numbers.interval(None, 480, "en") == ""


@pytest.mark.parametrize(
    "value, en, zh",
    [
        (0.72, f"72{N}%, about 7 in 10", "72%，10 位中约 7 位"),
        (0.058, f"5.8{N}%, about 6 in 100", "5.8%，100 位中约 6 位"),
        (0.003, f"0.3{N}%, hardly any", "0.3%，极少"),
        (0.998, f"99.8{N}%, nearly all", "99.8%，几乎必然"),
        (None, "–", "–"),
    ],
)
def test_chances_are_said_in_two_ways(value: float | None, en: str, zh: str) -> None:
    assert (numbers.chance(value, "en"), numbers.chance(value, "zh")) == (en, zh)


@pytest.mark.parametrize(
    "value, said",
    [
        (0, "0"),
        (1, "100"),
        (0.5449, "54"),
        (0.042, "4.2"),
        (0.0004, "<0.1"),
        (0.9996, "100"),
        (0.996, "99.6"),
        (-0.2, "−20"),
    ],
)
def test_shares(value: float, said: str) -> None:
    assert numbers.share(value, "en") == f"{said}{N}%"


def test_days_and_months_in_both_languages() -> None:
    assert (numbers.day("2011-12-09"), numbers.day("2011-12-09", "zh")) == ("9 Dec 2011", "2011年12月9日")
    assert (numbers.month("2010-12"), numbers.month("2010-12", "zh")) == ("Dec 2010", "2010年12月")
    assert numbers.day(None) == "–"
    assert numbers.day("soon") == "soon"
    assert numbers.month_tick("2011-01", "en", first=False) == "Jan ’11"
    assert numbers.month_tick("2011-02", "zh", first=False) == "2月"


@pytest.mark.parametrize(
    "days, en, zh", [(364, "year", "一年"), (273, "39 weeks", "39周"), (7, "week", "1周"), (10, "10 days", "10天")]
)
def test_spans(days: int, en: str, zh: str) -> None:
    assert (numbers.span(days, "en"), numbers.span(days, "zh")) == (en, zh)


def test_a_month_runs_until_its_last_day() -> None:
    assert numbers.is_running("2011-12", "2011-12-09")
    assert not numbers.is_running("2011-12", "2011-12-31")
    assert not numbers.is_running("2011-11", "2011-12-09")
    assert not numbers.is_running("2011-11", None)
    assert numbers.months_between("2010-12", "2012-02") == 14


def _read(said: str) -> float:
    """The value a person reads off a short number."""
    factors = {"k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12, "": 1.0}
    found = re.fullmatch(r"(−?)([\d,.]+)(\D*)", said)
    assert found, said
    return (-1 if found[1] else 1) * float(found[2].replace(",", "")) * factors[found[3]]


@given(amounts, st.sampled_from(["en", "zh"]))
def test_a_short_number_is_true_to_three_digits(value: float, lang: str) -> None:
    assert _read(numbers.short(value, lang)) == pytest.approx(value, rel=0.00501, abs=1e-6)


@given(amounts, amounts, st.sampled_from(["en", "zh"]))
def test_short_numbers_keep_the_order(a: float, b: float, lang: str) -> None:
    low, high = min(a, b), max(a, b)
    assert _read(numbers.short(low, lang)) <= _read(numbers.short(high, lang)) + 1e-6
