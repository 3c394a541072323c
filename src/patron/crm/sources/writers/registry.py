"""Which writer writes which kind; a new kind is one line here."""

from __future__ import annotations

from patron.crm.sources.writers.base import Writer
from patron.crm.sources.writers.customers import CustomerWriter
from patron.crm.sources.writers.facts import FACTS, FactWriter
from patron.crm.sources.writers.orders import OrderWriter
from patron.crm.sources.writers.products import ProductWriter


def writer_of(kind: str) -> Writer:
    """The writer of a kind of record. KeyError for one that cannot be imported."""
    if kind in FACTS:
        return FactWriter(kind)
    writers: dict[str, type[Writer]] = {
        "customers": CustomerWriter,
        "orders": OrderWriter,
        "products": ProductWriter,
    }
    return writers[kind]()
