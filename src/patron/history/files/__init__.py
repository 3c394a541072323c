"""Files in: the one reader of tables for analyze, train and import alike."""

from patron.history.files.options import OrdersRead, ReadOptions, SetAside, SqlSource
from patron.history.files.orders import read_orders

__all__ = ["OrdersRead", "ReadOptions", "SetAside", "SqlSource", "read_orders"]
