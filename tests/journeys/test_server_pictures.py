"""A picture leaves the page as PNG, by mouse and by keyboard, in both languages and themes; its table as CSV."""

from __future__ import annotations

import base64
import struct
from pathlib import Path
from typing import Any, Literal

import pytest
from office import Desk, Office

from patron.study.pictures.picture import WIDE

SIGNATURE = b"\x89PNG\r\n\x1a\n"
EDGES = 2 * 24
PIXELS = """async (address) => {
  const image = new Image(); image.src = address; await image.decode();
  const canvas = document.createElement("canvas"); canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
  const seen = new Set(), tops = new Set(), all = pen.getImageData(0, 0, image.width, image.height).data;
  for (let i = 0; i < all.length; i += 4) {
    const rgb = all[i] * 65536 + all[i + 1] * 256 + all[i + 2];
    (i < all.length / 8 ? tops : seen).add(rgb);
  }
  return {seen: seen.size, heads: tops.size, ground: [all[0], all[1], all[2]]};
}"""


def downloaded(desk: Desk, folder: Path, how: str, kind: str) -> Path:
    """The file of the page's first picture."""
    out = desk.page.locator("figure.picture").first.locator(".picture-out")
    button = out.get_by_role("button" if kind == "PNG" else "link", name=kind)
    with desk.page.expect_download() as waited:
        if how == "mouse":
            button.click()
        else:
            button.focus()
            desk.page.keyboard.press("Enter")
    saved = folder / waited.value.suggested_filename
    waited.value.save_as(saved)
    return saved


def looked_at(desk: Desk, saved: Path) -> dict[str, Any]:
    """What is to be seen in a picture: how many colours below and among the words on top, and the ground's."""
    address = "data:image/png;base64," + base64.b64encode(saved.read_bytes()).decode()
    return dict(desk.page.evaluate(PIXELS, address))


@pytest.mark.parametrize(
    "path, lang, scheme, how",
    [("/", "en", "light", "keyboard"), ("/insight/", "zh", "dark", "mouse"), ("/insight/", "en", "light", "mouse")],
)
def test_a_picture_is_taken_along(
    team: Office, tmp_path: Path, path: str, lang: str, scheme: Literal["light", "dark"], how: str
) -> None:
    with team.desk(color_scheme=scheme) as desk:
        desk.open(path, lang)
        figure = desk.page.locator("figure.picture").first
        title = figure.locator(".finding").inner_text()
        box = figure.locator(".at-wide svg").get_attribute("viewBox")
        saved = downloaded(desk, tmp_path, how, "PNG")
        content = saved.read_bytes()
        assert content[:8] == SIGNATURE
        width, height = struct.unpack(">II", content[16:24])
        wide, high = map(float, str(box).split()[2:])
        assert wide == WIDE
        assert width == 2 * (wide + EDGES)
        assert 2 * (high + EDGES + 20) < height < 2 * (high + EDGES + 200), "the finding and the day stand above"
        seen = looked_at(desk, saved)
        assert seen["seen"] > 20, "nothing is drawn"
        assert seen["heads"] > 5, "no words are above"
        assert (seen["ground"][0] < 60) is (scheme == "dark")
        assert saved.stem[:12] in title.replace(":", "").replace("/", " "), saved.name
        assert not desk.logged


def test_on_a_phone_the_wide_picture_is_taken_along(team: Office, tmp_path: Path) -> None:
    with team.desk(width=390) as desk:
        desk.open("/insight/")
        saved = downloaded(desk, tmp_path, "mouse", "PNG")
        assert struct.unpack(">I", saved.read_bytes()[16:20])[0] == 2 * (WIDE + EDGES)
        assert looked_at(desk, saved)["seen"] > 20


def test_the_table_goes_as_csv_from_every_page(team: Office, tmp_path: Path) -> None:
    with team.desk() as desk:
        for path in ("/", "/insight/"):
            desk.open(path)
            lines = downloaded(desk, tmp_path, "keyboard", "CSV").read_text("utf-8").splitlines()
            assert len(lines) > 2
            assert lines[0].startswith('"')


def test_without_scripts_no_button_does_nothing(team: Office) -> None:
    with team.desk(java_script_enabled=False) as desk:
        desk.page.goto(f"{desk.address}/insight/")
        figure = desk.page.locator("figure.picture").first
        assert figure.locator("[data-png]").is_hidden()
        assert figure.get_by_role("link", name="CSV").is_visible()
