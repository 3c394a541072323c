"""Progress is a living line for a person and plain lines for a file."""

from __future__ import annotations

import io

import pytest

from patron.faces.cli.progress import Progress, bar
from patron.faces.cli.terminal import Terminal
from patron.words import Text

READING, FITTING = Text("Reading", "读取"), Text("Fitting", "拟合")


class Screen(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def shown(err: io.StringIO, *, lang: str = "en", quiet: bool = False) -> str:
    with Progress(Terminal(lang, io.StringIO(), err, quiet=quiet)) as progress:
        progress(READING, 0.0)
        progress(READING, 0.2)
        progress(FITTING, 0.5)
    return err.getvalue()


def test_a_file_gets_one_line_a_step() -> None:
    lines = shown(io.StringIO()).splitlines()
    assert [line.split()[-1] for line in lines] == ["Reading", "Fitting"]


def test_a_person_gets_one_line_that_is_wiped_at_the_end() -> None:
    said = shown(Screen(), lang="zh")
    assert "\n" not in said
    assert "拟合" in said
    assert "50 %" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.parametrize("err", [io.StringIO(), Screen()])
def test_quiet_is_quiet(err: io.StringIO) -> None:
    assert shown(err, quiet=True) == ""


@pytest.mark.parametrize("share, per_cent", [(-1, "  0 %"), (0, "  0 %"), (0.5, " 50 %"), (1, "100 %"), (7, "100 %")])
def test_a_bar_is_as_long_whatever_the_share(share: float, per_cent: str) -> None:
    assert bar(share).endswith(per_cent)
    assert len(bar(share)) == len(bar(0))
