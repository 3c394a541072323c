"""Independent pieces of arithmetic on more than one core: numpy lets go of the interpreter while it computes.

Whoever is interrupted here does not wait for the other threads: they hold no file and no connection.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

MOST_THREADS = 4


@contextmanager
def _threads(most: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max(1, min(most, os.cpu_count() or 1)))
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def each(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> list[Result]:
    """`work` of every piece, in their order; the result does not depend on how many threads there are.

    The pieces must not share a database connection. The first error is raised.
    """
    with _threads(MOST_THREADS) as pool:
        return list(pool.map(work, pieces))


@contextmanager
def beside(*works: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """`works` in threads of their own while the block runs; ask the futures for their results at the block's end."""
    with _threads(len(works)) as pool:
        yield [pool.submit(work) for work in works]
