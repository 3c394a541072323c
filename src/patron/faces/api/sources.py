"""Imports: upload, mapping, preview, start, pause, resume, cancel, undo, rejected rows."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status

from patron.crm.sources import operations, queries
from patron.faces.api.problems import language
from patron.faces.api.resource import After, Asked, Key, Limit, Resource
from patron.faces.api.schemas import sources as shapes
from patron.faces.api.values import Listed
from patron.words import Text

imports = Resource(Text("Imports", "导入"))
RESOURCES = (imports,)
ONE = "/imports/{int:import_id}"


@imports.get("/imports", Listed[shapes.ImportInShort], needs="sources.view", zh="导入列表，由新到旧")
def list_imports(request: Asked, after: After = None, limit: Limit = 50) -> Any:
    """Imports, newest first."""
    page = queries.list_imports(actor=request.actor, after=after, limit=limit)
    return {"items": page.rows, "next": page.next}


@imports.post("/imports", shapes.Import, needs="sources.import", zh="上传文件", status=201)
def upload(
    request: Asked,
    file: Annotated[UploadedFile, File(description="CSV, TSV, XLSX or Parquet")],
    source: Annotated[str, Form(min_length=1, max_length=120, description="where it comes from: a name of your own")],
    kind: Annotated[shapes.Kind, Form()],
) -> Any:
    """Upload a file; the answer says what its columns are taken for."""
    made = operations.upload(by=request.actor, file=file, file_name=file.name or "", source_name=source, kind=kind)
    return Status(201, made)


@imports.get("/sources", Listed[str], needs="sources.view", zh="数据来源")
def list_sources(request: Asked) -> Any:
    """Names of the sources that files and rows came from."""
    return {"items": queries.source_names(actor=request.actor)}


@imports.get(ONE, shapes.Import, needs="sources.view", zh="单个导入及其进度")
def get_import(request: Asked, import_id: Key) -> Any:
    """One import and how far it is."""
    return queries.get_import(actor=request.actor, import_id=import_id)


@imports.put(f"{ONE}/mapping", shapes.Import, needs="sources.import", zh="指定各列的含义与读取方式")
def set_mapping(request: Asked, import_id: Key, mapping: shapes.Mapping) -> Any:
    """Say which column is what, and how the file is read."""
    return operations.set_mapping(by=request.actor, import_id=import_id, **mapping.model_dump())


@imports.post(f"{ONE}/preview", shapes.Import, needs="sources.import", zh="预览：准确计数，不写入", long=True)
def preview(request: Asked, import_id: Key) -> Any:
    """Count exactly what would be created, updated, skipped and refused, writing nothing.

    A file beyond a megabyte is counted in the background: its state is `counting`, then `previewed` with `counts`.
    """
    return operations.preview_soon(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/preview/stop", shapes.Import, needs="sources.import", zh="停止计数")
def stop_counting(request: Asked, import_id: Key) -> Any:
    """Count no further; the columns may be chosen anew."""
    return operations.stop_counting(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/start", shapes.Import, needs="sources.import", zh="开始导入")
def start(request: Asked, import_id: Key) -> Any:
    """Begin in the background."""
    return operations.start(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/pause", shapes.Import, needs="sources.import", zh="暂停导入")
def pause(request: Asked, import_id: Key) -> Any:
    """Stop after the chunk that is being written."""
    return operations.pause(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/resume", shapes.Import, needs="sources.import", zh="继续导入")
def resume(request: Asked, import_id: Key) -> Any:
    """Go on where it stopped."""
    return operations.resume(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/cancel", shapes.Import, needs="sources.import", zh="取消导入")
def cancel(request: Asked, import_id: Key) -> Any:
    """Stop for good; what was written stays until it is undone."""
    return operations.cancel(by=request.actor, import_id=import_id)


@imports.post(f"{ONE}/undo", shapes.Import, needs="sources.import", zh="撤销导入")
def undo(request: Asked, import_id: Key) -> Any:
    """Take back what the import made and changed."""
    return operations.undo(by=request.actor, import_id=import_id)


@imports.get(f"{ONE}/rejected", None, needs="sources.import", zh="下载被拒绝的行（CSV）", media="text/csv")
def get_rejected_rows(request: Asked, import_id: Key) -> HttpResponse:
    """Rejected rows as CSV, to be mended and imported again."""
    lines = queries.rejected_rows(actor=request.actor, import_id=import_id, lang=language(request))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{import_id}.csv"'
    return response  # type: ignore[return-value]
