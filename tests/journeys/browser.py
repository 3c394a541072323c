"""A real Chromium, spoken to over a pipe: open a page, ask it, press keys, look at what it logged and fetched."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
ON_3_AND_4 = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads commands from file descriptor 3 and answers on 4."""
PATIENCE = 30.0
SETTLING = 0.1  # seconds until the events of a scroll have been told


def chromium() -> str | None:
    """The browser on this machine, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Tab:
    """One tab. `logged`: console messages, exceptions and violations of the page's policy; `fetched`: addresses."""

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive = send, receive
        self._last, self._rest, self._session = 0, b"", ""
        self.logged: list[str] = []
        self.fetched: list[str] = []
        self._finished: set[str] = set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{part}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the DevTools protocol and its answer."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._send, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._last:
            self._notice(answer)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._receive], [], [], PATIENCE)[0]:
                raise AssertionError(f"the browser said nothing for {PATIENCE:.0f} seconds")
            more = os.read(self._receive, 1 << 20)
            if not more:
                raise AssertionError("the browser went away")
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _notice(self, event: dict[str, Any]) -> None:
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            self.logged.append(str([arg.get("value") for arg in params["args"]]))
        elif method == "Runtime.exceptionThrown":
            self.logged.append(params["exceptionDetails"]["text"])
        elif method == "Log.entryAdded":
            self.logged.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.fetched.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self._finished.add("load")

    def open(self, file: Path, *, scripts: bool = True, width: int = 1280, dark: bool = False) -> None:
        """Show `file` in a window `width` pixels wide, with or without scripts, in the light or the dark."""
        self.logged.clear()
        self.fetched.clear()
        self._finished.clear()
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme], media="")
        self.call("Page.navigate", url=file.as_uri())
        while "load" not in self._finished:
            self._notice(self._read())

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def place(self, selector: str) -> tuple[float, float]:
        """The middle of the first shown element, scrolled into view and at rest."""
        where = f"[...document.querySelectorAll({json.dumps(selector)})].find(e => e.getClientRects().length)"
        self.ask(f"{where}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        time.sleep(SETTLING)
        x, y = self.ask(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({where}.getBoundingClientRect())")
        return x, y

    def point(self, selector: str) -> None:
        """Move the mouse onto an element."""
        x, y = self.place(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector: str) -> None:
        """Press and release the mouse on an element."""
        x, y = self.place(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


@contextmanager
def browsing(executable: str, folder: Path) -> Iterator[Tab]:
    """A browser with one tab and a profile in `folder`, closed at the end."""
    into_read, into_write = os.pipe()
    out_read, out_write = os.pipe()
    words = [sys.executable, "-c", ON_3_AND_4, str(into_read), str(out_write), executable, *FLAGS]
    with (folder / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            [*words, f"--user-data-dir={folder}"], pass_fds=(into_read, out_write), stdout=log, stderr=log
        )
    os.close(into_read)
    os.close(out_write)
    try:
        yield Tab(into_write, out_read)
    finally:
        os.close(into_write)
        os.close(out_read)
        process.terminate()
        process.wait(PATIENCE)
