"""`report.html`: the answer of a run on one page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from patron.study.report.content import content
from patron.study.report.page import page


def render(scores: pa.Table, card: Mapping[str, Any], figures: Mapping[str, Any], *, lang: str = "en") -> str:
    """The whole page as HTML, opening in `lang` ('en' or 'zh').

    `scores` has one row a customer (only the call list's rows are read one by one), `card` and `figures` are card.json
    and figures.json. What is missing in them shows as an empty state; nothing in them is trusted to be safe HTML.
    """
    return page("sheet.html", [content(scores, card, figures, language) for language in ("en", "zh")], lang=lang)


__all__ = ["render"]
