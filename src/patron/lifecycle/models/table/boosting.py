"""Boosted trees [Friedman 2001], grown by LightGBM [Ke et al. 2017].

When it works: thousands of cases, effects that bend and depend on each other. When not: a few hundred cases, where a
line says as much; beyond the range of what was seen, where every tree is flat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from patron.errors import ResourceError
from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.table.base import TableFitted, TableModel, Terms, prepared
from patron.lifecycle.models.table.cases import Cases, Floats
from patron.lifecycle.models.table.contributions import contributions
from patron.lifecycle.models.table.preparation import Preparation
from patron.lifecycle.models.table.trees import Forest, forest_of
from patron.words import Text

FIXED = {"verbosity": -1, "deterministic": True, "force_row_wise": True, "seed": 0}
PATIENT = {"num_iterations": 300, "learning_rate": 0.02, "num_leaves": 8}
QUICK = {"num_iterations": 100, "learning_rate": 0.1, "num_leaves": 31}
SPARING = {
    "num_iterations": 700,
    "learning_rate": 0.02,
    "num_leaves": 6,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
}
STUMPS = {"num_iterations": 500, "learning_rate": 0.05, "num_leaves": 3, "feature_fraction": 0.7}
DEEP = {
    "num_iterations": 500,
    "learning_rate": 0.03,
    "num_leaves": 31,
    "min_data_in_leaf": 10,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 2.0,
}


MANY_ROWS = 20_000
MANY_CELLS = 5_000_000
"""Of fewer cells one thread is quicker than several that wait for each other."""


def threads(cases: int, features: int) -> int:
    """Threads that LightGBM should take for so many cells; 0 is all cores."""
    return 1 if cases * features < MANY_CELLS else 0


def library() -> Any:
    """LightGBM. Raises ResourceError where the system lacks what it stands on."""
    try:
        import lightgbm
    except OSError as error:  # its wheel takes OpenMP from the system
        raise ResourceError(
            Text(f"LightGBM can't be loaded: {error}.", f"无法加载 LightGBM：{error}。"),
            remedy=Text(
                "Install OpenMP: 'apt install libgomp1' on Debian and Ubuntu, 'brew install libomp' on macOS.",
                "请安装 OpenMP：Debian、Ubuntu 用“apt install libgomp1”，macOS 用“brew install libomp”。",
            ),
        ) from error
    return lightgbm


@dataclass(frozen=True)
class Boosted(TableFitted):
    """Trees as LightGBM's text."""

    text: str

    @cached_property
    def _booster(self) -> Any:
        return library().Booster(model_str=self.text)

    @cached_property
    def forest(self) -> Forest:
        """The trees taken apart."""
        return forest_of(self.text)

    def on_link(self, cases: Cases) -> Floats:
        """Sum of the leaves (n)."""
        matrix = self.preparation.for_trees(cases)
        few = 1 if len(matrix) < MANY_ROWS else 0
        found = self._booster.predict(matrix, raw_score=True, num_threads=few)
        return np.asarray(found, dtype=np.float64)

    def terms(self, cases: Cases) -> Terms:
        """Shapley values along the trees [Lundberg et al. 2020]."""
        found = contributions(self.forest, self.preparation.for_trees(cases))
        return Terms(found[:, -1], found[:, :-1], self.preparation.names)

    def parts(self) -> Parts:
        """The text of its trees."""
        return Parts(self._kept(), texts={"trees": self.text})


class Boosting(TableModel):
    """Many small steps of small trees: the one to begin with."""

    name = "boosting"
    settings: Mapping[str, Any] = PATIENT
    objective = "binary"

    def learn(self, cases: Cases, preparation: Preparation, seed: int) -> Boosted:
        """Grow the trees. Names of features may hold what LightGBM refuses: inside they are f0, f1 …"""
        lightgbm = library()
        names = [f"f{i}" for i in range(len(preparation.features))]
        data = lightgbm.Dataset(
            preparation.for_trees(cases),
            cases.outcome,
            feature_name=names,
            categorical_feature=preparation.categories,
            free_raw_data=True,
            params={"verbosity": -1, "num_threads": threads(cases.n, len(names))},
        )
        few = threads(cases.n, len(names))
        options = {**FIXED, **self.settings, "objective": self.objective, "seed": seed, "num_threads": few}
        rounds = options.pop("num_iterations")
        booster = lightgbm.train(options, data, num_boost_round=rounds)
        return Boosted(self.name, self.task, preparation, booster.model_to_string())

    def restore(self, parts: Parts) -> Boosted:
        """From its parts."""
        return Boosted(self.name, self.task, prepared(parts.json), parts.texts["trees"])


class BoostingQuick(Boosting):
    """LightGBM's own settings: larger steps of larger trees, for many cases and sharp edges."""

    name = "boosting_quick"
    settings = QUICK


class BoostingSparing(Boosting):
    """Smaller trees that see half of the features and most of the cases: for few cases and many features."""

    name = "boosting_sparing"
    settings = SPARING


class BoostingStumps(Boosting):
    """Trees of two questions: nearly a sum of bent lines."""

    name = "boosting_stumps"
    settings = STUMPS


class BoostingDeep(Boosting):
    """Large trees, each of a part of the cases and features: for effects that depend on several things."""

    name = "boosting_deep"
    settings = DEEP


class BoostingNumber(Boosting):
    """The same for amounts: squared error."""

    name = "boosting_number"
    task = "number"
    objective = "regression"


class BoostingNumberQuick(BoostingNumber):
    """LightGBM's own settings for amounts."""

    name = "boosting_number_quick"
    settings = QUICK
