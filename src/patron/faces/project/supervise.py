"""Keeps processes running: starts them, starts a crashed one again after a pause, and ends all of them together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

LOG = logging.getLogger("patron.supervisor")
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds before the next start, by how often it crashed in a row
STEADY = 60.0  # seconds after which a process counts as sound again
HOPELESS = 6  # crashes in a row, none of them steady: the whole is given up
GRACE, FORCE = 25.0, 5.0  # seconds until they are told again, and until they are killed
LOOK = 0.2
ENDED, KILLED, CRASHED = 0, 143, 5
# On Linux the child asks to be told to end when its parent is gone, however that went, and then becomes the command.
TETHERED = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass
class Child:
    """One process to keep running. `clock` is handed in for tests: seconds that only grow."""

    name: str
    words: Sequence[str]
    clock: Callable[[], float] = time.monotonic
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    started: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Starts it, in a session of its own, so that Ctrl-C reaches it through the supervisor only."""
        tether = [sys.executable, "-I", "-c", TETHERED]
        self.process = subprocess.Popen([*tether, *self.words], start_new_session=True)
        self.started = self.clock()
        LOG.info("started", extra={"child": self.name, "pid": self.process.pid})

    def look(self) -> None:
        """Starts it (again) when it is time to."""
        if self.process is None:
            if self.clock() >= self.again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        lived = self.clock() - self.started
        self.crashes = 1 if lived >= STEADY else self.crashes + 1
        pause = PAUSES[min(self.crashes, len(PAUSES)) - 1]
        LOG.error("ended by itself", extra={"child": self.name, "code": code, "lived": round(lived, 1), "pause": pause})
        self.process, self.again_at = None, self.clock() + pause

    def tell(self, number: int) -> None:
        """Sends a signal, if it is there to hear it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs children until a signal comes. SIGTERM and SIGINT end them gracefully, a second one at once."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.signals = 0

    def heard(self, number: int, _frame: FrameType | None) -> None:
        """A signal to end."""
        self.signals += 1
        LOG.info("told to end", extra={"signal": signal.Signals(number).name, "times": self.signals})

    def run(self) -> int:
        """0 after a graceful end, 143 when somebody had to be killed, 5 when a child crashed again and again."""
        before = {number: signal.signal(number, self.heard) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.signals:
                for child in self.children:
                    child.look()
                if hopeless := [child.name for child in self.children if child.crashes >= HOPELESS]:
                    LOG.critical("given up", extra={"child": hopeless[0]})
                    self.end()
                    return CRASHED
                time.sleep(LOOK)
            return self.end()
        finally:
            self.kill()
            for number, handler in before.items():
                signal.signal(number, handler)

    def end(self) -> int:
        """Tells everybody to end, again after a while, and kills who still runs after that."""
        told = self.signals
        self._tell(signal.SIGTERM)
        if self._gone(GRACE, told):
            return ENDED
        if self.signals <= told:
            self._tell(signal.SIGTERM)
            if self._gone(FORCE, told):
                return ENDED
        self.kill()
        return KILLED

    def kill(self) -> None:
        """Ends who still runs, at once."""
        for child in self.children:
            if child.process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)  # it and whatever it started
                child.process.wait()

    def _tell(self, number: int) -> None:
        for child in self.children:
            child.tell(number)

    def _gone(self, seconds: float, told: int) -> bool:
        """Whether all are gone within the time; False at once when another signal comes."""
        until = time.monotonic() + seconds
        while any(child.running for child in self.children):
            if time.monotonic() >= until or self.signals > told:
                return False
            time.sleep(LOOK)
        return True
