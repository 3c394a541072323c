"""A forest read from LightGBM's text scores and explains as LightGBM does; small trees as a hand does."""

from __future__ import annotations

from itertools import permutations

import lightgbm
import numpy as np
import pytest

from patron.lifecycle.models.table import contributions as module
from patron.lifecycle.models.table import products
from patron.lifecycle.models.table.contributions import contributions
from patron.lifecycle.models.table.paths import map_of
from patron.lifecycle.models.table.products import shapley
from patron.lifecycle.models.table.trees import Forest, forest_of

QUIET = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 5}
ROWS = 600


def table(columns: int = 6, *, holes: bool = False, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Columns of noise, with NaN and zeros if `holes`, and a yes or no that depends on three of them."""
    chance = np.random.default_rng(seed)
    X = chance.normal(size=(ROWS, columns))
    y = (X[:, 0] * X[:, 1] + X[:, 2] + 0.5 * chance.normal(size=ROWS) > 0).astype(float)
    if holes:
        X[chance.random(X.shape) < 0.2] = np.nan
        X[chance.random(X.shape) < 0.2] = 0.0
    return X, y


def trained(X: np.ndarray, y: np.ndarray, rounds: int = 12, categories: tuple[int, ...] = (), **params: object):
    data = lightgbm.Dataset(X, y, categorical_feature=list(categories))
    return lightgbm.train({**QUIET, "objective": "binary", **params}, data, rounds)


def assert_as_lightgbm(booster: lightgbm.Booster, X: np.ndarray) -> Forest:
    forest = forest_of(booster.model_to_string())
    raw, wanted = forest.raw(X), booster.predict(X, pred_contrib=True)
    assert np.abs(raw - booster.predict(X, raw_score=True)).max() < 1e-9
    for parts in both_ways(forest, X):
        assert np.abs(parts - wanted).max() < 1e-6
        assert np.abs(parts.sum(axis=1) - raw).max() < 1e-9
        assert parts[:, -1] == pytest.approx(forest.expected)
    return forest


def both_ways(forest: Forest, X: np.ndarray) -> list[np.ndarray]:
    """The contributions as of many rows, from tables, and as of a few."""
    ways = []
    for few in (0, len(X)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, "FEW", few)
            ways.append(contributions(forest, X))
    return ways


def tree_text(**entries: str) -> str:
    """The text of a forest of one tree over two columns."""
    head = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\nobjective=regression\n"
    said = {"num_cat": "0", "is_linear": "0", "shrinkage": "1", **entries}
    return head + "\nTree=0\n" + "\n".join(f"{name}={value}" for name, value in said.items()) + "\n\n\nend of trees\n"


TWO_LEAVES = tree_text(
    num_leaves="2",
    split_feature="1",
    threshold="0.5",
    decision_type="8",
    left_child="-1",
    right_child="-2",
    leaf_value="2 10",
    leaf_count="30 10",
    internal_count="40",
)
THREE_LEAVES = tree_text(
    num_leaves="3",
    split_feature="0 1",
    threshold="0 0",
    decision_type="2 2",
    left_child="1 -1",
    right_child="-2 -3",
    leaf_value="1 5 9",
    leaf_count="25 60 15",
    internal_count="100 40",
)


def test_two_leaves_as_a_hand_does() -> None:
    forest = forest_of(TWO_LEAVES)  # mean ¾·2 + ¼·10 = 4
    X = [[7.0, 0.5], [7.0, 0.6], [7.0, np.nan]]
    assert forest.raw(X).tolist() == [2.0, 10.0, 10.0]
    assert contributions(forest, X) == pytest.approx(np.array([[0.0, -2.0, 4.0], [0.0, 6.0, 4.0], [0.0, 6.0, 4.0]]))


def test_three_leaves_as_a_hand_does() -> None:
    """Left, left: known x₀ alone 1·⅝ + 9·⅜ = 4, x₁ alone 1·0.4 + 5·0.6 = 3.4, both 1, none 0.25 + 3 + 1.35 = 4.6."""
    forest = forest_of(THREE_LEAVES)
    parts = contributions(forest, [[-1.0, -1.0]])
    x0 = ((4.0 - 4.6) + (1.0 - 3.4)) / 2
    x1 = ((3.4 - 4.6) + (1.0 - 4.0)) / 2
    assert parts == pytest.approx(np.array([[x0, x1, 4.6]]))
    assert forest.raw([[-1.0, -1.0]]) == pytest.approx([1.0])


def test_a_leaf_alone_is_the_mean_over_all_orders() -> None:
    """The integral against the definition, for five columns of which three fit."""
    met, share = np.array([1.0, 0.0, 1.0, 1.0, 0.0]), np.array([0.2, 0.9, 0.5, 0.3, 0.7])
    wanted = np.zeros(5)
    orders = list(permutations(range(5)))
    for order in orders:
        state = share.copy()
        for column in order:
            before = state.prod()
            state[column] = met[column]
            wanted[column] += (state.prod() - before) / len(orders)
    assert shapley(met[:, None], share)[:, 0] == pytest.approx(wanted, abs=1e-15)


@pytest.mark.parametrize("objective", ["binary", "regression", "tweedie", "cross_entropy"])
def test_numbers_as_lightgbm(objective: str) -> None:
    X, y = table()
    assert_as_lightgbm(trained(X, y, objective=objective), X)


@pytest.mark.parametrize("params", [{}, {"zero_as_missing": True}, {"use_missing": False}])
def test_what_is_missing_as_lightgbm(params: dict[str, bool]) -> None:
    X, y = table(holes=True)
    booster = trained(X, y, **params)
    assert_as_lightgbm(booster, X)
    odd = np.array([[np.inf, -np.inf, np.nan, 0.0, -0.0, 1e-36], [1e-35, -1e-35, 5e-324, 1e300, -1e-300, 2e-35]])
    assert_as_lightgbm(booster, np.concatenate([odd, odd[:, ::-1]]))


def test_categories_as_lightgbm_also_unseen_negative_and_missing_ones() -> None:
    X, y = table(holes=True)
    chance = np.random.default_rng(3)
    X[:, 3], X[:, 4] = chance.integers(0, 70, ROWS), chance.integers(0, 3, ROWS)
    y = y + (X[:, 3] % 7 > 3) + (X[:, 4] == 1)
    params = {"objective": "regression", "min_data_per_group": 5, "cat_smooth": 1, "cat_l2": 0}
    booster = trained(X, y, categories=(3, 4), **params)
    forest = assert_as_lightgbm(booster, X)
    assert any(of_set is not None for tree in forest.trees for of_set in tree.left_set)
    odd = X[:8].copy()
    odd[:, 3] = odd[:, 4] = [-1.0, -0.5, np.nan, 69.7, 70.0, 5e8, np.inf, 0.0]
    assert_as_lightgbm(booster, odd)


def test_stumps_and_a_tree_that_never_splits() -> None:
    X, y = table()
    assert_as_lightgbm(trained(X, y, num_leaves=2), X)
    forest = assert_as_lightgbm(trained(X, np.full(ROWS, 3.0), objective="regression"), X)
    assert len(forest.trees[0].value) == 1


def test_deep_trees_beyond_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    X = table(columns=24)[0]
    passed = np.cumprod(X > -1.5, axis=1).sum(axis=1)  # one condition after the other
    booster = trained(X, passed, rounds=3, objective="regression", num_leaves=60)
    forest = assert_as_lightgbm(booster, X)
    whole, few = both_ways(forest, X)
    widest = max(len(leaf.share) for paths in map_of(forest).paths for leaf in paths.leaves)
    assert 2**widest > module.CODES
    monkeypatch.setattr(module, "CODES", 64)
    monkeypatch.setattr(module, "CHUNK", 100)
    monkeypatch.setattr(module, "BLOCK_BYTES", 8 * 25 * 250)
    monkeypatch.setattr(products, "NUMBERS", 5_000)
    for parts in both_ways(forest, X):
        assert np.abs(parts - whole).max() < 1e-12
    assert np.abs(few - whole).max() < 1e-12


def test_neither_the_table_nor_the_company_of_a_row_matters() -> None:
    X, y = table(holes=True)
    forest, before = forest_of(trained(X, y).model_to_string()), X.copy()
    parts = contributions(forest, X)
    np.testing.assert_array_equal(X, before)
    for one in both_ways(forest, X[5:6]):
        np.testing.assert_allclose(one, parts[5:6], atol=1e-12)
    assert contributions(forest, X[:0]).shape == (0, 7)
    assert forest.raw(X[:0]).shape == (0,)


@pytest.mark.parametrize("X", [np.zeros(2), np.zeros((4, 3)), np.zeros((1, 2, 2))])
def test_another_shape_is_refused(X: np.ndarray) -> None:
    with pytest.raises(ValueError, match="table of 2 columns"):
        contributions(forest_of(TWO_LEAVES), X)


@pytest.mark.parametrize(
    "params, said",
    [
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "random forest"),
        ({"objective": "regression", "linear_tree": True}, "linear"),
        ({"objective": "multiclass", "num_class": 2}, "several classes"),
    ],
)
def test_models_that_are_no_sum_of_leaves_are_refused(params: dict[str, object], said: str) -> None:
    X, y = table()
    with pytest.raises(ValueError, match=said):
        forest_of(trained(X, y, rounds=2, **params).model_to_string())


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "not the text"),
        ("tree\nmax_feature_idx=1\n", "not the text"),
        (TWO_LEAVES.replace("leaf_value=2 10", "leaf_value=2"), "leaf_value has 1 of 2"),
        (TWO_LEAVES.replace("leaf_count", "other"), "incomplete"),
        (TWO_LEAVES.replace("leaf_count=30 10", "leaf_count=40 0"), "no training rows"),
    ],
)
def test_broken_texts_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        forest_of(text)


def test_a_column_as_number_and_as_category_is_refused() -> None:
    text = THREE_LEAVES.replace("split_feature=0 1", "split_feature=0 0").replace(
        "decision_type=2 2", "decision_type=2 1"
    )
    forest = forest_of(text.replace("num_cat=0", "num_cat=1\ncat_boundaries=0 1\ncat_threshold=6"))
    with pytest.raises(ValueError, match="as a number and as a category"):
        contributions(forest, [[0.0, 0.0]])
