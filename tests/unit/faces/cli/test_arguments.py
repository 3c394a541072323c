"""What is typed is read as meant."""

from __future__ import annotations

from datetime import date

import pytest

from patron.errors import UsageError
from patron.faces.cli.arguments import chinese, day, delimiter, encoding, mapping, number
from patron.words import Text


@pytest.mark.parametrize("text", ["1997-09-30", "19970930"])
def test_a_day_is_read_in_both_spellings(text: str) -> None:
    assert day(text) == date(1997, 9, 30)


@pytest.mark.parametrize("text", ["1997-13-01", "30.9.1997", "", "997-09-30x"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="calendar day"):
        day(text)


@pytest.mark.parametrize("text, value", [("0.3", 0.3), ("30%", 0.3), ("0", 0.0), ("1", 1.0)])
def test_a_share_is_read_as_a_number_or_per_cent(text: str, value: float) -> None:
    assert number(text, least=0, most=1, what=Text("it", "它")) == pytest.approx(value)


@pytest.mark.parametrize("text", ["1.01", "-0.1", "nan", "inf", "x", "%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        number(text, least=0, most=1, what=Text("it", "它"))


def test_columns_are_mapped_by_name_by_position_or_away() -> None:
    assert mapping(["customer=客户 编号", "date=3", "cost="]) == {"customer": "客户 编号", "date": 3, "cost": ""}


def test_a_column_name_may_hold_an_equals_sign() -> None:
    assert mapping(["price=a=b"]) == {"price": "a=b"}


@pytest.mark.parametrize(
    "message, said",
    [
        ("the following arguments are required: RUN1", "缺少参数：RUN1"),
        (
            "argument --lang: invalid choice: 'fr' (choose from 'en', 'zh')",
            "参数 --lang 不能是 'fr'（可选：'en', 'zh'）",
        ),
        ("argument --out: expected one argument", "参数 --out 需要一个值"),
        ("something new in argparse", "something new in argparse"),
    ],
)
def test_argparse_is_understood_in_chinese(message: str, said: str) -> None:
    assert chinese(message) == said


@pytest.mark.parametrize(
    "text, meant", [(";", ";"), ("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), ("|", "|"), ("blanks", "blanks")]
)
def test_a_delimiter_is_one_character_or_a_name(text: str, meant: str) -> None:
    assert delimiter(text) == meant


@pytest.mark.parametrize("text", ["", ";;", "semicolon", '"', "\n"])
def test_what_can_not_separate_cells_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--delimiter"):
        delimiter(text)


@pytest.mark.parametrize("text", ["utf-8", "GB18030", "cp1252", "windows-1252"])
def test_an_encoding_is_known_by_its_names(text: str) -> None:
    assert encoding(text) == text


@pytest.mark.parametrize("text", ["", "klingon", "hex", "utf-8\0"])
def test_what_is_no_encoding_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--encoding"):
        encoding(text)
