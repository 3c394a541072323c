"""Words that come from files, made fit to stand on a page. Escaping is left to the template."""

from __future__ import annotations

from collections.abc import Mapping

from patron.words import Text

LONGEST_SENTENCE = 600


def clean(value: object, longest: int) -> str:
    """`value` as text with control and direction marks shown as �, cut at `longest` characters."""
    words = "".join(c if c.isprintable() else "�" for c in str(value)[: longest + 1])
    return words if len(words) <= longest else words[:longest] + "…"


def said(words: object, lang: str) -> str:
    """A sentence of the card in `lang`: {en, zh}, a Text or plain words."""
    if isinstance(words, Text):
        words = words.say(lang)
    elif isinstance(words, Mapping):
        words = words.get(lang) or words.get("en")
    return clean(words or "", LONGEST_SENTENCE)
