"""Nothing that becomes known later changes what was known: not a feature, not a view, not by a byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec.histories import a_day, later_facts, order_histories
from spec.pipes import as_table

from patron.history import History
from patron.lifecycle.features import summarise


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _seen(history: History, day: date) -> tuple[Any, ...]:
    view = history.as_of(day)
    lines = view.rows(view.order_lines.order_by("fact_id"))
    occasions = view.rows(view.occasions.order_by("customer_id", "day"))
    return (
        _bytes(summarise(view)),
        _bytes(summarise(view, with_gaps=False)),
        lines.to_pylist(),
        occasions.to_pylist(),
    )


@settings(max_examples=20)
@given(data=st.data(), lines=order_histories(), day=a_day())
def test_later_facts_change_no_earlier_figure(
    data: st.DataObject, lines: list[dict[str, Any]], day: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("history")
    with History.create(folder) as history:
        history.append("order_lines", as_table(lines), part="first")
        before = _seen(history, day)
        history.append("order_lines", as_table(data.draw(later_facts(lines, day))), part="later")
        assert _seen(history, day) == before


@settings(max_examples=20)
@given(data=st.data(), lines=order_histories(), day=a_day(), known_by=a_day())
def test_facts_learnt_after_known_by_change_no_label(
    data: st.DataObject,
    lines: list[dict[str, Any]],
    day: date,
    known_by: date,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    horizon = (known_by - day).days
    with History.create(tmp_path_factory.mktemp("history")) as history:
        history.append("order_lines", as_table(lines), part="first")
        if horizon < 1:
            return
        before = _bytes(history.outcomes(day, horizon, known_by=known_by).table)
        history.append("order_lines", as_table(data.draw(later_facts(lines, known_by))), part="later")
        assert _bytes(history.outcomes(day, horizon, known_by=known_by).table) == before
