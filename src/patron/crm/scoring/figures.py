"""What the overview shows of everybody, worked out once at the end of a refresh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from patron.study.settings import Settings


def overview_figures(scores: pa.Table, drawn: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The run's figures, and the sums of the overview beside them."""
    del scores, settings
    return dict(drawn)
