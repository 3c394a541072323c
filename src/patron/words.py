"""One sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same sentence in English and Chinese; Chinese is written, not translated."""

    en: str
    zh: str

    @staticmethod
    def of(text: Text | str) -> Text:
        """`text` itself, or a plain string used for both languages."""
        return text if isinstance(text, Text) else Text(text, text)

    def say(self, lang: str) -> str:
        """The sentence in `lang` ('en' or 'zh')."""
        return self.zh if lang == "zh" else self.en

    def format(self, *args: object, **values: object) -> Text:
        """Both sentences with their blanks filled."""
        return Text(self.en.format(*args, **values), self.zh.format(*args, **values))
