"""A published model on disk: a folder with its card, its parts and its report."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patron.errors import InputError, ResourceError
from patron.lifecycle.models.table.blend import restore
from patron.lifecycle.models.table.calibrated import Calibrated, from_json
from patron.study.parts import read_parts, write_parts
from patron.study.saving import as_json, put
from patron.study.supervised.training import FORMAT, Trained
from patron.words import Text

CARD, STEM, AROUND, REPORT = "card.json", "model", "calibration.json", "report.html"


@dataclass(frozen=True)
class Kept:
    """A model that was saved, and its card."""

    model: Calibrated
    card: dict[str, Any]
    folder: Path


def save(trained: Trained, folder: Path, report: Callable[[], str]) -> Path:
    """The whole folder or nothing; its report's path. Raises ResourceError where it can't be written."""
    scratch = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
    try:
        (scratch / "parts").mkdir(parents=True)
        write_parts(scratch / "parts" / STEM, trained.model.inner.parts())
        (scratch / "parts" / AROUND).write_text(as_json(trained.model.as_json()), encoding="utf-8")
        (scratch / CARD).write_text(as_json(trained.card), encoding="utf-8")
        (scratch / REPORT).write_text(report(), encoding="utf-8")
        put(scratch, folder)
    except OSError as error:
        raise ResourceError(
            Text(f"the model can't be written: {error.strerror}.", f"无法写出模型：{error.strerror}。"),
            file=str(folder),
            remedy=Text("Free some space or name another folder.", "请腾出空间或另选目录。"),
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder / REPORT


def load(folder: Path) -> Kept:
    """What `save` wrote. Raises InputError where the folder holds no whole model, or one of another format."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card.get("format") != FORMAT or "features" not in card:
            raise ValueError("its card is of another kind")
        inner = restore(read_parts(folder / "parts" / STEM))
        around = json.loads((folder / "parts" / AROUND).read_text(encoding="utf-8"))
        return Kept(from_json(inner, around), card, folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            Text(f"no model can be read here ({error}).", f"无法从此处读取模型（{error}）。"),
            file=str(folder),
            remedy=Text("Name a folder that patron train wrote.", "请指定 patron train 写出的目录。"),
        ) from error
