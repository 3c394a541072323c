"""The frame marks are drawn in: a panel of the drawing with grid lines, tick labels and a heading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from patron.study.pictures.scales import Linear, every, ticks
from patron.study.pictures.svg import dot, line, rect, text, text_width

Say = Callable[[float], str]
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Ticks of an axis of shares."""


@dataclass(frozen=True)
class Panel:
    """A rectangle to draw in, with the values of its vertical axis; all in pixels but the axis."""

    left: float
    top: float
    width: float
    height: float
    y: Linear
    marks: Sequence[float]

    @staticmethod
    def over(
        box: tuple[float, float, float, float], low: float, high: float, *, target: int = 4, whole: bool = False
    ) -> Panel:
        """A panel on `box` (left, top, width, height) whose axis has round ends beyond `low` and `high`."""
        left, top, width, height = box
        marks = ticks(low, high, target, whole=whole)
        return Panel(left, top, width, height, Linear(marks[0], marks[-1], top + height, top), marks)

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def frame(self, say: Say, heading: str = "") -> list[Markup]:
        """Grid lines with their labels on the left, a stronger line at zero, and a heading above."""
        out = [text(0, self.top - 12, heading, "ink")] if heading else []
        for value in self.marks:
            y = round(self.y(value)) + 0.5
            out.append(line(self.left, y, self.right, y, "zero" if value == 0 else "grid"))
            out.append(text(self.left - 8, y + 4, say(value), None, "end"))
        return out


def room(low: float, high: float, say: Say, *, target: int = 4, whole: bool = False) -> float:
    """How many pixels the tick labels of an axis need on its left."""
    return max(text_width(say(value)) for value in ticks(low, high, target, whole=whole)) + 12


def bottom_labels(places: Sequence[float], words: Sequence[str], y: float, width: float) -> list[Markup]:
    """As many labels under an axis as fit: every k-th, centred on its place, none over another.

    `width` is the drawing's: the last label moves left rather than out of it.
    """
    widest = max((text_width(word) for word in words), default=0) + 10
    span = max(places) - min(places) if places else 0
    step = every(len(words), span + widest, widest)
    out, free = [], 0.0
    for x, word in list(zip(places, words, strict=True))[::step]:
        half = text_width(word) / 2
        middle = min(x, width - half)
        if middle - half >= free:
            out.append(text(middle, y, word, None, "middle"))
            free = middle + half + 6
    return out


def legend(x: float, y: float, entries: Sequence[tuple[str, str]]) -> list[Markup]:
    """Marks with their words, in a row from x on the base line y; `entries` are (class of the mark, words)."""
    out = []
    for kind, words in entries:
        if kind in ("dot", "mark"):
            out.append(dot(x + 6, y - 4, 4, kind))
        elif kind == "whisker":
            out.append(line(x + 6, y - 11, x + 6, y + 3, kind))
        elif kind in ("bar", "pale", "band"):
            out.append(rect(x, y - 9, 12, 10, kind, rx=2))
        else:
            out.append(line(x - 2, y - 4, x + 14, y - 4, kind))
        out.append(text(x + 18, y, words))
        x += 18 + text_width(words) + 14
    return out
