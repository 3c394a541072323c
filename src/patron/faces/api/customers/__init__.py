"""Customers, their facts, duplicates and merges, products and rates: a file for each noun."""

from patron.faces.api.customers import facts, listing, merging, orders, products, records

RESOURCES = (*records.RESOURCES, *facts.RESOURCES, *orders.RESOURCES, *merging.RESOURCES, *products.RESOURCES)

__all__ = ["RESOURCES", "listing"]
