"""The leak guard: what it stops at, what it asks about, and what it lets be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from unit.study.supervised.tables import customers, written

from patron.errors import InputError, LeakError, UsageError
from patron.history.files.any_table import read_any
from patron.history.files.options import ReadOptions
from patron.study.supervised.frame import Asked, Frame, frame
from patron.study.supervised.guard import Answers, Guarded, guard, surprising
from patron.study.supervised.names import suspected

TODAY = date(2026, 11, 22)
N = 400


@pytest.fixture
def framed(tmp_path: Path) -> Callable[..., Frame]:
    def make(columns: dict, **asked) -> Frame:
        file = written(columns, tmp_path / "t.csv")
        return frame(read_any(file, ReadOptions(), today=TODAY), Asked(**{"target": "left", **asked}))

    return make


def yes(columns: dict) -> np.ndarray:
    return np.asarray(columns["left"]) == "yes"


def outcomes(found: Guarded) -> dict[str, str]:
    return {doubt.column: answer for doubt, answer in found.doubts}


def test_a_clean_table_is_let_be(framed) -> None:
    found = guard(framed(customers()), Answers())
    assert (found.doubts, found.frame.features) == ([], ["months", "plan", "complaints", "paid"])
    assert [(left.column, left.code) for left in found.frame.left] == [("customer", "id")]
    assert found.powers["months"] > 0.65
    assert found.powers["paid"] < 0.6


@pytest.mark.parametrize("kind", ["copy", "other words", "number", "almost"])
def test_a_column_that_tells_the_outcome_alone_is_stopped_at(framed, kind) -> None:
    columns = customers()
    rng = np.random.default_rng(1)
    told = {
        "copy": columns["left"],
        "other words": np.where(yes(columns), "gone", "here"),
        "number": yes(columns) * 100 + rng.normal(0, 1, N),
        "almost": yes(columns) * 5 + rng.normal(0, 1.8, N),
    }[kind]
    with pytest.raises(LeakError, match="'state' alone tells the outcome") as stopped:
        guard(framed({**columns, "state": told}), Answers())
    assert stopped.value.exit_code == 4
    assert "--exclude 'state'" in str(stopped.value)
    known = Answers(known=frozenset({"state"}))
    if kind == "almost":
        assert "state" in guard(framed({**columns, "state": told}), known).frame.features
    else:
        with pytest.raises(LeakError, match="a copy of it"):
            guard(framed({**columns, "state": told}), known)
    assert "state" not in guard(framed({**columns, "state": told}, excluded=["state"]), Answers()).frame.features


def test_a_name_that_speaks_of_afterwards_is_asked_about(framed) -> None:
    columns = customers(**{"Churn Reason": np.random.default_rng(2).choice(["price", "move"], N)})
    assert outcomes(guard(framed(columns), Answers())) == {"Churn Reason": "left out, nobody answered"}
    asked = []
    no = guard(framed(columns), Answers(), lambda doubt: asked.append(doubt.column) or False)
    assert (asked, outcomes(no)) == (["Churn Reason"], {"Churn Reason": "left out"})
    known = guard(framed(columns), Answers(known=frozenset({"Churn Reason"})), lambda _: pytest.fail("asked"))
    assert "Churn Reason" in known.frame.features


def test_what_is_filled_only_where_it_is_yes_is_asked_about(framed) -> None:
    columns = customers()
    some = yes(columns) & (np.arange(N) % 3 > 0)
    refund = np.where(some, 20.0, 0.0)
    note = np.where(some, "called", None)
    found = guard(framed({**columns, "cost": refund, "note": note}), Answers())
    assert outcomes(found) == dict.fromkeys(("cost", "note"), "left out, nobody answered")


def test_power_that_is_gone_later_is_asked_about(framed) -> None:
    columns = customers(n=1_000)
    rng, early = np.random.default_rng(3), np.arange(1_000) < 500
    fading = np.where(early, np.asarray(columns["left"]) == "yes", rng.random(1_000) < 0.4) * 1.0
    fading = np.where(rng.random(1_000) < 0.12, 1 - fading, fading)
    found = guard(framed({**columns, "hint": fading}, time="row"), Answers())
    assert outcomes(found) == {"hint": "left out, nobody answered"}


def test_ids_whose_order_tells_the_outcome_are_stopped_at(framed) -> None:
    columns = customers()
    order = np.argsort(yes(columns), kind="stable")
    number = np.empty(N, dtype=int)
    number[order] = np.arange(N)
    with pytest.raises(LeakError, match="The order of 'number'"):
        guard(framed({**columns, "number": number}), Answers())
    assert guard(framed({**columns, "number": number}, id="number"), Answers()).frame.features


def test_rows_that_stand_twice_are_stopped_at_and_answered(framed) -> None:
    columns = customers(customer=None)
    twice = {name: np.concatenate([column, np.asarray(column)[:40]]) for name, column in columns.items()}
    with pytest.raises(LeakError, match="40 of 440 rows stand twice"):
        guard(framed(twice), Answers())
    assert guard(framed(twice), Answers(copies="drop")).frame.cases.num_rows == 400
    kept = guard(framed(twice), Answers(copies="keep")).frame
    assert kept.twins is not None
    assert len(np.unique(kept.twins)) == 400


def test_people_who_look_alike_are_no_copies(framed) -> None:
    rng = np.random.default_rng(4)
    alike = {
        "sex": rng.choice(["f", "m"], N),
        "club": rng.choice(["a", "b", "c"], N),
        "left": rng.choice(["y", "n"], N),
    }
    found = framed(alike, positive="y")
    assert len(np.unique(surprising(found.cases))) == N
    assert guard(found, Answers()).frame.twins is None
    named = customers()  # who differ by their id are different people, whatever else they share
    double = {name: np.concatenate([c, np.asarray(c)[:40]]) for name, c in named.items() if name != "customer"}
    assert guard(framed({"id": [f"P{i}" for i in range(440)], **double}), Answers()).frame.twins is None


@pytest.mark.parametrize(
    "name",
    ["duration", "Tags", "Lead Quality", "lead_profile", "LastNotableActivity", "churn_reason", "通话时长", "流失原因"],
)
def test_names_of_afterwards(name) -> None:
    assert suspected(name) is not None


@pytest.mark.parametrize(
    "name", ["tenure", "Contract", "poutcome", "CreditScore", "Complains", "Status", "Recency", "年龄"]
)
def test_names_of_before(name) -> None:
    assert suspected(name) is None


@pytest.mark.parametrize(
    "path, target, more, answers, doubtful, most_asked",
    [
        ("bank_marketing/bank-additional-full.csv", "y", {}, {}, {"duration"}, 1),
        (
            "lead_scoring/leads.csv",
            "Converted",
            {},
            {},
            {"Tags", "Lead Quality", "Lead Profile", "Last Notable Activity"},
            9,
        ),
        ("telco_churn/telco_churn.csv", "Churn", {}, {}, set(), 1),
        ("bank_churn/bank_churn.csv", "churn", {}, {}, set(), 1),
        ("iranian_churn/iranian_churn.csv", "Churn", {}, {"copies": "drop"}, set(), 1),
        ("customer_personality/marketing_campaign.csv", "Response", {}, {}, set(), 1),
        ("hillstrom/hillstrom.csv", "visit", {}, {}, {"conversion", "spend"}, 2),
    ],
)
def test_real_tables(shared_data, path, target, more, answers, doubtful, most_asked) -> None:
    read = read_any(shared_data(path), ReadOptions(), today=TODAY)
    found = guard(frame(read, Asked(target, **more)), Answers(**answers))
    asked = {doubt.column for doubt, _ in found.doubts}
    assert doubtful <= asked
    assert len(asked) <= most_asked


def test_columns_that_are_not_there_and_targets_that_mean_nothing_are_refused(framed) -> None:
    with pytest.raises(UsageError, match=r"There is no column 'lef'.*\n.*Did you mean 'left'"):
        framed(customers(), target="lef")
    with pytest.raises(UsageError, match="No row says 'maybe'"):
        framed(customers(), positive="maybe")
    with pytest.raises(UsageError, match="Say which one counts as yes"):
        framed(customers(left=np.random.default_rng(0).choice(["a", "b", "c"], N)))
    with pytest.raises(UsageError, match="neither a date nor a number"):
        framed(customers(), time="plan")
    with pytest.raises(InputError, match="No column is left"):
        framed(customers(), excluded=["months", "plan", "complaints", "paid"])
