"""Files in: the one reader of tables for analyze, train and import alike."""

from patron.history.files.flat import read_customers, read_table
from patron.history.files.options import OrdersRead, Progress, ReadOptions, SetAside, SqlSource
from patron.history.files.orders import read_orders

__all__ = [
    "OrdersRead",
    "Progress",
    "ReadOptions",
    "SetAside",
    "SqlSource",
    "read_customers",
    "read_orders",
    "read_table",
]
