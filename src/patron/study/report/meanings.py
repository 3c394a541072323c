"""What each figure means, in a sentence, and where its formula comes from."""

from __future__ import annotations

from dataclasses import dataclass

from patron.words import Text


@dataclass(frozen=True)
class Meaning:
    """One term: the sentence that explains it and its source."""

    term: Text
    sentence: Text
    source: str = ""


MEANINGS = [
    Meaning(
        Text("Purchase occasion", "购买日"),
        Text(
            "All orders of one customer on one day count as one purchase. Returns lower the value on their own day "
            "and never remove a purchase.",
            "同一客户同一天的全部订单算一次购买。退货只在发生当日冲减金额，不会减少购买次数。",
        ),
        "Fader & Hardie 2005",
    ),
    Meaning(
        Text("Expected value (customer lifetime value, CLV)", "预期价值（客户终身价值，CLV）"),
        Text(
            "What a customer is expected to bring in the time ahead: expected purchases week by week, times the "
            "expected money of a purchase, later weeks counting a little less (discount).",
            "客户在未来一段时间预计带来的金额：逐周的预期购买次数乘以每次购买的预期金额，越往后折现越多。",
        ),
        "Fader, Hardie & Lee 2005; Fader & Hardie 2013",
    ),
    Meaning(
        Text("Interval", "区间"),
        Text(
            "“320 (210–480)” means: in 8 of 10 such cases the true figure ends up between 210 and 480. One in ten is "
            "lower, one in ten higher.",
            "“320（210–480）”表示：同类情况 10 次中约有 8 次，实际数字会落在 210 到 480 之间；偏低与偏高各约 1 次。",
        ),
    ),
    Meaning(
        Text("Churn risk", "流失风险"),
        Text(
            "The chance that a customer does not buy at all within the horizon: 1 minus the chance of at least one "
            "purchase.",
            "客户在预测期内一次也不买的可能性，即 1 减去至少购买一次的概率。",
        ),
        "Fader, Hardie & Lee 2005; Batislam et al. 2007",
    ),
    Meaning(
        Text("Value at risk", "风险价值"),
        Text(
            "Churn risk times expected value: where keeping one customer is worth most. It ranks the call list.",
            "流失风险乘以预期价值，反映挽留哪位客户最值得。联系名单按它排序。",
        ),
    ),
    Meaning(
        Text("Stage", "阶段"),
        Text(
            "Where a customer stands now, from the days since the last purchase and from how far the chance to buy "
            "has fallen since then. At risk: below 60 % of what it was. Lapsed: below 25 %, and silent for longer "
            "than the horizon.",
            "由距上次购买的天数，以及购买概率自那时起的降幅决定。低于原来的 60% 为“有流失风险”；"
            "低于 25% 且沉默超过预测期为“已流失”。",
        ),
    ),
    Meaning(
        Text("RFM", "RFM"),
        Text(
            "Recency, frequency and money of the purchases so far, each scored 1 to 5 against all other customers. "
            "It looks back only; it is not a forecast.",
            "近度、频次与金额，各按全体客户排序评 1 到 5 分。它只回顾过去，不是预测。",
        ),
        "Hughes 1994",
    ),
    Meaning(
        Text("ABC class and Gini", "ABC 分类与基尼系数"),
        Text(
            "A customers make up the first 80 % of value, B the next 15 %, C the rest. Gini is 0 when all bring the "
            "same, near 1 when a few bring everything.",
            "A 类客户贡献前 80% 的价值，B 类贡献随后的 15%，其余为 C 类。"
            "基尼系数为 0 表示人人相同，接近 1 表示集中于极少数人。",
        ),
    ),
    Meaning(
        Text("Repeat rate", "复购率"),
        Text(
            "Customers with two or more purchases, out of those with one or more.",
            "购买两次及以上的客户，占购买过至少一次的客户的比例。",
        ),
    ),
    Meaning(
        Text("Cohort", "同期群"),
        Text(
            "Customers whose first purchase fell in the same month, followed from there on.",
            "首次购买落在同一个月的客户，从那时起持续观察。",
        ),
    ),
]
"""In the order they are met on the page."""


@dataclass(frozen=True)
class Measure:
    """One column of the backtest: how it is called, what is good, and how many decimals it is shown with."""

    key: str
    heading: Text
    good: Text
    decimals: int = 3


PURCHASE_MEASURES = [
    Measure("log_score", Text("Log score", "对数得分"), Text("higher is better; decides", "越高越好；据此选择"), 4),
    Measure("mae", Text("Mean error", "平均误差"), Text("purchases a customer off", "每位客户偏差的购买次数")),
    Measure("total_ratio", Text("Total", "总量比"), Text("expected ÷ came; 1 is right", "预期 ÷ 实际；1 为准确"), 2),
    Measure("auc", Text("AUC", "AUC"), Text("ranks buyers first; .5 is chance", "区分买与不买；0.5 等于随机")),
    Measure("brier", Text("Brier", "Brier"), Text("error of chances; lower is better", "概率误差；越低越好")),
    Measure(
        "winkler",
        Text("Winkler", "Winkler"),
        Text("width and misses of intervals; lower", "区间宽度与落空；越低越好"),
        2,
    ),
    Measure("coverage", Text("Coverage", "覆盖率"), Text("inside the 80 % interval", "落入 80% 区间的比例"), 2),
]

SPEND_MEASURES = [
    Measure("deviance", Text("Deviance", "偏差"), Text("lower is better; decides", "越低越好；据此选择"), 4),
    Measure("total_ratio", Text("Total", "总量比"), Text("expected ÷ came; 1 is right", "预期 ÷ 实际；1 为准确"), 2),
    Measure("top_decile", Text("Top tenth", "前一成"), Text("share of money it found", "找到的金额占比"), 2),
]
