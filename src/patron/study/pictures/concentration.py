"""How revenue is spread over customers: the concentration curve and classes A, B and C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures import numbers
from patron.study.pictures.axes import Panel, bottom_labels
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, as_of_line, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, line, path, rect, text
from patron.study.pictures.terms import pick, value_word
from patron.words import Text

QUARTERS = (0, 0.25, 0.5, 0.75, 1)


def picture(figures: Mapping[str, Any], lang: str) -> Picture:
    """Share of value (up) that the best customers (across) bring, against equal shares, and the ABC classes."""
    given = figures.get("concentration") or {}
    curve = [(float(x), float(y)) for x, y in given.get("curve") or [] if known(x) is not None and known(y) is not None]
    if len(curve) < 2:
        return nothing(
            "concentration", lang, figures, Text("No spread of value to show yet", "暂无价值集中度数据"), _WHY
        )
    classes = [row for row in given.get("abc") or [] if known(row.get("customers"))]
    currency, value = figures.get("currency"), value_word(figures, lang)

    def draw(width: float) -> Drawing:
        return _draw(curve, classes, known(given.get("top_decile_share")), width, lang, value)

    table = pa.table({"customers_share": [x for x, _ in curve], "value_share": [y for _, y in curve]})
    shown = [
        Shown("customers_share", pick(lang, "Best customers", "价值最高的客户"), lambda v: numbers.share(v, lang)),
        Shown("value_share", pick(lang, f"Share of {value}", f"{value}占比"), lambda v: numbers.share(v, lang)),
    ]
    unit = as_of_line(
        figures,
        lang,
        pick(lang, f"Cumulative share of {value}", f"累计{value}占比"),
        currency or "",
        _gini(given, lang),
    )
    about = pick(
        lang,
        "A curve of customers by falling value against their share of value.",
        "按价值从高到低排列客户的累计占比曲线。",
    )
    return Picture("concentration", lang, finding(given, value, lang), unit, about, table, shown, **both(draw))


_WHY = Text("It needs at least one customer with value above zero.", "至少需要一位价值大于零的客户。")


def finding(given: Mapping[str, Any], value: str, lang: str) -> str:
    """The share of the top tenth."""
    top = known(given.get("top_decile_share"))
    if top is None:
        return pick(lang, f"How {value} is spread over customers", f"{value}在客户间的分布")
    part = numbers.share(top, lang)
    return pick(
        lang, f"The top tenth of customers brings {part} of {value}", f"价值最高的一成客户带来 {part} 的{value}"
    )


def _gini(given: Mapping[str, Any], lang: str) -> str:
    gini = known(given.get("gini"))
    return "" if gini is None else pick(lang, f"Gini {gini:.2f}", f"基尼系数 {gini:.2f}")


def _draw(
    curve: Sequence[tuple[float, float]],
    classes: Sequence[Mapping[str, Any]],
    top: float | None,
    width: float,
    lang: str,
    value: str,
) -> Drawing:
    def percent(part: float) -> str:
        return numbers.share(part, lang)

    wide = width >= WIDE
    size = 400 if wide else width
    low, high = min(0.0, *(y for _, y in curve)), max(1.0, *(y for _, y in curve))
    # returns can lift the curve a little above all of the value before they take it down again: no tick for that
    panel = Panel(52, 26, size - 72, 270, Linear(low, high, 296, 26), QUARTERS)
    across = Linear(0, 1, panel.left, panel.right)
    marks = panel.frame(percent, pick(lang, f"Share of {value}", f"{value}占比"))
    marks += bottom_labels(
        [across(v) for v in QUARTERS], [percent(v) for v in QUARTERS], panel.bottom + 18, panel.width
    )
    marks.append(
        text(
            panel.right, panel.bottom + 36, pick(lang, "Customers, best first →", "客户（价值由高到低）→"), None, "end"
        )
    )
    points = [(across(x), panel.y(y)) for x, y in curve]
    marks.append(path([*points, (across(1), panel.y(0)), (across(0), panel.y(0))], "band", close=True))
    marks.append(line(across(0), panel.y(0), across(1), panel.y(1), "equal"))
    marks.append(text(across(0.66), panel.y(0.53), pick(lang, "if all were equal", "若人人相同"), "small"))
    marks.append(path(points, "line"))
    if top is not None:
        x, y = across(0.1), panel.y(top)
        words = pick(lang, f"top 10{numbers.NARROW}%: {percent(top)}", f"前 10%：{percent(top)}")
        marks += [line(x, panel.y(0), x, y, "split"), dot(x, y, 5, "mark"), text(x + 12, y + 14, words, "strong")]
    box = (430.0, 38.0, width - 430) if wide else (0.0, 380.0, width)
    marks += _classes(classes, box, lang, value)
    height = 344 if wide or not classes else 380 + 58 * len(classes)
    return Drawing(width, height, Markup("").join(marks))


def _classes(
    classes: Sequence[Mapping[str, Any]], box: tuple[float, float, float], lang: str, value: str
) -> list[Markup]:
    """Two bars a class: its share of customers above its share of value."""
    left, top, width = box
    people = sum(row["customers"] for row in classes) or 1
    scale = Linear(0, 1, left + 24, left + width - 116)
    marks = []
    for i, row in enumerate(classes):
        y = top + (84 if left else 58) * i
        share = max(known(row.get("share")) or 0, 0)
        marks.append(text(left, y + 20, str(row["class"]), "head"))
        for at, part, kind, words in (
            (y, row["customers"] / people, "pale", pick(lang, "customers", "客户")),
            (y + 20, share, "bar", value),
        ):
            end = scale(part)
            marks.append(
                group(
                    [
                        rect(scale(0), at, end - scale(0), 14, kind),
                        text(end + 6, at + 11, f"{numbers.share(part, lang)} {words}", "ink"),
                    ]
                )
            )
    return marks
