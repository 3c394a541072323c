"""card.json: what went in, what was fitted, how it was chosen and how good it is, for a person and for a machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import patron
from patron.history.files import OrdersRead
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.study.backtest import Backtest, to_json
from patron.study.fits import Fits
from patron.study.settings import Settings
from patron.words import Text

PARTS = ("numpy", "scipy", "pyarrow", "duckdb", "ibis-framework")


def words(text: Text) -> dict[str, str]:
    """A text as JSON."""
    return {"en": text.en, "zh": text.zh}


def versions() -> dict[str, str]:
    """Patron, Python and the libraries that compute."""
    return {
        "patron": patron.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in PARTS},
    }


def model_entry(fitted: CountFitted | SpendFitted) -> dict[str, Any]:
    """One fitted model as the card lists it."""
    return {
        "name": fitted.name,
        "params": dict(fitted.params),
        "std_errors": dict(fitted.std_errors),
        "log_likelihood": fitted.log_likelihood,
        "n": fitted.n,
        "unit": "week",
        "shrunken": fitted.shrunken,
        "notes": [words(note) for note in fitted.notes],
    }


def input_entry(
    read: OrdersRead, files: Sequence[str], lang_told: Sequence[Text], after: Mapping[str, float]
) -> dict[str, Any]:
    """What was read and what of it was set aside; used + set aside = file, rows and money."""
    aside = [{"reason": words(s.text), "code": s.reason, "rows": s.rows, "value": s.value} for s in read.set_aside]
    used_rows, used_value = read.rows_used, read.value_used
    if after["rows"]:
        text = Text("after the as-of day (kept to check the predictions)", "晚于截至日（仅用于检验预测）")
        aside.append(
            {"reason": words(text), "code": "after_as_of", "rows": int(after["rows"]), "value": after["value"]}
        )
        used_rows, used_value = used_rows - int(after["rows"]), used_value - after["value"]
    return {
        "files": list(files),
        "sha256": read.input_hash,
        "rows_file": read.rows_file,
        "rows_used": used_rows,
        "set_aside": aside,
        "value_file": read.value_file,
        "value_used": round(used_value, 6),
        "told": [words(t) for t in lang_told],
        "mapping": dict(read.mapping),
    }


def make(
    inputs: Mapping[str, Any],
    window: Mapping[str, Any],
    fits: Fits,
    backtest: Backtest,
    settings: Settings,
    notes: Sequence[Text],
) -> dict[str, Any]:
    """The whole card."""
    return {
        "input": dict(inputs),
        "input_hash": inputs.get("sha256"),
        "window": dict(window),
        "settings": settings.to_json(),
        "models": [*map(model_entry, fits.counts.values()), *map(model_entry, fits.spends.values())],
        "chosen": {"purchase": fits.purchase, "spend": fits.spend, "p_alive": fits.alive.name},
        "backtest": to_json(backtest, fits.purchase, fits.spend),
        "intervals": {
            "common_shock_sd": fits.shocks.sd(settings.horizon),
            "count_levels": fits.count_levels.as_json(),
            "value_levels": fits.value_levels.as_json(),
        },
        "value_basis": fits.value_basis,
        "margin": None if fits.margin is None else {"rate": fits.margin.rate, "kappa": fits.margin.kappa},
        "too_little_data": [words(t) for t in fits.too_little],
        "notes": [words(n) for n in notes],
        "versions": versions(),
    }
