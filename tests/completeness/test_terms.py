"""The words and tables that people read are those the code works with."""

from __future__ import annotations

from pathlib import Path

import pytest
from spec.pipes import read

from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENT_GRID, SEGMENTS
from patron.words import Text


def glossary(repository: Path) -> dict[str, Text]:
    """Code → its words, from the tables of GLOSSARY.md."""
    words = {}
    for line in (repository / "GLOSSARY.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4:
            words |= {code.strip("` "): Text(cells[0], cells[1]) for code in cells[2].split(",")}
    return words


@pytest.mark.parametrize("code", sorted({**STAGES, **SEGMENTS}))
def test_a_stage_or_segment_is_called_as_in_the_glossary(code: str, repository: Path) -> None:
    said = {table[code] for table in (STAGES, SEGMENTS) if code in table}
    assert said == {glossary(repository)[code]}


def test_the_manual_prints_the_segment_grid(repository: Path) -> None:
    page = (repository / "docs" / "figures.md").read_text("utf-8")
    start = page.index("| | 1 | 2 | 3 | 4 | 5 |")
    rows = read("\n".join(line.strip("|") for line in page[start : page.index("\n\n", start)].splitlines()))
    assert {int(row[""].strip("*")): tuple(row[str(fm)] for fm in range(1, 6)) for row in rows} == SEGMENT_GRID
