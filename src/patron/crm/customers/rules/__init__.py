"""Pure decisions about customers and their facts: no database, no clock."""

from patron.crm.customers.rules.contact import normalise_email, normalise_name, normalise_phone, region_of
from patron.crm.customers.rules.fields import FIELDS, read_fields
from patron.crm.customers.rules.golden import Said, identities_of, newest, survive
from patron.crm.customers.rules.keys import key_by_hand, key_of_content, key_of_id
from patron.crm.customers.rules.money import Line, Worth, is_item, makes_occasion, rate_on, totals, worth

__all__ = [
    "FIELDS",
    "Line",
    "Said",
    "Worth",
    "identities_of",
    "is_item",
    "key_by_hand",
    "key_of_content",
    "key_of_id",
    "makes_occasion",
    "newest",
    "normalise_email",
    "normalise_name",
    "normalise_phone",
    "rate_on",
    "read_fields",
    "region_of",
    "survive",
    "totals",
    "worth",
]
