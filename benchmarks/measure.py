"""What a benchmark says, and how it runs something in a process of its own to know its time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
OURS = Path(sys.executable)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Figure:
    """One figure: `wanted` is 'at most' or 'at least' `bound`."""

    name: str
    value: float
    unit: str
    wanted: str
    bound: float
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether it is as good as wanted."""
        return self.value <= self.bound if self.wanted == "at most" else self.value >= self.bound

    def say(self) -> None:
        """One line of JSON on stdout, for run.py."""
        print(json.dumps({**asdict(self), "met": self.met}), flush=True)


@dataclass(frozen=True)
class Spent:
    """What a process took: wall and CPU seconds, and its largest resident memory in MB; and what it said."""

    wall: float
    cpu: float
    memory: float
    said: str


def spend(command: Sequence[str | Path]) -> Spent:
    """Runs `command` to its end. Raises CalledProcessError if it fails; its words are on stderr then."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, stderr=err, env={**os.environ, **ONE_THREAD})
        _, status, used = os.wait4(process.pid, 0)  # this process alone, not all children so far
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.stderr.write(err.read())
            raise subprocess.CalledProcessError(process.returncode, words)
        largest = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        return Spent(wall, used.ru_utime + used.ru_stime, largest, out.read())
