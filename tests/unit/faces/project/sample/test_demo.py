"""What `patron demo` does with what it finds: nothing, half a sample, a sample, somebody's own base, no server."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from people import person

from patron.crm.accounts.models import Organisation
from patron.crm.accounts.operations import mark_sample
from patron.crm.kit.policy import System
from patron.errors import ResourceError, UsageError
from patron.faces.cli import demo as report
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands import demo as command
from patron.faces.project.commands import serve
from patron.faces.project.commands.demo import demo
from patron.faces.project.sample import build
from patron.faces.project.sample.plan import Wish
from patron.faces.project.sample.state import State, finish, state

BY = System("test")


@pytest.fixture
def terminal() -> Terminal:
    return Terminal("en", io.StringIO(), io.StringIO())


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """Makes a base that holds nothing but its mark; the wishes it was made with."""
    wishes: list[Wish] = []

    def make(wish: Wish, _say: object) -> str:
        wishes.append(wish)
        mark_sample(by=BY, shift_days=7 if wish.shift else 0)
        finish(BY)
        return "abcd-efgh"

    monkeypatch.setattr(build, "build", make)
    monkeypatch.setenv("PATRON_OWN_LOG_LEVEL", "ERROR")  # the command would set it for the rest of this process
    monkeypatch.setattr(command.start, "server", lambda *_args, **_more: None)
    return wishes


def said(terminal: Terminal) -> str:
    return terminal.out.getvalue()  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_the_first_time_the_base_is_made_and_the_password_told_once(terminal: Terminal, built: list[Wish]) -> None:
    assert demo(["--no-serve"], terminal) == 0
    assert built == [Wish()]
    assert "moved by 1 week so that they end on 2011-12-16" in said(terminal)
    assert "Password, for the first sign-in only: abcd-efgh" in said(terminal)
    again = Terminal("zh", io.StringIO(), io.StringIO())
    assert demo(["--no-serve"], again) == 0
    assert len(built) == 1
    assert "abcd-efgh" not in said(again)
    assert "patron user --reset --email owner@example.com" in said(again)


@pytest.mark.django_db(transaction=True)
def test_half_a_base_is_gone_on_with(terminal: Terminal, built: list[Wish]) -> None:
    mark_sample(by=BY, shift_days=7)
    demo(["--no-serve"], terminal)
    assert len(built) == 1
    assert "Going on where it was stopped" in terminal.err.getvalue()  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_again_empties_the_sample_first(terminal: Terminal, built: list[Wish]) -> None:
    demo(["--no-serve"], terminal)
    person("member", email="somebody@example.org")
    demo(["--no-serve", "--again", "--no-shift", "--lines", "99"], terminal)
    assert built[1] == Wish(shift=False, lines=99)
    assert Organisation.current().sample_shift_days == 0
    assert "their dates as they were" in said(terminal)
    from patron.crm.accounts.models import User

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("more", [[], ["--again"]])
def test_somebody_s_own_base_is_left_alone(more: list[str], terminal: Terminal, built: list[Wish]) -> None:
    person("owner")
    with pytest.raises(UsageError, match="a base of your own"):
        demo(["--no-serve", *more], terminal)
    assert not built
    assert state() is State.OWN


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words, opened", [([], []), (["--open"], ["http://localhost:8123/"])])
@pytest.mark.usefixtures("built")
def test_it_is_served_in_the_end_and_a_browser_opens_only_if_asked(
    words: list[str], opened: list[str], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def run(_terminal: Terminal, address: serve.Address, *, ready: Callable[[str], object] | None) -> int:
        assert "abcd-efgh" in said(terminal)
        if ready is not None:
            ready(address.url)
        return 0

    monkeypatch.setattr(serve, "run", run)
    monkeypatch.setattr(command.webbrowser, "open", seen.append)
    assert demo(["--port", "8123", *words], terminal) == 0
    assert seen == opened


@pytest.mark.django_db
@pytest.mark.usefixtures("built")
def test_a_port_that_is_taken_is_told_before_minutes_are_spent(terminal: Terminal) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ResourceError, match="nothing can listen"):
            demo(["--port", str(taken.getsockname()[1])], terminal)
    assert state() is State.EMPTY


@pytest.mark.parametrize("missing, words", [([], ["--report"]), (["django"], [])])
def test_the_report_alone_needs_no_server(
    missing: list[str], words: list[str], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(command.start, "missing", lambda: missing)
    monkeypatch.setattr(report, "demo", lambda rest, _terminal: asked.append(rest) or 0)
    assert demo([*words, "--out", "here"], terminal) == 0
    assert asked == [["--out", "here"]]
    assert ("not installed" in terminal.err.getvalue()) == bool(missing)  # type: ignore[attr-defined]
