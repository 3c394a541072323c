"""Rows of persons who were erased are left out, whatever kind of record they are: no file brings anybody back.

A person is known again by what the source calls them; somebody the source has not spoken of before also by e-mail and
phone. What a refused row says of such a person is not kept either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patron.crm.customers import farewells
from patron.crm.customers.farewells import Known
from patron.crm.customers.rules import identities_of
from patron.crm.sources.writers.base import ERASED, Chunk, Plan, Run, Writer
from patron.crm.sources.writers.customers import external_ids
from patron.crm.sources.writers.people import known_people

REACHED_BY = ("email", "phone")


class Sparing:
    """A writer that is not shown the rows of erased persons."""

    def __init__(self, writer: Writer, kind: str) -> None:
        self.writer, self.kind = writer, kind

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """The writer's plan of the rest; ERASED for the others."""
        if not farewells.anybody():
            return Plan((inner := self.writer.plan(chunk, run)).outcomes, (chunk, inner))
        self._blank_refused(chunk, run)
        gone = self._gone(chunk, run)
        rest = chunk.without(gone) if gone else chunk
        inner = self.writer.plan(rest, run)
        told = iter(inner.outcomes)
        return Plan([ERASED if i in gone else next(told) for i in range(len(chunk))], (rest, inner))

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """What the writer does with the rest."""
        del chunk
        rest, inner = plan.detail
        return self.writer.write(rest, inner, run)

    def _gone(self, chunk: Chunk, run: Run) -> set[int]:
        """The places of the rows to be left out."""
        names = external_ids(chunk, run) if self.kind == "customers" else chunk["customer"]
        people = zip(
            names, *(chunk[role] if self._reaches else [None] * len(chunk) for role in REACHED_BY), strict=True
        )
        said = [_known(run, name, dict(zip(REACHED_BY, reached, strict=True))) for name, *reached in people]
        return _erased(said, names, run)

    @property
    def _reaches(self) -> bool:
        """Whether such rows may say how to reach the person."""
        return self.kind in ("customers", "orders")

    def _blank_refused(self, chunk: Chunk, run: Run) -> None:
        places = {name: i for i, name in enumerate(run.columns)}
        columns = {role: places.get(run.mapping.get(role, ""), -1) for role in ("customer", *REACHED_BY)}
        rows = [{role: _cell(one["cells"], at) for role, at in columns.items()} for one in chunk.refused]
        names = [cells["customer"].strip() for cells in rows]
        said = [_known(run, name, cells) for name, cells in zip(names, rows, strict=True)]
        for i in _erased(said, names, run):
            chunk.refused[i]["cells"] = []


def _cell(cells: Sequence[str | None], at: int) -> str:
    return (cells[at] or "") if 0 <= at < len(cells) else ""


def _known(run: Run, name: str, reached: Mapping[str, Any]) -> list[Known]:
    """What a row says its person is known by: first what the source calls them."""
    by = {role: reached[role] for role in REACHED_BY if reached[role]}
    return [farewells.of_record(run.source_id, name), *identities_of(by, run.region)]


def _erased(said: Sequence[Sequence[Known]], names: Sequence[str], run: Run) -> set[int]:
    """The places of those that speak of an erased person; a living one whom the source knows keeps their row."""
    found = farewells.erased_among(known for row in said for known in row)
    if not found:
        return set()
    living = known_people(run, {name for name, row in zip(names, said, strict=True) if not found.isdisjoint(row)})
    return {
        i
        for i, (name, row) in enumerate(zip(names, said, strict=True))
        if row[0] in found or (name not in living and not found.isdisjoint(row))
    }
