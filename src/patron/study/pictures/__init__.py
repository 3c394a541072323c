"""Pictures of a run, drawn as SVG in Python: one file a picture, each from `figures` alone.

>>> plot("stages", {}).title
'No customers by stage yet'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from patron.errors import UsageError
from patron.study.pictures import (
    calibration,
    clv,
    cohorts,
    concentration,
    months,
    reliability,
    rfm,
    stages,
    tracking,
)
from patron.study.pictures.picture import Picture
from patron.words import Text

PICTURES: dict[str, Callable[[Mapping[str, Any], str], Picture]] = {
    "stages": stages.picture,
    "months": months.picture,
    "concentration": concentration.picture,
    "cohorts": cohorts.picture,
    "rfm": rfm.picture,
    "clv": clv.picture,
    "calibration": calibration.picture,
    "reliability": reliability.picture,
    "tracking": tracking.picture,
}
"""Every picture by the name `plot` takes, in the order of the report."""


def plot(name: str, figures: Mapping[str, Any], lang: str = "en") -> Picture:
    """The picture `name` of a run's figures (figures.json), with its words in `lang` ('en' or 'zh').

    A figure that is missing gives a picture that says so. Raises UsageError for a name that is none.
    """
    if name not in PICTURES:
        raise UsageError(
            Text("There is no picture '{0}'.", "没有名为“{0}”的图表。").format(name),
            remedy=Text("Pictures: {0}.", "可用的图表：{0}。").format(", ".join(PICTURES)),
        )
    return PICTURES[name](figures, lang)


__all__ = ["PICTURES", "Picture", "plot"]
