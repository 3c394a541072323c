"""Patron by keyboard alone, and on a phone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from office import Desk, Office
from playwright.sync_api import expect

BOX = "(e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"


@pytest.fixture
def phone(team: Office) -> Iterator[Desk]:
    """The owner with a phone in hand."""
    with team.desk(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2) as opened:
        yield opened


def test_a_list_is_worked_by_keys(desk: Desk) -> None:
    desk.open("/")
    press = desk.page.keyboard.press
    press("g")
    press("c")
    desk.page.wait_for_url("**/customers/")
    rows = desk.page.locator("[data-row]")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        press(key)
        expect(rows.nth(at)).to_have_class(re.compile(r"\bat\b"))
    assert desk.page.locator("[data-row].at").count() == 1
    press("x")
    expect(desk.page.locator("[data-bulk] [data-count]")).to_have_text("1")
    press("x")
    expect(desk.page.locator("[data-bulk]")).to_be_hidden()
    name = rows.nth(1).locator("td.name").inner_text()
    press("Enter")
    expect(desk.page.locator("h1")).to_have_text(name)
    press("e")
    field = desk.page.locator("#field-name input[name=value]")
    expect(field).to_be_focused()
    assert field.input_value() == name
    press("Escape")
    expect(desk.page.locator("#field-name [data-edit]")).to_contain_text(name)
    expect(desk.page.locator("#field-name [data-edit]")).to_be_focused()


def test_keys_show_their_map_search_and_lead_everywhere(desk: Desk) -> None:
    desk.open("/customers/")
    press = desk.page.keyboard.press
    press("?")
    expect(desk.page.locator("dialog#keys")).to_be_visible()
    press("Escape")
    expect(desk.page.locator("dialog#keys")).to_be_hidden()
    press("/")
    expect(desk.page.locator("[data-search]")).to_be_focused()
    desk.page.keyboard.type("ltd")
    press("Enter")
    desk.page.wait_for_url(re.compile("text=ltd"))
    for key, place in (("t", "/"), ("i", "/insight/"), ("m", "/imports/"), ("s", "/settings/")):
        press("g")
        press(key)
        desk.page.wait_for_url(desk.address + place)
    press("Control+k")
    desk.page.keyboard.type("Insight")
    expect(desk.page.locator("#palette-found a").first).to_contain_text("Insight")
    press("ArrowDown")
    press("Enter")
    desk.page.wait_for_url("**/insight/")


def test_everything_is_reached_by_tab_with_a_ring_around_it(desk: Desk) -> None:
    desk.open("/customers/")
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator(".skip")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#content")).to_be_focused()
    ringless = "el => getComputedStyle(el).outlineStyle === 'none'"
    seen = set()
    for _ in range(25):
        desk.page.keyboard.press("Tab")
        at = desk.page.locator(":focus")
        assert not at.evaluate(ringless), at.evaluate("el => el.outerHTML.slice(0, 200)")
        seen.add(at.evaluate("el => el.tagName"))
    assert {"A", "INPUT", "SELECT", "BUTTON"} <= seen


def test_on_a_phone_the_ways_are_at_the_bottom_and_the_list_is_cards(phone: Desk) -> None:
    phone.open("/customers/")
    left, top, right, bottom = phone.ask(f"{BOX}(document.querySelector('.rail'))")
    assert (left, right, bottom) == (0, 390, 844)
    assert top > 780
    ways = phone.page.locator(".rail a.way")
    assert ways.count() == 5
    for way in ways.all():
        box = way.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert phone.ask("getComputedStyle(document.querySelector('[data-row]')).display") == "flex"
    ways.first.tap()
    phone.page.wait_for_url(f"{phone.address}/")
    assert phone.heading() == "Today"


def test_on_a_phone_a_customer_is_tabs_with_the_lifecycle_first(phone: Desk) -> None:
    phone.open("/customers/")
    phone.page.locator("[data-row] td.name a").first.tap()
    expect(phone.page.locator(".of-life")).to_be_visible()
    expect(phone.page.locator(".of-middle")).to_be_hidden()
    phone.page.get_by_role("tab", name="History").tap()
    expect(phone.page.locator(".of-life")).to_be_hidden()
    expect(phone.page.locator("#timeline")).to_be_visible()
    phone.page.fill("#note", "Met at the door.")
    phone.page.get_by_role("button", name="Keep the note").tap()
    expect(phone.page.locator(".toast")).to_be_visible()
    expect(phone.page.locator("#timeline")).to_be_visible()  # where the note is, not the first tab again
    phone.page.get_by_role("link", name="Notes").tap()
    expect(phone.page.locator("#timeline")).to_contain_text("Met at the door.")
    expect(phone.page.locator("#timeline")).to_be_visible()
    phone.page.get_by_role("tab", name="Who").tap()
    expect(phone.page.locator("#field-name")).to_be_visible()
