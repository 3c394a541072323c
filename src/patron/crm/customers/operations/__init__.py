"""Every write on customers and their facts, split by noun."""

from patron.crm.customers.operations.customers import add_customer, assign_customers, edit_customer
from patron.crm.customers.operations.erasure import erase_customer, lift_erasure
from patron.crm.customers.operations.facts import (
    add_note,
    end_subscription,
    log_interaction,
    record_consent,
    record_event,
    record_feedback,
    record_subscription,
    remove_fact,
)
from patron.crm.customers.operations.merges import merge_customers, unmerge
from patron.crm.customers.operations.orders import record_order, set_order_status
from patron.crm.customers.operations.products import save_product, save_rate
from patron.crm.customers.operations.relations import relate, unrelate
from patron.crm.customers.operations.tags import tag_customers, untag_customers

__all__ = [
    "add_customer",
    "add_note",
    "assign_customers",
    "edit_customer",
    "end_subscription",
    "erase_customer",
    "lift_erasure",
    "log_interaction",
    "merge_customers",
    "record_consent",
    "record_event",
    "record_feedback",
    "record_order",
    "record_subscription",
    "relate",
    "remove_fact",
    "save_product",
    "save_rate",
    "set_order_status",
    "tag_customers",
    "unmerge",
    "unrelate",
    "untag_customers",
]
