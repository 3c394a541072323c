"""One language, one currency, one day: how a run's figures are said on a picture or a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patron.study.pictures import numbers
from patron.study.pictures.scales import known
from patron.study.pictures.terms import pick, value_word

LONGEST_CODE = 12
"""Characters shown of a currency's name, which the user may write."""


@dataclass(frozen=True)
class Voice:
    """Says figures of one run in `lang` ('en' or 'zh'); every method takes None and says '–'."""

    lang: str
    currency: str | None
    as_of: str | None
    value: str
    """What money means: revenue or margin."""
    ahead: str
    """The time expected value speaks of: 'year', '39 weeks'."""

    @staticmethod
    def of(figures: Mapping[str, Any], lang: str) -> Voice:
        """The voice of these figures."""
        days = known(figures.get("clv_horizon_days"))
        return Voice(
            lang=lang,
            currency="".join(c for c in str(figures.get("currency") or "")[:LONGEST_CODE] if c.isprintable()) or None,
            as_of=figures.get("as_of"),
            value=value_word(figures, lang),
            ahead=numbers.span(days, lang) if days else pick(lang, "period", "一段时间"),
        )

    def pick(self, en: str, zh: str) -> str:
        """The sentence in this language."""
        return zh if self.lang == "zh" else en

    def money(self, value: object) -> str:
        """£320, £12.3k, ¥1.23万."""
        return numbers.money(value, self.currency, self.lang)

    def interval(self, low: object, high: object) -> str:
        """(210–480), or nothing where an end is unknown."""
        return numbers.interval(low, high, self.lang)

    def share(self, value: object) -> str:
        """54 %."""
        return numbers.share(value, self.lang)

    def short(self, value: object) -> str:
        """3,210, 12.3k, 1.23万."""
        return numbers.short(value, self.lang)

    def count(self, value: object) -> str:
        """4,372."""
        return numbers.count(value)

    def day(self, iso: object) -> str:
        """9 Dec 2011."""
        return numbers.day(iso, self.lang)

    def month(self, iso: object) -> str:
        """Dec 2011."""
        return numbers.month(iso, self.lang)

    def span(self, days: object) -> str:
        """39 weeks, year."""
        return numbers.span(days, self.lang)

    def unit(self, *parts: str) -> str:
        """What is drawn, in which unit, as of which day, in one line."""
        day = self.day(self.as_of)
        as_of = self.pick(f"as of {day}", f"截至 {day}") if self.as_of else ""
        return " · ".join(part for part in (*parts, as_of) if part)

    def listed(self, words: list[str]) -> str:
        """Several words in a row."""
        return self.pick(", ", "、").join(words)

    def joined(self, sentences: list[str]) -> str:
        """Several sentences as one paragraph."""
        return self.pick(" ", "").join(sentence for sentence in sentences if sentence)
