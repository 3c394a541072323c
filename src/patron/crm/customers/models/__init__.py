"""Records of customers, one noun a file."""

from patron.crm.customers.models.changes import Correction, FactChange
from patron.crm.customers.models.customer import Customer, CustomerTag, Identity, Merge, Relation, Tag
from patron.crm.customers.models.facts import Consent, Event, Feedback, Interaction, Note, Subscription
from patron.crm.customers.models.farewell import Farewell
from patron.crm.customers.models.order import Order, OrderLine
from patron.crm.customers.models.product import ExchangeRate, Product
from patron.crm.customers.models.rerating import Rerating
from patron.crm.customers.models.source import RecordVersion, Source, SourceRecord

__all__ = [
    "Consent",
    "Correction",
    "Customer",
    "CustomerTag",
    "Event",
    "ExchangeRate",
    "FactChange",
    "Farewell",
    "Feedback",
    "Identity",
    "Interaction",
    "Merge",
    "Note",
    "Order",
    "OrderLine",
    "Product",
    "RecordVersion",
    "Relation",
    "Rerating",
    "Source",
    "SourceRecord",
    "Subscription",
    "Tag",
]
