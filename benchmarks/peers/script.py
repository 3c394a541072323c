"""The script an analyst writes with pandas and lifetimes: fits and predicts, no intervals, no backtest, no report.

`python script.py ORDERS.parquet OUT.csv`; columns customer_id, happened_at, revenue.
"""

from __future__ import annotations

import sys

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data


def main(orders: str, out: str) -> None:
    """Summary, BG/NBD, Gamma-Gamma, expected purchases, P(alive), CLV."""
    lines = pd.read_parquet(orders)
    summary = summary_data_from_transaction_data(
        lines, "customer_id", "happened_at", monetary_value_col="revenue", freq="D"
    )
    counts = BetaGeoFitter(penalizer_coef=0.0).fit(summary["frequency"], summary["recency"], summary["T"])
    back = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    money = GammaGammaFitter(penalizer_coef=0.0).fit(back["frequency"], back["monetary_value"])
    summary["expected"] = counts.predict(273, summary["frequency"], summary["recency"], summary["T"])
    summary["p_alive"] = counts.conditional_probability_alive(summary["frequency"], summary["recency"], summary["T"])
    summary["clv"] = money.customer_lifetime_value(
        counts, summary["frequency"], summary["recency"], summary["T"], summary["monetary_value"], time=12, freq="D"
    )
    summary.to_csv(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
