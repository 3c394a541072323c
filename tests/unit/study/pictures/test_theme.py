"""Contrast of everything that carries text, in both themes (WCAG 2.2 AA)."""

from __future__ import annotations

import pytest

from patron.study.pictures.theme import BAND, DARK, HEAT, LIGHT, STAGE_COLOURS, TINT, picture_css, tokens_css

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
Colour = tuple[float, float, float]


def rgb(colour: str) -> Colour:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def over(front: Colour, back: Colour, alpha: float) -> Colour:
    return tuple(alpha * f + (1 - alpha) * b for f, b in zip(front, back, strict=True))  # type: ignore[return-value]


def contrast(a: Colour, b: Colour) -> float:
    def light(colour: Colour) -> float:
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@THEMES
@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("words", ["ink", "muted", "jade", "warm"])
def test_words_can_be_read(theme: dict[str, str], ground: str, words: str) -> None:
    assert contrast(rgb(theme[words]), rgb(theme[ground])) >= 4.5


@THEMES
def test_words_on_a_chosen_switch_can_be_read(theme: dict[str, str]) -> None:
    assert contrast(rgb(theme["ink"]), rgb(theme["line"])) >= 4.5


@THEMES
@pytest.mark.parametrize("stage", STAGE_COLOURS)
def test_ink_on_the_tint_of_a_stage_can_be_read(theme: dict[str, str], stage: str) -> None:
    tint = over(rgb(STAGE_COLOURS[stage]), rgb(theme["paper"]), int(TINT, 16) / 255)
    assert contrast(rgb(theme["ink"]), tint) >= 4.5


@THEMES
@pytest.mark.parametrize("strength", HEAT)
def test_ink_on_a_heat_map_can_be_read(theme: dict[str, str], strength: float) -> None:
    assert contrast(rgb(theme["ink"]), over(rgb(theme["jade"]), rgb(theme["paper"]), strength)) >= 4.5


@THEMES
def test_labels_on_a_band_can_be_read(theme: dict[str, str]) -> None:
    assert f".pp .band{{fill:var(--jade);fill-opacity:{BAND:g}}}".replace("0.", ".") in picture_css()
    assert contrast(rgb(theme["muted"]), over(rgb(theme["jade"]), rgb(theme["paper"]), BAND)) >= 4.5


@THEMES
def test_marks_stand_out(theme: dict[str, str]) -> None:
    assert contrast(rgb(theme["jade"]), rgb(theme["paper"])) >= 3


def test_both_themes_name_the_same_tokens_and_marks_name_no_colour() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert "#" not in picture_css()


def test_paper_is_light_whatever_the_screen() -> None:
    css = tokens_css(":root", switch=True)
    assert all("@media screen" in rule for rule in css.split("\n") if DARK["paper"] in rule)
