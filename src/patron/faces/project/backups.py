"""A backup and its way back, on both databases, while the server runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from patron.crm.accounts.models import Organisation, Role
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.models import AuditEntry, IdempotencyKey, ScheduledRun, Worker
from patron.crm.kit.policy import System
from patron.crm.kit.privacy import models_of_crm
from patron.errors import InputError
from patron.faces.project import tables
from patron.faces.project.archive import Manifest, Swap, archive_for, not_whole, opened, pack_files, unpack_files
from patron.faces.project.databases import database
from patron.words import Text

# Rows that every new base has, or that say nothing about its contents.
_ALWAYS = (Role, Organisation, AuditEntry, ScheduledRun, Worker, IdempotencyKey)


def backup(path: Path) -> Manifest:
    """Writes one archive at `path`, whole or not at all, and reads it once more to be sure."""
    part = path.with_name(path.name + ".part")
    manifest = Manifest("", clock.now().isoformat(timespec="seconds"), [])
    manifest.vendor = connection.vendor
    try:
        with _scratch() as scratch, archive_for(part) as archive:
            database().save(archive, manifest, scratch)
            manifest.files = pack_files(Path(settings.HOME), archive)
            manifest.write(archive)
        with opened(part) as archive:
            if (damaged := archive.testzip()) is not None:
                raise not_whole(f"{damaged} was written wrongly", f"{damaged} 写入错误")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    audit.record(System("patron backup"), "server.backup", "", None, tables=len(manifest.tables))
    return manifest


def restore(path: Path, *, replace: bool) -> Manifest:
    """Puts a backup in place of what is there, whole or not at all.

    Raises InputError for a base that holds something (unless `replace`), another kind of database or a damaged archive.
    Announces 'server.restored', so that what is derived from the records is made anew.
    """
    home = Path(settings.HOME)
    with opened(path) as archive, _scratch() as scratch:
        manifest = Manifest.read(archive)
        check(manifest, replace=replace)
        fresh = scratch / "files"
        fresh.mkdir()
        unpack_files(archive, manifest, fresh)
        swap = Swap(home, fresh, scratch / "old")
        try:
            database().load(archive, manifest, scratch, swap.do)
        except BaseException:
            swap.take_back()
            raise
    tables.bring_up_to_date()
    announce("server.restored")
    audit.record(System("patron restore"), "server.restore", "", None, made_at=manifest.made_at)
    return manifest


def check(manifest: Manifest, *, replace: bool) -> None:
    """Raises InputError for a backup that this Patron can't take."""
    vendor = connection.vendor
    if manifest.vendor.removesuffix("3") != vendor:  # what earlier versions called sqlite3
        raise InputError(
            Text(
                f"The backup is of a {manifest.vendor} database, this is {vendor}.",
                f"备份来自 {manifest.vendor} 数据库，当前为 {vendor}。",
            ),
            remedy=Text(
                "Restore it where PATRON_DATABASE_URL names the same kind.",
                "请在相同类型的数据库（PATRON_DATABASE_URL）上恢复。",
            ),
        )
    if not replace and (held := holds()):
        raise InputError(
            Text(f"This base is not empty: it has {held}.", f"当前数据库非空：含有 {held}。"),
            remedy=Text(
                "With --replace the backup takes its place; make a backup of it first.",
                "加 --replace 可覆盖；请先备份当前数据。",
            ),
        )
    unknown = newer(manifest)
    if unknown:
        raise InputError(
            Text(
                f"The backup was made by a newer Patron ({manifest.version}).",
                f"备份由更新版本的 Patron（{manifest.version}）创建。",
            ),
            remedy=Text("Update Patron first; nothing was changed.", "请先升级 Patron；未做任何更改。"),
        )


def newer(manifest: Manifest) -> list[str]:
    """Migrations of the backup that this Patron does not know."""
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(connection).disk_migrations)
    return [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]


def holds() -> str:
    """What the base has, e.g. 'users, customers'; '' when it is empty."""
    if tables.empty():
        return ""
    kinds = [model for model in models_of_crm() if model not in _ALWAYS and model.objects.exists()]  # type: ignore[attr-defined]
    names = [str(model._meta.verbose_name_plural) for model in kinds if not model.__name__.endswith("Settings")]
    return ", ".join(names[:5])


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder beside the data, so that renaming is enough; taken away at the end."""
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=settings.HOME))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
