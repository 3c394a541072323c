"""A team's Patron for the journeys: the sample base, a real server over it, and people who sit before a browser."""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from axe_playwright_python.base import AXE_SCRIPT
from installation import Installation, free_port, status, until
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

LINES = "12000"
OWNER, OWN = "owner@example.com", "ein-langes-eigenes-72"
PATIENCE = 30_000.0  # milliseconds: machines of the build are slow by turns
PRINTED = re.compile(r"Password, for the first sign-in only: (\S+)")


def make_base(home: Path) -> None:
    """The sample base in `home`, as the README's first command makes it, with the printed password beside it."""
    log = home.with_suffix(".log")
    with Installation(home).running("demo", "--no-serve", "--lines", LINES, log=log) as process:
        process.wait(600)
    said = log.read_text(encoding="utf-8")
    found = PRINTED.search(said)
    assert found, said
    (home / "printed").write_text(found[1])


def copy_base(base: Path, home: Path) -> str:
    """A base of one's own, at the moment it was made; returns the printed password."""
    shutil.copytree(base, home)
    return (home / "printed").read_text()


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The server, web and worker, over a home; gives its address."""
    port = free_port()
    address = f"http://localhost:{port}"
    log = home / "server.log"
    with Installation(home).running("serve", "--port", str(port), log=log) as process:

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            return status(f"{address}/healthz") == 200

        until(answers, "the server answers")
        with urlopen(f"{address}/accounts/login/", timeout=60):  # the first page loads the templates
            pass
        yield address


@contextmanager
def busy(home: Path, held: float = 0.8, free: float = 0.3) -> Iterator[None]:
    """Somebody else writes to the base again and again, so that what writes in pieces takes its time."""
    over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(home / "patron.sqlite3", timeout=60, isolation_level=None)) as base:
            while not over.is_set():
                base.execute("BEGIN IMMEDIATE")
                over.wait(held)
                base.execute("COMMIT")
                over.wait(free)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


@dataclass
class Desk:
    """Somebody at a browser: a page, what its console said, and what it fetched."""

    context: BrowserContext
    address: str
    logged: list[str] = field(default_factory=list)
    fetched: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", self._fetch)

    def _fetch(self, request: Request) -> None:
        self.fetched.append(request)

    def _note(self, message: ConsoleMessage) -> None:
        self.logged.append(f"{message.text} @ {self.page.url}")

    def open(self, path: str = "/", lang: str = "en") -> Page:
        """The page at `path` in a language; the switch in the head is used where it has the other one."""
        self.page.goto(self.address + path)
        self.speak(lang)
        self.arrived()
        return self.page

    def arrived(self) -> None:
        """Wait for the picture that a customer's page fetches once it is there."""
        if self.page.evaluate("typeof htmx") != "undefined":  # without scripts there is a link in its place
            self.page.wait_for_selector(".to-come", state="detached")

    def speak(self, lang: str) -> None:
        """Use the language switch if the page is not in this language."""
        if not str(self.page.locator("html").get_attribute("lang")).startswith(lang):
            self.page.locator("form[action='/language/'] button").click()
            self.page.wait_for_selector(f"html[lang^={lang}]")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        return self.page.evaluate(expression)

    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("h1").inner_text()

    def sign_in(self, password: str, email: str = OWNER) -> None:
        """Fill the form and send it."""
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")

    def add_customer(self, name: str, **fields: str) -> str:
        """Somebody new, by the form; returns the address of their page."""
        self.open("/customers/new/")
        for one, value in {"name": name, **fields}.items():
            self.page.fill(f"[name={one}]", value)
        self.page.click("main .btn-primary")
        self.page.wait_for_url(re.compile(r"/customers/\d+/$"))
        return self.page.url.removeprefix(self.address)

    def wrong_for_everybody(self) -> list[str]:
        """What axe finds wrong with the page; needs a context that bypasses the policy against foreign scripts."""
        self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@dataclass
class Office:
    """A server and the browser of who works with it.

    `state` is the owner's session once they have signed in, `seen` the headings on the way there.
    """

    browser: Browser
    address: str
    printed: str
    home: Path
    state: Any = None
    seen: list[str] = field(default_factory=list)

    @contextmanager
    def desk(self, *, known: bool = True, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Desk]:
        """A browser window, signed in as the owner or not known at all; `options` as Playwright's contexts take."""
        state = self.state if known else None
        settings = {"viewport": {"width": width, "height": height}, "locale": "en-GB", "storage_state": state}
        context = self.browser.new_context(**{**settings, **options})
        try:
            yield Desk(context, self.address)
        finally:
            context.close()

    def first_sign_in(self) -> list[str]:
        """With the printed password, choosing an own one; keeps the session. Returns the headings on the way."""
        with self.desk(known=False) as desk:
            desk.sign_in(self.printed)
            desk.page.wait_for_url("**/settings/password/")
            seen = [desk.heading()]
            desk.open("/customers/")  # nothing else opens before
            seen.append(desk.heading())
            desk.page.fill("[name=password]", OWN)
            desk.page.press("[name=password]", "Enter")
            desk.page.wait_for_selector("nav.rail")
            seen.append(desk.heading())
            self.state = desk.context.storage_state()
        return seen
