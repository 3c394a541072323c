"""Which column names speak of what is known only after the fact: one open table of words in two languages."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from patron.words import Text


@dataclass(frozen=True)
class Suspicion:
    """Words that give a column away, and why."""

    whole: frozenset[tuple[str, ...]]
    within: tuple[tuple[str, ...], ...]
    why: Text


@cache
def suspicions() -> tuple[Suspicion, ...]:
    """The table `after_the_fact.toml`."""
    text = files("patron.study.supervised").joinpath("after_the_fact.toml").read_text(encoding="utf-8")
    return tuple(
        Suspicion(
            frozenset(words_of(name) for name in entry.get("is", ())),
            tuple(words_of(name) for name in entry.get("has", ())),
            Text(entry["why"]["en"], entry["why"]["zh"]),
        )
        for entry in tomllib.loads(text)["words"]
    )


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name: 'LastNotable_Activity' → last, notable, activity; a Chinese sign is a word of its own."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[a-z]+|[0-9]+|[\u3400-\u9fff]", apart.casefold()))


def suspected(name: str) -> Text | None:
    """Why a column of that name is asked about; None for a name that says nothing."""
    words = words_of(name)
    for one in suspicions():
        if words in one.whole or any(_stands_in(part, words) for part in one.within):
            return one.why
    return None


def _stands_in(part: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))
