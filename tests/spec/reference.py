"""What definitions.md says about facts and features, in plain slow Python: the check on the engine."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]


def seen(lines: list[Row], day: date) -> list[Row]:
    """The lines that had happened and were known by the end of `day` and were not replaced by then."""
    known = [line for line in lines if line["known_at"].date() <= day]
    newest: dict[int, Row] = {}
    for line in sorted(known, key=lambda line: (line["known_at"], line["fact_id"])):
        if line["corrects"] is not None:
            newest[line["corrects"]] = line
    return [
        line
        for line in known
        if line["fact_id"] not in newest
        and (line["corrects"] is None or newest[line["corrects"]] is line)
        and line["happened_at"].date() <= day
    ]


def exact(amount: float) -> Fraction:
    """An amount in whole millionths, as a fraction of one."""
    return Fraction(round(amount * 1_000_000), 1_000_000)


def days(lines: list[Row]) -> list[Row]:
    """One row per customer and calendar day."""
    grouped: dict[tuple[str, date], list[Row]] = {}
    for line in lines:
        grouped.setdefault((line["customer_id"], line["happened_at"].date()), []).append(line)
    return [_day(customer, day, of_day) for (customer, day), of_day in sorted(grouped.items())]


def _day(customer: str, day: date, lines: list[Row]) -> Row:
    costs = [exact(line["cost"]) for line in lines if line["cost"] is not None]
    return {
        "customer_id": customer,
        "day": day,
        "purchase": any(line["purchase"] for line in lines),
        "returned": any(line["item"] and (line["quantity"] < 0 or line["revenue"] < 0) for line in lines),
        "revenue": sum(exact(line["revenue"]) for line in lines),
        "cost": sum(costs) if costs else None,
    }


def summary(lines: list[Row], day: date) -> list[Row]:
    """tables.SUMMARY as of `day`, sorted by customer_id."""
    everything = days(seen(lines, day))
    customers = sorted({row["customer_id"] for row in everything}, key=str.encode)
    return [_customer(name, [row for row in everything if row["customer_id"] == name], day) for name in customers]


def _customer(name: str, rows: list[Row], day: date) -> Row:
    bought = [row for row in rows if row["purchase"]]
    first, last = (bought[0]["day"], bought[-1]["day"]) if bought else (None, None)
    gaps = [(b["day"] - a["day"]).days for a, b in pairwise(bought)]
    paid = [row["revenue"] for row in bought[1:] if row["revenue"] > 0]
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return {
        "customer_id": name,
        "orders": len(bought),
        "first_order": first,
        "last_order": last,
        "revenue": float(sum(row["revenue"] for row in rows)),
        "cost": float(sum(costs)) if costs else None,
        "x": max(len(bought) - 1, 0),
        "t_x": (last - first).days / 7 if bought else 0.0,
        "T": (day - first).days / 7 if bought else 0.0,
        "repeat_n": len(paid),
        "repeat_mean": float(sum(paid)) / len(paid) if paid else 0.0,
        "usual_gap": float(median(gaps)) if gaps else None,
        "last_gap_before": float(gaps[-1]) if gaps else None,
        "return_days": sum(row["returned"] for row in rows),
    }


def outcomes(lines: list[Row], day: date, last: date, known_by: date) -> list[Row]:
    """tables.OUTCOMES of the customers known at `day` over day+1 … `last`, with what was known by `known_by`."""
    after = [row for row in days(seen(lines, known_by)) if day < row["day"] <= last]
    rows = []
    for name in sorted({line["customer_id"] for line in seen(lines, day)}, key=str.encode):
        mine = [row for row in after if row["customer_id"] == name]
        costs = [row["cost"] for row in mine if row["cost"] is not None]
        rows.append(
            {
                "customer_id": name,
                "purchases": sum(row["purchase"] for row in mine),
                "revenue": float(sum(row["revenue"] for row in mine)),
                "cost": float(sum(costs)) if costs else None,
            }
        )
    return rows
