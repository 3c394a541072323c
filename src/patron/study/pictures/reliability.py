"""Reliability: of those given a chance of p, which share did buy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import calibration
from patron.study.pictures.axes import QUARTERS, Panel, Say, bottom_labels, room
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, joined, line, text
from patron.study.pictures.voice import Voice
from patron.words import Text

Row = Mapping[str, Any]


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Predicted chance to buy (across) against the share that bought (up) with its interval; the dashes are right."""
    v = Voice.of(figures, lang)
    given = figures.get("calibration") or {}
    rows = [
        r for r in given.get("probability") or [] if None not in (known(r.get("predicted")), known(r.get("actual")))
    ]
    if not rows:
        title = Text("Too little data to check chances", "数据不足，无法检验概率")
        return nothing("reliability", v, title, calibration.WHY)
    columns = [
        Shown("predicted", v.pick("Predicted chance", "预测概率"), v.share),
        Shown("actual", v.pick("Did buy", "实际购买"), v.share),
        Shown("low", v.pick("Low", "下限"), v.share),
        Shown("high", v.pick("High", "上限"), v.share),
        Shown("n", v.pick("Customers", "客户数"), v.count),
    ]
    return Picture(
        "reliability",
        lang,
        finding(rows, v),
        calibration.unit(given, v.pick("Share of customers who bought", "购买客户占比"), v),
        v.pick(f"{len(rows)} groups of customers by predicted chance.", f"按预测概率分成 {len(rows)} 组。"),
        pa.table({column.name: [known(row.get(column.name)) for row in rows] for column in columns}),
        columns,
        both(lambda width: draw(rows, width, _said(v))),
    )


def finding(rows: Sequence[Row], v: Voice) -> str:
    """What came of the group with the highest chance, and of the one with the lowest."""

    def pair(row: Row) -> tuple[str, str]:
        return v.share(round(row["predicted"], 2)), v.share(round(row["actual"], 2))

    said, came = pair(max(rows, key=lambda row: row["predicted"]))
    if len(rows) == 1:
        return v.pick(f"Where the model said {said}, {came} bought", f"模型给出 {said} 的客户中有 {came} 购买")
    least, few = pair(min(rows, key=lambda row: row["predicted"]))
    return v.pick(
        f"Where the model said {said}, {came} bought; where it said {least}, {few}",
        f"模型给出 {said} 的客户中有 {came} 购买；给出 {least} 的有 {few}",
    )


@dataclass(frozen=True)
class Wording:
    """What the drawing says: its axes with their ticks, its legend, and what pointing at a group tells."""

    up: str
    across: str
    legend: tuple[str, str, str]
    """A group, the interval, the line of those that were right."""
    tip: Callable[[Row], str]
    say: Say
    marks: Sequence[float] = QUARTERS


def _said(v: Voice) -> Wording:
    def tip(row: Row) -> str:
        said, came, people = v.share(row["predicted"]), v.share(row["actual"]), v.count(row.get("n"))
        return v.pick(
            f"Said {said}: {came} bought ({people} customers)", f"预测 {said}：实际 {came}（{people} 位客户）"
        )

    return Wording(
        v.pick("Share that bought", "实际购买占比"),
        v.pick("Predicted chance →", "预测概率 →"),
        (
            v.pick("a group of customers", "一组客户"),
            v.pick("95 % interval of the share", "占比的 95% 区间"),
            v.pick("said and came alike", "预测与实际一致"),
        ),
        tip,
        v.share,
    )


def draw(rows: Sequence[Row], width: float, words: Wording) -> Drawing:
    """Dots of `rows` (predicted, actual, low, high) with their intervals around the dashes of those that were right."""
    side = 420 if width >= WIDE else width
    first, last = words.marks[0], words.marks[-1]
    left = max(52.0, room(first, last, words.say) + 4)
    panel = Panel(left, 26, side - left - 20, 250, Linear(first, last, 276, 26), words.marks)
    across = Linear(first, last, panel.left, panel.right)
    marks = panel.frame(words.say, words.up)
    marks.append(line(across(first), panel.y(first), across(last), panel.y(last), "equal"))
    places = [across(part) for part in words.marks]
    marks += bottom_labels(places, [words.say(part) for part in words.marks], panel.bottom + 18, width)
    marks.append(text(panel.right, panel.bottom + 36, words.across, None, "end"))
    marks += [_group(row, across, panel, words) for row in rows]
    if width >= WIDE:
        marks += _legend(side + 28, words)
    return Drawing(width, panel.bottom + 46, joined(marks))


def _group(row: Row, across: Linear, panel: Panel, words: Wording) -> Markup:
    x, low, high = across(row["predicted"]), known(row.get("low")), known(row.get("high"))
    bar = None if low is None or high is None else line(x, panel.y(low), x, panel.y(high), "whisker")
    return group([bar, dot(x, panel.y(row["actual"]), 5, "dot")], words.tip(row))


def _legend(x: float, words: Wording) -> list[Markup]:
    marks = (dot(x + 8, 56, 5, "dot"), line(x + 8, 74, x + 8, 94, "whisker"), line(x, 112, x + 17, 112, "equal"))
    named = enumerate(zip(marks, words.legend, strict=True))
    return [part for i, (mark, name) in named for part in (mark, text(x + 28, 60 + 28 * i, name, "ink"))]
