"""Imports a file in processes that are killed at random moments, and prints what is in the database at the end.

Run with PATRON_HOME and PATRON_DATABASE_URL of a database of its own:  python killed.py FILE KIND KILLS SEED
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable

import django


def child(work: Callable[[], object]) -> int:
    """`work` in a process of its own; its number. Nothing of the database is open here when it begins."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def finish(pid: int) -> None:
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("a step failed")


def prepare(path: str, kind: str) -> None:
    from django.core.management import call_command

    from patron.crm.kit.policy import System
    from patron.crm.sources import operations, reading

    call_command("migrate", verbosity=0)
    with open(path, "rb") as file:
        run = operations.upload(by=System(), file=file, file_name="f", source_name="shop", kind=kind)
    operations.start(by=System(), import_id=run.pk, enqueue=False)
    run.refresh_from_db()
    reading.prepare(run)


def run() -> None:
    from patron.crm.sources import jobs

    jobs.run_import(1, take_over=True)


def summary() -> None:
    """Everything by the names it has outside of this database: numbers of rows differ where chunks were lost."""
    from django.db.models import Count, F, Sum

    from patron.crm.customers.models import Customer, FactChange, Order, OrderLine, Product, RecordVersion
    from patron.crm.sources.models import Import, ImportChunk, RejectedCell

    line = ("row_key", "row", "order__row_key", "product__code", "description", "quantity", "amount", "revenue", "cost")
    order = (
        "row_key",
        "external_id",
        "customer__external_id",
        "record__external_id",
        "happened_at",
        "revenue",
        "lines_count",
        "status",
        "cost",
    )
    tables = {
        "lines": OrderLine.objects.order_by("row_key").values_list(*line),
        "orders": Order.objects.order_by("row_key").values_list(*order),
        "customers": Customer.objects.order_by("external_id").values_list("external_id", "name", "country", "batch"),
        "versions": RecordVersion.objects.order_by("record__external_id").values_list("record__external_id", "fields"),
        "products": Product.objects.order_by("code").values_list("code", "name", "item"),
        "rejected": RejectedCell.objects.order_by("row", "column").values_list("row", "column", "reason", "cells"),
        "chunks": ImportChunk.objects.order_by("number").values_list("number", "first_row", "last_row", "counts"),
        "import": Import.objects.values_list("state", "counts", "rows_done", "rows_total"),
        "changes": FactChange.objects.values("model", "what")
        .annotate(n=Sum(F("high") - F("low") + 1))
        .order_by("model", "what")
        .values_list("model", "what", "n"),
        "named": [("orders", Order.objects.aggregate(n=Count("id"))["n"])],
    }
    out = {}
    for name, rows in tables.items():
        digest, n = hashlib.sha256(), 0
        for row in rows:
            plain = [bytes(v).hex() if isinstance(v, (bytes, memoryview)) else str(v) for v in row]
            digest.update(repr(plain).encode())
            n += 1
        out[name] = [n, digest.hexdigest()]
    out["state"] = list(Import.objects.values_list("state", flat=True))
    print(json.dumps(out))


def main(path: str, kind: str, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.faces.project.settings")
    django.setup()
    from patron.crm.sources import reading

    reading.CHUNK = 500  # many chunks in a small file
    finish(child(lambda: prepare(path, kind)))
    for _ in range(kills):
        pid = child(run)
        time.sleep(chance.uniform(0.01, 0.5))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    finish(child(run))
    finish(child(summary))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
