"""Processes are kept running, started again after a pause, and ended together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from installation import until

from patron.faces.project import supervise
from patron.faces.project.supervise import CRASHED, ENDED, HOPELESS, KILLED, PAUSES, Child, Supervisor

SLEEP = [sys.executable, "-I", "-c", "import time; time.sleep(600)"]
# Says that it lives, and is deaf to SIGTERM.
DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(supervise, "LOOK", 0.01)


def after(true, *numbers: int) -> None:
    """Sends signals to this process once it is so, from a thread beside."""

    def send() -> None:
        until(true, "the children")
        for number in numbers:
            os.kill(os.getpid(), number)
            time.sleep(0.1)

    threading.Thread(target=send, daemon=True).start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everybody_gracefully(number: int) -> None:
    children = [Child("a", SLEEP), Child("b", SLEEP)]
    supervisor = Supervisor(children)
    after(lambda: all(child.running for child in children), number)
    before = signal.getsignal(signal.SIGTERM)
    assert supervisor.run() == ENDED
    assert not any(child.running for child in children)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_signal_ends_at_once_who_does_not_hear(tmp_path: Path) -> None:
    mark = tmp_path / "deaf"
    child = Child("deaf", [sys.executable, "-I", "-c", DEAF, str(mark)])
    after(mark.exists, signal.SIGTERM, signal.SIGTERM)
    assert Supervisor([child]).run() == KILLED
    assert not child.running


def test_who_does_not_hear_is_killed_after_a_while(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(supervise, "GRACE", 0.2)
    monkeypatch.setattr(supervise, "FORCE", 0.2)
    mark = tmp_path / "deaf"
    after(mark.exists, signal.SIGTERM)
    assert Supervisor([Child("deaf", [sys.executable, "-I", "-c", DEAF, str(mark)])]).run() == KILLED


def test_a_crashed_child_starts_again_after_longer_and_longer_pauses() -> None:
    now = [0.0]
    child = Child("crashing", [sys.executable, "-I", "-c", "raise SystemExit(3)"], clock=lambda: now[0])
    pauses = []
    for _ in range(3):
        child.look()
        assert child.process is not None
        child.process.wait()
        child.look()
        assert child.process is None
        pauses.append(child.again_at - now[0])
        child.look()
        assert child.process is None, "not before the pause is over"
        now[0] = child.again_at
    assert pauses == list(PAUSES[:3])
    assert child.crashes == 3


def test_a_child_that_lived_long_starts_its_count_anew() -> None:
    now = [0.0]
    child = Child("steady", [sys.executable, "-I", "-c", ""], clock=lambda: now[0], crashes=4)
    child.look()
    assert child.process is not None
    child.process.wait()
    now[0] = supervise.STEADY
    child.look()
    assert child.crashes == 1


def test_who_crashes_again_and_again_takes_the_others_along(monkeypatch) -> None:
    monkeypatch.setattr(supervise, "PAUSES", (0.0,))
    other = Child("other", SLEEP)
    crashing = Child("crashing", [sys.executable, "-I", "-c", "raise SystemExit(3)"])
    assert Supervisor([other, crashing]).run() == CRASHED
    assert crashing.crashes == HOPELESS
    assert not other.running
