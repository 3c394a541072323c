"""How far the figures can be trusted: data, horizons, money, too little data, models, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from patron.study.pictures.scales import known
from patron.study.pictures.terms import MODELS, term
from patron.study.pictures.voice import Voice
from patron.study.report.calls import marked_too_little
from patron.study.report.safe import said
from patron.words import Text

Card = Mapping[str, Any]

_ASSUMED = Text(
    "Customers buy at a rate of their own, which holds until they stop for good. Seasons, prices and campaigns are not "
    "in the model; what the backtest saw of their effect is in the intervals.",
    "假设每位客户按自己的频率购买，直到不再回来。季节、价格和活动不在模型之内；回测中观察到的影响已计入区间。",
)
_CAUSE = Text(
    "These figures say what is likely, not what caused it. Whether a call keeps a customer only a control group can "
    "tell: leave some of the list, chosen by chance, uncalled.",
    "这些数字说明可能发生什么，不说明原因。联系能否留住客户，只有对照组才能回答：请在名单中随机留出一部分不联系。",
)


def trust(scores: pa.Table, card: Card, figures: Mapping[str, Any], v: Voice) -> list[tuple[str, str]]:
    """Pairs of a heading and a paragraph; what is not known is left out."""
    pairs = [
        (v.pick("Data", "数据"), _window(card, figures, v)),
        (v.pick("Horizons", "预测期"), _horizons(figures, v)),
        (v.pick("Money", "金额"), _money(card, figures, v)),
        (v.pick("Too little data", "数据不足"), _too_little(scores, card, v)),
        (v.pick("Models", "模型"), _models(card, v)),
        (v.pick("Assumed", "假设"), _ASSUMED.say(v.lang)),
        (v.pick("Cause", "因果"), _CAUSE.say(v.lang)),
    ]
    return [(heading, words) for heading, words in pairs if words]


def _window(card: Card, figures: Mapping[str, Any], v: Voice) -> str:
    window = figures.get("window") or card.get("window") or {}
    if not window:
        return ""
    first, last, as_of = v.day(window.get("first")), v.day(window.get("last")), v.day(v.as_of)
    return v.pick(
        f"Orders from {first} to {last}. All that was known by the end of {as_of} counts, nothing later.",
        f"订单自 {first}至{last}。截至 {as_of}当日已知的事实全部计入，之后的一概不计。",
    )


def _horizons(figures: Mapping[str, Any], v: Voice) -> str:
    if known(figures.get("horizon_days")) is None:
        return ""
    near = v.span(figures["horizon_days"])
    return v.pick(
        f"Churn risk and expected purchases: the next {near}. Expected value: the next {v.ahead}.",
        f"流失风险与预期购买次数：未来{near}。预期价值：未来{v.ahead}。",
    )


def _money(card: Card, figures: Mapping[str, Any], v: Voice) -> str:
    settings = card.get("settings") or {}
    margin, discount = known(settings.get("margin")), known(settings.get("discount"))
    if figures.get("value_basis") != "margin":
        basis = v.pick("Figures are revenue; no cost is known.", "金额为收入；没有成本数据。")
    elif margin is None:
        basis = v.pick("Expected value is margin, from the costs in the files.", "预期价值为毛利，依据文件中的成本。")
    else:
        told = v.share(margin)
        basis = v.pick(
            f"Expected value is margin, at the {told} of revenue that was stated.",
            f"预期价值为毛利，按设定的毛利率 {told} 计。",
        )
    yearly = v.share(discount)
    rate = "" if discount is None else v.pick(f"Discount: {yearly} a year.", f"年折现率 {yearly}。")
    currency = (
        v.pick(f"Currency: {v.currency}.", f"币种 {v.currency}。")
        if v.currency
        else v.pick("The files name no currency.", "文件未注明币种。")
    )
    return v.joined([basis, rate, currency])


def _too_little(scores: pa.Table, card: Card, v: Voice) -> str:
    why = [said(words, v.lang) for words in card.get("too_little_data") or []]
    if "label" not in scores.column_names:
        return v.joined(why)
    few = marked_too_little(scores)
    some, everybody = v.count(few), v.count(scores.num_rows)
    if not few:
        marked = v.pick("No customer is marked so.", "没有客户被标记。")
    elif few == scores.num_rows:
        marked = v.pick("It holds for every customer; intervals are wide.", "全体客户均属此类，区间较宽。")
    else:
        marked = v.pick(
            f"{some} of {everybody} customers are marked so: their figures lean on all others and are wide.",
            f"{everybody} 位客户中有 {some} 位被标记：其数字主要参照全体客户，区间较宽。",
        )
    return v.joined([marked, *why])


def _models(card: Card, v: Voice) -> str:
    chosen = card.get("chosen") or {}
    used = [
        v.pick(f"{what}: {term(MODELS, chosen[key], v.lang)}", f"{what}：{term(MODELS, chosen[key], v.lang)}")
        for key, what in (
            ("purchase", v.pick("Purchases", "购买次数")),
            ("spend", v.pick("money", "金额")),
            ("p_alive", v.pick("still a customer", "是否仍为客户")),
        )
        if chosen.get(key)
    ]
    names = {str(name) for name in chosen.values()}
    shrunken = [m.get("name") for m in card.get("models") or [] if m.get("shrunken") and m.get("name") in names]
    drawn = v.listed([term(MODELS, name, v.lang) for name in shrunken])
    prior = v.pick(
        f"Drawn towards a documented prior, since the data alone could not decide: {drawn}.",
        f"数据不足以独立决定参数，已向公开说明的先验收缩：{drawn}。",
    )
    said_used = v.pick("; ".join(used) + ".", "；".join(used) + "。") if used else ""
    return v.joined([said_used, prior if shrunken else ""])
