"""What can go wrong, said so that a person can mend it.

Every error Patron raises on purpose is a `PatronError`: what happened, where (file, row, column), what was
kept and what to do next, in both languages. The command line turns the class into an exit code.
"""

from __future__ import annotations

from patron.words import Text


class PatronError(Exception):
    """An error with a place and a remedy. `exit_code` is what the command line returns for it."""

    exit_code = 1

    def __init__(
        self,
        what: Text | str,
        *,
        remedy: Text | str | None = None,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.what = Text.of(what)
        self.remedy = Text.of(remedy) if remedy is not None else None
        self.file, self.row, self.column = file, row, column
        super().__init__(self.say("en"))

    def say(self, lang: str = "en") -> str:
        """One message: place, what happened, what to do."""
        zh = lang == "zh"
        place = []
        if self.file is not None:
            place.append(self.file)
        if self.row is not None:
            place.append(f"第 {self.row} 行" if zh else f"row {self.row}")
        if self.column is not None:
            place.append(f"“{self.column}”列" if zh else f"column '{self.column}'")
        comma, colon = ("，", "：") if zh else (", ", ": ")
        head = (comma.join(place) + colon) if place else ""
        tail = f"\n{self.remedy.say(lang)}" if self.remedy else ""
        return f"{head}{self.what.say(lang)}{tail}"


class UsageError(PatronError):
    """The command or call was worded wrongly."""

    exit_code = 2


class InputError(PatronError):
    """The data handed in can't be used as they are."""

    exit_code = 3


class LeakError(PatronError):
    """A column knows the future; a model trained on it would lie."""

    exit_code = 4


class ResourceError(PatronError):
    """Disk, memory, permission or a missing optional part."""

    exit_code = 5
