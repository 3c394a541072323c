"""The archive of a backup: one zip file with the database, the files of PATRON_HOME, and a manifest that checks both.

`manifest.json` has the version, the kind of database, its migrations, and for each table the number of its rows and a
hash of them: the sum of the rows' hashes, so that their order does not matter. For files it has SHA-256.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from patron import __version__
from patron.errors import InputError
from patron.words import Text

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
# What is not part of a backup: the database itself, keys, earlier backups, counts worth a minute, locks, what is being
# restored, and the run of the demo, which is made anew.
LEFT_OUT = frozenset({"secret.key", "backups", "static", "cache", "demo", "tables.lock"})
_BLOCK = 1 << 20
_MODULUS = 1 << 64


@dataclass
class Manifest:
    """What an archive says of itself."""

    vendor: str
    made_at: str
    migrations: list[list[str]]
    tables: dict[str, list[int]] = field(default_factory=dict)  # name → rows, hash
    columns: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    version: str = __version__
    format: int = FORMAT

    def write(self, archive: ZipFile) -> None:
        """As the archive's last entry: an archive without it was cut short."""
        archive.writestr(MANIFEST, json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, archive: ZipFile) -> Manifest:
        """Raises InputError for what is no backup, is cut short or comes from a newer Patron."""
        if MANIFEST not in archive.namelist():
            raise not_whole("the manifest is missing", "缺少清单")
        said = json.loads(archive.read(MANIFEST))
        if said["format"] > FORMAT:
            raise InputError(
                Text(f"The backup was made by Patron {said['version']}.", f"备份由 Patron {said['version']} 创建。"),
                remedy=Text("Update Patron first.", "请先升级 Patron。"),
            )
        return cls(**said)


def not_whole(why: str, why_zh: str) -> InputError:
    """The archive can't be used."""
    return InputError(
        Text(f"This is not a whole backup: {why}.", f"备份文件不完整：{why_zh}。"),
        remedy=Text("Use another backup; nothing was changed.", "请使用其他备份；未做任何更改。"),
    )


def opened(path: Path) -> ZipFile:
    """An archive for reading. Raises InputError for another kind of file."""
    try:
        return ZipFile(path)
    except BadZipFile:
        raise not_whole("no archive", "不是备份归档") from None


def sum_of(rows: Iterable[bytes]) -> list[int]:
    """[number of rows, their hash], whatever their order."""
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(blake2b(row, digest_size=8).digest(), "big")
    return [number, total % _MODULUS]


def differences(wanted: dict[str, list[int]], found: dict[str, list[int]]) -> list[str]:
    """Tables whose rows are not those of the manifest."""
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


# ---- files --------------------------------------------------------------------------------------------------


def left_out(name: str) -> bool:
    """Whether a file or folder of PATRON_HOME is not part of a backup."""
    return name in LEFT_OUT or name.startswith((".", "patron.sqlite3", "limits.sqlite3"))


def belongings(home: Path) -> Iterator[Path]:
    """Every file of PATRON_HOME that a backup takes along."""
    for top in sorted(home.iterdir()):
        if not left_out(top.name):
            yield from sorted(p for p in ([top] if top.is_file() else top.rglob("*")) if p.is_file())


def pack_files(home: Path, archive: ZipFile) -> dict[str, str]:
    """Puts the files into the archive; name → SHA-256. A file that goes away meanwhile is left out."""
    found = {}
    for path in belongings(home):
        name, digest = path.relative_to(home).as_posix(), sha256()
        try:
            with path.open("rb") as source, archive.open(FILES + name, "w", force_zip64=True) as target:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    target.write(block)
        except FileNotFoundError:
            continue
        found[name] = digest.hexdigest()
    return found


def unpack_files(archive: ZipFile, manifest: Manifest, folder: Path) -> None:
    """Puts the files of the archive below `folder`. Raises InputError for one that is damaged."""
    for name, wanted in manifest.files.items():
        target = (folder / name).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise not_whole("a file lies outside", "包含越界路径")
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = sha256()
        with archive.open(FILES + name) as source, target.open("wb") as out:
            while block := source.read(_BLOCK):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != wanted:
            raise not_whole(f"{name} is damaged", f"{name} 已损坏")


class Swap:
    """Files of PATRON_HOME changed for those of `fresh`, in such a way that it can be taken back."""

    def __init__(self, home: Path, fresh: Path, old: Path) -> None:
        self.home, self.fresh, self.old = home, fresh, old

    def do(self) -> None:
        """The present ones out of the way, the fresh ones in."""
        self.old.mkdir()
        for top in self.home.iterdir():
            if not left_out(top.name):
                top.rename(self.old / top.name)
        for top in self.fresh.iterdir():
            top.rename(self.home / top.name)

    def take_back(self) -> None:
        """As it was before `do`, however far that came."""
        if not self.old.exists():
            return
        for top in self.home.iterdir():
            if not left_out(top.name) and (self.old / top.name).exists():
                shutil.rmtree(top) if top.is_dir() else top.unlink()
        for top in self.old.iterdir():
            top.rename(self.home / top.name)


def archive_for(path: Path) -> ZipFile:
    """A new archive at `path`, readable by its owner only."""
    path.touch(mode=0o600)
    return ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1, allowZip64=True)
