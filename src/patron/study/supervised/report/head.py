"""The head of the page: the question, the answer in a sentence or two, the key figures beside the base rate."""

from __future__ import annotations

from collections.abc import Callable

from patron.study.report.head import Key
from patron.study.report.safe import clean
from patron.study.supervised.report.subject import Card, Subject, in_time, judged, mapping, measure

Say = Callable[[float], str]


def title(s: Subject) -> str:
    """The question of the page."""
    if s.number:
        return s.v.pick(
            f"How much will “{s.target}” be? How good is the model, what does it rest on?",
            f"“{s.target}”会是多少？模型有多准，依据是什么？",
        )
    return s.v.pick(
        f"Whose “{s.target}” will be {s.yes}? How good is the model, what does it rest on?",
        f"谁的“{s.target}”会是{s.yes}？模型有多准，依据是什么？",
    )


def about(card: Card, s: Subject) -> str:
    """Which file, how many rows and columns, in one line."""
    v, given = s.v, mapping(card.get("input"))
    features = card.get("features") or []
    used, columns = v.count(given.get("used")), v.count(len(features))
    return " · ".join(
        part
        for part in (
            clean(given.get("file") or "", 80),
            v.pick(f"{used} rows", f"{used} 行") if given.get("used") else "",
            v.pick(f"learnt from {columns} columns", f"由 {columns} 列学习") if features else "",
        )
        if part
    )


def answer(card: Card, s: Subject) -> str:
    """How far the model gets, in words; empty where it was not judged."""
    if mapping(card.get("published")).get("baseline_beaten") is False and s.base is not None:
        same = s.figure(s.base)
        return s.v.pick(
            f"No model could say more than the average: everybody is given {same}.",
            f"没有模型胜过平均水平：对所有人都给出 {same}。",
        )
    return s.v.joined(_of_number(card, s) if s.number else _of_class(card, s))


def top_share(card: Card, s: Subject, end: str = "value") -> float | None:
    """Share of yes in the tenth scored highest: lift × base rate."""
    lift = measure(card, "lift_top10")[end]
    return None if lift is None or s.base is None else min(1.0, lift * s.base)


def _of_class(card: Card, s: Subject) -> list[str]:
    v, top, auc = s.v, top_share(card, s), measure(card, "auc")["value"]
    high, base = v.share(top), v.share(s.base)
    out = []
    if top is not None:
        out.append(
            v.pick(
                f"Of the tenth scored highest, {high} are {s.yes}; of all customers, {base}.",
                f"评分最高的一成客户中，{high} 为{s.yes}；全体客户为 {base}。",
            )
        )
    if auc is not None:
        times = f"{auc * 100:.0f}"
        out.append(
            v.pick(
                f"Of two customers, one {s.yes} and one not, it puts the right one first {times} times of 100.",
                f"任取一位{s.yes}与一位非{s.yes}的客户，100 次中有 {times} 次把前者排在前面。",
            )
        )
    return out


def _of_number(card: Card, s: Subject) -> list[str]:
    v, mae, held = s.v, measure(card, "mae"), measure(card, "decile_gain")["value"]
    off, plain, part = v.short(mae["value"]), v.short(mae["baseline"]), v.share(held)
    out = []
    if mae["value"] is not None:
        out.append(
            v.pick(
                f"Predictions are off by {off} on average; the mean of all, said of everybody, by {plain}.",
                f"预测平均偏差 {off}；若对所有人都取平均值，偏差为 {plain}。",
            )
        )
    if held is not None:
        out.append(
            v.pick(
                f"The tenth predicted highest holds {part} of all “{s.target}”.",
                f"预测最高的一成客户占“{s.target}”总额的 {part}。",
            )
        )
    return out


def key_figures(card: Card, s: Subject) -> list[Key]:
    """Six figures, each beside the base rate and with its 95 % interval where one is known."""
    return [*(_number_keys(card, s) if s.number else _class_keys(card, s)), *_both(card, s)]


def note(card: Card, s: Subject, name: str, what: str, say: Say) -> str:
    """What a figure is, its interval, and what the baseline gets."""
    found, v = measure(card, name), s.v
    low, high, base = found["low"], found["high"], found["baseline"]
    between = (
        ""
        if low is None or high is None
        else v.pick(f"95 %: {say(low)}–{say(high)}", f"95% 区间 {say(low)}–{say(high)}")
    )
    beside = "" if base is None else v.pick(f"base rate: {say(base)}", f"基准 {say(base)}")
    return " · ".join(part for part in (what, between, beside) if part)


def of_hundred(s: Subject, value: float | None) -> str:
    """'85 of 100'."""
    return "–" if value is None else s.v.pick(f"{value * 100:.0f} of 100", f"{value * 100:.0f}/100")


def points(s: Subject, value: float | None) -> str:
    """'1.3 points': percentage points."""
    return "–" if value is None else s.v.pick(f"{value * 100:.1f} points", f"{value * 100:.1f} 个百分点")


def _class_keys(card: Card, s: Subject) -> list[Key]:
    v = s.v
    auc, ece, lift = (measure(card, name)["value"] for name in ("auc", "ece", "lift_top10"))
    ends = [top_share(card, s, end) for end in ("low", "high")]
    between = (
        ""
        if None in ends
        else v.pick(f"95 %: {v.share(ends[0])}–{v.share(ends[1])}", f"95% 区间 {v.share(ends[0])}–{v.share(ends[1])}")
    )
    times = (
        ""
        if lift is None
        else v.pick(f"{lift:.1f} times the base rate {v.share(s.base)}", f"基准 {v.share(s.base)} 的 {lift:.1f} 倍")
    )
    pair = v.pick(f"of two, one {s.yes} and one not (AUC)", f"{s.yes}与非{s.yes}各一（AUC）")
    return [
        Key(
            "gains",
            v.pick("Puts the right one first", "排序正确"),
            of_hundred(s, auc),
            note(card, s, "auc", pair, lambda x: f"{x * 100:.0f}"),
        ),
        Key(
            "gains",
            v.pick(f"{s.yes} in the top tenth", f"前一成中{s.yes}占比"),
            v.share(top_share(card, s)),
            " · ".join(p for p in (times, between) if p),
        ),
        Key(
            "calibration",
            v.pick("Chances are off by", "概率偏差"),
            points(s, ece),
            note(card, s, "ece", v.pick("calibration error", "校准误差"), lambda x: f"{x * 100:.1f}"),
        ),
        Key(
            "measures",
            v.pick("Error of the chances", "概率误差"),
            _decimal(measure(card, "brier")["value"]),
            note(card, s, "brier", v.pick("Brier score", "Brier 分数"), lambda x: f"{x:.3f}"),
        ),
    ]


def _number_keys(card: Card, s: Subject) -> list[Key]:
    v = s.v
    mae, r2, gini, held = (measure(card, name)["value"] for name in ("mae", "r2", "gini", "decile_gain"))
    hundred: Say = lambda x: f"{x * 100:.0f}"  # noqa: E731
    return [
        Key("measures", v.pick("Off by, on average", "平均偏差"), v.short(mae), note(card, s, "mae", "", v.short)),
        Key(
            "measures", v.pick("Differences explained", "差异解释比例"), v.share(r2), note(card, s, "r2", "R²", hundred)
        ),
        Key(
            "gains",
            v.pick("Order is right", "排序正确程度"),
            of_hundred(s, gini),
            note(card, s, "gini", v.pick("100 is the perfect order (Gini)", "100 为完美排序（Gini）"), hundred),
        ),
        Key(
            "gains",
            v.pick("Held by the top tenth", "前一成占比"),
            v.share(held),
            note(card, s, "decile_gain", "", v.share),
        ),
    ]


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _both(card: Card, s: Subject) -> list[Key]:
    v = s.v
    n, folds = v.count(judged(card).get("rows")), v.count(judged(card).get("folds"))
    overall, yes = s.figure(card.get("base")), v.count(card.get("yes"))
    some = "" if s.number or card.get("yes") is None else v.pick(f"{yes} rows are {s.yes}", f"{yes} 行为{s.yes}")
    if in_time(card):
        some = v.pick(f"of the rows judged; of all rows {overall}", f"评估行的数字；全部行为 {overall}")
    mean, part = v.pick("Mean", "平均值"), v.pick("Base rate", "基准率")
    how = (
        v.pick(f"rows later than all it learnt from, in {folds} blocks", f"均晚于训练数据，共 {folds} 个时段")
        if in_time(card)
        else v.pick(f"rows it had not seen, in {folds} folds", f"均未参与训练，共 {folds} 折")
    )
    return [
        Key("read", mean if s.number else part, s.figure(s.base), some),
        Key("chosen", v.pick("Judged on", "评估行数"), n, how if judged(card) else ""),
    ]
