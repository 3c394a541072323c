"""10 million order lines of 1 million customers, from Parquet to (x, t_x, T, spend), beside hand-written SQL.

Two ways of Patron are measured. `straight`: one summary from the lines, nothing kept. `kept`: what `patron analyze`
does: append the file, derive customer-days once, then any number of as-of days from them. The SQL is what somebody
would write who knows that nothing was corrected, returned or learnt late.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measure import HERE, OURS, PEERS, Figure, spend

from patron.history import History
from patron.lifecycle.facts.occasions import customer_days
from patron.lifecycle.features import summarise
from patron.lifecycle.features.summary import behaviour
from patron.lifecycle.tables import ORDER_LINES

DAY = date(2021, 12, 30)
EARLIER = date(2021, 6, 30)
DAYS = 730
SPEND = ["customer", "x", "t_x", "T", "repeat_n", "repeat_mean"]
SQL = """
    select customer_id, count(*) - 1 as x, (max(day) - min(day)) / 7 as t_x, (date '{day}' - min(day)) / 7 as T,
        (sum(money) - arg_min(money, day)) / nullif(count(*) - 1, 0) as spend
    from (
        select customer_id, happened_at::date as day, sum(revenue) as money from '{file}'
        where happened_at::date <= date '{day}' group by all
    ) group by all
"""
Spent = dict[str, float]


def make_orders(file: Path, rows: int, seed: int = 1) -> None:
    """`rows` order lines of a tenth as many customers, in order of time, as tables.ORDER_LINES."""
    rng = np.random.default_rng(seed)
    customers = max(rows // 10, 1)
    ids = pa.array([f"C{number:07d}" for number in range(customers)])
    days = np.sort(rng.integers(0, DAYS, rows))
    clock = rng.integers(36_000, 72_000, rows)
    times = np.datetime64("2020-01-01", "us").astype(np.int64) + (days * 86_400 + clock) * 1_000_000
    moment = pa.array(times, pa.timestamp("us"))
    columns: dict[str, Any] = {
        "fact_id": np.arange(1, rows + 1),
        "customer_id": ids.take(pa.array(rng.integers(0, customers, rows))),
        "happened_at": moment,
        "known_at": moment,
        "quantity": np.ones(rows),
        "revenue": np.round(rng.gamma(2.0, 20.0, rows), 2),
        "purchase": np.ones(rows, bool),
        "item": np.ones(rows, bool),
        "source": pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), ["orders"]).cast(pa.string()),
        "row": np.arange(1, rows + 1),
    }
    empty = {c.name: pa.nulls(rows, c.type) for c in ORDER_LINES.columns if c.name not in columns}
    table = pa.table({**columns, **empty}).select(ORDER_LINES.names).cast(ORDER_LINES.schema)
    pq.write_table(table, file, compression="zstd")


@contextmanager
def _timed(to: Spent, prefix: str = "") -> Iterator[None]:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    yield
    after = resource.getrusage(resource.RUSAGE_SELF)
    to[f"{prefix}wall"] = time.perf_counter() - start
    to[f"{prefix}cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    to["mb"] = after.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def by_hand(file: Path, _: Path) -> Spent:
    """The hand-written SQL."""
    spent: Spent = {}
    with _timed(spent), duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        spent["rows"] = connection.execute(SQL.format(file=file, day=DAY)).to_arrow_table().num_rows
    return spent


def straight(file: Path, folder: Path) -> Spent:
    """One summary from the lines of a history, with nothing derived."""
    spent: Spent = {}
    with History.create(folder) as history:
        history.append("order_lines", file)
        with _timed(spent):
            view = history.as_of(DAY)
            days = customer_days(view.lines_with_day, key=("customer_id", "day"), bounded=view.bounded)
            days = days.rename(customer="customer_id")
            spent["rows"] = view.rows(behaviour(days, DAY).select(SPEND)).num_rows
    return spent


def kept(file: Path, folder: Path) -> Spent:
    """Customer-days once, then a summary as of one day (`first`) and of another (`further`)."""
    spent: Spent = {}
    with History.create(folder) as history:
        with _timed(spent, "append_"):
            history.append("order_lines", file)
        with _timed(spent):
            spent["rows"] = summarise(history.as_of(DAY), with_gaps=False).num_rows
        with _timed(spent, "further_"):
            summarise(history.as_of(EARLIER), with_gaps=False)
    return spent


def orders(file: Path, rows: Path) -> Spent:
    """The orders; in a process of their own, so that their memory is not counted as that of the processes after."""
    spent: Spent = {}
    with _timed(spent):
        make_orders(file, int(rows.name))
    return spent


ROLES: dict[str, Callable[[Path, Path], Spent]] = {"by_hand": by_hand, "straight": straight, "kept": kept}


def _role(role: str, file: Path, folder: Path) -> Spent:
    said: Spent = json.loads(spend([OURS, __file__, "--role", role, file, folder / role]).said)
    return said


def main() -> None:
    """Ratios of CPU and wall time in one run, each way in a process of its own; and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--role", nargs=3, metavar=("ROLE", "FILE", "FOLDER"), help="what a child process runs")
    given = parser.parse_args()
    if given.role:
        role, file, folder = given.role
        run = orders if role == "orders" else ROLES[role]
        print(json.dumps(run(Path(file), Path(folder))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "orders.parquet"
        spend([OURS, __file__, "--role", "orders", file, str(int(10_000_000 * given.scale))])
        spent = {role: _role(role, file, Path(scratch)) for role in ROLES}
        _say(spent)
        if PEERS.exists():
            peer = json.loads(spend([PEERS, HERE / "peers/summary.py", file, str(DAY)]).said)
            _say_beside(peer, spent)


def _say(spent: dict[str, Spent]) -> None:
    for role, took in spent.items():
        print(role, {name: round(value, 2) for name, value in took.items()}, file=sys.stderr)
    hand, ours = spent["by_hand"], spent["kept"]
    for clock, bound in (("cpu", 2.5), ("wall", 3.0)):  # what is kept is sorted by one thread, once
        took = {name: spent[name][clock] / hand[clock] for name in ("straight", "kept")}
        Figure(f"summary straight from lines ÷ SQL, {clock}", took["straight"], "", "at most", 1.3).say()
        Figure(
            f"first summary, customer-days derived and kept ÷ SQL, {clock}", took["kept"], "", "at most", bound
        ).say()
        again = ours[f"further_{clock}"] / hand[clock]
        Figure(f"each further as-of day ÷ SQL, {clock}", again, "", "at most", 0.6).say()
    Figure("memory of deriving and summing up", ours["mb"], "MB", "at most", 1500).say()


def _say_beside(peer: Spent, spent: dict[str, Spent]) -> None:
    for way, bound in (("straight", 5), ("kept", 3)):
        faster = peer["cpu"] / spent[way]["cpu"]
        Figure(f"summary {way}, times faster than lifetimes, cpu", faster, "×", "at least", bound).say()


if __name__ == "__main__":
    main()
