"""Every model, one line each. A model that is not here does not exist; one that is here buys the contract suite."""

from __future__ import annotations

from importlib import import_module

from patron.errors import UsageError
from patron.lifecycle.models.base import Model
from patron.words import Text

_PURCHASE = "patron.lifecycle.models.purchase"

PURCHASE = {
    "bg_nbd": f"{_PURCHASE}.bg_nbd:BgNbd",
    "mbg_nbd": f"{_PURCHASE}.mbg_nbd:MbgNbd",
    "pareto_nbd": f"{_PURCHASE}.pareto_nbd:ParetoNbd",
    "baseline_last_period": f"{_PURCHASE}.baselines:LastPeriod",
    "baseline_mean_by_x": f"{_PURCHASE}.baselines:MeanByX",
    "baseline_recency": f"{_PURCHASE}.baselines:Recency",
}
"""Models of purchase counts."""

SPEND = {
    "gamma_gamma": f"{_PURCHASE}.gamma_gamma:GammaGamma",
    "baseline_mean_spend": f"{_PURCHASE}.baseline_spend:MeanSpend",
}
"""Models of money an occasion."""

VALUE = {
    "rfm": "patron.lifecycle.models.value.rfm:Rfm",
    "abc": "patron.lifecycle.models.value.abc:Abc",
}
"""Labels of what customers have been worth."""

_TABLE = "patron.lifecycle.models.table"

TABLE = {
    "base_rate": f"{_TABLE}.baselines:BaseRate",
    "rules": f"{_TABLE}.rules:Rules",
    "logistic": f"{_TABLE}.linear:Logistic",
    "boosting": f"{_TABLE}.boosting:Boosting",
    "boosting_quick": f"{_TABLE}.boosting:BoostingQuick",
    "boosting_sparing": f"{_TABLE}.boosting:BoostingSparing",
    "boosting_stumps": f"{_TABLE}.boosting:BoostingStumps",
    "boosting_deep": f"{_TABLE}.boosting:BoostingDeep",
    "mean": f"{_TABLE}.baselines:Mean",
    "ridge": f"{_TABLE}.linear:Ridge",
    "boosting_number": f"{_TABLE}.boosting:BoostingNumber",
    "boosting_number_quick": f"{_TABLE}.boosting:BoostingNumberQuick",
}
"""Models of the outcome of cases of any table."""
TABLE_BASELINE = {"class": "base_rate", "number": "mean"}
"""What has to be beaten, by task."""
TABLE_CANDIDATES = (
    "rules",
    "logistic",
    "boosting",
    "boosting_quick",
    "boosting_sparing",
    "boosting_stumps",
    "boosting_deep",
)
"""What races for a class; their blend is the eighth."""
NUMBER_CANDIDATES = ("ridge", "boosting_number", "boosting_number_quick")
"""What races for a number."""

MODELS = {**PURCHASE, **SPEND, **VALUE, **TABLE}
"""Name → where the class is, loaded when asked for."""


def purchase_models() -> list[str]:
    """Names of the models of purchase counts, baselines last."""
    return list(PURCHASE)


def spend_models() -> list[str]:
    """Names of the models of money an occasion, baselines last."""
    return list(SPEND)


def model(name: str) -> Model:
    """The model called `name`. Raises UsageError that lists the names there are."""
    if name not in MODELS:
        raise UsageError(
            Text(f"There is no model '{name}'.", f"没有名为“{name}”的模型。"),
            remedy=Text(f"Choose one of: {', '.join(MODELS)}.", f"可选：{'、'.join(MODELS)}。"),
        )
    module, _, cls = MODELS[name].partition(":")
    made: Model = getattr(import_module(module), cls)()
    return made
