"""How far a long job is: one living line where a person watches, a plain line a step where not."""

from __future__ import annotations

import time
from types import TracebackType

from patron.faces.cli.terminal import Terminal
from patron.words import Text

_CELLS = 24
_REDRAW_SECONDS = 0.1


class Progress:
    """Called with the words of a step and the share of the whole job that is done (0 … 1), in falling-through order.

    A context manager: on leaving, the living line is wiped, so that the answer stands alone.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._start = self._drawn = time.monotonic()
        self._last: Text | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal.lively and self._last is not None:
            self._write("\r\x1b[K")

    def __call__(self, step: Text, share: float) -> None:
        """Shows `step`; `share` is clipped to 0 … 1."""
        if self._terminal.quiet:
            return
        new = step != self._last
        self._last = step
        if not self._terminal.lively:
            if new:
                self._terminal.note(f"{self._elapsed():>5.1f} s  {step.say(self._terminal.lang)}")
            return
        now = time.monotonic()
        if new or now - self._drawn >= _REDRAW_SECONDS:
            self._drawn = now
            self._write(f"\r\x1b[K{bar(share)}  {step.say(self._terminal.lang)}  {self._elapsed():.0f} s")

    def _elapsed(self) -> float:
        return time.monotonic() - self._start

    def _write(self, text: str) -> None:
        self._terminal.err.write(text)
        self._terminal.err.flush()


def bar(share: float) -> str:
    """A bar of 24 cells and the per cent: '████████████············  50 %'."""
    share = min(max(share, 0.0), 1.0)
    full = round(share * _CELLS)
    return "█" * full + "·" * (_CELLS - full) + f" {round(100 * share):>3} %"
