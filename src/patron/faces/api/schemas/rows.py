"""Shapes of many rows at once: one for each kind of record, made from the roles that the kind declares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from patron.faces.api.schemas.sources import Counts
from patron.faces.api.values import AMOUNT, Count, Given, Number, Shown
from patron.history.files.record_kinds import RECORDS, Role

Source = Annotated[str, Field(min_length=1, max_length=120, description="where the rows come from: a name of your own")]


def _value(role: Role) -> Any:
    """The kind of value that a role takes: decimal text for amounts, true and false for yes and no, else text."""
    if role.type in ("money", "number", "count"):
        return Annotated[str, Field(max_length=40, description=f"{role.about.en}, as decimal text", pattern=AMOUNT)]
    about = {"time": f"{role.about.en}, with its offset", "day": f"{role.about.en}, as 2026-03-01"}.get(role.type)
    return Annotated[str, Field(max_length=role.most or 100_000, description=about or role.about.en)]


def _row(kind: str) -> type[Given]:
    fields: dict[str, Any] = {name: (_value(role) | None, None) for name, role in RECORDS[kind].items()}
    name = f"{kind.title()}Row"
    return create_model(name, __base__=Given, __doc__=f"One of many {kind}.", **fields)


def body_of(kind: str) -> type[Given]:
    """The body of a request with many rows of a kind."""
    rows: Any = Annotated[list[_row(kind)], Field(min_length=1, max_length=1_000)]  # type: ignore[misc]
    return create_model(
        f"Many{kind.title()}",
        __base__=Given,
        __doc__=f"Up to 1,000 {kind} of one source.",
        source=(Source, ...),
        rows=(rows, ...),
    )


class Wrong(Shown):
    """What is wrong with a field."""

    field: str
    detail: str


class RowDone(Shown):
    """What became of a row: its place in the request, from 0."""

    row: Count
    outcome: Literal["created", "updated", "skipped", "error", "erased"]
    errors: list[Wrong]


class Taken(Shown):
    """What became of the rows; `import_id` is the import that can be undone."""

    import_id: Number
    counts: Counts
    items: list[RowDone]
