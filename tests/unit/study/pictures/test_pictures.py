"""Every picture: what it finds, what it draws, its table, its empty state."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.csv
import pytest

from patron.errors import UsageError
from patron.study.pictures import PICTURES, plot

NAMES = pytest.mark.parametrize("name", PICTURES)
LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
SVG = "{http://www.w3.org/2000/svg}"

FINDINGS = {
    "stages": "The largest part of the value at risk sits with “Active” customers: £697k of £1.92M",
    "months": "Nov 2011 was the strongest month: £1.13M, 71\u202f% above the average month",
    "concentration": "The top tenth of customers brings 60\u202f% of revenue",
    "cohorts": "24\u202f% of customers buy again in the month after their first purchase, 36\u202f% in month 9",
    "rfm": "“Champion” customers are 16\u202f% of the base and bring 61\u202f% of revenue",
    "clv": "Half of the customers are expected to bring less than £1,050; the top tenth brings 49\u202f% of it all",
    "calibration": "The model expected 4,060 purchases and 5,100 came: 20\u202f% too few",
    "reliability": "Where the model said 94\u202f%, 97\u202f% bought; where it said 21\u202f%, 36\u202f%",
    "tracking": "In the weeks it had not seen, the model expected 4,050 repeat purchases; 5,050 came (20\u202f% under)",
}


@NAMES
def test_the_title_says_the_finding(name: str, retail_figures: dict[str, Any]) -> None:
    assert plot(name, retail_figures).title == FINDINGS[name]


@NAMES
@LANGS
def test_a_picture_is_whole(name: str, lang: str, retail_figures: dict[str, Any]) -> None:
    picture = plot(name, retail_figures, lang)
    root = ElementTree.fromstring(picture.svg)
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert about is not None
    assert title.text == picture.title
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == about.get("id")
    assert picture.table.num_rows == len(picture.cells()) > 1
    assert "nan" not in picture.svg.lower().replace("financ", "")
    assert picture.unit
    assert not picture.empty


@NAMES
@LANGS
def test_nothing_leaves_its_drawing(name: str, lang: str, retail_figures: dict[str, Any]) -> None:
    picture = plot(name, retail_figures, lang)
    for drawing in (picture.wide, picture.narrow):
        for mark in ElementTree.fromstring(f"<g>{drawing.marks}</g>").iter():
            x, y = float(mark.get("x", 0)), float(mark.get("y", 0))
            assert -0.1 <= x <= drawing.width + 0.1
            assert -0.1 <= y <= drawing.height + 0.1
            assert x + float(mark.get("width", 0)) <= drawing.width + 14


@NAMES
@LANGS
@pytest.mark.parametrize("empty", [None, {}, []], ids=["none", "dict", "list"])
def test_what_is_missing_is_said(name: str, lang: str, empty: Any) -> None:
    key = {"reliability": "calibration"}.get(name, name)
    picture = plot(name, {"as_of": "2011-12-09", key: empty}, lang)
    assert picture.empty
    assert picture.title
    assert picture.about
    assert picture.cells() == []
    ElementTree.fromstring(picture.svg)


def test_a_name_that_is_none_gets_the_names_there_are() -> None:
    with pytest.raises(UsageError, match=r"no picture 'pie'.*\n.*stages, months"):
        plot("pie", {})


def test_bars_begin_at_zero_and_are_true_to_scale(retail_figures: dict[str, Any]) -> None:
    picture = plot("months", retail_figures)
    heights = [
        float(bar.get("height", 0))
        for bar in ElementTree.fromstring(f"<g>{picture.wide.marks}</g>").iter("rect")
        if bar.get("class") == "bar" and float(bar.get("y", 0)) < 217
    ]
    revenue = [row["revenue"] for row in retail_figures["months"]][: len(heights)]
    assert [h / heights[0] for h in heights] == pytest.approx([r / revenue[0] for r in revenue], rel=0.01)


def test_a_month_that_is_not_over_is_no_record_and_is_marked(retail_figures: dict[str, Any]) -> None:
    retail_figures["months"][-1]["revenue"] = 9e9
    assert "Nov 2011" in plot("months", retail_figures).title
    assert "running" in plot("months", retail_figures).svg
    retail_figures["as_of"] = "2011-12-31"
    assert "Dec 2011" in plot("months", retail_figures).title


def test_the_last_rate_of_a_cohort_does_not_count_before_its_month_is_over(retail_figures: dict[str, Any]) -> None:
    before = plot("cohorts", retail_figures).title
    for k, row in enumerate(retail_figures["cohorts"]["retention"]):
        row[len(row) - 1 - k if row[-1] is None else -1] = 0.0
    assert plot("cohorts", retail_figures).title == before


def test_negative_and_unknown_values_are_drawn_and_said(retail_figures: dict[str, Any]) -> None:
    retail_figures["stages"][0] |= {"revenue": -500.0, "clv": math.nan, "value_at_risk": None}
    picture = plot("stages", retail_figures)
    assert [cell.said for cell in picture.cells()[0]][2:] == ["−£500", "–", "–"]


def test_long_histories_are_cut_or_summed_up() -> None:
    weeks = [
        {
            "day": f"{1900 + i // 52}-01-01",
            "actual": 1,
            "expected": 2.0,
            "cumulative_actual": i,
            "cumulative_expected": i,
            "holdout": False,
        }
        for i in range(52 * 60)
    ]
    months = [{"month": f"{1900 + i // 12}-{i % 12 + 1:02}", "revenue": 1.0, "customers": 1} for i in range(720)]
    tracking, by_month = plot("tracking", {"tracking": {"weeks": weeks}}), plot("months", {"months": months})
    assert tracking.table.num_rows <= 160
    assert sum(tracking.table["expected"].to_pylist()) == 2 * len(weeks)
    assert "20 weeks" in tracking.unit
    assert by_month.table.num_rows == 48
    assert "the last 48 months" in by_month.unit


def test_bars_of_unlike_width_are_named_by_their_edges_and_the_last_is_pale() -> None:
    even = [{"low": i, "high": i + 1, "customers": 5, "clv": 1.0} for i in range(4)]
    assert "pale" not in plot("clv", {"clv": {"bins": even}}).svg.split("</style>")[1]
    assert "pale: 4 to 99" in plot(
        "clv", {"clv": {"bins": [*even, {"low": 4, "high": 99, "customers": 1}]}}
    ).svg.replace(".00", "")


def test_a_picture_is_saved_by_its_ending(tmp_path: Path, retail_figures: dict[str, Any]) -> None:
    picture = plot("stages", retail_figures, "zh")
    assert picture.save(tmp_path / "a.svg").read_text(encoding="utf-8") == picture.svg == picture._repr_html_()
    page = picture.save(tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html><html lang="zh-Hans">')
    assert pa.csv.read_csv(picture.save(tmp_path / "a.csv")).num_rows == picture.table.num_rows
    with pytest.raises(UsageError, match=r"\.svg, \.html or \.csv"):
        picture.save(tmp_path / "a.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.html", "a.svg"]


@NAMES
def test_the_same_figures_give_the_same_bytes(name: str, retail_figures: dict[str, Any]) -> None:
    assert plot(name, retail_figures).svg == plot(name, retail_figures).svg
