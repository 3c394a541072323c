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


Submit = Callable[[Callable[[], Any]], Future[Any]]


@contextmanager
def helpers() -> Iterator[Submit]:
    """What sets other threads to work while the block goes on making more of it; all is done at the block's end."""
    with _threads(MOST_THREADS) as pool:
        yield pool.submit


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Future[Result]]:
    """`work` in a thread of its own while the block runs; ask the future for its result at the block's end."""
    with _threads(1) as pool:
        yield pool.submit(work)
