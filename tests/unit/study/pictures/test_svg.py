"""The SVG writer: escaping by construction, and words that fit their line."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from patron.study.pictures.svg import number, path, tag, text, text_width, wrap

printable = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


@given(printable)
def test_words_come_back_as_they_went_in(words: str) -> None:
    element = ElementTree.fromstring(text(1, 2, words, "ink"))
    assert (element.text or "") == words


@given(printable)
def test_attributes_can_not_break_out(words: str) -> None:
    element = ElementTree.fromstring(tag("g", data_name=words))
    assert element.attrib == {"data-name": words}


@given(st.text(max_size=20))
def test_whatever_the_words_the_document_can_be_read(words: str) -> None:
    ElementTree.fromstring(tag("text", words, data_name=words))


def test_markup_in_words_is_words() -> None:
    assert "<script>" not in text(0, 0, "<script>alert(1)</script>")


def test_coordinates_are_short() -> None:
    assert [number(v) for v in (1.0, 0.04, 719.96, -0.01)] == ["1", "0", "720", "0"]
    assert path([(0, 0), (1.25, 2)], "line") == '<path d="M0 0L1.2 2" class="line"/>'
    assert path([], "line") == ""


@given(printable, st.integers(40, 400))
def test_wrapped_lines_lose_nothing_and_fit_unless_one_word_is_longer(words: str, width: int) -> None:
    lines = wrap(words, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    for line in lines:
        assert text_width(line) <= width or len(wrap(line, 1)) == 1


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert wrap("客户是谁，价值几何", 60) == ["客户是谁，", "价值几何"]
