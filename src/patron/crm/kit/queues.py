"""The two queues of background work, and what goes first in them.

One worker looks after each, so that nobody's import waits until everybody has been scored; a worker alone serves both,
the higher priority first.
"""

from __future__ import annotations

NOW = "now"
"""Somebody waits for it: an import, its undo, a count, a mail."""
HEAVY = "heavy"
"""It takes its time: a refresh, what the night does. Tasks without a queue go with these."""
QUEUES = (NOW, HEAVY)

SHORT, WAITED_FOR, ASKED_FOR, ANY_TIME = 60, 50, 0, -50
"""Priorities, −100 … 100: a moment's work somebody waits for; longer work; what was asked for; what has the night."""
