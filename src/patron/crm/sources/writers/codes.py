"""Products by their code, found or made for order lines that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patron.crm.customers.models import Product
from patron.crm.sources import bulk

NAMES = ("id", "code", "name", "category", "currency", "item", "extra", "batch")


def find_products(codes: Iterable[str]) -> dict[str, int]:
    """Code → number of those that are there."""
    return dict(bulk.fetch(Product, ("code", "id"), "code", codes))


def make_products(new: Mapping[str, tuple[str, bool]], batch: int) -> dict[str, int]:
    """Code → number of new products; given are code → (name, whether it is an item)."""
    ids = bulk.next_ids(Product, len(new))
    rows = [
        (n, code, name, "", "", item, "{}", batch) for n, (code, (name, item)) in zip(ids, new.items(), strict=True)
    ]
    bulk.insert(Product, NAMES, rows)
    return dict(zip(new, ids, strict=True))
