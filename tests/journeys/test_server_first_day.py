"""The first day with Patron in a real browser: signing in, the own language, the own theme, and without scripts."""

from __future__ import annotations

import re

from office import OWN, OWNER, Desk, Office

PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(251, 251, 249)", "rgb(20, 23, 28)"


def test_the_printed_password_leads_to_an_own_one_before_anything_else(team: Office) -> None:
    assert team.seen == ["Choose a password", "Choose a password", "Today"]


def test_the_printed_password_holds_once_and_a_wrong_one_is_said(team: Office) -> None:
    with team.desk(known=False) as desk:
        for wrong in (team.printed, "not-my-password"):
            desk.sign_in(wrong)
            desk.page.wait_for_selector("main .errorlist, main [role=alert]")
            assert "password" in desk.page.locator("main").inner_text().lower()
            assert desk.page.input_value("[name=login]") == OWNER
        desk.sign_in(OWN)
        desk.page.wait_for_selector("nav.rail")
        assert desk.heading() == "Today"
        desk.page.click("header details.menu summary")
        desk.page.get_by_role("button", name="Sign out").click()
        desk.page.wait_for_url(re.compile("/accounts/login/"))


def test_the_language_is_switched_once_and_stays(team: Office) -> None:
    with team.desk() as desk:
        desk.open("/customers/", "zh")
        assert desk.heading() == "客户"
        desk.page.goto(f"{team.address}/insight/")
        assert desk.ask("document.documentElement.lang") == "zh-CN"
    with team.desk() as another_window:
        another_window.page.goto(f"{team.address}/")
        assert another_window.heading() == "今日"
        another_window.speak("en")
        assert another_window.heading() == "Today"


def test_the_theme_follows_the_system_until_it_is_chosen_and_stays(team: Office) -> None:
    switch = "[data-theme-form] button"
    with team.desk(color_scheme="dark") as desk:
        desk.open("/")
        assert desk.ask(PAPER) == DARK
        for theme, paper in (("dark", DARK), ("light", LIGHT)):
            desk.page.click(switch)
            desk.page.wait_for_selector(f"html[data-theme={theme}]")
            assert desk.ask(PAPER) == paper
    with team.desk(color_scheme="dark") as tomorrow:
        tomorrow.open("/customers/")
        assert tomorrow.ask(PAPER) == LIGHT
        tomorrow.page.click(switch)
        tomorrow.page.wait_for_selector("html[data-theme=auto]")
        assert tomorrow.ask(PAPER) == DARK


def test_without_scripts_one_signs_in_reads_and_writes_a_note(team: Office) -> None:
    with team.desk(known=False, java_script_enabled=False) as desk:
        desk.sign_in(OWN)
        desk.page.wait_for_selector("nav.rail")
        desk.page.click("nav.rail a[href='/customers/']")
        assert desk.page.locator("[data-row]").count() > 20
        _reads_and_writes(desk)


def _reads_and_writes(desk: Desk) -> None:
    name = desk.page.locator("[data-row] td.name").first.inner_text()
    desk.page.click("[data-row] td.name a")
    assert desk.heading() == name
    assert desk.page.locator(".life .reasons li").first.is_visible()
    assert desk.page.locator(".of-who .facts").is_visible()
    desk.page.fill("#note", "Written without scripts. 无脚本也能写。")
    desk.page.get_by_role("button", name="Keep the note").click()
    assert "Written without scripts. 无脚本也能写。" in desk.page.locator("#timeline").inner_text()
