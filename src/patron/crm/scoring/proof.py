"""How good the model is, in words a shop owner understands: from the card of a run (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patron.words import Text

TENTH = 10


def backtest_words(card: Mapping[str, Any]) -> list[Text]:
    """What the test on the past showed, a sentence each: how it was tested, totals, ranking, intervals, rivals."""
    backtest = card["backtest"]
    said = [Text(backtest["why"]["en"], backtest["why"]["zh"])]
    chosen = next((m for m in backtest["models"] if m["chosen"]), None)
    if chosen is None:
        return said
    return [*said, *filter(None, (_total(chosen), _ranking(chosen), _intervals(chosen), _rivals(backtest, chosen)))]


def _total(chosen: Mapping[str, Any]) -> Text | None:
    """Expected ÷ actual purchases, both of all customers together."""
    ratio = chosen.get("total_ratio")
    if not ratio:
        return None
    share = round(100 * ratio)
    return Text(
        f"For every 100 purchases that came, it had expected {share}.",
        f"实际每发生 100 次购买，模型预期为 {share} 次。",
    )


def _ranking(chosen: Mapping[str, Any]) -> Text | None:
    auc = chosen.get("auc")
    if not auc:
        return None
    tenths = round(TENTH * auc)
    return Text(
        "Of two customers, one who bought again and one who did not, it rated the buyer higher in "
        f"{tenths} of 10 cases.",
        f"一位再次购买、一位没有购买的两位客户中，10 次里有 {tenths} 次前者评分更高。",
    )


def _intervals(chosen: Mapping[str, Any]) -> Text | None:
    coverage = chosen.get("coverage")
    if not coverage:
        return None
    return Text(
        f"Its 80 % intervals held {100 * coverage:.0f} % of what came, before they were corrected by this test.",
        f"校正之前，其 80% 区间包含了 {100 * coverage:.0f}% 的实际结果。",
    )


def _rivals(backtest: Mapping[str, Any], chosen: Mapping[str, Any]) -> Text | None:
    rules = [m for m in backtest["models"] if m["name"].startswith("baseline") and m is not chosen]
    if not rules or chosen["name"].startswith("baseline"):
        return None
    better = sum((m.get("log_score") or float("-inf")) < chosen["log_score"] for m in rules)
    return Text(
        f"It beat {better} of {len(rules)} plain rules of thumb.", f"优于 {len(rules)} 条简单规则中的 {better} 条。"
    )
