"""What each measure means, in a sentence, and where its formula comes from."""

from __future__ import annotations

from patron.study.report.meanings import Meaning, Measure
from patron.words import Text

HIGHER, LOWER = Text("higher is better", "越高越好"), Text("lower is better", "越低越好")

CLASS_MEASURES = [
    Measure("auc", Text("AUC", "AUC"), HIGHER),
    Measure("average_precision", Text("Average precision", "平均精确率"), HIGHER),
    Measure("lift_top10", Text("Lift in the top tenth", "前一成提升度"), HIGHER, 2),
    Measure("brier", Text("Brier score", "Brier 分数"), LOWER, 4),
    Measure("log_loss", Text("Log loss", "对数损失"), LOWER, 4),
    Measure("ece", Text("Calibration error", "校准误差"), LOWER, 4),
    Measure("calibration_slope", Text("Calibration slope", "校准斜率"), Text("1 is right", "1 为准确"), 2),
]
NUMBER_MEASURES = [
    Measure("mae", Text("Mean absolute error", "平均绝对误差"), LOWER, 0),
    Measure("rmse", Text("Root mean square error", "均方根误差"), LOWER, 0),
    Measure("r2", Text("Share explained (R²)", "解释比例（R²）"), HIGHER),
    Measure("gini", Text("Gini of the order", "排序基尼系数"), HIGHER),
    Measure("decile_gain", Text("Held by the top tenth", "前一成占比"), HIGHER),
]
"""In the order of the table; a measure with 0 decimals is in units of the target."""

_CLASS = [
    Meaning(
        Text("AUC", "AUC"),
        Text(
            "Draw one customer with the outcome and one without: the chance that the first has the higher score. "
            "0.5 is a coin, 1 never errs.",
            "随机抽取结果为“是”与“否”的客户各一位，前者评分更高的概率。0.5 等于抛硬币，1 为从不出错。",
        ),
        "Mann & Whitney 1947",
    ),
    Meaning(
        Text("Lift", "提升度"),
        Text(
            "The share of yes in the tenth scored highest, divided by the share among all.",
            "评分最高的一成客户中“是”的占比，除以全体中的占比。",
        ),
    ),
    Meaning(
        Text("Calibration error", "校准误差"),
        Text(
            "Ten groups by predicted chance: how far the chance said is from the share that came, on average.",
            "按预测概率分为十组，各组预测概率与实际占比之差的平均。",
        ),
        "Naeini et al. 2015",
    ),
    Meaning(
        Text("Brier score", "Brier 分数"),
        Text(
            "Mean squared distance between the chance and what came (1 or 0).",
            "预测概率与实际结果（1 或 0）之差的平方的平均。",
        ),
        "Brier 1950",
    ),
    Meaning(
        Text("Precision, recall, F1", "精确率、召回率、F1"),
        Text(
            "Precision: of those flagged, how many are yes. Recall: of all yes, how many are flagged. F1 is their "
            "harmonic mean.",
            "精确率：被标记者中“是”的占比。召回率：全部“是”中被标记的占比。F1 为两者的调和平均。",
        ),
    ),
    Meaning(
        Text("Base rate", "基准率"),
        Text(
            "What is right when the same is said of everybody. A model is worth something only beyond it.",
            "对所有人给出同一答案时的结果。模型只有超过它才有价值。",
        ),
    ),
]
_NUMBER = [
    Meaning(
        Text("Mean absolute error", "平均绝对误差"),
        Text("How far a prediction is from what came, on average.", "预测与实际之差的绝对值的平均。"),
    ),
    Meaning(
        Text("Share explained (R²)", "解释比例（R²）"),
        Text(
            "1 minus the squared error, divided by that of the mean said of everybody. 0 knows nothing, 1 never errs.",
            "1 减去平方误差与“一律取均值”的平方误差之比。0 为一无所知，1 为从不出错。",
        ),
    ),
    Meaning(
        Text("Gini of the order", "排序基尼系数"),
        Text(
            "How much of the perfect order, largest first, the predictions reach: 0 is chance, 1 is perfect.",
            "预测排序达到由大到小完美排序的程度：0 为随机，1 为完美。",
        ),
    ),
    Meaning(
        Text("Mean of all", "取均值"),
        Text(
            "What comes out when the mean is said of everybody. A model is worth something only beyond it.",
            "对所有人都给出均值时的结果。模型只有超过它才有价值。",
        ),
    ),
]
_BOTH = [
    Meaning(
        Text("95 % interval", "95% 区间"),
        Text(
            "Rows are drawn again and again; each time the best candidate is chosen anew and judged on the rows not "
            "drawn. So the figure is not flattered by having chosen, and 95 of 100 such draws lie in between.",
            "反复重抽样本，每次重新选择最佳候选，并在未抽中的行上评估。"
            "数字因此不受选择的美化，100 次中有 95 次落在区间内。",
        ),
        "Tsamardinos et al. 2018",
    ),
    Meaning(
        Text("Cause", "因果"),
        Text(
            "A column that weighs much goes along with the outcome; whether changing it would change the outcome, "
            "only a control group can tell.",
            "影响大的列与结果相伴出现；改变它能否改变结果，只有对照组才能回答。",
        ),
    ),
]


def meanings(*, number: bool) -> list[Meaning]:
    """The terms of the page, in the order they are met."""
    return [*(_NUMBER if number else _CLASS), *_BOTH]
