"""Which letters a text file is written in, decided over the whole file, and a stream of it in UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from patron.errors import InputError
from patron.words import Text

BLOCK = 4 << 20
HEAD = 1 << 18


@dataclass(frozen=True)
class Encoding:
    """A codec name, the bytes of the mark to skip, how damaged bytes are treated, and what to tell."""

    codec: str
    skip: int = 0
    errors: str = "strict"
    told: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Bytes:
    """What one pass over a file's bytes shows. `odd_quotes`: one quotation mark is without its partner."""

    size: int
    digest: bytes
    utf8: bool
    nul: bool
    odd_quotes: bool
    head: bytes


def weigh(path: Path) -> Bytes:
    """Size, SHA-256, whether all of it is UTF-8, whether a NUL occurs, and the first bytes."""
    digest, size, utf8, nul, quotes, head = hashlib.sha256(), 0, True, False, 0, b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            head = head or block[:HEAD]
            digest.update(block)
            size += len(block)
            nul = nul or b"\0" in block
            quotes += block.count(b'"')
            if utf8:
                utf8 = _decodes(decoder, block)
    return Bytes(size, digest.digest(), utf8 and _decodes(decoder, b"", final=True), nul, quotes % 2 == 1, head)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def recognise_encoding(path: Path, seen: Bytes, forced: str | None) -> Encoding:
    """The encoding of a text file: a byte-order mark, UTF-8, UTF-16, GB18030 or, told, Windows-1252.

    Raises InputError for bytes that are no text.
    """
    if forced:
        return _forced(path, seen, forced)
    head = seen.head
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            errors = "replace" if codec != "utf-8" or not seen.utf8 else "strict"
            return Encoding(codec, len(mark), errors, (_told(f"{codec.upper()} (with mark)"),))
    if half := _utf16_without_mark(head):
        return Encoding(half, 0, "replace", (_told(half.upper()),))
    _refuse_binary(path, head)
    if seen.utf8:
        return Encoding("utf-8", 0, "strict", () if head.isascii() else (_told("UTF-8"),))
    return _eight_bit(path)


def _forced(path: Path, seen: Bytes, forced: str) -> Encoding:
    try:
        codec = codecs.lookup(forced).name
    except LookupError:
        raise InputError(
            Text(f"'{forced}' is not an encoding.", f"“{forced}”不是一种编码。"),
            file=str(path),
            remedy=Text("Write utf-8, utf-16, gb18030 or cp1252.", "请写 utf-8、utf-16、gb18030 或 cp1252。"),
        ) from None
    marks = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    mark = marks.get(codec, b"")
    return Encoding(codec, len(mark) if mark and seen.head.startswith(mark) else 0, "replace", (_told(codec),))


def _told(name: str) -> Text:
    return Text(f"The file is read as {name}.", f"文件按 {name} 编码读取。")


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly Western text has a zero in every second byte."""
    part = head[:4096]
    half = len(part) // 2
    if half < 2:
        return None
    if part[1::2].count(0) > half * 0.6:
        return "utf-16-le"
    return "utf-16-be" if part[0::2].count(0) > half * 0.6 else None


def _refuse_binary(path: Path, head: bytes) -> None:
    """Control characters that no text table has, in more than one byte of a hundred."""
    part = head[:65536]
    odd = len(re.findall(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]", part))
    if odd > max(2, len(part) / 100):
        raise InputError(
            Text("This is not a text table: it is full of control characters.", "这不是文本表格：其中充满控制字符。"),
            file=str(path),
            remedy=Text(
                "Hand in CSV, TSV, XLSX or Parquet; if it is an archive, unpack it first.",
                "请提供 CSV、TSV、XLSX 或 Parquet 文件；若是压缩包，请先解压。",
            ),
        )


def _eight_bit(path: Path) -> Encoding:
    """GB18030 where most double bytes are everyday Chinese; UTF-8 with a few damaged bytes; else Windows-1252."""
    data = _lines_beyond_ascii(path)
    damaged = data.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    good = sum(1 for c in damaged if c > "\x7f") - bad
    if good > 20 * bad:
        return Encoding(
            "utf-8",
            0,
            "replace",
            (
                Text(
                    "The file is UTF-8 with some damaged letters; they are shown as \ufffd.",
                    "文件为 UTF-8 编码，但有少量损坏的字符，显示为 \ufffd。",
                ),
            ),
        )
    if _mostly_everyday_chinese(data):
        return Encoding("gb18030", 0, "replace", (_told("GB18030"),))
    return Encoding(
        "cp1252",
        0,
        "replace",
        (
            Text(
                "The letters are neither UTF-8 nor GB18030; the file is read as Windows-1252 (Latin-1). "
                "If names look wrong, save it as UTF-8.",
                "字符既非 UTF-8 也非 GB18030，按 Windows-1252（Latin-1）读取；若姓名显示异常，请另存为 UTF-8。",
            ),
        ),
    )


def _lines_beyond_ascii(path: Path, most: int = 4 << 20) -> bytes:
    """The lines of the whole file that hold a byte above 127, up to `most` bytes of them."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found.append(line)
                size += len(line)
                if size > most:
                    break
    return b"".join(found)


def _mostly_everyday_chinese(data: bytes) -> bool:
    decoded = data.decode("gb18030", "replace")
    beyond = [c for c in decoded if c > "\x7f"]
    everyday = 0
    for char in beyond:
        code = char.encode("gb18030", "replace")
        everyday += len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)) and code[1] >= 0xA1
    return bool(beyond) and everyday >= 0.6 * len(beyond) and decoded.count("\ufffd") <= 0.05 * len(beyond)


class Utf8Stream(io.RawIOBase):
    """A file of any encoding as a stream of UTF-8 bytes; runs of blanks become one TAB if asked."""

    def __init__(self, path: Path, encoding: Encoding, blanks: bool = False) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._file.seek(encoding.skip)
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
        self._blanks = blanks
        self._ready, self._tail, self._ended = b"", "", False

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes of UTF-8, b'' at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            block = self._file.read(BLOCK)
            self._ended = not block
            text = self._decoder.decode(block, self._ended)
            if self._blanks:
                text = self._squeeze(text)
            self._ready += text.encode("utf-8", "replace")
        size = len(self._ready) if size < 0 else size
        out, self._ready = self._ready[:size], self._ready[size:]
        return out

    def readinto(self, buffer: object) -> int:
        """The same into a buffer, for readers that bring one."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        part = self.read(len(view))
        view[: len(part)] = part
        return len(part)

    def _squeeze(self, text: str) -> str:
        """Whole lines with runs of blanks made one TAB; what follows the last line break waits."""
        text = self._tail + text
        cut = len(text) if self._ended else max(text.rfind("\n"), 0)
        self._tail, text = text[cut:], text[:cut]
        text = re.sub(r"(?m)^[ \t]+|[ \t\r]+$", "", text)
        return re.sub(r"[ \t]+", "\t", text)

    def close(self) -> None:
        """Close the file beneath."""
        self._file.close()
        super().close()


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
