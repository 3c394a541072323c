"""The words of codes: stages, RFM segments, models, kinds of value. Unknown codes are shown as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS
from patron.words import Text

__all__ = ["MODELS", "SEGMENTS", "STAGES", "pick", "term", "value_word"]

MODELS = {
    "bg_nbd": Text("BG/NBD", "BG/NBD"),
    "mbg_nbd": Text("MBG/NBD", "MBG/NBD"),
    "pareto_nbd": Text("Pareto/NBD", "Pareto/NBD"),
    "gamma_gamma": Text("Gamma-Gamma", "Gamma-Gamma"),
    "baseline_last_period": Text("Baseline: last period", "基准：沿用上一期"),
    "baseline_mean_by_x": Text("Baseline: mean by past orders", "基准：按历史次数取均值"),
    "baseline_recency": Text("Baseline: recency rule", "基准：最近购买规则"),
    "baseline_mean_spend": Text("Baseline: mean spend", "基准：平均消费额"),
}


def pick(lang: str, en: str, zh: str) -> str:
    """The sentence in `lang`."""
    return zh if lang == "zh" else en


def term(table: dict[str, Text], code: object, lang: str) -> str:
    """The word for `code`, or the code itself with blanks for underscores."""
    known = table.get(str(code))
    return known.say(lang) if known else str(code).replace("_", " ")


def value_word(figures: Mapping[str, Any], lang: str) -> str:
    """What money means here: revenue, or margin where costs are known."""
    if figures.get("value_basis") == "margin":
        return pick(lang, "margin", "毛利")
    return pick(lang, "revenue", "收入")
