"""Block by block of time: what was said, what came, and how well the order held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels, legend, room
from patron.study.pictures.picture import Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Slots, known, known_all
from patron.study.pictures.svg import dot, group, joined, line, path, rect, text, text_width
from patron.study.supervised.report.subject import Card, Subject, judged, mapping, measure, rows
from patron.words import Text

Row = Mapping[str, Any]
NAME = "time"
_NONE = Text("No blocks of time to compare", "没有可比较的时段")
_WHY = Text("It needs a model judged on later time: --time COLUMN.", "需要按时间评估的模型：--time COLUMN。")


def picture(card: Card, s: Subject) -> Picture:
    """Dots for what came, dashes for what was said; below, the measure of each block."""
    v, given = s.v, rows(judged(card).get("by_fold"), "n", "mean", "said")
    if not given:
        return nothing(NAME, v, _NONE, _WHY)
    label = "R²" if s.number else "AUC"
    columns = [
        Shown("block", v.pick("Block", "时段"), v.count),
        Shown("n", v.pick("Rows", "行数"), v.count),
        Shown("mean", v.pick("Came", "实际"), s.figure),
        Shown("said", v.pick("Said", "预测"), s.figure),
        Shown("measure", label, lambda value: numbers.decimal(value, 3)),
    ]
    values = {c.name: [known(row.get(c.name)) for row in given] for c in columns[1:]}
    return Picture(
        NAME,
        v.lang,
        finding(card, s),
        v.pick(f"{s.outcome}, and {label}, by block of time", f"{s.outcome}与 {label}，按时段"),
        v.pick(
            f"Two plots over {len(given)} blocks, oldest first.", f"两幅按时间先后排列的图，共 {len(given)} 个时段。"
        ),
        pa.table({"block": [float(i + 1) for i in range(len(given))], **values}),
        columns,
        both(lambda width: _draw(given, width, s)),
    )


def finding(card: Card, s: Subject) -> str:
    """The gap to random folds, as what it is."""
    v, label = s.v, "R²" if s.number else "AUC"
    now = measure(card, "r2" if s.number else "auc")["value"]
    mixed = known(mapping(card.get("random_folds")).get("measure"))
    later, random = numbers.decimal(now, 2), numbers.decimal(mixed, 2)
    if mixed is None:
        return v.pick(f"Judged on later time, {label} is {later}", f"按时间向后评估，{label} 为 {later}")
    if now is not None and now < mixed - 0.01:
        return v.pick(
            f"The future differs: {label} is {later} in later time, {random} if past and future are mixed",
            f"未来与过去不同：按时间向后评估 {label} 为 {later}，混合前后数据则为 {random}",
        )
    return v.pick(
        f"The order holds in later time: {label} {later}, {random} if past and future are mixed",
        f"排序在后来的时间里依然成立：{label} 为 {later}，混合前后数据为 {random}",
    )


def gap(card: Card, s: Subject) -> list[str]:
    """What the gap means, in words."""
    v, given = s.v, rows(judged(card).get("by_fold"), "n", "mean")
    first, last = (s.figure(given[i]["mean"]) if given else "–" for i in (0, -1))
    return [
        v.pick(
            f"The model learnt from earlier rows and was asked about each block after. What came went from {first} "
            f"to {last} between the first block and the last.",
            f"模型只用更早的行学习，再预测其后的每个时段。实际值由第一时段的 {first} 变为最后时段的 {last}。",
        ),
        v.pick(
            "Random folds let the model learn from the same days it is asked about. The gap is no flaw of the model: "
            "it is what changes from one time to the next. Expect the figure of later time.",
            "随机分折会让模型用到与待预测行同一时期的数据。两者之差不是模型的缺陷，而是时间带来的变化。应以向后评估的数字为准。",
        ),
    ]


def _draw(given: Sequence[Row], width: float, s: Subject) -> Drawing:
    v = s.v
    shares = known_all(row.get(key) for row in given for key in ("mean", "said"))
    goods = known_all(row.get("measure") for row in given)
    even = 0.0 if s.number else 0.5
    low, high = min([even, *goods]), max([even, *goods, even + 0.1])
    bottom = min(0.0, *shares)
    decimals = lambda value: numbers.decimal(value, 1 if high - low > 0.4 else 2)  # noqa: E731
    left = max(room(bottom, max(shares), s.figure), room(low, high, decimals, target=3))
    upper = Panel.over((left, 26, width - left - 12, 150), bottom, max(shares))
    lower = Panel.over((left, 242, width - left - 12, 110), low, high, target=3)
    slots = Slots(len(given), left, upper.right)
    heading = v.pick("Mean", "均值") if s.number else v.pick(f"Share of {s.yes}", f"{s.yes}占比")
    label = "R²" if s.number else "AUC"
    coin = v.pick("no better than chance", "等于随机")
    marks = [*upper.frame(s.figure, heading), *lower.frame(decimals, label)]
    entries = [("dot", v.pick("came", "实际")), ("expect", v.pick("said", "预测"))]
    marks += legend(text_width(heading) + 22, upper.top - 12, entries)
    marks += legend(text_width(label) + 22, lower.top - 12, [("equal", coin)])
    marks.append(path([(slots.middle(i), upper.y(row["said"])) for i, row in enumerate(given)], "expect"))
    marks.append(line(lower.left, lower.y(even), lower.right, lower.y(even), "equal"))
    good = [(slots.middle(i), lower.y(y)) for i, r in enumerate(given) if (y := known(r.get("measure"))) is not None]
    marks.append(path(good, "fact"))
    marks += [dot(x, y, 4, "mark") for x, y in good]
    marks += [_block(row, i, slots, upper, s) for i, row in enumerate(given)]
    for panel in (upper, lower):
        names = [str(i + 1) for i in range(len(given))]
        marks += bottom_labels([slots.middle(i) for i in range(len(given))], names, panel.bottom + 18, width)
    marks.append(
        text(lower.right, lower.bottom + 36, v.pick("Blocks of time, oldest first →", "时段（由早到晚）→"), None, "end")
    )
    return Drawing(width, lower.bottom + 46, joined(marks))


def _block(row: Row, i: int, slots: Slots, panel: Panel, s: Subject) -> Markup:
    came, said, n = s.figure(row["mean"]), s.figure(row["said"]), s.v.count(row["n"])
    tip = s.v.pick(
        f"Block {i + 1}: {came} came, {said} said ({n} rows)", f"时段 {i + 1}：实际 {came}，预测 {said}（{n} 行）"
    )
    over = rect(slots.edge(i), panel.top, slots.step, panel.height, "over")
    return group([over, dot(slots.middle(i), panel.y(row["mean"]), 5, "dot")], tip)
