"""Many rows at once: `POST /rows/orders` and so on for every kind that can be imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patron.crm.sources.taking import Taken, take_rows
from patron.faces.api.problems import language
from patron.faces.api.resource import Asked, Resource
from patron.faces.api.schemas import rows as shapes
from patron.history.files.record_kinds import KIND_NAMES, RECORDS
from patron.words import Text

rows = Resource(Text("Many rows at once", "批量写入"))
RESOURCES = (rows,)
OUTCOMES = {"create": "created", "update": "updated", "skip": "skipped", "error": "error", "erased": "erased"}


def answered(taken: Taken, lang: str) -> dict[str, Any]:
    """What became of the rows, in the reader's language."""
    items = [
        {
            "row": place,
            "outcome": OUTCOMES[one.outcome],
            "errors": [{"field": name, "detail": text.say(lang)} for name, text in one.wrong.items()],
        }
        for place, one in enumerate(taken.outcomes)
    ]
    return {"import_id": taken.run.pk, "counts": taken.run.counts, "items": items}


def _taker(kind: str) -> Callable[..., Any]:
    def take(request: Asked, body: Any) -> Any:
        given = [row.model_dump(exclude_unset=True) for row in body.rows]
        taken = take_rows(by=request.actor, source_name=body.source, kind=kind, rows=given)
        return answered(taken, language(request))

    take.__name__ = f"take_{kind}"
    take.__doc__ = f"Up to 1,000 {kind} at once, each created, updated, skipped or refused."
    take.__annotations__ = {"request": Asked, "body": shapes.body_of(kind)}
    return take


for _kind in RECORDS:
    _zh = f"批量写入{KIND_NAMES[_kind].zh}（最多 1,000 条）"
    rows.post(f"/rows/{_kind}", shapes.Taken, needs="sources.import", zh=_zh, long=True)(_taker(_kind))
