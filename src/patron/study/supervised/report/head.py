"""The head of the page: the question, what was read, the answer in a sentence or two."""

from __future__ import annotations

from patron.study.report.safe import clean
from patron.study.supervised.report.keys import top_share
from patron.study.supervised.report.subject import Card, Subject, features, mapping, measure


def title(s: Subject) -> str:
    """The question of the page."""
    if not s.named:
        return s.v.pick("How good is the model, what does it rest on?", "模型有多准，依据是什么？")
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
    learnt = features(card)
    used, columns = v.count(given.get("used")), v.count(len(learnt))
    return " · ".join(
        part
        for part in (
            clean(given.get("file") or "", 80),
            v.pick(f"{used} rows", f"{used} 行") if given.get("used") else "",
            v.pick(f"learnt from {columns} columns", f"由 {columns} 列学习") if learnt else "",
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
                f"预测平均偏差 {off}；若对所有人都取均值，偏差为 {plain}。",
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
