"""Every read of customers and their facts, split by noun. Row scope is applied here."""

from patron.crm.customers.queries.consents import consents
from patron.crm.customers.queries.customers import (
    Filters,
    Profile,
    find_customers,
    get_customer,
    get_profile,
    tags,
    with_tags,
)
from patron.crm.customers.queries.duplicates import Group, duplicates
from patron.crm.customers.queries.export import export_person
from patron.crm.customers.queries.merges import Unmerging, unmerging
from patron.crm.customers.queries.products import exchange_rates, find_products, get_product
from patron.crm.customers.queries.search import search_customers
from patron.crm.customers.queries.timeline import Entry, order_lines, timeline

__all__ = [
    "Entry",
    "Filters",
    "Group",
    "Profile",
    "Unmerging",
    "consents",
    "duplicates",
    "exchange_rates",
    "export_person",
    "find_customers",
    "find_products",
    "get_customer",
    "get_product",
    "get_profile",
    "order_lines",
    "search_customers",
    "tags",
    "timeline",
    "unmerging",
    "with_tags",
]
