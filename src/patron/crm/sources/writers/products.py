"""Products, by code: added, or corrected in the fields that the file has."""

from __future__ import annotations

from typing import Any

from patron.crm.customers.models import Product
from patron.crm.kit import bulk
from patron.crm.sources.writers import corrections
from patron.crm.sources.writers.base import CREATE, UPDATE, Chunk, Plan, Run, decide
from patron.crm.sources.writers.further import further_columns
from patron.crm.sources.writers.people import as_json

ROLES = ("name", "category", "price", "cost", "currency")
NAMES = (*ROLES, "extra")
NOTHING = ("", "", None, None, "", "{}")
ADDED = ("id", "code", *NAMES, "item", "batch")


class ProductWriter:
    """A file of products. What it does not say of a product stays as it is."""

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """New, changed or the same, by code."""
        codes = chunk["product"]
        there = {row[0]: row[1:] for row in bulk.fetch(Product, ("code", "id", *NAMES), "code", codes)}
        further = further_columns(chunk, run)
        contents, before = [], {code: _normal(row[1:]) for code, row in there.items()}
        running = {**before, **{code: run.seen[code] for code in codes if code in run.seen}}
        for i, code in enumerate(codes):
            held = running.get(code, NOTHING)
            running[code] = self._content(chunk, i, held, further[i])
            contents.append(running[code])
        return Plan(decide(codes, contents, before, chunk["again"], run.seen), (contents, there))

    def _content(self, chunk: Chunk, i: int, held: tuple[Any, ...], further: dict[str, str]) -> tuple[Any, ...]:
        said = [chunk[role][i] for role in ROLES]
        values = [old if new is None else new for old, new in zip(held, said, strict=False)]
        return (*values, as_json({**bulk.from_json(held[-1]), **further}))

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Add and correct products; no customer is concerned."""
        contents, there = plan.detail
        codes = chunk["product"]
        latest = {c: i for i, (c, o) in enumerate(zip(codes, plan.outcomes, strict=True)) if o in (CREATE, UPDATE)}
        fresh = [(c, i) for c, i in latest.items() if c not in there]
        ids = bulk.next_ids(Product, len(fresh))
        bulk.insert(
            Product,
            ADDED,
            [(n, c, *contents[i], True, run.import_id) for n, (c, i) in zip(ids, fresh, strict=True)],
        )
        changed = [(there[c][0], i, there[c][1:]) for c, i in latest.items() if c in there]
        corrections.keep(run, Product, NAMES, [(number, None, _normal(old)) for number, _, old in changed])
        bulk.update(Product, NAMES, [(*contents[i], number) for number, i, _ in changed])
        return set()


def _normal(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:-1], as_json(bulk.from_json(row[-1])))
