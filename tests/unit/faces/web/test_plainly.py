"""At a browser nobody is told to type an option of the command line."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from patron import history
from patron.faces.web.sources.plainly import plainly
from patron.words import Text

FILES = Path(history.__file__).parent / "files"
ELSEWHERE = {
    "database.py": "an SQL query is never uploaded",
    "orders.py": "the folder of `patron analyze`",
    "any_table.py": "`patron train` and `score` alone read any table",
}
OPTION = re.compile(r"--[a-z]")


def said(node: ast.AST) -> str:
    """A text as it is said, with an X for what is put in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(said(part) if isinstance(part, ast.Constant) else "X" for part in parts)


def spoken() -> list[tuple[str, str]]:
    """(file, words) of everything that reading a file says with an option in it."""
    found = []
    for path in sorted(FILES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text":
                found += [(path.name, text) for arg in node.args if OPTION.search(text := said(arg))]
    return found


@pytest.mark.parametrize(("file", "text"), spoken())
def test_no_option_is_left_in_what_a_page_says(file: str, text: str) -> None:
    if file not in ELSEWHERE:
        assert not OPTION.search(plainly(Text(text, text)).en), text


def test_the_walk_sees_and_other_words_stay() -> None:
    assert len(spoken()) > 15
    assert {file for file, _ in spoken()} >= set(ELSEWHERE)
    stays = {"en": "'quantity' could be read in two ways (1.5).", "zh": "“数量”有两种读法。"}
    assert plainly(stays) == Text(stays["en"], stays["zh"])


def test_the_sentence_is_whole_in_both_languages() -> None:
    told = Text(
        "More than one column could be the date: a (1) / b (2). Choose one: --map date=1 (the name or its position).",
        "不止一列可作 date：a (1) / b (2)。请选定一列：--map date=1（列名或位置均可）。",
    )
    assert plainly(told) == Text(
        "More than one column could be the date: a (1) / b (2). Choose it among the columns.",
        "不止一列可作 date：a (1) / b (2)。请在各列中选定。",
    )
    order = Text("If that is wrong, say the order: --date-order mdy.", "若不正确，请指明顺序：--date-order mdy。")
    assert plainly(order).en == "If that is wrong, say the order at “How the file is written”."
    assert plainly(order).zh == "若不正确，请在“文件的书写方式”中指明顺序。"
