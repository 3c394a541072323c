"""Every page in a real browser: quiet, strict, light, fitting, open to everybody; and a picture of each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from office import Office
from playwright.sync_api import Request

OPEN = {"login": "/accounts/login/", "forgotten": "/accounts/password/reset/"}
PAGES = {
    "today": "/",
    "customers": "/customers/",
    "customers-filtered": "/customers/?stage=loyal&clv_from=1",
    "customers-none": "/customers/?text=zzzzzz",
    "customer-new": "/customers/new/",
    "duplicates": "/customers/duplicates/",
    "insight": "/insight/",
    "imports": "/imports/",
    "import-new": "/imports/new/",
    "settings": "/settings/",
    "profile": "/settings/profile/",
    "users": "/settings/users/",
    "invite": "/settings/users/invite/",
    "roles": "/settings/roles/",
    "role-new": "/settings/roles/new/",
    "teams": "/settings/teams/",
    "rates": "/settings/rates/",
    "tokens": "/settings/tokens/",
    "organisation": "/settings/organisation/",
    "scoring": "/settings/scoring/",
    "audit": "/audit/",
    "second-factor": "/accounts/2fa/",
    "password": "/accounts/password/change/",
    "missing": "/customers/999999999/",
}
LINKED = {  # name: the page that leads there, and the link
    "customer": ("/customers/?stage=at_risk", "[data-row] td.name a"),
    "customer-lead": ("/customers/?stage=lead", "[data-row] td.name a"),
    "merge": ("/customers/duplicates/", "main a.btn-small"),
    "import": ("/imports/", "td.name a"),
    "user": ("/settings/users/", "td.name a"),
}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
LOOKS: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
    (320, "light", ""), (390, "light", "phone"), (768, "light", ""), (1280, "dark", "dark"), (1280, "light", "light"),
)  # fmt: skip
FIRST_LOAD, LATER_PAGE, SCRIPTS = 500_000, 60_000, 120_000  # bytes over the wire: look.md


@pytest.fixture(scope="module")
def places(team: Office) -> dict[str, str]:
    """Every page by name: those with an address of their own, and one of each kind that a list leads to."""
    found = dict(PAGES)
    with team.desk() as desk:
        for name, (path, link) in LINKED.items():
            desk.open(path)
            found[name] = str(desk.page.locator(link).first.get_attribute("href"))
            if found[name].startswith("?"):
                found[name] = path + found[name]
        found["erase"] = found["customer"] + "erase/"
        found["purchases"] = found["customer"] + "purchases/"
    return found


def sent(requests: list[Request]) -> dict[str, int]:
    """Bytes of the answers over the wire, heads included, by address."""
    found = {}
    for request in requests:
        if request.response() is not None:
            sizes = request.sizes()
            found[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    return found


def test_pages_are_light_quiet_and_ask_nobody_else(team: Office, places: dict[str, str]) -> None:
    heavy, asked, said = {}, [], []
    with team.desk() as desk:
        for place, (name, path) in enumerate(places.items()):
            desk.fetched.clear()
            desk.logged.clear()
            desk.page.goto(team.address + path)
            desk.page.wait_for_load_state("networkidle")
            weights = sent(desk.fetched)
            if place == 0:
                assert sum(size for url, size in weights.items() if ".js" in url) < SCRIPTS, weights
                assert sum(weights.values()) < FIRST_LOAD, weights
            elif sum(weights.values()) >= LATER_PAGE:
                heavy[name] = weights
            said += desk.logged if name != "missing" else []  # the browser itself tells of a 404
            asked += [request.url for request in desk.fetched if not request.url.startswith(team.address + "/")]
    assert (heavy, asked, said) == ({}, [], [])


def test_the_policy_holds_off_what_is_not_ours(team: Office) -> None:
    with team.desk() as desk:
        desk.open("/")
        desk.ask(
            "(() => { const s = document.createElement('script'); s.textContent = 'window.foreign = 1';"
            " document.body.append(s); })()"
        )
        assert desk.ask("window.foreign") is None
        assert any("Content Security Policy" in said for said in desk.logged)


def test_axe_finds_nothing_on_any_page_in_light_and_dark(team: Office, places: dict[str, str]) -> None:
    found = []
    for open_to in (OPEN, places):
        with team.desk(known=open_to is places, bypass_csp=True) as desk:
            for name, path in open_to.items():
                desk.open(path)
                for scheme in ("light", "dark"):
                    desk.page.emulate_media(color_scheme=scheme)
                    found += [f"{name}, {scheme}: {wrong}" for wrong in desk.wrong_for_everybody()]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_fits_its_window_and_is_pictured(
    team: Office, places: dict[str, str], lang: str, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("PATRON_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    wide = []
    for open_to in (OPEN, places):
        with team.desk(known=open_to is places, locale=LOCALES[lang]) as desk:
            for name, path in open_to.items():
                desk.open(path, lang)
                for width, scheme, look in LOOKS:
                    desk.page.set_viewport_size({"width": width, "height": 844})
                    desk.page.emulate_media(color_scheme=scheme)
                    if desk.ask("document.documentElement.scrollWidth") > width:
                        wide.append((name, width))
                    if look:
                        desk.page.screenshot(path=folder / f"{name}.{lang}.{look}.png", full_page=True)
    assert wide == []
    taken = {file.name for file in folder.glob("*.png") if file.stat().st_size > 5_000}
    assert taken >= {f"{name}.{lang}.{look}.png" for name in (*OPEN, *places) for _, _, look in LOOKS if look}
