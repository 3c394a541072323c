"""theme.css: the colours of study.pictures.theme as variables, so that pages and pictures share one list of them."""

from __future__ import annotations

import hashlib
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from patron.study.pictures.theme import DARK, FONT, LIGHT, STAGE_COLOURS, picture_css, stage_variables, variables

# What pages need beyond pictures: the ground under a pointer, and the writing on a filled button.
MORE_LIGHT = {"hover": "#f0f1ee", "on-jade": "#ffffff"}
MORE_DARK = {"hover": "#232831", "on-jade": "#0b1d1a"}


@cache
def sheet() -> str:
    """The style sheet: light, dark by the reader's system or by choice, light on paper."""
    light, dark = variables(LIGHT | MORE_LIGHT), variables(DARK | MORE_DARK)
    stages = "".join(
        f".stage-{code}{{background:var(--tint-{code})}}.stage-{code}::before{{background:var(--stage-{code})}}"
        for code in STAGE_COLOURS
    )
    return "\n".join(
        [
            f":root{{color-scheme:light;{light}{stage_variables()}--font:{FONT}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root[data-theme=auto]{{color-scheme:dark;{dark}}}}}",
            f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}",
            stages,
            picture_css(),
        ]
    )


@cache
def mark() -> str:
    """A mark of its contents."""
    return hashlib.blake2b(sheet().encode(), digest_size=5).hexdigest()


@require_safe
@cache_control(public=True, max_age=31_536_000)
def stylesheet(_request: HttpRequest) -> HttpResponse:
    """The sheet, to be kept by the browser: its address carries its mark."""
    return HttpResponse(sheet(), content_type="text/css; charset=utf-8")
