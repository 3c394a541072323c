"""`report.html` beside a trained model: what is predicted, how good it is, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patron.study.report.page import page
from patron.study.supervised.report.content import content


def render(card: Mapping[str, Any], *, lang: str = "en") -> str:
    """The whole page as HTML, opening in `lang` ('en' or 'zh').

    What is missing in the card shows as an empty state; nothing in it is trusted to be safe HTML.
    """
    return page("model.html", [content(card, language) for language in ("en", "zh")], lang=lang)


__all__ = ["render"]
