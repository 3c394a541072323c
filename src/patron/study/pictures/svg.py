"""A few functions that write SVG, safe by construction: text is escaped unless it is markup already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from markupsafe import Markup, escape

Child = Markup | str | None
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no XML document may hold, escaped or not."""


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, without trailing zeros."""
    return f"{round(float(value), 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.1f}"


def tag(name: str, *children: Child, **attributes: object) -> Markup:
    """One element. `class_` becomes class, other underscores hyphens; None leaves an attribute or child out."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            shown = number(value) if isinstance(value, (int, float)) else value
            parts.append(f' {key.rstrip("_").replace("_", "-")}="{escape(_CONTROL.sub("�", str(shown)))}"')
    inside = "".join(
        child if isinstance(child, Markup) else escape(_CONTROL.sub("�", child))
        for child in children
        if child is not None
    )
    parts.append(f">{inside}</{name}>" if inside else "/>")
    return Markup("".join(parts))


def group(children: Iterable[Child], tip: str | None = None, **attributes: object) -> Markup:
    """Elements together; `tip` is what a reader sees who points at them."""
    head: Iterable[Child] = [tag("title", tip)] if tip else []
    return tag("g", *chain(head, children), **attributes)


def text(x: float, y: float, words: str, kind: str | None = None, anchor: str | None = None) -> Markup:
    """Words with their base line at (x, y); `anchor` is 'middle' or 'end'."""
    return tag("text", words, x=x, y=y, class_=kind, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def rect(x: float, y: float, width: float, height: float, kind: str, **more: object) -> Markup:
    """A rectangle; sizes below 0 are drawn as 0."""
    return tag("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), class_=kind, **more)


def dot(x: float, y: float, radius: float, kind: str) -> Markup:
    """A dot."""
    return tag("circle", cx=x, cy=y, r=radius, class_=kind)


def path(points: Iterable[tuple[float, float]], kind: str, *, close: bool = False) -> Markup:
    """A line through the points (closed: an area). None of them: nothing."""
    steps = [f"{number(x)} {number(y)}" for x, y in points]
    if not steps:
        return Markup("")
    return tag("path", d="M" + "L".join(steps) + ("Z" if close else ""), class_=kind)


def joined(parts: Iterable[Markup | None]) -> Markup:
    """Marks as one piece."""
    return Markup("").join(part for part in parts if part is not None)


def text_width(words: str, size: float = 12) -> float:
    """About how wide `words` are, in pixels: Chinese characters are one em, others a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in words)


def wrap(words: str, width: float, size: float = 12) -> list[str]:
    """`words` broken into lines of at most `width` pixels, between words or between Chinese characters."""
    lines, now = [], ""
    for piece in _pieces(words):
        if now and text_width(now + piece.rstrip(" "), size) > width:
            lines.append(now.rstrip(" "))
            now = ""
        now += piece
    return [*lines, now.rstrip(" ")] if now.strip(" ") else lines


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for c in words:
        starts = not pieces or pieces[-1][-1] == " " or ord(c) > 0x2E7F or ord(pieces[-1][-1]) > 0x2E7F
        # a closing mark never begins a line
        if starts and c not in "，。、；：）”％ ":
            pieces.append(c)
        elif pieces:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces
