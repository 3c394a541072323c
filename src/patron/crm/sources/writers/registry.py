"""Which writer writes which kind; a new kind is one line here."""

from __future__ import annotations

from patron.crm.sources.writers.base import Writer
from patron.crm.sources.writers.customers import CustomerWriter
from patron.crm.sources.writers.facts import FACTS, FactWriter
from patron.crm.sources.writers.orders import OrderWriter
from patron.crm.sources.writers.products import ProductWriter
from patron.crm.sources.writers.sparing import Sparing


def writer_of(kind: str) -> Writer:
    """The writer of a kind of record. KeyError for one that cannot be imported."""
    if kind in FACTS:
        return Sparing(FactWriter(kind), kind)
    writers: dict[str, type[Writer]] = {
        "customers": CustomerWriter,
        "orders": OrderWriter,
        "products": ProductWriter,
    }
    writer = writers[kind]()
    return writer if kind == "products" else Sparing(writer, kind)
