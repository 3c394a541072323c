"""Shapes of imports and of rows that are taken in at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from patron.faces.api.values import Count, Given, Moment, Number, Said, Shown

Kind = Literal["customers", "orders", "products", "interactions", "events", "feedback", "subscriptions"]
State = Literal[
    "uploaded",
    "counting",
    "previewed",
    "queued",
    "running",
    "paused",
    "cancelled",
    "failed",
    "done",
    "undoing",
    "undone",
]
Option = Literal["encoding", "delimiter", "header", "date_order", "decimal", "sheet", "timezone", "currency"]
Options = Annotated[
    dict[Option, Annotated[str, Field(max_length=120)] | Annotated[int, Field(ge=0, le=10_000)] | bool | None],
    Field(max_length=8),
]
Column = Annotated[str, Field(max_length=300)] | Annotated[int, Field(strict=True, ge=1, le=10_000)]


class SourceName(Shown):
    """Where files come from."""

    name: str


class Counts(Shown):
    """Rows that are (to be) created, updated, skipped and refused."""

    create: Count = 0
    update: Count = 0
    skip: Count = 0
    error: Count = 0


class ImportInShort(Shown):
    """An import: what it is, how far it is, what came of it."""

    id: Number
    source: SourceName
    kind: Kind
    state: State
    asked: str
    file_name: str
    size: int
    counts: Counts
    rows_total: int | None
    rows_done: int
    error: Said | None
    made_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    undone_at: Moment | None
    by_name: str


class Import(ImportInShort):
    """An import with what was recognised in its file."""

    options: dict[str, Any]
    mapping: dict[str, str | int]
    found: dict[str, Any]


class Mapping(Given):
    """Which column is what, by its name or position, and how the file is read; a role that is not named is left out."""

    mapping: Annotated[dict[Annotated[str, Field(max_length=60)], Column], Field(max_length=60)]
    options: Options | None = None
