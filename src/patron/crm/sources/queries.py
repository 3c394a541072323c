"""Every read about imports."""

from __future__ import annotations

from collections.abc import Iterator

from patron.crm.customers.models import Source
from patron.crm.kit.doors import query
from patron.crm.kit.pages import Page, bookmark, read_bookmark
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import NotFound
from patron.crm.sources.models import Import
from patron.crm.sources.rejects import rejected_csv
from patron.words import Text


@query("sources.view")
def list_imports(*, actor: Actor, after: str | None = None, limit: int = 50) -> Page[Import]:
    """Imports, the newest first."""
    del actor  # whoever may see imports sees all of them
    found = Import.objects.select_related("source").order_by("-id")
    if after:
        found = found.filter(pk__lt=read_bookmark(after, int)[0])
    rows = list(found.defer("found")[: limit + 1])
    return Page(rows[:limit], bookmark(rows[limit - 1].pk) if len(rows) > limit else None)


@query("sources.view")
def get_import(*, actor: Actor, import_id: int) -> Import:
    """One import with all that is known of it. Raises NotFound."""
    del actor  # whoever may see imports sees all of them
    run = Import.objects.select_related("source").filter(pk=import_id).first()
    if run is None:
        raise NotFound(Text("import", "导入"), import_id)
    return run


@query("sources.view")
def source_names(*, actor: Actor) -> list[str]:
    """Sources that files came from, by name."""
    del actor  # whoever may see imports sees all of them
    return list(Source.objects.exclude(kind="hand").order_by("name").values_list("name", flat=True)[:200])


@query("sources.import")
def rejected_rows(*, actor: Actor, import_id: int, lang: str = "en") -> Iterator[str]:
    """The rejected rows as CSV text to be mended, line by line. They hold what was in the file: for who imports."""
    return rejected_csv(get_import(actor=actor, import_id=import_id), lang)
