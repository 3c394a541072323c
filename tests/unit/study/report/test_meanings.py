"""What the report explains is what the glossary names, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patron.study.report.meanings import MEANINGS, PURCHASE_MEASURES, SPEND_MEASURES, Measure


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda m: m.term.en)
def test_every_meaning_is_said_in_both_languages(meaning: object) -> None:
    sentence, term = meaning.sentence, meaning.term  # type: ignore[attr-defined]
    assert sentence.en.endswith(".")
    assert sentence.zh.endswith("。")
    assert "!" not in sentence.en + sentence.zh
    assert re.search(r"[\u4e00-\u9fff]", sentence.zh)
    assert term.en


@pytest.mark.parametrize(
    "word", ["Purchase occasion", "Interval", "Churn risk", "Value at risk", "Repeat rate", "Cohort"]
)
def test_terms_are_those_of_the_glossary(word: str, repository: Path) -> None:
    term = next(m.term for m in MEANINGS if m.term.en == word)
    assert f"| {term.en} | {term.zh} |" in (repository / "GLOSSARY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("measure", [*PURCHASE_MEASURES, *SPEND_MEASURES], ids=lambda m: m.key)
def test_every_measure_says_what_is_good(measure: Measure) -> None:
    assert measure.good.en
    assert measure.good.zh
