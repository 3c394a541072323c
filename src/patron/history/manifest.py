"""The list of a history's parts: one small JSON file, replaced as a whole.

A part exists when the manifest names it; a file that no manifest names was never finished and is not read.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from patron.errors import InputError
from patron.words import Text

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One appended file of facts: its id, its place in the folder, and what is in it."""

    id: str
    fact: str
    file: str
    rows: int
    sha256: str
    corrections: int = 0
    first_fact: int | None = None
    last_fact: int | None = None


@dataclass(frozen=True)
class Manifest:
    """All parts of a history in the order they were appended."""

    parts: tuple[Part, ...] = ()

    def of(self, fact: str) -> list[Part]:
        """The parts of one fact table."""
        return [part for part in self.parts if part.fact == fact]

    def find(self, fact: str, part_id: str) -> Part | None:
        """The part of that id, if it was appended."""
        return next((part for part in self.of(fact) if part.id == part_id), None)

    def corrections(self, fact: str) -> int:
        """How many facts of a table correct an earlier one."""
        return sum(part.corrections for part in self.of(fact))

    def digest(self, fact: str) -> str:
        """A name for the contents of a fact table: changes when a part is appended."""
        return hashlib.sha256("".join(part.sha256 for part in self.of(fact)).encode()).hexdigest()[:16]

    def with_part(self, part: Part) -> Manifest:
        """This manifest and one part more."""
        return Manifest((*self.parts, part))


def load(folder: Path) -> Manifest:
    """The manifest of a history's folder; raises InputError if there is none or it can't be read."""
    file = folder / NAME
    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"format {kept['format']}")
        return Manifest(tuple(Part(**part) for part in kept["parts"]))
    except FileNotFoundError:
        raise InputError(
            Text("There is no history in this folder.", "此文件夹中没有历史数据。"),
            remedy=Text("Make one with History.create(folder).", "请用 History.create(folder) 新建。"),
            file=str(folder),
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            Text(f"The history's list of parts can't be read: {error}.", f"无法读取历史数据的清单：{error}。"),
            remedy=Text("Read the orders into a new folder.", "请将订单重新读入一个新文件夹。"),
            file=str(file),
        ) from error


def save(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest: readers see the old list or the new one, never half of it."""
    text = json.dumps({"format": FORMAT, "parts": [asdict(part) for part in manifest.parts]}, indent=1)
    unfinished = folder / f"{NAME}.{os.getpid()}.tmp"
    with unfinished.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(folder / NAME)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two processes append one after the other."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
