"""How many rows a short transaction may take: learnt from how long the last ones took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

HOLD = 0.04  # seconds that SQLite's one writer may be held: others wait at most a tenth of a second
GAP = 0.003  # seconds between two such transactions, in which whoever waits gets his turn


def give_way() -> None:
    """Between two transactions of a long row of them: whoever waits for the writer may have it now."""
    time.sleep(GAP)


class Pace:
    """`size` rows fit into HOLD seconds, and others get their turn after them.

    It begins carefully, and never changes by more than a factor of two at once.
    """

    def __init__(self, *, first: int = 1_000, least: int = 200, most: int = 5_000) -> None:
        self.size, self.least, self.most = first, least, most

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Around a transaction of `size` rows, its commit included."""
        started = time.perf_counter()
        yield
        took = max(time.perf_counter() - started, 0.0005)
        wanted = int(self.size * HOLD / took)
        self.size = max(min(wanted, self.most, self.size * 2), self.least, self.size // 2)
        give_way()
