"""`report.html` beside a trained model."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any


def render(card: Mapping[str, Any], *, lang: str = "en") -> str:
    """The page."""
    return f"<!doctype html><html lang={lang}><pre>{html.escape(json.dumps(card, ensure_ascii=False, indent=1))}</pre>"
