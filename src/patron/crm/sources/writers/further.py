"""Columns that nothing here has a field for: kept under their own names."""

from __future__ import annotations

from patron.crm.sources.writers.base import Chunk, Run

LONGEST = 2_000


def further_columns(chunk: Chunk, run: Run) -> list[dict[str, str]]:
    """For each row, what stands in the columns that were mapped to nothing: name → text, blanks left out."""
    mapped = set(run.mapping.values())
    places = [(i, name[:200]) for i, name in enumerate(run.columns) if name not in mapped]
    return [{name: cells[i][:LONGEST] for i, name in places if cells[i]} for cells in chunk["cells"]]
