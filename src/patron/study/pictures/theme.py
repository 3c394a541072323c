"""The few colour tokens every picture and the report share, and the CSS made of them.

Nothing else names a colour: pictures carry classes, a theme is a handful of variables, so that one drawing serves
light, dark and print. A test holds the contrast of each pair that carries text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LIGHT = {
    "ink": "#1d2433",
    "muted": "#5a6270",
    "paper": "#fbfbf9",
    "raised": "#ffffff",
    "line": "#e4e5e1",
    "rule": "#8b919b",
    "jade": "#0f766e",
    "warm": "#a8480f",
}
DARK = {
    "ink": "#e8eaed",
    "muted": "#a2a9b5",
    "paper": "#14171c",
    "raised": "#1a1e25",
    "line": "#2a2f38",
    "rule": "#6d7583",
    "jade": "#2fb5a6",
    "warm": "#f0a06a",
}
STAGE_COLOURS = {
    "prospect": "#8a94a6",
    "lead": "#4a90d9",
    "new": "#2ab7a9",
    "active": "#2e7d4f",
    "loyal": "#c9962b",
    "at_risk": "#d9662b",
    "lapsed": "#7d6b6b",
    "won_back": "#7a5ea8",
}
TINT = "1f"  # alpha of a 12 % tint, as the last byte of a colour
HEAT = (0.05, 0.55)
"""Opacity of jade at the lowest and the highest value of a heat map: ink stays readable on it."""
BAND = 0.16
"""Opacity of the class .band, on which labels stand."""
FONT = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans SC","Noto Sans CJK SC","PingFang SC",'
    '"Hiragino Sans GB","Microsoft YaHei",sans-serif'
)


def heat(part: float) -> str:
    """Opacity of a heat map's cell; `part` is its value ÷ the highest one, 0 … 1."""
    low, high = HEAT
    return f"{low + (high - low) * min(max(part, 0.0), 1.0):.2f}"


def variables(tokens: dict[str, str]) -> str:
    """`tokens` as CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in tokens.items())


def stage_variables() -> str:
    """Fill and 12 % tint of each stage: the same in both themes."""
    fills = variables({f"stage-{code}": colour for code, colour in STAGE_COLOURS.items()})
    return fills + variables({f"tint-{code}": colour + TINT for code, colour in STAGE_COLOURS.items()})


def tokens_css(scope: str, *, switch: bool = False) -> str:
    """Rules that give `scope` its variables: light, dark where the reader's system asks for it, light on paper.

    With `switch`, the boxes #theme-light and #theme-dark decide against the system; no script is needed for it.
    """
    light, dark = variables(LIGHT), variables(DARK)
    rules = [
        f"{scope}{{color-scheme:light;{light}{stage_variables()}--font:{FONT}}}",
        f"@media screen and (prefers-color-scheme:dark){{{scope}{{color-scheme:dark;{dark}}}}}",
    ]
    if switch:
        rules.append(
            f"@media screen{{{scope}:has(#theme-light:checked){{color-scheme:light;{light}}}"
            f"{scope}:has(#theme-dark:checked){{color-scheme:dark;{dark}}}}}"
        )
    return "\n".join(rules)


@cache
def picture_css() -> str:
    """How the marks of a picture look, in terms of the variables."""
    stages = "".join(f".pp .stage-{code}{{fill:var(--stage-{code})}}" for code in STAGE_COLOURS)
    return (Path(__file__).with_name("picture.css").read_text(encoding="utf-8") + stages).replace("\n", "")
