"""What an operation or a query can refuse, each with a remedy. Faces turn the class into a status or a message."""

from __future__ import annotations

from collections.abc import Mapping

from patron.errors import PatronError, ResourceError
from patron.words import Text


class Forbidden(PatronError):
    """The actor's role does not allow it."""

    exit_code = 5


class NotFound(PatronError):
    """There is no such thing, or the actor may not know of it: the two are not told apart."""

    exit_code = 3

    def __init__(self, what: Text, number: object) -> None:
        super().__init__(
            Text(f"There is no {what.en} {number} that you may see.", f"没有您可查看的{what.zh} {number}。"),
            remedy=Text("Check the number, or ask who owns it.", "请核对编号，或询问其负责人。"),
        )


class Invalid(PatronError):
    """Values that can't be kept. `fields` says what is wrong with which ('' for the whole)."""

    exit_code = 3

    def __init__(self, fields: Mapping[str, Text]) -> None:
        self.fields = dict(fields)
        words = list(self.fields.values())
        super().__init__(Text(" ".join(t.en for t in words), "".join(t.zh for t in words)))


class TooLarge(ResourceError):
    """More was sent than is taken at once."""


class Conflict(PatronError):
    """It can't be done in the state things are in: somebody was quicker, or it was done before."""

    exit_code = 3
