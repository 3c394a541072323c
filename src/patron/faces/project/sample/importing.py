"""Brings one file of the sample base in by the ordinary import: begun, gone on with, or done already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from patron.crm.kit.policy import Actor
from patron.crm.sources.jobs import run_import
from patron.crm.sources.models import Import
from patron.crm.sources.operations import resume, start, upload
from patron.errors import ResourceError
from patron.words import Text

LEFT_BEHIND = ("queued", "running", "paused", "failed")


def bring(file: Path, kind: str, source: str, by: Actor, progress: Callable[[int, int | None], None]) -> None:
    """`file` is imported afterwards, as `kind` of `source`. `progress` gets rows done and rows in all.

    Raises ResourceError, with the import's own words, where it stopped.
    """
    run = Import.objects.filter(source__name=source, kind=kind, file_name=file.name).order_by("-id").first()
    if run is None:
        with file.open("rb") as content:
            run = upload(by=by, file=content, file_name=file.name, source_name=source, kind=kind)
    if run.state == "done":
        return
    if run.state in LEFT_BEHIND:
        resume(by=by, import_id=run.pk, enqueue=False)
    else:
        start(by=by, import_id=run.pk, enqueue=False)
    # Whoever began it is gone with the process that was cut short: nobody else runs it.
    ended = run_import(run.pk, progress=lambda _step, done, total: progress(done, total), take_over=True)
    if ended != "done":
        raise _stopped(run.pk, file.name, ended)


def _stopped(number: int, name: str, ended: str) -> ResourceError:
    error = Import.objects.values_list("error", flat=True).get(pk=number) or {}
    return ResourceError(
        Text(
            f"the import of {name} ended as '{ended}'. {error.get('en', '')}".strip(),
            f"{name} 的导入以“{ended}”结束。{error.get('zh', '')}",
        ),
        remedy=Text("Run the same command again: it goes on from there.", "请重新运行同一命令，将从中断处继续。"),
    )
