"""Each case of the manual, on the engine and on the plain reference, which must also agree on random histories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from spec import manual, reference
from spec.cases import CASES, Case
from spec.histories import a_day, order_histories
from spec.pipes import as_table, order_lines, read

from patron.history import History
from patron.lifecycle.features import FEATURES, summarise
from patron.lifecycle.tables import SUMMARY

Summary = Callable[[list[dict[str, Any]], date, Path], list[dict[str, Any]]]


def by_engine(lines: list[dict[str, Any]], day: date, folder: Path) -> list[dict[str, Any]]:
    with History.create(folder) as history:
        history.append("order_lines", as_table(lines))
        return summarise(history.as_of(day)).to_pylist()


def by_reference(lines: list[dict[str, Any]], day: date, _: Path) -> list[dict[str, Any]]:
    return reference.summary(lines, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
@pytest.mark.parametrize("summary", [by_engine, by_reference])
def test_the_manual_is_right(case: Case, summary: Summary, tmp_path: Path) -> None:
    rows = summary(order_lines(case.lines), date.fromisoformat(case.as_of), tmp_path)
    answer = read(case.answer)
    assert [row["customer_id"] for row in rows] == [row["customer"] for row in answer]
    for row, expected in zip(rows, answer, strict=True):
        for name, text in expected.items():
            if name != "customer":
                assert row[name] == _value(name, text), name


def _value(name: str, text: str) -> Any:
    if text == "":
        return None
    kind = SUMMARY.schema.field(name).type
    return date.fromisoformat(text) if pa.types.is_date(kind) else float(text)


def test_every_feature_has_a_case() -> None:
    spoken = {name for case in CASES for name in read(case.answer)[0]}
    named = {f.name for f in FEATURES if f.name in SUMMARY.names}
    assert named == set(SUMMARY.names) - {"customer_id"}
    assert named - spoken == set()


def test_the_printed_manual_is_current() -> None:
    assert manual.PAGE.read_text("utf-8") == manual.page(), "run: cd tests && python -m spec.manual"


@settings(max_examples=25)
@given(lines=order_histories(), day=a_day())
def test_the_engine_agrees_with_the_reference(
    lines: list[dict[str, Any]], day: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = by_engine(lines, day, tmp_path_factory.mktemp("history"))
    assert found == reference.summary(lines, day)
