"""What a term says, in words: the fact first, then which way it leads."""

from __future__ import annotations

from datetime import date, datetime

from patron.lifecycle.models.table.base import BASE
from patron.lifecycle.models.table.calibrated import CALIBRATION
from patron.lifecycle.models.table.preparation import MISSING, OTHER
from patron.words import Text

UP, DOWN = Text("raises it", "使其升高"), Text("lowers it", "使其降低")


def cell(value: object) -> Text:
    """A cell as people write it."""
    if value is None or value == "" or (isinstance(value, float) and value != value):  # noqa: PLR0124 — NaN
        return Text("not known", "未知")
    if isinstance(value, (datetime, date)):
        return Text.of(value.isoformat()[:10])
    if isinstance(value, float):
        shown = f"{value:,.0f}" if value.is_integer() else f"{value:,.4g}"
        return Text.of(shown)
    return Text.of(str(value))


def reason(feature: str, value: object, term: float) -> Text:
    """'Contract: Month-to-month – raises it'."""
    way = UP if term > 0 else DOWN
    if feature in (BASE, CALIBRATION):
        return Text(f"calibration – {way.en}", f"校准：{way.zh}")
    said = cell(value)
    return Text(f"{feature}: {said.en} – {way.en}", f"{feature}：{said.zh}，{way.zh}")


def question(feature: str, edge: float | str | None, level: str | None, *, yes: bool) -> Text:
    """A rule's question with its answer: 'tenure at most 5', 'Contract is not Two year', 'age not known'."""
    if edge is not None:
        said = cell(edge)
        way = Text("at most", "不超过") if yes else Text("above", "高于")
        return Text(f"{feature} {way.en} {said.en}", f"{feature}{way.zh} {said.zh}")
    if level == MISSING:
        known = Text("not known", "未知") if yes else Text("known", "已知")
        return Text(f"{feature} {known.en}", f"{feature}{known.zh}")
    named = Text("another value", "其他取值") if level == OTHER else Text.of(f"“{level}”")
    way = Text("is", "为") if yes else Text("is not", "不为")
    return Text(f"{feature} {way.en} {named.en}", f"{feature}{way.zh}{named.zh}")
