"""Calibration: what was predicted beside what came, in groups of rows the model had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from patron.study.pictures import reliability
from patron.study.pictures.axes import QUARTERS
from patron.study.pictures.picture import Picture, Shown, both, nothing
from patron.study.pictures.scales import known, known_all, ticks
from patron.study.supervised.report.subject import Card, Subject, judged, rows
from patron.words import Text

Row = Mapping[str, Any]
NAME = "calibration"
_NONE = Text("Nothing to check the predictions by yet", "暂无可供检验的预测")
_WHY = Text(
    "It needs rows whose outcome is known and which the model had not seen.",
    "需要结果已知且未参与训练的行。",
)


def picture(card: Card, s: Subject) -> Picture:
    """Predicted (across) against what came (up) with its interval; the dashes are right."""
    v, given = s.v, rows(judged(card).get("calibration"), "predicted", "actual")
    if not given:
        return nothing(NAME, v, _NONE, _WHY)
    columns = [
        Shown("predicted", v.pick("Predicted", "预测"), s.figure),
        Shown("actual", v.pick("Came", "实际"), s.figure),
        Shown("low", v.pick("Low", "下限"), s.figure),
        Shown("high", v.pick("High", "上限"), s.figure),
        Shown("n", v.pick("Rows", "行数"), v.count),
    ]
    return Picture(
        NAME,
        v.lang,
        finding(given, s),
        v.pick(f"{s.outcome}: said and came, with 95 % intervals", f"{s.outcome}：预测与实际，附 95% 区间"),
        v.pick(f"{len(given)} groups of rows by what was predicted.", f"按预测值分成 {len(given)} 组。"),
        pa.table({column.name: [known(row.get(column.name)) for row in given] for column in columns}),
        columns,
        both(lambda width: reliability.draw(given, width, wording(given, s))),
    )


def finding(given: Sequence[Row], s: Subject) -> str:
    """What came of the group with the highest prediction, and of the one with the lowest."""
    most, least = (pick(given, key=lambda row: row["predicted"]) for pick in (max, min))
    said, came, little, few = (s.figure(row[key]) for row in (most, least) for key in ("predicted", "actual"))
    if len(given) == 1:
        return s.v.pick(f"Where it said {said}, it was {came}", f"预测 {said} 的一组，实际为 {came}")
    return s.v.pick(
        f"Where it said {said}, it was {came}; where it said {little}, {few}",
        f"预测 {said} 的一组，实际为 {came}；预测 {little} 的一组，实际为 {few}",
    )


def wording(given: Sequence[Row], s: Subject) -> reliability.Wording:
    """What the drawing says."""
    v = s.v

    def tip(row: Row) -> str:
        said, came, n = s.figure(row["predicted"]), s.figure(row["actual"]), v.count(row.get("n"))
        return v.pick(f"Said {said}: {came} came ({n} rows)", f"预测 {said}：实际 {came}（{n} 行）")

    return reliability.Wording(
        v.pick("Mean that came", "实际均值") if s.number else v.pick(f"Share of {s.yes} that came", f"实际{s.yes}占比"),
        v.pick("Predicted →", "预测值 →") if s.number else v.pick("Predicted chance →", "预测概率 →"),
        (
            v.pick("a group of rows", "一组行"),
            v.pick("95 % interval", "95% 区间"),
            v.pick("said and came alike", "预测与实际一致"),
        ),
        tip,
        s.figure,
        _marks(given, s),
    )


def _marks(given: Sequence[Row], s: Subject) -> Sequence[float]:
    """Ticks from 0 to all, or only as far as the groups reach."""
    values = known_all(row.get(key) for row in given for key in ("predicted", "actual", "low", "high"))
    low, high = min(0.0, *values), max(values)
    return QUARTERS if not s.number and high > 0.5 else ticks(low, high)
