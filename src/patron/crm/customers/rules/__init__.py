"""Pure decisions about customers and their facts: no database, no clock."""

from patron.crm.customers.rules.contact import normalise_email, normalise_name, normalise_phone, region_of
from patron.crm.customers.rules.fields import FIELDS, read_fields
from patron.crm.customers.rules.golden import Said, identities_of, newest, survive
from patron.crm.customers.rules.keys import key_by_hand, key_of_content, key_of_id
from patron.crm.customers.rules.money import Line, Worth, is_item, makes_occasion, rate_on, totals, totals_of, worth
from patron.crm.customers.rules.rerating import Told, is_off, told_anew

__all__ = [
    "FIELDS",
    "Line",
    "Said",
    "Told",
    "Worth",
    "identities_of",
    "is_item",
    "is_off",
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
    "told_anew",
    "totals",
    "totals_of",
    "worth",
]
