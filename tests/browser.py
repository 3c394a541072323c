"""A real Chromium: open a page, ask it, press keys, look at what it logged and fetched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
MISSING = "needs Chromium or Chrome (Debian: apt-get install chromium)"


def chromium() -> str | None:
    """The browser on this machine, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Tab:
    """One tab. `logged`: console messages and exceptions; `fetched`: addresses."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[bool, BrowserContext] = {}
        self.page: Page
        self.logged: list[str] = []
        self.fetched: list[str] = []

    def open(self, place: Path | str, *, scripts: bool = True, width: int = 1280, dark: bool = False) -> None:
        """Show a file or an address in a window `width` pixels wide, with or without scripts, in the light or dark."""
        if scripts not in self._contexts:  # what a page remembers stays between two openings
            self._contexts[scripts] = self._browser.new_context(java_script_enabled=scripts)
        if hasattr(self, "page"):
            self.page.close()
        self.page = self._contexts[scripts].new_page()
        self.logged, self.fetched = [], []
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.goto(place.as_uri() if isinstance(place, Path) else place)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        return self.page.evaluate(expression)

    def click(self, selector: str) -> None:
        """Press the first element that fits."""
        self.page.locator(selector).first.click()

    def point(self, selector: str, until: str) -> None:
        """Move the pointer over the first element that fits until another one shows.

        Coming to the element scrolls the page, and a slow machine tells of that only after the pointer has moved.
        """
        for step in range(60):
            self.page.locator(selector).first.hover(position={"x": 2 + step % 2, "y": 2})
            if self.page.locator(until).count():
                return
            self.page.wait_for_timeout(250)

    def close(self) -> None:
        """Forget what the tab remembered."""
        for context in self._contexts.values():
            context.close()


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """A browser that lives as long as the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
