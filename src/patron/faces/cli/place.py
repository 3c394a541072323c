"""Where a run is written: a folder that is new, empty, or an earlier run that may be replaced. Whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from patron.errors import ResourceError, UsageError
from patron.words import Text

MARK = "card.json"  # what makes a folder a run


@dataclass(frozen=True)
class Place:
    """A folder for a run; `replace` says that a run there may go."""

    folder: Path
    replace: bool

    def check(self) -> None:
        """Refuses before the work rather than after it: UsageError if in use, ResourceError if closed."""
        if self.folder.exists():
            self._check_contents()
        parent = self.folder.absolute().parent
        nearest = next(p for p in [parent, *parent.parents] if p.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK) or not _takes_folders(nearest):
            raise ResourceError(
                Text("this folder can't be written to.", "无法写入该文件夹。"),
                file=str(nearest),
                remedy=Text("Name another one with --out DIR.", "请用 --out 目录 指定另一个文件夹。"),
            )

    def _check_contents(self) -> None:
        if not self.folder.is_dir():
            raise self._in_use(Text("it is a file, not a folder.", "这是文件，不是文件夹。"))
        if not any(self.folder.iterdir()):
            return
        if not (self.folder / MARK).exists():
            raise self._in_use(Text("it holds other files.", "其中有其他文件。"))
        if not self.replace:
            raise self._in_use(
                Text(
                    "it holds an earlier run; --overwrite replaces it.", "其中有先前的运行结果；加 --overwrite 可替换。"
                )
            )

    def _in_use(self, why: Text) -> UsageError:
        return UsageError(
            Text(f"the output folder is in use: {why.en}", f"输出文件夹已被占用：{why.zh}"),
            file=str(self.folder),
            remedy=Text("Name a new folder with --out DIR.", "请用 --out 目录 指定一个新文件夹。"),
        )

    def fill(self, write: Callable[[Path], Path]) -> Path:
        """Lets `write` make the folder, and returns the path it returned. `write` leaves a folder whole or not there.

        An earlier run is only taken away when the new one is whole beside it.
        """
        if not (self.folder / MARK).exists():
            return write(self.folder)
        fresh = self.folder.with_name(f".{self.folder.name}.{uuid.uuid4().hex[:8]}")
        old = fresh.with_name(f"{fresh.name}.old")
        try:
            inside = write(fresh).relative_to(fresh)
            self.folder.rename(old)
            fresh.rename(self.folder)
        except BaseException:
            if old.exists() and not self.folder.exists():
                old.rename(self.folder)
            raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        return self.folder / inside


def _takes_folders(folder: Path) -> bool:
    """Whether a folder can be made in this one: permissions alone don't tell (/proc, a read-only or full disk)."""
    try:
        os.rmdir(tempfile.mkdtemp(prefix=".patron-", dir=folder))
    except OSError:
        return False
    return True


def choose(out: str | None, *, replace: bool, today: date, beside: Path) -> Place:
    """The folder named by --out, else a new one 'patron-run-2026-11-22' (then '-2', '-3' …) in the folder `beside`."""
    if out is not None:
        return Place(Path(out), replace)
    name = f"patron-run-{today.isoformat()}"
    count = 1
    while (beside / (name if count == 1 else f"{name}-{count}")).exists():
        count += 1
    return Place(beside / (name if count == 1 else f"{name}-{count}"), replace=False)
