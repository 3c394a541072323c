"""Small tables with a known pattern, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv


def customers(n: int = 400, seed: int = 0, **more: Any) -> dict[str, Any]:
    """Customers who left or stayed: by months, plan and complaints; `more` replaces or adds columns."""
    rng = np.random.default_rng(seed)
    months, plan = rng.integers(1, 60, n), rng.choice(["monthly", "yearly"], n)
    complaints, paid = rng.poisson(0.6, n), rng.normal(50, 15, n).round(2)
    z = 1.2 - 0.06 * months + 0.9 * (plan == "monthly") + 0.7 * complaints - 1
    left = rng.random(n) < 1 / (1 + np.exp(-z))
    found: dict[str, Any] = {
        "customer": [f"C{i:05d}" for i in range(n)],
        "months": months,
        "plan": plan,
        "complaints": complaints,
        "paid": paid,
        "left": np.where(left, "yes", "no"),
    }
    return {name: column for name, column in {**found, **more}.items() if column is not None}


def written(columns: dict[str, Any], file: Path) -> Path:
    """The columns as a CSV file."""
    pcsv.write_csv(pa.table(columns), file)
    return file
