"""A page that needs nothing but itself: the frame around the sheets of a report, one sheet a language.

Both languages and both themes are in the file and switch without a script; the script adds tooltips, CSV export and
a memory for the switches. Nothing is fetched: the page forbids it to itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from patron.study.pictures.theme import STAGE_COLOURS, picture_css, tokens_css

_HERE = Path(__file__).parent


def page(sheet: str, pages: Sequence[Mapping[str, Any]], *, lang: str = "en") -> str:
    """The whole page as HTML, opening in `lang` ('en' or 'zh').

    `pages` is what the template `sheet` needs in English, then in Chinese; nothing in them is trusted to be safe HTML.
    """
    script = (_HERE / "page.js").read_text(encoding="utf-8").strip()
    return (
        _environment()
        .get_template("page.html")
        .render(
            lang=lang,
            html_lang="zh-Hans" if lang == "zh" else "en",
            sheet=sheet,
            pages=pages,
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
