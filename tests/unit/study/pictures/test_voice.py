"""One voice says every figure of a run."""

from __future__ import annotations

from patron.study.pictures.voice import Voice

RETAIL = {"as_of": "2011-12-09", "clv_horizon_days": 273, "currency": "GBP", "value_basis": "margin"}


def test_it_speaks_with_the_currency_the_day_and_the_basis_of_the_run() -> None:
    en, zh = Voice.of(RETAIL, "en"), Voice.of(RETAIL, "zh")
    assert (en.money(12_345), zh.money(12_345)) == ("£12.3k", "£1.23万")
    assert (en.value, zh.value) == ("margin", "毛利")
    assert (en.ahead, zh.ahead) == ("39 weeks", "39周")
    assert (en.unit("Revenue", "", "GBP"), zh.unit("收入")) == (
        "Revenue · GBP · as of 9 Dec 2011",
        "收入 · 截至 2011年12月9日",
    )
    assert (en.listed(["a", "b"]), zh.listed(["甲", "乙"])) == ("a, b", "甲、乙")
    assert (en.joined(["A.", "", "B."]), zh.joined(["甲。", "乙。"])) == ("A. B.", "甲。乙。")


def test_a_run_of_which_nothing_is_known_still_has_a_voice() -> None:
    v = Voice.of({}, "en")
    assert (v.currency, v.ahead, v.unit("Revenue"), v.money(None)) == (None, "period", "Revenue", "–")


def test_a_currency_is_a_short_printable_word() -> None:
    assert Voice.of({"currency": "G\x00BP" + "x" * 99}, "en").currency == "GBPxxxxxxxx"
