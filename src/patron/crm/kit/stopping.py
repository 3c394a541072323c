"""Whether this process was told to end. Long work asks between its pieces, commits what it has, and leaves.

for piece in pieces:
    if stopping.asked():
        raise stopping.Interrupted   # the task goes back into the queue and is taken up again later
"""

from __future__ import annotations

from threading import Event

_asked = Event()


class Interrupted(BaseException):
    """The work stops here because the worker has to end; it is taken up again by the next one."""


def ask() -> None:
    """Tell the work to end at its next piece."""
    _asked.set()


def asked() -> bool:
    """Whether to end."""
    return _asked.is_set()


def forget() -> None:
    """As if nobody had asked (tests)."""
    _asked.clear()
