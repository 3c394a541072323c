"""Every case of the judgements, run; rows of a case are judged together, in this order and turned round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from spec.judgements import HORIZON_DAYS, REASONS, SCORES, STAGES, Judged
from spec.pipes import read

from patron.lifecycle.decisions.reasons import ReasonFacts, reasons
from patron.lifecycle.decisions.rules import StageFacts
from patron.lifecycle.decisions.stages import stage
from patron.lifecycle.models.value.abc import Abc
from patron.lifecycle.models.value.rfm import Rfm

WEEKS = 200.0


def facts(case: Judged, unknown: float) -> dict[str, list[Any]]:
    rows = read(case.table)
    names = [name for name in rows[0] if name not in case.answers and name != "customer"]
    return {name: [_number(row[name], unknown) for row in rows] for name in names}


def _number(text: str, unknown: float) -> float:
    return 1.0 if text == "yes" else float(text) if text else unknown


@pytest.mark.parametrize("case", SCORES, ids=lambda case: case.says)
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_scores_and_classes(case: Judged, turned: bool) -> None:
    rows = read(case.table)
    known = facts(case, 0.0)
    table = pa.table(
        {
            "customer_id": [row["customer"] for row in rows],
            "orders": pa.array(known["orders"]).cast(pa.int64()),
            "T": [WEEKS] * len(rows),
            "t_x": [WEEKS - days / 7 for days in known["recency_days"]],
            "revenue": known["revenue"],
        }
    )
    order = list(range(len(rows)))[:: -1 if turned else 1]
    table = table.take(order)
    predicted = Rfm().fit(table).predict(table).append_column("abc", Abc().fit(table).predict(table).column("abc"))
    for row, found in zip([rows[i] for i in order], predicted.to_pylist(), strict=True):
        for name in case.answers:
            assert str(found[name] if found[name] is not None else "") == row[name], (row["customer"], name)


def test_stages() -> None:
    known = facts(STAGES, 0.0)
    found = stage(StageFacts.of(**known), HORIZON_DAYS).names.tolist()
    assert found == [row["stage"] for row in read(STAGES.table)]


def test_reasons() -> None:
    said = reasons(ReasonFacts.of(**facts(REASONS, np.nan)))
    rows = read(REASONS.table)
    assert said.en.to_pylist() == [row["en"] for row in rows]
    assert said.zh.to_pylist() == [row["zh"] for row in rows]
