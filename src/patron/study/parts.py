"""The parts of a fitted model on disk: one JSON, one npz, and its texts. No pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from patron.lifecycle.models.base import Parts


def write_parts(stem: Path, parts: Parts) -> None:
    """Write `stem`.json, `stem`.npz and `stem`.NAME.txt."""
    stem.with_suffix(".json").write_text(json.dumps(parts.json, ensure_ascii=False, indent=1), encoding="utf-8")
    arrays: dict[str, Any] = {name: np.asarray(a) for name, a in parts.arrays.items()}
    np.savez(stem.with_suffix(".npz"), **arrays)
    for name, text in parts.texts.items():
        stem.with_name(f"{stem.name}.{name}.txt").write_text(text, encoding="utf-8")


def read_parts(stem: Path) -> Parts:
    """What `write_parts` wrote. Raises OSError or ValueError for what is not whole."""
    with np.load(stem.with_suffix(".npz"), allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    head = f"{stem.name}."
    texts = {p.name[len(head) : -4]: p.read_text(encoding="utf-8") for p in stem.parent.glob(f"{head}*.txt")}
    return Parts(json.loads(stem.with_suffix(".json").read_text(encoding="utf-8")), kept, texts)
