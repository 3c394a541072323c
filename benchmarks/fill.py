"""Fills a database with a simulated world, in bulk: customers, their records, orders and order lines.

`python fill.py CUSTOMERS` fills the database of PATRON_HOME / PATRON_DATABASE_URL, which gets its tables first.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from bench_analyze import heavy

ROWS = 50_000
MADE = "2019-01-01 00:00:00"


def key(text: str) -> bytes:
    """16 bytes that name a row."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def put(table: str, columns: dict[str, Any]) -> None:
    """Rows of equal length into a table, a piece at a time."""
    from django.db import connection, transaction

    rows = pa.table(columns)
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    for low in range(0, rows.num_rows, ROWS):
        some = rows.slice(low, ROWS)
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                text = io.BytesIO()
                pcsv.write_csv(hexed(some), text, pcsv.WriteOptions(include_header=False))
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
                    copy.write(text.getbuffer())
            else:
                marks = ", ".join(["%s"] * rows.num_columns)
                values = zip(*(column.to_pylist() for column in some.columns), strict=True)
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))


def hexed(table: pa.Table) -> pa.Table:
    """Bytes as PostgreSQL reads them from text."""
    for i, column in enumerate(table.columns):
        if pa.types.is_binary(column.type):
            table = table.set_column(
                i, table.column_names[i], pa.array(["\\x" + v.hex() for v in column.to_pylist()], pa.string())
            )
    return table


def fill(customers: int) -> int:
    """Fill; how many orders."""
    from patron.crm.customers.models import Source

    source = Source.objects.create(name="simulated", kind="file")
    orders = heavy(customers).orders()
    ids = np.arange(1, customers + 1)
    names = called(ids)
    same = dict.fromkeys(
        ("wechat", "title", "gender", "address", "city", "region", "country", "language", "channel", "external_id"), ""
    )
    put(
        "customers_customer",
        {
            "id": ids,
            "kind": ["person"] * customers,
            "name": names,
            "name_key": [name.lower() for name in names],
            "email": [f"c{i}@example.org" for i in ids],
            "phone": [f"+8613{i:09d}" for i in ids],
            **{name: [value] * customers for name, value in same.items()},
            "extra": ["{}"] * customers,
            "created_at": [MADE] * customers,
            "updated_at": [MADE] * customers,
        },
    )
    put(
        "customers_sourcerecord",
        {
            "id": ids,
            "source_id": [source.pk] * customers,
            "external_id": [str(i) for i in ids],
            "customer_id": ids,
            "created_at": [MADE] * customers,
        },
    )
    who = orders.column("customer_id").cast(pa.int64()).to_numpy() + 1
    days = orders.column("day").cast(pa.string()).to_pylist()
    money = np.round(orders.column("revenue").to_numpy() * 1e6).astype(np.int64)
    for low, high in pieces(len(who), 500_000):
        put_orders(low, who[low:high], days[low:high], money[low:high])
    from patron.crm.customers.models import FactChange

    FactChange.objects.bulk_create(
        FactChange(model="customers.OrderLine", what="added", low=low + 1, high=high)
        for low, high in pieces(len(who), 5_000)
    )
    go_on_counting()
    return len(who)


def go_on_counting() -> None:
    """Numbers were given here: the database's own go on behind them (SQLite knows by itself)."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_app_config("customers").get_models()):
            cursor.execute(sql)


def called(ids: np.ndarray) -> list[str]:
    """Names by number, every second one Chinese; about 700 customers of a million share one."""
    family, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
    first = [
        "Ada",
        "Bo",
        "Cleo",
        "Dara",
        "Enzo",
        "Faye",
        "Gus",
        "Hana",
        "Ivo",
        "June",
        "Kit",
        "Lena",
        "Milo",
        "Nora",
        "Otto",
        "Pia",
        "Quin",
        "Rosa",
        "Sven",
        "Tess",
    ]
    last = [
        "Abbott",
        "Brook",
        "Carver",
        "Dale",
        "Ellis",
        "Ford",
        "Grant",
        "Hale",
        "Irwin",
        "Jonas",
        "Kerr",
        "Lane",
        "Mercer",
        "Nash",
        "Olsen",
        "Penn",
    ]
    chance = np.random.default_rng(5).integers(0, 20, (len(ids), 3))
    return [
        family[a] + given[b] + given[c] if i % 2 else f"{first[a]} {last[b % 16]}{c}"
        for i, (a, b, c) in zip(ids.tolist(), chance.tolist(), strict=True)
    ]


def pieces(n: int, size: int) -> Iterator[tuple[int, int]]:
    """(from, to) of pieces of n things."""
    for low in range(0, n, size):
        yield low, min(low + size, n)


def put_orders(low: int, who: np.ndarray, days: Sequence[str], money: np.ndarray) -> None:
    """Orders of one line each."""
    n = len(who)
    ids = np.arange(low + 1, low + n + 1)
    at = [f"{day} 04:00:00" for day in days]
    put(
        "customers_order",
        {
            "id": ids,
            "record_id": who,
            "customer_id": who,
            "external_id": [""] * n,
            "happened_at": at,
            "known_at": at,
            "row_key": pa.array([key(f"o{i}") for i in ids], pa.binary()),
            "status": ["placed"] * n,
            "currency": ["CNY"] * n,
            "rate": [1] * n,
            "revenue": money,
            "lines_count": [1] * n,
        },
    )
    put(
        "customers_orderline",
        {
            "id": ids,
            "order_id": ids,
            "description": [""] * n,
            "quantity": [1_000_000] * n,
            "amount": money,
            "revenue": money,
            "purchase": [True] * n,
            "item": [True] * n,
            "row_key": pa.array([key(f"l{i}") for i in ids], pa.binary()),
        },
    )


def main() -> None:
    """Make the tables and fill them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", type=int)
    customers = parser.parse_args().customers
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.faces.project.settings")
    import django

    django.setup()
    from patron.faces.project.tables import bring_up_to_date

    bring_up_to_date()
    print(fill(customers))


if __name__ == "__main__":
    main()
