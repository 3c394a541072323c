"""The words of the codes in a card: models, reasons for leaving a column out, what became of a question."""

from __future__ import annotations

from patron.words import Text

MODELS = {
    "base_rate": Text("Base rate: the same chance for everybody", "基准率：对所有人给出相同概率"),
    "rules": Text("A few visible rules", "少量可见规则"),
    "logistic": Text("Logistic regression", "逻辑回归"),
    "boosting": Text("Boosted trees, patient", "提升树（慢学习）"),
    "boosting_quick": Text("Boosted trees, quick", "提升树（快学习）"),
    "boosting_sparing": Text("Boosted trees, sparing", "提升树（节制取列）"),
    "boosting_stumps": Text("Boosted trees, small", "提升树（小树）"),
    "boosting_deep": Text("Boosted trees, deep", "提升树（深树）"),
    "mean": Text("Mean: the same figure for everybody", "均值：对所有人给出同一数值"),
    "ridge": Text("Ridge regression", "岭回归"),
    "boosting_number": Text("Boosted trees for amounts, patient", "提升树（数值，慢学习）"),
    "boosting_number_quick": Text("Boosted trees for amounts, quick", "提升树（数值，快学习）"),
    "blend": Text("Blend of several", "混合模型"),
}
"""Every candidate of a race and their blend, by the name in the catalogue."""

LEFT = {
    "excluded": Text("as asked", "按要求"),
    "id": Text("names rows", "标识列"),
    "constant": Text("always the same", "取值不变"),
    "blank": Text("empty", "全部为空"),
    "free": Text("free text", "自由文本"),
    "after_the_fact": Text("may know the future", "可能含事后信息"),
}
"""Why nothing is learnt from a column."""

ANSWERS = {
    "known": Text("used: said to be known in time", "已使用：声明评分时已知"),
    "left out": Text("left out", "未使用"),
    "left out, nobody answered": Text("left out: nobody answered", "未使用：无人答复"),
}
"""What became of a question about a column."""

KINDS = {"number": Text("number", "数值"), "text": Text("text", "文本"), "date": Text("date", "日期")}
"""What a column holds."""
