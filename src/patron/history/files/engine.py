"""The engine that does the vectorised work."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import duckdb

from patron.errors import InputError, ResourceError
from patron.words import Text

MEMORY = "1GB"
OURS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.InternalException)
"""Errors that no file can cause: a mistake in the SQL written here, which must not be blamed on the data."""


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory with a ceiling, spilling to `scratch`; times in UTC; nothing is ever fetched from a network."""
    con = duckdb.connect(
        config={"temp_directory": str(scratch), "memory_limit": MEMORY, "autoinstall_known_extensions": False}
    )
    con.execute("SET TimeZone = 'UTC'")
    return con


@contextlib.contextmanager
def engine_errors(file: str) -> Iterator[None]:
    """Memory and disk that ran out, and a file that breaks off while it is read, said so that a person can mend it."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ResourceError(
            Text(f"Memory or scratch disk ran out ({error}).", f"内存或临时磁盘空间不足（{error}）。"),
            file=file,
            remedy=Text("Free some, or read fewer files at once.", "请释放空间，或一次少读几个文件。"),
        ) from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        if isinstance(error, OURS):
            raise
        if "No space left" in str(error):
            raise disk_full(file) from None
        raise InputError(
            Text(f"The file breaks off while it is read ({error}).", f"读取过程中文件中断（{error}）。"),
            file=file,
            remedy=Text("Copy or export it again.", "请重新复制或导出。"),
        ) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(file) from None
        raise


def disk_full(file: str) -> ResourceError:
    """No room for the scratch files or the parts."""
    return ResourceError(
        Text("The disk is full.", "磁盘已满。"),
        file=file,
        remedy=Text("Free some space or choose another output folder.", "请释放空间或选择其他输出文件夹。"),
    )
