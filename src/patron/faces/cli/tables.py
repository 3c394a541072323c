"""Small tables for the terminal, Chinese signs counted as two cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Cells that `text` takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """`rows` (the first is the head) in columns: the first one to the left, figures to the right."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0] + " " * (widths[0] - width(row[0]))]
        cells += [" " * (widths[i] - width(cell)) + cell for i, cell in enumerate(row) if i]
        lines.append("  " + "   ".join(cells).rstrip())
    return "\n".join(lines)
