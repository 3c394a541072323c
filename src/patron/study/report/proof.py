"""How the models were chosen: the backtest's tables, best first, with the baselines named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from patron.study.pictures import numbers
from patron.study.pictures.scales import known
from patron.study.pictures.terms import MODELS, term
from patron.study.pictures.voice import Voice
from patron.study.report.meanings import PURCHASE_MEASURES, SPEND_MEASURES, Measure
from patron.study.report.safe import said

Judged = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One model's measures, said."""

    model: str
    chosen: bool
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """One contest: what was judged, its headings with what is good, its rows."""

    caption: str
    heads: list[tuple[str, str]]
    rows: list[Row]


@dataclass(frozen=True)
class Proof:
    """The finding, over which days, why these, and the tables."""

    finding: str
    unit: str
    why: str
    tables: list[Table]


def backtest(card: Mapping[str, Any], figures: Mapping[str, Any], v: Voice) -> Proof | None:
    """The backtest of the run; None where the past was too short for one."""
    given = figures.get("backtest") or card.get("backtest") or {}
    models = _best_first([row for row in given.get("models") or [] if row.get("name")], "log_score", -1)
    if not models:
        return None
    spends = _best_first([row for row in given.get("spend") or [] if row.get("name")], "deviance", 1)
    tables = [_table(v.pick("Purchases", "购买次数"), models, PURCHASE_MEASURES, v)]
    if spends:
        tables.append(_table(v.pick("Money of a purchase", "每次购买金额"), spends, SPEND_MEASURES, v))
    span, origins = v.span(given.get("horizon_days")), v.listed([v.day(day) for day in given.get("origins") or []])
    unit = v.pick(
        f"Each model predicted the {span} after {origins} from what was known then",
        f"每个模型只用当时已知的数据，预测 {origins}之后的{span}",
    )
    return Proof(_finding(models, v), unit, said(given.get("why"), v.lang), tables)


def _best_first(models: list[Judged], measure: str, sign: int) -> list[Judged]:
    def rank(row: Judged) -> tuple[bool, float]:
        value = known(row.get(measure))
        return value is None, sign * (value or 0.0)

    return sorted(models, key=rank)


def _table(caption: str, models: Sequence[Judged], measures: Sequence[Measure], v: Voice) -> Table:
    return Table(
        caption,
        [(m.heading.say(v.lang), m.good.say(v.lang)) for m in measures],
        [
            Row(
                term(MODELS, row["name"], v.lang),
                bool(row.get("chosen")),
                [numbers.decimal(row.get(m.key), m.decimals) for m in measures],
            )
            for row in models
        ],
    )


def _is_baseline(row: Judged) -> bool:
    return str(row["name"]).startswith("baseline")


def _finding(models: Sequence[Judged], v: Voice) -> str:
    chosen = next((row for row in models if row.get("chosen")), None)
    if chosen is None:
        return v.pick(
            "No model could be proven; the documented prior is used", "没有模型能得到验证，采用公开说明的先验参数"
        )
    name = term(MODELS, chosen["name"], v.lang)
    if _is_baseline(chosen):
        return v.pick(
            f"{name} predicted best and is used: no model beat it", f"“{name}”预测最好并被采用：没有模型胜过它"
        )
    base = next((row for row in models if _is_baseline(row)), None)
    if base is None:
        return v.pick(f"{name} predicted best and is used", f"{name} 预测最好，予以采用")
    other = term(MODELS, base["name"], v.lang)
    return v.pick(
        f"{name} predicted best and is used; the strongest rival without a model: {other}",
        f"{name} 预测最好，予以采用；它胜过的最强基准是“{other}”",
    )
