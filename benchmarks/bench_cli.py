"""`patron --help` is there at once."""

from __future__ import annotations

import statistics

from measure import OURS, Figure, spend

TIMES = 9


def main() -> None:
    """Median wall time of `patron --help`."""
    took = statistics.median(spend([OURS, "-P", "-m", "patron", "--help"]).wall for _ in range(TIMES))
    Figure("patron --help", took, "s", "at most", 0.3).say()


if __name__ == "__main__":
    main()
