"""Uploaded files: streamed to the disk under a name of our own, weighed and hashed on the way."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from patron.crm.kit.problems import TooLarge
from patron.errors import ResourceError
from patron.words import Text

BLOCK = 1 << 20


class Readable(Protocol):
    """An open binary file, or one that Django received."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, b'' at the end."""
        ...


@dataclass(frozen=True)
class Stored:
    """A file as it lies below the uploads folder."""

    name: str
    size: int
    sha256: str


def store(file: Readable, *, limited: bool = True) -> Stored:
    """Write the file below PATRON_HOME/uploads. Raises TooLarge beyond UPLOAD_LIMIT, ResourceError without room."""
    most = limit() if limited else None
    told = getattr(file, "size", None)  # what a web server received tells its size before it is read
    _refuse_large(told if isinstance(told, int) else 0, most)
    folder = Path(settings.UPLOADS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    try:
        size, digest = _write(folder / name, file, most)
    except BaseException as error:
        (folder / name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ResourceError(
                Text(f"The file could not be kept ({error.strerror}).", f"无法保存文件（{error.strerror}）。"),
                remedy=Text("Free some disk space and upload it again.", "请释放磁盘空间后重新上传。"),
            ) from None
        raise
    return Stored(name, size, digest)


def _write(path: Path, file: Readable, most: int | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as out:
        path.chmod(0o600)
        for block in _blocks(file):
            size += len(block)
            _refuse_large(size, most)
            digest.update(block)
            out.write(block)
    return size, digest.hexdigest()


def _blocks(file: Readable) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def limit() -> int:
    """The largest file that is taken, in bytes."""
    return int(settings.UPLOAD_LIMIT)


def _refuse_large(size: int, most: int | None) -> None:
    if most is not None and size > most:
        words = f"{most / (1 << 20):,.4g} MB" if most < 1 << 30 else f"{most / (1 << 30):,.4g} GB"
        raise TooLarge(
            Text(f"The file is larger than {words}.", f"文件超过 {words}。"),
            remedy=Text(
                "Split it, save it as Parquet, or import it on the server with 'patron import'.",
                "请拆分文件、另存为 Parquet，或在服务器上用“patron import”导入。",
            ),
        )


def shown_name(name: Any) -> str:
    """A file name as people gave it, to be shown only: no folders, no control characters, at most 300 characters.

    >>> shown_name("../../etc/pass\\x00wd"), shown_name("C:\\\\Users\\\\li\\\\订单.csv"), shown_name("")
    ('passwd', '订单.csv', 'file')
    """
    last = re.split(r"[\\/]", str(name))[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-300:] or "file"
