"""figures.json: every number that a picture of the report draws, gathered from metrics, evaluation and scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.history.store import History
from patron.history.views import View
from patron.lifecycle.decisions.rules import CODES
from patron.lifecycle.evaluation.calibration import by_repeats, reliability
from patron.lifecycle.maths.gains import concentration
from patron.lifecycle.metrics import Activity, cohorts, months
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.value.rfm import round_half_up_mean
from patron.study.backtest import Backtest, Buyers, to_json
from patron.study.fits import Fits
from patron.study.settings import Settings
from patron.study.totals import Total
from patron.study.tracking import Flow, cohort_flow, tracking

BINS = 24
CURVE_POINTS = np.linspace(0, 1, 101)
LEAST_HOLDOUT_DAYS = 28


@dataclass(frozen=True)
class Proof:
    """A day whose future is known, with what the chosen model said then: for calibration and tracking pictures."""

    day: date
    horizon_days: int
    fitted: CountFitted
    buyers: Buyers
    purchases: np.ndarray
    flow: Flow
    later: Flow


def proof(
    history: History, fits: Fits, backtest: Backtest, settings: Settings, seen: Flow, summary: pa.Table
) -> Proof | None:
    """The as-of day itself where the file goes on long enough after it, else the last origin of the backtest."""
    last = history.last_day
    beyond = (last - settings.as_of).days if last else 0
    if last is not None and beyond >= LEAST_HOLDOUT_DAYS:
        horizon = min(beyond, settings.horizon_days)
        table = history.outcomes(settings.as_of, horizon).table
        bought = np.asarray(summary.column("orders").to_numpy()) > 0
        purchases = table.column("purchases").to_numpy()[bought]
        later = cohort_flow(history.as_of(last), seen)
        return Proof(settings.as_of, horizon, fits.chosen, Buyers.of(summary), purchases, seen, later)
    if not backtest.origins:
        return None
    origin = backtest.origins[-1]
    later = cohort_flow(history.as_of(settings.as_of), origin.flow)
    return Proof(
        origin.day,
        backtest.plan.horizon_days,
        origin.counts[fits.purchase],
        origin.buyers,
        origin.purchases,
        origin.flow,
        later,
    )


def gather(
    history: History,
    view: View,
    scores: pa.Table,
    fits: Fits,
    backtest: Backtest,
    settings: Settings,
    shown: Proof | None,
    clv_total: Total,
    seen: Activity,
) -> dict[str, Any]:
    """figures.json as its schema in docs/run-folder.md says."""
    return {
        "as_of": settings.as_of.isoformat(),
        "horizon_days": settings.horizon_days,
        "clv_horizon_days": settings.clv_horizon_days,
        "currency": settings.currency,
        "value_basis": fits.value_basis,
        "window": {"first": _iso(history.first_day), "last": _iso(settings.as_of)},
        "stages": _stages(scores),
        "months": months(view, seen).to_pylist(),
        "concentration": _concentration(scores, fits),
        "cohorts": cohorts(view, seen),
        "rfm": _rfm(scores),
        "clv": _clv(scores, clv_total),
        "calibration": None if shown is None else _calibration(shown),
        "tracking": None if shown is None else _tracking(shown),
        "backtest": to_json(backtest, fits.purchase, fits.spend),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _stages(scores: pa.Table) -> list[dict[str, Any]]:
    found = scores.group_by("stage").aggregate(
        [("customer_id", "count"), ("revenue", "sum"), ("clv", "sum"), ("value_at_risk", "sum")]
    )
    rows = {row["stage"]: row for row in found.to_pylist()}
    return [
        {
            "stage": code,
            "customers": rows[code]["customer_id_count"],
            "revenue": rows[code]["revenue_sum"],
            "clv": rows[code]["clv_sum"],
            "value_at_risk": rows[code]["value_at_risk_sum"],
        }
        for code in CODES
        if code in rows
    ]


def _concentration(scores: pa.Table, fits: Fits) -> dict[str, Any]:
    value = scores.column("margin" if fits.abc.of == "margin" else "revenue").fill_null(0.0).to_numpy()
    curve = concentration(value)
    classes = scores.group_by("abc").aggregate([("customer_id", "count"), ("revenue", "sum")]).sort_by("abc")
    total = float(np.maximum(value, 0).sum())
    shares = {c: float(np.maximum(value[pc.equal(scores.column("abc"), c).to_numpy()], 0).sum()) for c in "ABC"}
    return {
        "gini": curve.gini(),
        "top_decile_share": curve.at(0.1),
        "curve": [[float(p), float(curve.at(float(p)))] for p in CURVE_POINTS],
        "abc": [
            {
                "class": row["abc"],
                "customers": row["customer_id_count"],
                "revenue": row["revenue_sum"],
                "share": shares[row["abc"]] / total if total else None,
            }
            for row in classes.to_pylist()
        ],
    }


def _rfm(scores: pa.Table) -> dict[str, Any]:
    known = scores.select(["r", "f", "m", "rfm_segment", "customer_id", "revenue", "clv"])
    known = known.filter(known.column("r").is_valid())
    f, m = (known.column(c).cast(pa.int64()).to_numpy() for c in ("f", "m"))
    cells = known.select(["r", "rfm_segment", "customer_id", "revenue", "clv"]).append_column(
        "fm", pa.array(round_half_up_mean(f, m), pa.int64())
    )
    totals = [("customer_id", "count"), ("revenue", "sum"), ("clv", "sum")]

    def rows(keys: list[str], names: dict[str, str]) -> list[dict[str, Any]]:
        found = cells.group_by(keys).aggregate(totals).sort_by([(k, "ascending") for k in keys]).to_pylist()
        return [
            {
                **{names[k]: row[k] for k in keys},
                "customers": row["customer_id_count"],
                "revenue": row["revenue_sum"],
                "clv": row["clv_sum"],
            }
            for row in found
        ]

    return {
        "cells": rows(["r", "fm", "rfm_segment"], {"r": "r", "fm": "fm", "rfm_segment": "segment"}),
        "segments": rows(["rfm_segment"], {"rfm_segment": "segment"}),
    }


def _clv(scores: pa.Table, total: Total) -> dict[str, Any]:
    value = scores.column("clv").drop_null().to_numpy()
    if not len(value):
        return {"bins": [], "mean": None, "median": None, "top_decile_share": None, "total": 0.0}
    top = float(np.quantile(value, 0.99))
    edges = np.unique(np.r_[np.linspace(min(float(value.min()), 0.0), top, BINS), max(float(value.max()), top)])
    place = np.clip(np.searchsorted(edges, value, side="right") - 1, 0, max(len(edges) - 2, 0))
    count = np.bincount(place, minlength=len(edges) - 1)
    money = np.bincount(place, weights=value, minlength=len(edges) - 1)
    return {
        "bins": [
            {"low": float(a), "high": float(b), "customers": int(n), "clv": float(v)}
            for a, b, n, v in zip(edges[:-1], edges[1:], count, money, strict=False)
        ],
        "mean": float(value.mean()),
        "median": float(np.median(value)),
        "top_decile_share": concentration(value).at(0.1),
        "total": total.value,
        "total_low": total.low,
        "total_high": total.high,
    }


def _calibration(shown: Proof) -> dict[str, Any]:
    b, horizon = shown.buyers, shown.horizon_days / 7
    expected = shown.fitted.expected(b.x, b.t_x, b.T, horizon)
    p = shown.fitted.p_purchase(b.x, b.t_x, b.T, horizon)
    return {
        "origin": shown.day.isoformat(),
        "horizon_days": shown.horizon_days,
        "by_x": by_repeats(b.x, shown.purchases, expected, level=0.8).to_pylist(),
        "probability": reliability(shown.purchases > 0, p).to_pylist(),
    }


def _tracking(shown: Proof) -> dict[str, Any]:
    return {"origin": shown.day.isoformat(), "weeks": tracking(shown.fitted, shown.flow, shown.later)}
