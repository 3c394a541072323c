"""lifetimes' summary of the orders in a Parquet file as of a day, `summary.py FILE DAY`; prints what it took."""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
from lifetimes.utils import summary_data_from_transaction_data  # noqa: E402

start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
orders = pd.read_parquet(sys.argv[1], columns=["customer_id", "happened_at", "revenue"])
table = summary_data_from_transaction_data(
    orders, "customer_id", "happened_at", "revenue", observation_period_end=sys.argv[2], freq="D", freq_multiplier=7
)
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"wall": time.perf_counter() - start, "cpu": cpu, "mb": after.ru_maxrss / 1024, "rows": len(table)}))
