"""The report in a real browser: somebody gets the file, opens it, reads, switches, points and exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from patron.study.report import render

SHOWN = "document.querySelector('main').innerText"
WIDTHS = pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])


@pytest.fixture(scope="module")
def report(fixtures_read: tuple[Any, Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    scores, card, figures = fixtures_read
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(render(scores, card, figures), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def fixtures_read(fixtures: Path) -> tuple[Any, Any, Any]:
    scores, card, figures = (
        json.loads((fixtures / "report" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("scores", "card", "figures")
    )
    return pa.Table.from_pylist(scores), card, figures


def test_it_opens_without_a_word_on_the_console_and_without_a_request(tab: Any, report: Path) -> None:
    tab.open(report)
    assert tab.logged == []
    assert tab.fetched == [report.as_uri()]
    assert tab.ask("document.title") == "Who are our customers, what are they worth, who to keep?"


def test_everything_can_be_read_and_switched_with_scripts_off(tab: Any, report: Path) -> None:
    tab.open(report, scripts=False)
    assert "Usually buys every 59 days" in tab.ask(SHOWN)
    assert tab.ask("document.querySelector('button')") is None
    tab.click("label[for=lang-zh]")
    assert "通常每 59 天购买一次" in tab.ask(SHOWN)
    assert "Usually buys" not in tab.ask(SHOWN)
    tab.click("label[for=theme-dark]")
    assert tab.ask("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    assert tab.logged == []


def test_the_language_is_told_to_the_browser(tab: Any, report: Path) -> None:
    tab.open(report)
    tab.click("label[for=lang-zh]")
    assert tab.ask("[document.documentElement.lang, document.title]") == ["zh-Hans", "客户是谁，价值几何，该留住谁？"]


def test_the_theme_follows_the_system_until_it_is_chosen_and_is_remembered(tab: Any, report: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    tab.open(report, dark=True)
    assert tab.ask(paper) == "rgb(20, 23, 28)"
    tab.click("label[for=theme-light]")
    assert tab.ask(paper) == "rgb(251, 251, 249)"
    tab.open(report, dark=True)
    assert tab.ask(paper) == "rgb(251, 251, 249)"
    tab.click("label[for=theme-auto]")


def test_pointing_at_a_mark_tells_its_figure(tab: Any, report: Path) -> None:
    tab.open(report)
    tab.point("#months-en .at-wide [data-tip]", until="#tip:not([hidden])")
    assert tab.ask("document.getElementById('tip').textContent") == "Dec 2010: £555k"


def test_a_picture_opens_as_a_table_and_leaves_as_csv(tab: Any, report: Path) -> None:
    tab.open(report)
    tab.ask("URL.createObjectURL = (blob) => { window.left = blob.text(); return '#'; }; 1")
    tab.click("#stages-en summary")
    tab.click("#stages-en button.csv")
    lines = tab.ask("window.left").splitlines()
    assert lines[0].lstrip("\ufeff") == 'Stage,Customers,Revenue so far,"Expected, next year",Value at risk'
    assert lines[1].startswith("prospect,34,-10411")


def test_a_picture_leaves_as_png_at_twice_its_size(tab: Any, report: Path) -> None:
    tab.open(report, dark=True)
    tab.click("#stages-en summary")
    with tab.page.expect_download() as waited:
        tab.click("#stages-en button.png")
    png = Path(waited.value.path()).read_bytes()
    assert waited.value.suggested_filename == "patron-stages.png"
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 2 * (720 + 32)
    assert len(png) > 20_000
    assert tab.logged == []


def test_a_cell_that_looks_like_a_formula_is_only_words_in_csv(
    tab: Any, fixtures_read: tuple[Any, Any, Any], tmp_path: Path
) -> None:
    scores, card, figures = fixtures_read
    rows = scores.to_pylist()
    rows[0] |= {"customer_id": "=HYPERLINK(1)"}
    file = tmp_path / "report.html"
    file.write_text(render(pa.Table.from_pylist(rows), card, figures), encoding="utf-8")
    tab.open(file)
    tab.ask("URL.createObjectURL = (blob) => { window.left = blob.text(); return '#'; }; 1")
    tab.click("#keep-en button.csv")
    assert "\r\n1,'=HYPERLINK(1),Loyal," in tab.ask("window.left")


@WIDTHS
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_fits_its_window(tab: Any, report: Path, width: int, lang: str) -> None:
    tab.open(report, width=width)
    tab.click(f"label[for=lang-{lang}]")
    assert tab.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width, size", [(390, 12), (1280, 12)])
def test_type_in_pictures_stays_readable(tab: Any, report: Path, width: int, size: float) -> None:
    tab.open(report, width=width)
    drawn = tab.ask(
        """[...document.querySelectorAll('.only-en svg.pp')].filter(s => s.getClientRects().length)
        .map(s => 12 * s.getBoundingClientRect().width / s.viewBox.baseVal.width)"""
    )
    assert len(drawn) == 9
    assert min(drawn) >= size * 0.95


@pytest.mark.parametrize("width", [390, 1280])
def test_no_words_in_a_picture_run_out_of_it_or_over_each_other(tab: Any, report: Path, width: int) -> None:
    tab.open(report, width=width)
    for lang in ("en", "zh"):
        tab.click(f"label[for=lang-{lang}]")
        assert tab.ask(OVERLAPS) == []


OVERLAPS = """[...document.querySelectorAll('svg.pp')].filter(s => s.getClientRects().length).flatMap(svg => {
  const frame = svg.getBoundingClientRect(), out = [];
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  for (const [words, b] of boxes) {
    if (b.left < frame.left - 2 || b.right > frame.right + 2 || b.bottom > frame.bottom + 2) out.push('out: ' + words);
    for (const [others, o] of boxes) {
      const across = Math.min(b.right, o.right) - Math.max(b.left, o.left);
      const down = Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top);
      if (words !== others && across > 2 && down > 5) out.push(words + ' × ' + others);
    }
  }
  return out;
})"""


def test_it_prints_light_on_a4_with_both_halves_of_no_page_lost(tab: Any, report: Path) -> None:
    tab.open(report, dark=True)
    tab.page.emulate_media(media="print", color_scheme="dark")
    assert tab.ask("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#1d2433"
    assert tab.ask("getComputedStyle(document.querySelector('.switches')).display") == "none"
    assert len(tab.page.pdf(prefer_css_page_size=True)) > 40_000


def test_a_page_of_nothing_is_calm(tab: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(pa.table({"customer_id": pa.array([], pa.string())}), {}, {}), encoding="utf-8")
    tab.open(file)
    assert tab.logged == []
    assert "Nobody has value at risk yet" in tab.ask(SHOWN)
