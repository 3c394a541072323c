"""Names of columns, told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def unique_names(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """Names without repeats or blanks: 'a', 'a' → 'a', 'a_2'; '' → 'column_3'."""
    out: list[str] = []
    used = {t.lower() for t in taken}
    for i, name in enumerate(names, 1):
        base = name or f"column_{i}"
        fresh, n = base, 2
        while fresh.lower() in used:
            fresh, n = f"{base}_{n}", n + 1
        used.add(fresh.lower())
        out.append(fresh)
    return out
