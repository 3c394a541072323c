"""report.html as text: whole, safe, small, in both languages; and what it says of a run."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from unit.study.report.parsed import HOSTILE, Page

from patron.study.report import render


@pytest.fixture
def page(retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]) -> str:
    return render(retail_scores, retail_card, retail_figures)


def test_it_is_well_formed_and_every_id_and_reference_is_sound(page: str) -> None:
    parsed = Page(page)
    ids = [attrs["id"] for _, attrs in parsed.elements if "id" in attrs]
    wanted = {a["href"][1:] for a in parsed.all("a") if a["href"]} | {
        name
        for _, attrs in parsed.elements
        for key in ("aria-labelledby", "aria-describedby", "for")
        if (name := attrs.get(key))
    }
    assert parsed.wrong == []
    assert parsed.open == []
    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_it_asks_for_nothing_from_outside(page: str) -> None:
    parsed = Page(page)
    assert not [attrs for _, attrs in parsed.elements if attrs.get("src") or attrs.get("srcset")]
    assert all(str(a["href"]).startswith("#") for a in parsed.all("a"))
    assert not parsed.all("link")
    assert "url(" not in page
    assert "@import" not in page
    assert set(re.findall(r"https?://[^\"'\s)]+", page)) == {"http://www.w3.org/2000/svg"}


def test_it_forbids_itself_everything_but_its_own_script(page: str) -> None:
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script
    told = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = next(m["content"] for m in Page(page).all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{told}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(script[1]) < 15_000


def test_headings_and_landmarks_are_in_order(page: str) -> None:
    parsed = Page(page)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert levels.count(1) == 2  # one a language; the other is not shown
    assert len(parsed.all("main")) == 1
    assert len(parsed.all("table")) == page.count("<caption")
    assert all(cell.get("scope") in {"col", "row"} for cell in parsed.all("th"))


@pytest.mark.parametrize("lang, shown, title", [("en", "en", "Who are our"), ("zh", "zh-Hans", "客户是谁")])
def test_it_opens_in_the_language_asked_for(
    lang: str,
    shown: str,
    title: str,
    retail_scores: pa.Table,
    retail_card: dict[str, Any],
    retail_figures: dict[str, Any],
) -> None:
    parsed = Page(html := render(retail_scores, retail_card, retail_figures, lang=lang))
    assert parsed.all("html") == [{"lang": shown}]
    assert [i["id"] for i in parsed.all("input") if i["name"] == "lang" and "checked" in i] == [f"lang-{lang}"]
    assert f"<title>{title}" in html


def test_no_english_is_left_on_the_chinese_half(page: str) -> None:
    half = page[page.index('<div class="sheet only-zh"') : page.index("</main>")]
    words = re.sub(r"<[^>]*>", " ", half)
    words = re.sub(
        r"[\w.-]+\.(csv|parquet)|[\w-]+ = \w+|Fader|Hardie|Lee|Batislam|et al|&amp;|Hughes|Patron|patron", " ", words
    )
    left = set(re.findall(r"[A-Za-z]{3,}", words))
    assert left <= {"GBP", "RFM", "ABC", "NBD", "MBG", "Pareto", "Gamma", "AUC", "Brier", "Winkler", "CLV", "margin"}


def test_the_head_answers_the_question(page: str) -> None:
    assert (
        "4,372 customers; the largest stage is “Active” (34\u202f%). They have brought £8.3M of revenue and are "
        "expected to bring £8.57M (6.06M–11.8M) in the next year. £1.92M of that is at risk"
    ) in page
    assert "共 4,372 位客户，人数最多的阶段是“活跃”（34%）。" in page
    assert "累计带来收入 £830万，预计未来一年再带来 £857万（606万–1,180万）。" in page


def test_the_account_adds_up_or_says_that_it_does_not(
    page: str, retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    assert "£9,747,747.93" in page
    assert "✓ Used and set aside add up to the files." in page
    retail_card["input"]["rows_used"] -= 1
    assert "do not add up" in render(retail_scores, retail_card, retail_figures)


def test_the_call_list_has_the_fifty_with_most_at_risk_in_order(page: str) -> None:
    english = page[: page.index('<div class="sheet only-zh"')]
    ids = re.findall(r"<bdi>(.*?)</bdi>", english)
    assert len(ids) == 50
    assert ids[0] == "12753"
    assert "Usually buys every 59 days; last purchase 22 days ago." in english
    assert "about 3 in 10" in english


def test_a_hostile_customer_is_only_words(
    retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    rows = retail_scores.to_pylist()
    rows[0] |= {"customer_id": HOSTILE, "reason_en": HOSTILE, "reason_zh": HOSTILE, "stage": '"><b>'}
    retail_card["input"] |= {"files": [f"orders/{HOSTILE}.csv"], "told": [{"en": HOSTILE, "zh": HOSTILE}]}
    retail_card["input"]["set_aside"][0]["reason"] = HOSTILE
    retail_card["notes"] = [{"en": HOSTILE, "zh": HOSTILE}, HOSTILE]
    retail_card["versions"] = {HOSTILE: HOSTILE}
    retail_figures |= {"currency": HOSTILE}
    html = render(pa.Table.from_pylist(rows), retail_card, retail_figures)
    parsed = Page(html)
    assert parsed.wrong == []
    assert len(parsed.all("script")) == 1
    assert not parsed.all("img")
    assert not parsed.all("b")
    assert not [attrs for _, attrs in parsed.elements if any(name.startswith("on") for name in attrs)]
    assert "\x00" not in html
    assert "\u202e" not in html[html.index("<main") :]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_known_is_a_page_of_empty_states(lang: str) -> None:
    html = render(pa.table({"customer_id": pa.array([], pa.string())}), {}, {}, lang=lang)
    assert Page(html).wrong == []
    assert "Too little data for a backtest" in html
    assert "Nobody has value at risk yet" in html
    assert "None" not in re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)


def test_unknown_figures_are_dashes(
    retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    retail_figures["clv"] |= {"total": None, "mean": None, "median": None, "top_decile_share": None}
    retail_figures["calibration"] = retail_figures["tracking"] = None
    retail_card["input"] = {}
    html = render(retail_scores.drop_columns(["label", "orders"]), retail_card, retail_figures)
    assert Page(html).wrong == []
    assert "are expected to bring" not in html.split("</h1>")[1].split("<dl")[0]


def test_the_label_is_shown_where_it_sets_customers_apart(
    retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    def labelled(which: list[str]) -> int:
        scores = retail_scores.set_column(retail_scores.column_names.index("label"), "label", pa.array(which))
        return render(scores, retail_card, retail_figures).count('<span class="few">')

    n = retail_scores.num_rows
    assert labelled(["too_little_data"] + [""] * (n - 1)) == 2  # once a language
    assert labelled(["too_little_data"] * n) == 0


def test_a_baseline_that_wins_is_named(
    retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    for row in retail_figures["backtest"]["models"]:
        row["chosen"] = row["name"] == "baseline_last_period"
    assert "Baseline: last period predicted best and is used: no model beat it" in render(
        retail_scores, retail_card, retail_figures
    )


def test_a_million_customers_make_no_larger_page(retail_card: dict[str, Any], retail_figures: dict[str, Any]) -> None:
    n = 1_000_000
    numbers = np.random.default_rng(0).gamma(1.0, 100.0, n)
    column = pa.array(numbers)
    scores = pa.table(
        {
            "customer_id": pa.array(np.arange(n)).cast(pa.string()),
            "orders": pa.array(np.arange(n) % 5),
            "stage": pa.DictionaryArray.from_arrays(np.zeros(n, np.int8), pa.array(["active"])),
            **dict.fromkeys(("revenue", "clv", "clv_low", "clv_high", "value_at_risk"), column),
            "churn_risk": pa.array(np.full(n, 0.5)),
            "label": pa.DictionaryArray.from_arrays(np.zeros(n, np.int8), pa.array([""])),
            "reason_en": pa.DictionaryArray.from_arrays(np.zeros(n, np.int8), pa.array(["Usual."])),
            "reason_zh": pa.DictionaryArray.from_arrays(np.zeros(n, np.int8), pa.array(["通常。"])),
        }
    )
    html = render(scores, retail_card, retail_figures)
    assert len(html.encode()) < 1_500_000
    assert f"<bdi>{int(numbers.argmax())}</bdi>" in html


def test_the_same_run_gives_the_same_bytes(
    page: str, retail_scores: pa.Table, retail_card: dict[str, Any], retail_figures: dict[str, Any]
) -> None:
    assert render(retail_scores, retail_card, retail_figures) == page
