"""What the cases of a model looked like, kept with its card, and whether a later table looks otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from patron.lifecycle.evaluation.drift import Drift, edges, psi
from patron.lifecycle.models.table.cases import Cases
from patron.lifecycle.models.table.preparation import Category, Feature
from patron.words import Text

Counts = npt.NDArray[np.float64]


def looks(cases: Cases, features: Sequence[Feature]) -> dict[str, dict[str, list[float]]]:
    """Of each feature the inner edges of its bins (none for a category) and the counts in them; empty cells last."""
    out = {}
    for one in features:
        inner = np.zeros(0) if isinstance(one, Category) else edges(cases.number(one.name))
        out[one.name] = {"edges": inner.tolist(), "counts": _counts(cases, one, inner).tolist()}
    return out


def drifts(cases: Cases, features: Sequence[Feature], looked: Mapping[str, Mapping[str, Any]]) -> dict[str, Drift]:
    """PSI of every feature that is in the table, beside what it looked like."""
    there = set(cases.table.column_names)
    return {
        one.name: psi(looked[one.name]["counts"], _counts(cases, one, np.asarray(looked[one.name]["edges"])))
        for one in features
        if one.name in there and one.name in looked
    }


def told(found: Mapping[str, Drift]) -> list[Text]:
    """One sentence about the columns that look otherwise, the most changed first."""
    flagged = sorted((name for name, one in found.items() if one.flagged), key=lambda name: -found[name].psi)
    if not flagged:
        return []
    listed = ", ".join(f"{name} (PSI {found[name].psi:.2f})" for name in flagged)
    return [
        Text(
            f"These columns look other than in training, so scores may be off: {listed}.",
            f"以下列与训练时分布不同，评分可能失准：{listed}。",
        )
    ]


def _counts(cases: Cases, one: Feature, inner: npt.NDArray[np.float64]) -> Counts:
    if isinstance(one, Category):
        places = one.codes(cases.text(one.name))
        bins = len(one.levels) + 1
    else:
        values = cases.number(one.name)
        places = np.where(np.isfinite(values), np.searchsorted(inner, np.nan_to_num(values), side="left"), np.nan)
        bins = len(inner) + 1
    place = np.where(np.isfinite(places), places, bins).astype(np.int64)
    return np.bincount(place, minlength=bins + 1).astype(np.float64)
