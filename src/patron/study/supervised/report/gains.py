"""Gains: which share of all yes (or of a total) is found among the first of the list."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from markupsafe import Markup

from patron.study.pictures.axes import QUARTERS, Panel, bottom_labels
from patron.study.pictures.picture import WIDE, Drawing, Picture, Shown, both, nothing
from patron.study.pictures.scales import Linear, known
from patron.study.pictures.svg import dot, group, joined, line, path, rect, text
from patron.study.supervised.report.subject import Card, Subject, judged
from patron.words import Text

Curve = Sequence[tuple[float, float]]
NAME = "gains"
FIRST = 0.2
_NONE = Text("No order of customers to show yet", "暂无客户排序")
_WHY = Text(
    "It needs rows the model had not seen, some with the outcome and some without.", "需要未参与训练且结果有差异的行。"
)


def picture(card: Card, s: Subject) -> Picture:
    """Share found (up) among the first customers by score (across); the diagonal is an order by chance."""
    v, curve = s.v, points(judged(card).get("gains"))
    if len(curve) < 2:
        return nothing(NAME, v, _NONE, _WHY)
    what = found(s)
    return Picture(
        NAME,
        v.lang,
        finding(curve, s),
        v.pick(f"{what[0].upper()}{what[1:]} found among the first of the list", f"名单靠前的客户所含的{what}"),
        v.pick("A curve of customers by falling score against what they hold.", "按评分从高到低排列客户的累计曲线。"),
        pa.table({"asked": [x for x, _ in curve], "found": [y for _, y in curve]}),
        [
            Shown("asked", v.pick("First of the list", "名单前"), v.share),
            Shown("found", v.pick("Found", "找到"), v.share),
        ],
        both(lambda width: _draw(curve, width, s)),
    )


def points(given: object) -> list[tuple[float, float]]:
    """The curve's points, those that are pairs of known figures."""
    pairs = given if isinstance(given, (list, tuple)) else []
    return [
        (float(pair[0]), float(pair[1]))
        for pair in pairs
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and None not in (known(pair[0]), known(pair[1]))
    ]


def found(s: Subject) -> str:
    """What is found: 'share of all “Yes”'."""
    whole = f"“{s.target}”" if s.number else s.yes
    return s.v.pick(f"share of all {whole}", f"全部{whole}占比")


def at(curve: Curve, share: float) -> float:
    """The curve's height, straight between its points."""
    before = [point for point in curve if point[0] <= share] or [curve[0]]
    after = [point for point in curve if point[0] >= share] or [curve[-1]]
    (x0, y0), (x1, y1) = before[-1], after[0]
    return y0 if x1 <= x0 else y0 + (share - x0) / (x1 - x0) * (y1 - y0)


def finding(curve: Curve, s: Subject) -> str:
    """What the first fifth holds."""
    first, part = s.v.share(FIRST), s.v.share(at(curve, FIRST))
    whole = f"“{s.target}”" if s.number else s.yes
    return s.v.pick(
        f"The first {first} of the list hold {part} of all {whole}", f"名单前 {first} 的客户占全部{whole}的 {part}"
    )


def _draw(curve: Curve, width: float, s: Subject) -> Drawing:
    v = s.v
    size = 420 if width >= WIDE else width
    low, high = min(0.0, *(y for _, y in curve)), max(1.0, *(y for _, y in curve))
    panel = Panel(52, 26, size - 72, 270, Linear(low, high, 296, 26), QUARTERS)
    across = Linear(0, 1, panel.left, panel.right)
    heading = v.pick("Share found", "找到的占比")
    marks = panel.frame(v.share, heading)
    marks += bottom_labels(
        [across(part) for part in QUARTERS], [v.share(part) for part in QUARTERS], panel.bottom + 18, size
    )
    foot = v.pick("Customers, highest score first →", "客户（评分由高到低）→")
    marks.append(text(panel.right, panel.bottom + 36, foot, None, "end"))
    drawn = [(across(x), panel.y(y)) for x, y in curve]
    marks.append(path([*drawn, (across(1), panel.y(0)), (across(0), panel.y(0))], "band", close=True))
    marks.append(line(across(0), panel.y(0), across(1), panel.y(1), "equal"))
    marks.append(text(across(0.98), panel.y(0.55), v.pick("in any order", "随机排序"), "small", "end"))
    marks.append(path(drawn, "line"))
    marks += [_point(curve, share, across, panel, s) for share in (0.1, FIRST)]
    marks += _tips(curve, across, panel, s)
    return Drawing(width, panel.bottom + 46, joined(marks))


def _point(curve: Curve, share: float, across: Linear, panel: Panel, s: Subject) -> Markup:
    x, y = across(share), panel.y(at(curve, share))
    first, part = s.v.share(share), s.v.share(at(curve, share))
    words = s.v.pick(f"first {first}: {part}", f"前 {first}：{part}")
    return joined([dot(x, y, 5, "mark"), text(x + 12, y + 14, words, "strong")])


def _tips(curve: Curve, across: Linear, panel: Panel, s: Subject) -> list[Markup]:
    """An invisible column over each twentieth, to point at."""
    step = across(0.05) - across(0)
    out = []
    for i in range(1, 21):
        first, part = s.v.share(i / 20), s.v.share(at(curve, i / 20))
        tip = s.v.pick(f"first {first}: {part} found", f"前 {first}：找到 {part}")
        out.append(group([rect(across(i / 20) - step / 2, panel.top, step, panel.height, "over")], tip))
    return out
