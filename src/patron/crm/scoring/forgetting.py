"""A person taken out of what was derived: the history's parts and the tables of the runs."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from patron.crm.scoring import mirror
from patron.crm.scoring.refreshing import runs_folder
from patron.study import saving


def forget(record_ids: Sequence[int], customer_ids: Sequence[int]) -> int:
    """Rewrite the history without these records and every kept run without these customers. How many rows went."""
    went = mirror.forget_records(record_ids)
    ids = pa.array([str(number) for number in customer_ids], pa.string())
    return went + sum(saving.forget(folder, ids) for folder in runs_folder().glob("*") if folder.is_dir())
