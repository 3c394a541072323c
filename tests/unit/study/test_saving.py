"""The run folder: whole or not there, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

import patron
from patron.errors import InputError, ResourceError
from patron.study.parallel import beside, each
from patron.study.run import Run
from patron.study.saving import guarded, write_csv
from patron.study.scoring import COLUMNS, WIDE


@pytest.fixture(scope="module")
def run() -> Run:
    """A run of three customers with ids that a spreadsheet would like to spoil."""
    ids = ["=1+1", "-7", "+86 138 0013 8000", "00123", "@sum", "17850"]
    rows = [(c, f"2024-0{1 + i % 4}-1{i % 9}", 10.0 + i) for i, c in enumerate(ids * 3)]
    table = pa.table(
        {"customer_id": [r[0] for r in rows], "date": [r[1] for r in rows], "amount": [r[2] for r in rows]}
    )
    return patron.analyze(table)


def test_the_folder_holds_what_was_promised(run: Run, tmp_path: Path) -> None:
    report = run.save(tmp_path / "run")
    names = {p.name for p in report.parent.iterdir()}
    wanted = {"scores.parquet", "scores.csv", "rejected.csv", "card.json", "figures.json", "report.html", "parts"}
    assert names == wanted
    assert not [p for p in tmp_path.iterdir() if p.name != "run"]


def test_columns_are_those_of_the_manual(run: Run, tmp_path: Path) -> None:
    run.save(tmp_path / "run")
    with (tmp_path / "run" / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == COLUMNS
    assert len(rows) == run.scores.num_rows
    assert run.scores.column_names == [*COLUMNS, *WIDE]


def test_ids_stay_as_written_but_formulas_do_not_run(run: Run, tmp_path: Path) -> None:
    write_csv(run.scores, tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = {row["customer_id"] for row in csv.DictReader(file)}
    assert ids == {"'=1+1", "-7", "+86 138 0013 8000", "00123", "'@sum", "17850"}


def test_only_what_would_run_is_guarded() -> None:
    column = pa.chunked_array([["-12.5", "=A1", "+1+cmd|' /C calc'!A0", "plain", "\tx", None]])
    assert guarded(column).to_pylist() == ["-12.5", "'=A1", "'+1+cmd|' /C calc'!A0", "plain", "'\tx", None]


def test_a_folder_in_use_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(ResourceError, match="in use"):
        run.save(tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    assert (tmp_path / "run" / "mine.txt").read_text() == "mine"


def test_a_failure_half_way_leaves_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Run, "report", full)
    with pytest.raises(ResourceError, match="No space left"):
        run.save(tmp_path / "run")
    assert not list(tmp_path.iterdir())


def test_what_is_no_run_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run can be read"):
        patron.open_run(tmp_path)


def test_the_as_of_day_is_the_last_order_day(run: Run) -> None:
    assert run.settings.as_of == max(d for d in run.scores["last_order"].to_pylist())
    assert isinstance(run.settings.as_of, date)


def test_pieces_come_back_in_their_order_and_errors_come_through() -> None:
    assert each(lambda n: n * n, range(20)) == [n * n for n in range(20)]
    with pytest.raises(ZeroDivisionError):
        each(lambda n: 1 // n, [1, 0, 2])


def test_work_beside_the_block_is_done_at_its_end() -> None:
    with beside(lambda: 6 * 7) as found:
        assert found.result() == 42
    with pytest.raises(KeyboardInterrupt), beside(lambda: 1):
        raise KeyboardInterrupt
