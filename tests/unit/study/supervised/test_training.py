"""From a file to a judged model and its scores, on the command line as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.csv as pcsv
import pytest
from scipy.special import logit
from unit.study.supervised.tables import customers, written

from patron.faces.cli.main import main
from patron.lifecycle.models import catalogue
from patron.lifecycle.models.table.cases import Cases
from patron.study.supervised import race as racing
from patron.study.supervised.folds import blocks_of_time, random_folds
from patron.study.supervised.keeping import load

N = 900


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A home of its own, and a short race: two candidates and their blend."""
    monkeypatch.setenv("PATRON_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(racing, "TABLE_CANDIDATES", ("logistic", "boosting_stumps"))
    monkeypatch.setattr(racing, "NUMBER_CANDIDATES", ("ridge",))
    return tmp_path / "home"


def said(capsys) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def card(folder: Path) -> dict:
    return json.loads((folder / "card.json").read_text(encoding="utf-8"))


def trained(tmp_path: Path, columns: dict, *words: str) -> Path:
    file = written(columns, tmp_path / "table.csv")
    assert main(["train", str(file), "--target", "left", "--out", str(tmp_path / "m"), *words]) == 0
    return tmp_path / "m"


def test_it_learns_says_how_good_it_is_scores_and_explains(tmp_path, capsys) -> None:
    model = trained(tmp_path, customers(N))
    told = said(capsys)
    assert "AUC" in told
    assert "What is predicted: 'left' is 'yes'." in told
    found = card(model)
    auc = found["judged"]["measures"]["auc"]
    assert 0.7 < auc["low"] < auc["value"] < auc["high"] < 0.95
    assert found["published"]["baseline_beaten"]
    assert found["importance"][0]["feature"] == "months"
    assert found["input"]["rows"] == N
    fresh = written(customers(300, seed=8, left=None), tmp_path / "fresh.csv")
    assert main(["score", str(model), str(fresh), "--out", str(tmp_path / "s.csv")]) == 0
    scores = pcsv.read_csv(tmp_path / "s.csv").to_pydict()
    assert scores["row"] == list(range(2, 302))
    assert scores["customer"][:2] == ["C00000", "C00001"]
    assert all(low <= p <= high for low, p, high in zip(scores["low"], scores["p"], scores["high"], strict=True))
    assert main(["explain", str(model), str(fresh), "--out", str(tmp_path / "e.csv"), "--lang", "zh"]) == 0
    reasons = pcsv.read_csv(tmp_path / "e.csv").to_pydict()
    terms = np.sum([reasons[name] for name in reasons if name.startswith("term:")], axis=0)
    np.testing.assert_allclose(terms, logit(scores["p"]), atol=1e-6)
    assert "使其" in reasons["reason_1"][0]
    assert main(["explain", str(model)]) == 0
    known = written(customers(500, seed=9), tmp_path / "known.csv")
    capsys.readouterr()
    assert main(["backtest", str(model), str(known), "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["measures"]["auc"]["value"] == pytest.approx(auc["value"], abs=0.06)
    assert judged["rows"] == 500


def test_a_saved_model_is_the_model(tmp_path) -> None:
    kept = load(trained(tmp_path, customers(N)))
    again = load(trained(tmp_path, customers(N), "--overwrite"))
    table = Cases.of(__import__("pyarrow").table({"customer_id": ["a"], "months": [3.0], "plan": ["monthly"]}))
    assert kept.model.expect(table) == pytest.approx(again.model.expect(table), abs=1e-12)


def test_time_is_judged_forwards_and_the_gap_is_said(tmp_path, capsys) -> None:
    columns = customers(N)
    drifts = np.where(np.arange(N) > 700, "yes", columns["left"])
    model = trained(tmp_path, {**columns, "left": drifts}, "--time", "row")
    assert "the future differs" in said(capsys)
    found = card(model)
    assert found["judged"]["on"] == "later blocks of time"
    assert found["random_folds"]["measure"] > found["judged"]["measures"]["auc"]["value"]
    assert len(found["judged"]["by_fold"]) == 5


def test_few_conversions_publish_visible_rules_drawn_to_the_base_rate(tmp_path, capsys) -> None:
    model = trained(tmp_path, customers(150))
    assert "a few visible rules" in said(capsys)
    found = card(model)
    assert found["published"]["name"] in ("rules", "base_rate")
    assert main(["explain", str(model)]) == 0
    assert "rows)" in said(capsys)
    assert 2 <= len(found["rules"]) <= 6


def test_chance_publishes_the_base_rate_and_says_so(tmp_path, capsys) -> None:
    columns = customers(N, left=np.random.default_rng(5).choice(["yes", "no"], N))
    assert card(trained(tmp_path, columns))["published"]["name"] == "base_rate"
    assert "No model beat the base rate" in said(capsys)


def test_numbers_are_learnt_too(tmp_path, capsys) -> None:
    columns = customers(N)
    spend = 10 * np.asarray(columns["months"]) + np.random.default_rng(1).normal(0, 20, N)
    file = written({**columns, "spend": spend}, tmp_path / "n.csv")
    assert main(["train", str(file), "--target", "spend", "--out", str(tmp_path / "n")]) == 0
    assert "share explained" in said(capsys)
    assert main(["score", str(tmp_path / "n"), str(file), "--out", str(tmp_path / "n.parquet")]) == 0
    import pyarrow.parquet as pq

    scores = pq.read_table(tmp_path / "n.parquet")
    low, high = (scores.column(name).to_numpy() for name in ("low", "high"))
    assert np.mean((spend >= low) & (spend <= high)) == pytest.approx(0.8, abs=0.05)


def test_answers_are_remembered_for_the_next_table(tmp_path, home, capsys) -> None:
    columns = customers(N, duration=np.random.default_rng(2).normal(200, 50, N))
    assert card(trained(tmp_path, columns))["doubts"][0]["answer"] == "left out, nobody answered"
    assert "--known-at-scoring 'duration'" in said(capsys)
    known = card(trained(tmp_path, columns, "--overwrite", "--known-at-scoring", "duration"))
    assert "duration" in known["features"]
    assert json.loads((home / "answers.json").read_text()) == {"left": {"duration": True}}
    assert "duration" in card(trained(tmp_path, columns, "--overwrite"))["features"]
    assert "duration" not in card(trained(tmp_path, columns, "--overwrite", "--exclude", "duration"))["features"]


BAD = {
    "one class": ({"left": ["yes"] * N}, 3, "the same in every row"),
    "no outcome": ({"left": [None] * N}, 3, "No row has an outcome"),
    "twenty rows of which one says yes": (20, 3, "too few to judge a model"),
    "a copy of the outcome": ("copy", 4, "copy of it"),
    "no such column": ("target", 2, "There is no column"),
    "no such doubtful column": ("known", 2, "There is no column 'montsh'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_are_refused_with_what_to_do(tmp_path, capsys, name) -> None:
    change, code, words = BAD[name]
    columns = customers(N)
    if change == 20:
        columns = customers(20, left=["yes"] * 1 + ["no"] * 19)
    elif change == "copy":
        columns["again"] = columns["left"]
    elif isinstance(change, dict):
        columns |= change
    file = written(columns, tmp_path / "bad.csv")
    target = "gone" if change == "target" else "left"
    more = ["--known-at-scoring", "montsh"] if change == "known" else []
    assert main(["train", str(file), "--target", target, "--out", str(tmp_path / "m"), *more]) == code
    assert words in said(capsys)
    assert not (tmp_path / "m").exists()


def test_a_poor_table_gives_a_usable_model(tmp_path) -> None:
    rng = np.random.default_rng(3)
    poor = customers(
        N,
        code=[f"k{i}" for i in rng.integers(0, 10_000, N)],
        empty=[None] * N,
        same=["x"] * N,
        odd=np.where(rng.random(N) < 0.1, "inf", rng.normal(0, 1, N).round(3).astype(str)),
        mixed=np.where(rng.random(N) < 0.005, "ask", rng.integers(0, 9, N).astype(str)),
    )
    found = card(trained(tmp_path, poor))
    assert {one["column"]: one["code"] for one in found["left_out"]} == {
        "customer": "id",
        "code": "free",
        "empty": "blank",
        "same": "constant",
    }
    assert {"odd", "mixed", "months"} <= set(found["features"])


def test_a_table_of_other_columns_and_a_folder_of_no_model_are_refused(tmp_path, capsys) -> None:
    model = trained(tmp_path, customers(N))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n3,4\n")
    assert main(["score", str(model), str(other), "--out", str(tmp_path / "s.csv")]) == 3
    assert "None of the model's columns" in said(capsys)
    assert main(["score", str(tmp_path), str(other), "--out", str(tmp_path / "s.csv")]) == 3
    assert "no model can be read here" in said(capsys)
    assert main(["score", str(model), str(other), "--out", str(tmp_path / "s.xlsx")]) == 2
    assert main(["explain", str(model), str(other)]) == 2
    partly = written(customers(50, plan=None, left=None), tmp_path / "partly.csv")
    assert main(["score", str(model), str(partly), "--out", str(tmp_path / "s.csv")]) == 0
    assert "count as empty: plan" in said(capsys)


def test_a_table_that_looks_otherwise_is_said_to(tmp_path, capsys) -> None:
    model = trained(tmp_path, customers(N))
    capsys.readouterr()
    alike = written(customers(500, seed=4), tmp_path / "alike.csv")
    other = written(customers(500, seed=4, plan=["weekly"] * 500, paid=[90.0] * 500), tmp_path / "other.csv")
    assert main(["score", str(model), str(alike), "--out", str(tmp_path / "s.csv")]) == 0
    assert "look other than in training" not in said(capsys)
    assert main(["score", str(model), str(other), "--out", str(tmp_path / "s.csv"), "--lang", "zh"]) == 0
    told = said(capsys)
    assert "分布不同" in told
    assert "plan (PSI" in told
    assert "paid (PSI" in told
    assert "months (PSI" not in told
    assert main(["backtest", str(model), str(other), "--json", "-q"]) == 0
    drift = json.loads(capsys.readouterr().out)["drift"]
    assert drift["plan"] > 1 > drift["months"]


def test_folds_keep_shares_and_twins_and_time_never_looks_ahead() -> None:
    from contract.test_table_models import cases

    table = cases(503)
    twins = np.arange(503) // 2
    folds = random_folds(table, "class", twins=twins, seed=1)
    assert all(len({folds.fold[i] for i in np.flatnonzero(twins == t)}) == 1 for t in range(0, 251, 10))
    outcome = table.column("outcome").to_numpy()
    plain = random_folds(table, "class", seed=1)
    shares = [outcome[test].mean() for _, test in plain.splits()]
    assert max(shares) - min(shares) < 0.02
    time = np.concatenate([np.repeat(np.arange(100.0), 5), [np.nan] * 7])
    blocks = blocks_of_time(time)
    for learnt, judged in blocks.splits():
        assert time[learnt].max() < time[judged].min()  # nor learns from what may be of any day


def test_the_candidates_are_at_most_eight_with_their_blend() -> None:
    assert len(catalogue.TABLE_CANDIDATES) + 1 <= 8
    assert len(catalogue.NUMBER_CANDIDATES) + 1 <= 8
