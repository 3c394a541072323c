"""The head of the page: what the figures are of, the question answered in three sentences, the six key figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from patron.study.pictures.scales import known, known_all
from patron.study.pictures.terms import STAGES, term
from patron.study.pictures.voice import Voice
from patron.study.report.safe import clean

Figures = Mapping[str, Any]
FILES_NAMED = 3


@dataclass(frozen=True)
class Key:
    """One key figure: the section it leads to, what it is, the figure, what stands behind it."""

    to: str
    label: str
    figure: str
    note: str


def about(card: Mapping[str, Any], figures: Figures, v: Voice) -> str:
    """Which files, which days, as of when, in one line."""
    paths = [str(path) for path in (card.get("input") or {}).get("files") or []]
    files = [clean(path.replace("\\", "/").rsplit("/", 1)[-1], 60) for path in paths]
    names = v.listed(files[:FILES_NAMED]) + (f" +{len(files) - FILES_NAMED}" if len(files) > FILES_NAMED else "")
    window = figures.get("window") or card.get("window") or {}
    first, last = v.day(window.get("first")), v.day(window.get("last"))
    return v.unit(names, v.pick(f"orders from {first} to {last}", f"订单 {first}至{last}") if window else "")


def answer(figures: Figures, v: Voice) -> str:
    """The three parts of the question answered in three sentences; empty where nothing is known."""
    stages = [row for row in figures.get("stages") or [] if known(row.get("customers"))]
    if not stages:
        return ""
    people = sum(row["customers"] for row in stages)
    largest = max(stages, key=lambda row: row["customers"])
    name, part = term(STAGES, largest["stage"], v.lang), v.share(largest["customers"] / people)
    who = v.pick(
        f"{v.count(people)} customers; the largest stage is “{name}” ({part}).",
        f"共 {v.count(people)} 位客户，人数最多的阶段是“{name}”（{part}）。",
    )
    return v.joined([who, _worth(figures, stages, v), _keep(stages, v)])


def _worth(figures: Figures, stages: Sequence[Mapping[str, Any]], v: Voice) -> str:
    clv = figures.get("clv") or {}
    if known(clv.get("total")) is None:
        return ""
    brought, between = v.money(_total(stages, "revenue")), v.interval(clv.get("total_low"), clv.get("total_high"))
    hoped = f"{v.money(clv['total'])}{v.pick(' ', '')}{between}".strip()
    of = "" if v.value == v.pick("revenue", "收入") else v.pick(f" of {v.value}", v.value)
    return v.pick(
        f"They have brought {brought} of revenue and are expected to bring {hoped}{of} in the next {v.ahead}.",
        f"累计带来收入 {brought}，预计未来{v.ahead}再带来{of} {hoped}。",
    )


def _keep(stages: Sequence[Mapping[str, Any]], v: Voice) -> str:
    risk = _total(stages, "value_at_risk")
    if not risk or risk <= 0:
        return ""
    amount = v.money(risk)
    return v.pick(
        f"{amount} of that is at risk: the call list says where to begin.",
        f"其中 {amount} 面临流失风险，联系名单给出先后次序。",
    )


def key_figures(scores: pa.Table, figures: Figures, v: Voice) -> list[Key]:
    """Customers, revenue, expected value with its interval, value at risk, repeat rate, share of the top tenth."""
    stages = figures.get("stages") or []
    clv, spread = figures.get("clv") or {}, figures.get("concentration") or {}
    people = _total(stages, "customers")
    bought = _at_least(scores, 1)
    between = v.interval(clv.get("total_low"), clv.get("total_high"))
    interval = f"{between} {v.pick('80 % interval', '80% 区间')}" if between else ""
    have_bought = v.pick(f"{v.count(bought)} have bought", f"其中 {v.count(bought)} 位有过购买")
    returns, product = (
        v.pick("returns taken off", "已扣除退货"),
        v.pick("churn risk × expected value", "流失风险 × 预期价值"),
    )
    twice = v.pick("bought on two days or more", "在两天及以上购买")
    return [
        Key("stages", v.pick("Customers", "客户"), v.count(scores.num_rows if people is None else people), have_bought),
        Key("months", v.pick("Revenue so far", "累计收入"), v.money(_total(stages, "revenue")), returns),
        Key("clv", v.pick(f"Expected, next {v.ahead}", f"未来{v.ahead}预期"), v.money(clv.get("total")), interval),
        Key("keep", v.pick("Value at risk", "风险价值"), v.money(_total(stages, "value_at_risk")), product),
        Key("cohorts", v.pick("Repeat rate", "复购率"), v.share(repeat_rate(scores)), twice),
        Key(
            "concentration",
            v.pick("Top tenth’s share", "前一成占比"),
            v.share(spread.get("top_decile_share")),
            v.pick(f"of {v.value}", f"占{v.value}"),
        ),
    ]


def repeat_rate(scores: pa.Table) -> float | None:
    """Customers with two or more purchases ÷ with one or more [definitions, "Satisfaction and loyalty"]."""
    once, twice = _at_least(scores, 1), _at_least(scores, 2)
    return twice / once if once and twice is not None else None


def _at_least(scores: pa.Table, orders: int) -> int | None:
    if "orders" not in scores.column_names:
        return None
    found: int = pc.sum(pc.greater_equal(scores["orders"], orders)).as_py() or 0
    return found


def _total(rows: Sequence[Mapping[str, Any]], name: str) -> float | None:
    values = known_all(row.get(name) for row in rows)
    return sum(values) if values else None
