"""The terminal a command speaks to: figures on stdout, everything else on stderr, in the reader's language."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from patron.errors import UsageError
from patron.words import Text

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Terminal:
    """Where a command writes, and in which language ('en' or 'zh')."""

    lang: str
    out: TextIO
    err: TextIO
    quiet: bool = False
    debug: bool = False

    @property
    def lively(self) -> bool:
        """Whether a person watches stderr, so that a line may be rewritten."""
        return self.err.isatty()

    def answer(self, text: Text | str) -> None:
        """A part of the answer, on stdout."""
        print(Text.of(text).say(self.lang), file=self.out)

    def note(self, text: Text | str) -> None:
        """A remark on the way, on stderr; `--quiet` leaves it out."""
        if not self.quiet:
            print(Text.of(text).say(self.lang), file=self.err)

    def problem(self, message: str) -> None:
        """What went wrong, on stderr, always."""
        print(Text("Patron: ", "Patron：").say(self.lang) + message, file=self.err)


def language(words: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language asked for by `--lang`, else by PATRON_LANG, else by the locale; English where none is told."""
    for i, word in enumerate(words):
        if word == "--lang" and i + 1 < len(words):
            return _known(words[i + 1])
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
    told = next((environ[k] for k in ("PATRON_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environ.get(k)), "")
    return "zh" if told.lower().startswith("zh") else "en"


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise UsageError(
            Text(f"Patron does not speak '{lang}'.", f"Patron 不支持语言“{lang}”。"),
            remedy=Text("--lang is en or zh.", "--lang 可用 en 或 zh。"),
        )
    return lang


def tolerant(stream: TextIO) -> TextIO:
    """`stream`, showing '?' for a sign its encoding lacks instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return stream


def standard(words: Sequence[str], environ: Mapping[str, str]) -> Terminal:
    """The terminal of this process, as the words on the command line ask for it."""
    return Terminal(
        lang=language(words, environ),
        out=tolerant(sys.stdout),
        err=tolerant(sys.stderr),
        quiet="--quiet" in words or "-q" in words,
        debug="--debug" in words,
    )
