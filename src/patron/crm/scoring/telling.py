"""How far a refresh is, told to its row at most once a second; there it also hears that it should stop."""

from __future__ import annotations

import time

from patron.crm.kit import clock, stopping
from patron.crm.scoring.models import Refresh
from patron.words import Text

EVERY = 1.0  # seconds


class Cancelled(Exception):
    """Somebody asked the refresh to stop."""


class Teller:
    """Tells the row, and hands the words on to `also` (the command line's bar). Raises Cancelled or Interrupted."""

    def __init__(self, refresh: Refresh, also: object = None) -> None:
        self.refresh, self.also, self.last = refresh, also, 0.0

    def __call__(self, step: Text, share: float) -> None:
        """`share` 0 … 1 of the whole is done, `step` is being done."""
        if callable(self.also):
            self.also(step, share)
        if time.monotonic() - self.last < EVERY:
            return
        self.last = time.monotonic()
        rows = Refresh.objects.filter(pk=self.refresh.pk)
        rows.update(step={"en": step.en, "zh": step.zh}, share=share, beat_at=clock.now())
        self.listen()

    def listen(self) -> None:
        """Stop here if somebody asked for it."""
        if stopping.asked():
            raise stopping.Interrupted
        if Refresh.objects.filter(pk=self.refresh.pk, asked="cancelled").exists():
            raise Cancelled
