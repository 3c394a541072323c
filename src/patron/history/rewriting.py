"""Parts written anew: to forget facts for good, and to make few large parts of many small ones.

Erasure and the undoing of an import are the only acts that rewrite the past. A part is replaced whole: its new file is
written first, then the manifest names it, then the old file goes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from patron.history import manifest as manifests
from patron.history import parts
from patron.history.derived import forget_older
from patron.history.manifest import Manifest, Part
from patron.history.shelf import LINES
from patron.history.store import History

SMALL = 200_000  # rows; parts below are joined
MANY = 8  # small parts, from which on they are joined


def forget(history: History, fact: str, gone: Callable[[Any], Any]) -> int:
    """Rewrite the parts of a fact table without the rows for which `gone(table)` (Ibis) holds. How many went.

    A correction whose first fact goes has to go with it: `gone` must hold for both.
    """
    with manifests.locked(history.folder):
        history.reload()
        before = history.manifest
        went = 0
        for part in before.of(fact):
            rows = history.engine.read([history.folder / part.file])
            number = int(history.rows(rows.aggregate(n=gone(rows).sum())).column("n")[0].as_py() or 0)
            if number:
                _replace(history, fact, [part], rows.filter(~gone(rows)))
                went += number
        _clear(history, before)
    return went


def compact(history: History, fact: str) -> bool:
    """Join the small parts of a fact table into one, once there are many. Whether there was anything to join."""
    with manifests.locked(history.folder):
        history.reload()
        before = history.manifest
        small = [part for part in before.of(fact) if part.rows < SMALL]
        if len(small) < MANY:
            return False
        _replace(history, fact, small, history.engine.read([history.folder / part.file for part in small]))
        _clear(history, before)
    return True


def _replace(history: History, fact: str, old: Sequence[Part], rows: Any) -> None:
    """The manifest names one new part with `rows` in the place of `old`, or none where no row is left."""
    home, shape = history.folder / fact, parts.shape_of(fact)
    unfinished = home / f"{os.getpid()}.tmp"
    made: list[Part] = []
    try:
        history.engine.write(rows.order_by("fact_id"), unfinished)
        seen = parts.look(history.engine, shape, unfinished)
        if seen["rows"]:
            digest = manifests.file_sha256(unfinished)
            file = home / f"{old[0].file.rsplit('/', 1)[-1][:5]}-{digest[:16]}.parquet"
            unfinished.replace(file)
            made = [Part(digest[:16], fact, str(file.relative_to(history.folder)), sha256=digest, **seen)]
    finally:
        unfinished.unlink(missing_ok=True)
    left = [part for part in history.manifest.parts if part not in old]
    manifests.save(history.folder, Manifest((*left, *made)))
    history.reload()


def _clear(history: History, before: Manifest) -> None:
    """Take away the files that only `before` named, and what was derived from them."""
    named = {part.file for part in history.manifest.parts}
    for part in before.parts:
        if part.file not in named:
            Path(history.folder / part.file).unlink(missing_ok=True)
    forget_older(history.folder, history.manifest.digest(LINES))
