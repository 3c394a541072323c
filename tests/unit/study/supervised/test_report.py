"""report.html beside a model: it answers in both languages, shows what is missing as missing, and trusts no word."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from unit.study.report.parsed import HOSTILE, Page

from patron.lifecycle.models import catalogue
from patron.lifecycle.models.table.blend import NAME as BLEND
from patron.lifecycle.models.table.preparation import MISSING, OTHER
from patron.study.supervised.report import render
from patron.study.supervised.report.content import content
from patron.study.supervised.report.terms import MODELS

JUNK = (None, 3, ["x"], {"x": "x"})
"""What a key may hold that should hold something else."""


def measured(value: float, low: float | None, high: float | None, baseline: float | None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high, "as_chosen": value, "baseline": baseline}


def at(threshold: float, flagged: float, precision: float | None, recall: float, f1: float) -> dict[str, float | None]:
    shares = {"flagged": flagged, "accuracy": 0.8, "precision": precision, "recall": recall, "f1": f1}
    return {"threshold": threshold, "base_rate": 0.25, **shares}


def fold(i: int, mean: float, said: float, measure: float) -> dict[str, float]:
    return {"fold": float(i), "n": 100.0, "mean": mean, "said": said, "measure": measure}


@pytest.fixture
def card() -> dict[str, Any]:
    return {
        "format": 1,
        "task": "class",
        "target": "Churn",
        "positive": "Yes",
        "id": "no",
        "time": None,
        "input": {
            "file": "shop.csv",
            "sha256": "ab" * 32,
            "rows": 210,
            "used": 200,
            "without_outcome": 10,
            "malformed": 0,
        },
        "columns": {"no": "number", "tenure": "number", "Contract": "text", "Tags": "text", "Churn": "text"},
        "features": ["tenure", "Contract"],
        "left_out": [
            {"column": "no", "code": "id", "why": {"en": "tells rows apart and nothing else", "zh": "仅用于区分各行"}},
            {"column": "Last tag", "code": "after_the_fact", "why": {"en": "tags come later", "zh": "标签后来才打上"}},
        ],
        "doubts": [
            {
                "column": "Last tag",
                "why": {"en": "tags come later", "zh": "标签后来才打上"},
                "answer": "left out, nobody answered",
            }
        ],
        "base": 0.25,
        "yes": 50,
        "published": {"name": "blend", "members": {"boosting_sparing": 0.7, "logistic": 0.3}, "baseline_beaten": True},
        "losses": {"base_rate": 0.56, "logistic": 0.45, "boosting_sparing": 0.43, "blend": 0.42},
        "judged": {
            "on": "folds",
            "folds": 2,
            "rows": 200,
            "measures": {
                "auc": measured(0.849, 0.836, 0.861, 0.5),
                "average_precision": measured(0.67, 0.64, 0.7, 0.25),
                "lift_top10": measured(2.96, 2.4, 3.2, 1.0),
                "brier": measured(0.133, 0.128, 0.139, 0.188),
                "log_loss": measured(0.42, 0.4, 0.44, 0.56),
                "ece": measured(0.013, None, None, 0.001),
                "calibration_slope": measured(1.02, None, None, None),
            },
            "by_fold": [fold(0, 0.2, 0.22, 0.84), fold(1, 0.3, 0.27, 0.85)],
            "gains": [[0.0, 0.0], [0.1, 0.3], [0.2, 0.52], [0.5, 0.85], [1.0, 1.0]],
            "calibration": [
                {"predicted": 0.02, "actual": 0.01, "low": 0.0, "high": 0.05, "n": 100},
                {"predicted": 0.76, "actual": 0.74, "low": 0.65, "high": 0.8, "n": 100},
            ],
            "thresholds": [
                at(0.1, 0.6, 0.4, 0.95, 0.57),
                at(0.35, 0.33, 0.57, 0.71, 0.63),
                at(0.9, 0.0, None, 0.0, 0.0),
            ],
        },
        "importance": [{"feature": "Contract", "size": 0.87}, {"feature": "tenure", "size": 0.28}],
        "rules": [],
        "seed": 7,
        "versions": {"patron": "0.1.0"},
        "told": [
            {"en": "What is predicted: 'Churn' is 'Yes'.", "zh": "预测目标：“Churn”为“Yes”。"},
            {"en": "'Last tag' is left out: tags come later. If …", "zh": "未使用“Last tag”：标签后来才打上。"},
        ],
    }


@pytest.fixture
def number(card: dict[str, Any]) -> dict[str, Any]:
    measures = {
        "mae": measured(84.27, 78.1, 90.4, 275.4),
        "rmse": measured(148.0, 135.9, 158.7, 336.4),
        "r2": measured(0.804, 0.778, 0.834, -5e-6),
        "gini": measured(0.937, 0.925, 0.947, -0.003),
        "decile_gain": measured(0.29, 0.27, 0.31, 0.099),
    }
    judged = {
        **card["judged"],
        "measures": measures,
        "by_fold": [fold(0, 305.0, 303.0, 0.8), fold(1, 303.0, 299.0, 0.81)],
    }
    for name in ("calibration", "thresholds"):
        del judged[name]
    losses = {"mean": 56598.4, "ridge": 15670.1, "boosting_number": 11986.1}
    published = {"name": "boosting_number", "members": {"boosting_number": 1.0}, "baseline_beaten": True}
    named = {"task": "number", "target": "Wine", "positive": "", "base": 304.0, "yes": None}
    return {**card, **named, "judged": judged, "losses": losses, "published": published}


@pytest.fixture
def in_time(card: dict[str, Any]) -> dict[str, Any]:
    judged = {**card["judged"], "on": "later blocks of time"}
    return {**card, "time": "row", "judged": judged, "random_folds": {"measure": 0.93}}


def half(html: str, lang: str) -> str:
    """The words of one language, without tags."""
    first = html.index('<div class="sheet only-zh"')
    part = html[html.index("<main") : first] if lang == "en" else html[first : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part)).replace("\u202f", " ").replace("\u2060", "")


def test_it_is_well_formed_and_every_id_and_reference_is_sound(card: dict[str, Any], in_time: dict[str, Any]) -> None:
    for one in (card, in_time):
        parsed = Page(render(one))
        ids = [attrs["id"] for _, attrs in parsed.elements if "id" in attrs]
        wanted = {str(a["href"])[1:] for a in parsed.all("a")} | {
            name
            for _, attrs in parsed.elements
            for key in ("aria-labelledby", "aria-describedby", "for")
            if (name := attrs.get(key))
        }
        assert parsed.wrong == []
        assert parsed.open == []
        assert len(ids) == len(set(ids))
        assert wanted <= set(ids)
        assert all(str(a["href"]).startswith("#") for a in parsed.all("a"))
        assert all(cell.get("scope") in {"col", "row"} for cell in parsed.all("th"))


@pytest.mark.parametrize(
    "lang, shown, title", [("en", "en", "Whose “Churn” will be"), ("zh", "zh-Hans", "谁的“Churn”")]
)
def test_it_opens_in_the_language_asked_for(card: dict[str, Any], lang: str, shown: str, title: str) -> None:
    html = render(card, lang=lang)
    assert Page(html).all("html") == [{"lang": shown}]
    assert f"<title>{title}" in html


def test_the_head_answers_in_words(card: dict[str, Any]) -> None:
    html = render(card)
    english, chinese = half(html, "en"), half(html, "zh")
    assert "Of the tenth scored highest, 74 % are “Yes”; of all customers, 25 %." in english
    assert "one “Yes” and one not, it puts the right one first 85 times of 100." in english
    assert "评分最高的一成客户中，74% 为“Yes”；全体客户为 25%。" in chinese
    assert "100 次中有 85 次把前者排在前面" in chinese


def test_every_figure_stands_beside_its_interval_and_the_base_rate(card: dict[str, Any]) -> None:
    html = render(card)
    assert "85 of 100 of two, one “Yes” and one not (AUC) · 95 %: 84–86 · base rate: 50" in half(html, "en")
    assert "74 % 3.0 times the base rate 25 % · 95 %: 60 %–80 %" in half(html, "en")
    assert "1.3 points calibration error · base rate: 0.1" in half(html, "en")
    assert "1.3 个百分点 校准误差 · 基准率 0.1" in half(html, "zh")


def test_a_doubt_is_said_once_with_what_to_type(card: dict[str, Any]) -> None:
    html = render(card)
    english = half(html, "en")
    assert english.count("tags come later") == 1
    assert "--known-at-scoring &#39;Last tag&#39;" in english
    assert "may be known only afterwards: 1." in english
    card["doubts"][0]["answer"] = "known"
    assert "--exclude &#39;Last tag&#39;" in half(render(card), "en")


def test_models_are_called_by_words_in_both_languages(card: dict[str, Any]) -> None:
    html = render(card)
    assert "A blend is published: Boosted trees, sparing + Logistic regression" in half(html, "en")
    assert "发布混合模型：提升树（节制取列）、逻辑回归" in half(html, "zh")
    assert {*catalogue.TABLE, BLEND} == set(MODELS)


def test_losses_on_rows_it_had_seen_are_shown_where_they_are_known(card: dict[str, Any]) -> None:
    assert "Error on seen rows" not in half(render(card), "en")
    assert "Error on seen rows" in half(render({**card, "losses_in": {"blend": 0.4}}), "en")


def test_the_best_threshold_is_said_beside_what_saying_the_same_of_all_gets(card: dict[str, Any]) -> None:
    english = half(render(card), "en")
    assert "Flagging from 35 % up marks 33 % of all and finds 71 % of the “Yes”; of those marked, 57 % are" in english
    assert "Saying the same of everybody is right for 75 %" in english


def test_rules_are_said_in_words_where_there_are_any(card: dict[str, Any]) -> None:
    assert "Which rules" not in half(render(card), "en")
    card["rules"] = [
        {"questions": [{"feature": "tenure", "edge": 15.5, "level": None, "answer": True}], "p": 0.3, "cases": 40.0},
        {
            "questions": [
                {"feature": "Contract", "edge": None, "level": level, "answer": False}
                for level in ("Two year", OTHER, MISSING)
            ],
            "p": 0.6,
            "cases": 1000.0,
        },
        {"questions": [], "p": 0.1, "cases": 5.0},
    ]
    html = render(card)
    assert "Contract is not “Two year” and Contract is not another value and Contract known 60 % 1,000" in half(
        html, "en"
    )
    assert half(html, "en").index("60 % 1,000") < half(html, "en").index("tenure at most 15.5 30 %")
    assert "everybody 10 %" in half(html, "en")
    assert "Contract不为“Two year”，且Contract不为其他取值，且Contract已知" in half(html, "zh")


def test_time_is_shown_with_the_gap_as_what_it_is(card: dict[str, Any], in_time: dict[str, Any]) -> None:
    assert "Does it hold over time?" not in half(render(card), "en")
    html = render(in_time)
    assert "The future differs: AUC is 0.85 in later time, 0.93 if past and future are mixed" in half(html, "en")
    assert "未来与过去不同：按时间向后评估 AUC 为 0.85，混合前后数据则为 0.93" in half(html, "zh")
    assert "from 20 % to 30 % between the first block and the last" in half(html, "en")
    in_time["random_folds"] = {"measure": 0.85}
    assert "The order holds in later time" in half(render(in_time), "en")
    del in_time["random_folds"]
    assert "Judged on later time, AUC is 0.85" in half(render(in_time), "en")


def test_the_base_rate_that_nothing_beats_is_said(card: dict[str, Any]) -> None:
    card["published"] = {"name": "base_rate", "members": {"base_rate": 1.0}, "baseline_beaten": False}
    html = render(card)
    assert "No model could say more than the average: everybody is given 25 %." in half(html, "en")
    assert "No candidate beat the base rate: it is published" in half(html, "en")
    assert "没有候选模型优于基准率" in half(html, "zh")


def test_a_number_has_words_of_its_own(number: dict[str, Any]) -> None:
    html = render(number)
    english, chinese = half(html, "en"), half(html, "zh")
    assert "How much will “Wine” be?" in english
    assert "Predictions are off by 84.3 on average; the mean of all, said of everybody, by 275." in english
    assert "80 % R² · 95 %: 78–83 · mean of all: 0" in english
    assert "Boosted trees for amounts, patient predicted best" in english
    assert "预测最高的一成客户占“Wine”总额的 29%。" in chinese
    for word in ("Threshold", "chances", "AUC", "base rate"):
        assert word not in english
    assert Page(html).wrong == []


def test_a_number_with_groups_is_checked_in_its_own_units(number: dict[str, Any]) -> None:
    number["judged"]["calibration"] = [
        {"predicted": 20.0, "actual": 18.0, "low": 15.0, "high": 22.0, "n": 100},
        {"predicted": 1200.0, "actual": 1310.0, "low": 1200.0, "high": 1400.0, "n": 100},
    ]
    assert "Where it said 1,200, it was 1,310; where it said 20, 18" in half(render(number), "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_empty_card_is_a_page_of_empty_states(lang: str) -> None:
    html = render({}, lang=lang)
    assert Page(html).wrong == []
    assert "This model was not judged" in html
    assert "该模型没有输入记录" in html
    assert not re.search(r"\b(None|nan)\b", half(html, "en") + half(html, "zh"))


def keys(given: dict[str, Any], *at: str) -> list[tuple[str, ...]]:
    return [
        path
        for key, value in given.items()
        for path in [(*at, key), *(keys(value, *at, key) if isinstance(value, dict) else [])]
    ]


def test_whatever_is_missing_or_of_another_kind_leaves_a_page(in_time: dict[str, Any], number: dict[str, Any]) -> None:
    for card in (in_time, number):
        for *above, last in keys({key: card[key] for key in card if key not in ("columns", "versions")}):
            for junk in (KeyError, *JUNK):
                broken = copy.deepcopy(card)
                part = broken
                for key in above:
                    part = part[key]
                if junk is KeyError:
                    del part[last]
                else:
                    part[last] = junk
                content(broken, "en")
                if junk is KeyError and not above:
                    assert Page(render(broken)).wrong == [], (*above, last)


def test_hostile_names_are_only_words(in_time: dict[str, Any]) -> None:
    def spoilt(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spoilt(one) for key, one in value.items()}
        if isinstance(value, list):
            return [spoilt(one) for one in value]
        return HOSTILE * 30 if isinstance(value, str) and value not in {"class", "later blocks of time"} else value

    card = spoilt(in_time)
    card |= {"columns": {HOSTILE: HOSTILE}, "versions": {HOSTILE: HOSTILE}, "losses": {HOSTILE: 0.4, "base_rate": 0.5}}
    question = {"feature": HOSTILE, "edge": None, "level": HOSTILE, "answer": True}
    card["rules"] = [{"questions": [question], "p": 0.5, "cases": 3.0}]
    html = render(card)
    parsed = Page(html)
    assert parsed.wrong == []
    assert len(parsed.all("script")) == 1
    assert not parsed.all("img")
    assert not [attrs for _, attrs in parsed.elements if any(name.startswith("on") for name in attrs)]
    assert "\x00" not in html
    assert "\u202e" not in html[html.index("<main") :]
    assert len(html) < 250_000


def test_a_name_that_can_not_be_shown_whole_is_not_offered_for_typing(card: dict[str, Any]) -> None:
    card["doubts"][0]["column"] = card["left_out"][1]["column"] = "a\u202eb"
    assert "--known-at-scoring" not in half(render(card), "en")


def test_twenty_thousand_columns_make_no_larger_page(card: dict[str, Any]) -> None:
    names = [f"column {i}" for i in range(20_000)]
    card |= {"features": names, "columns": dict.fromkeys(names, "number")}
    card["importance"] = [{"feature": name, "size": 1.0} for name in names]
    card["left_out"] = [{"column": name, "code": "blank", "why": {"en": "empty", "zh": "空"}} for name in names]
    assert len(render(card)) < 600_000


def test_no_english_is_left_on_the_chinese_half(card: dict[str, Any], in_time: dict[str, Any]) -> None:
    for one in (card, in_time):
        words = re.sub(r"patron explain MODEL TABLE --out reasons\.csv|Mann.*?1947|Naeini.*?2015|Brier 1950|Tsamardinos.*?2018|--[\w-]+|&#39;.*?&#39;", " ", half(render(one), "zh"))  # fmt: skip  # noqa: E501
        ours = {"AUC", "Brier", "Patron", "patron", "SHA", "row"}
        theirs = {"Churn", "Yes", "Contract", "tenure", "Tags", "Last", "tag", "shop", "csv"} | {"abab" * 16}
        assert set(re.findall(r"[A-Za-z]{3,}", words)) <= ours | theirs


def test_the_same_card_gives_the_same_bytes(card: dict[str, Any]) -> None:
    assert render(card) == render(copy.deepcopy(card))
