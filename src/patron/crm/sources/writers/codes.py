"""Products by their code, found or made for order lines that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patron.crm.customers.models import Product
from patron.crm.kit import bulk
from patron.crm.sources.writers.base import Run

NAMES = ("id", "code", "name", "category", "currency", "item", "extra", "batch")


MOST = 200_000
"""Codes that a run remembers."""


def find_products(run: Run, codes: Iterable[str]) -> dict[str, int]:
    """Code → number of those that are there; what an earlier chunk met is not asked for again."""
    wanted = set(codes)
    if len(run.codes) > MOST:
        run.codes.clear()
    run.codes.update(bulk.fetch(Product, ("code", "id"), "code", wanted - run.codes.keys()))
    return run.codes


def make_products(run: Run, new: Mapping[str, tuple[str, bool]]) -> dict[str, int]:
    """Code → number of new products; given are code → (name, whether it is an item)."""
    ids = bulk.next_ids(Product, len(new))
    rows = [
        (n, code, name, "", "", item, "{}", run.import_id)
        for n, (code, (name, item)) in zip(ids, new.items(), strict=True)
    ]
    bulk.insert(Product, NAMES, rows)
    made = dict(zip(new, ids, strict=True))
    run.codes.update(made)
    return made
