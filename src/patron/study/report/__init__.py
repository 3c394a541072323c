"""`report.html`: the answer of a run on one page that needs nothing but itself.

Both languages and both themes are in the file and switch without a script; the script adds tooltips, CSV export and
a memory for the switches. Nothing is fetched: the page forbids it to itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from patron.study.pictures.theme import STAGE_COLOURS, picture_css, tokens_css
from patron.study.report.content import content

_HERE = Path(__file__).parent


def render(scores: pa.Table, card: Mapping[str, Any], figures: Mapping[str, Any], *, lang: str = "en") -> str:
    """The whole page as HTML, opening in `lang` ('en' or 'zh').

    `scores` has one row a customer (only the call list's rows are read one by one), `card` and `figures` are card.json
    and figures.json. What is missing in them shows as an empty state; nothing in them is trusted to be safe HTML.
    """
    script = (_HERE / "page.js").read_text(encoding="utf-8").strip()
    return (
        _environment()
        .get_template("page.html")
        .render(
            lang=lang,
            html_lang="zh-Hans" if lang == "zh" else "en",
            pages=[content(scores, card, figures, language) for language in ("en", "zh")],
            style=Markup(_style()),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


@cache
def _style() -> str:
    chips = "".join(
        f".stage-{code}{{background:var(--tint-{code})}}.stage-{code}::before{{background:var(--stage-{code})}}"
        for code in STAGE_COLOURS
    ).replace(".stage-", ".chip.stage-")
    sheet = (_HERE / "page.css").read_text(encoding="utf-8")
    return tokens_css(":root", switch=True) + "\n" + picture_css() + "\n" + sheet + chips


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


__all__ = ["render"]
