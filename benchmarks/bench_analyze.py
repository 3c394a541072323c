"""`patron analyze` whole, from Parquet to the report, beside the script an analyst writes.

`heavy`: 10 million orders of a million customers. `leaving`: 2.7 million orders of a million customers, most of whom
have left. The peer only fits and predicts: no backtest, no intervals, no report.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from measure import HERE, OURS, PEERS, Figure, spend

from patron.lifecycle.simulate.worlds import World, simulate

CUSTOMERS = 1_000_000


def heavy(customers: int) -> World:
    """About ten purchases a customer in two years."""
    return simulate(
        "pareto_nbd",
        customers,
        seed=1,
        params={"r": 1.1, "alpha": 9.0, "s": 0.6, "beta": 60.0},
        weeks=104.0,
        arrivals=26.0,
        horizon=1.0,
    )


def leaving(customers: int) -> World:
    """About 2.7 purchases a customer: those of CDNOW, for longer."""
    return simulate("bg_nbd", customers, seed=1, weeks=91.0, arrivals=26.0, horizon=1.0)


def write(world: World, path: Path) -> int:
    """The orders as Parquet with columns both sides understand; how many."""
    orders = world.orders()
    columns = [orders["customer_id"], orders["day"].cast(pa.timestamp("us")), orders["revenue"]]
    pq.write_table(pa.table(columns, names=["customer_id", "happened_at", "revenue"]), path)
    return orders.num_rows


def main() -> None:
    """Both worlds through Patron, the second through the peer too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    customers = round(CUSTOMERS * scale)
    whole = 0.0, ""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for world in (heavy, leaving):
            orders = folder / f"{world.__name__}.parquet"
            rows = write(world(customers), orders)
            out = folder / f"run-{world.__name__}"
            ours = spend([OURS, "-P", "-m", "patron", "analyze", orders, "--out", out, "--lang", "en"])
            size = f"{rows / 1e6:.2g} M orders of {customers / 1e6:.2g} M customers"
            if world is heavy:
                whole = ours.wall, size
                Figure(f"memory of patron analyze, {size}", ours.memory / 1000, "GB", "at most", 3).say()
            else:
                peer = spend([PEERS, HERE / "peers" / "script.py", orders, folder / "peer.csv"])
                note = f"{ours.wall:.1f} s against {peer.wall:.1f} s"
                Figure(
                    f"times faster than pandas + lifetimes, {size}", peer.wall / ours.wall, "", "at least", 2, note
                ).say()
                # 40 s where the script takes 20 s: a machine's own pace cancels out.
                name = f"patron analyze, {whole[1]} ÷ that script, wall"
                Figure(name, whole[0] / peer.wall, "", "at most", 2, f"{whole[0]:.1f} s").say()


if __name__ == "__main__":
    main()
