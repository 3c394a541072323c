"""People come in and prove who they are, in a real browser: by invitation, by a new password, by a second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

from office import Desk, Office
from playwright.sync_api import expect

FIRST, SECOND = "acht-lampions-am-kanal", "neun-laternen-im-hof"
STEP = 30  # seconds that a code of an authenticator holds


def invited(desk: Desk, email: str, role: str, team: str = "") -> str:
    """The owner makes a link for somebody; its address, as shown once."""
    desk.open("/settings/users/")
    desk.page.get_by_role("link", name="Invite").click()
    desk.page.fill("#email", email)
    desk.page.select_option("#role", role)
    if team:
        desk.page.get_by_label(team).check()
    desk.page.get_by_role("button", name="Make the link").click()
    return desk.page.input_value("#link")


def joined(desk: Desk, link: str, name: str, email: str) -> None:
    """Somebody opens their link, says who they are, and signs in."""
    desk.page.goto(link)
    expect(desk.page.locator("h1")).to_contain_text("Welcome to")
    desk.page.fill("#name", name)
    desk.page.fill("#password", FIRST)
    desk.page.get_by_role("button", name="Join").click()
    expect(desk.page.locator("main")).to_contain_text("Your password is set.")
    desk.sign_in(FIRST, email)
    desk.page.wait_for_selector("nav.rail")


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator shows for a secret, now or `steps` later (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // STEP + steps)
    made = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = made[-1] & 15
    return f"{(struct.unpack('>I', made[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sent_code(desk: Desk, code: str) -> None:
    """Type a code and send it."""
    desk.page.fill("[name=code]", code)
    desk.page.press("[name=code]", "Enter")


def sure(desk: Desk) -> None:
    """Give the password again, where a change of how one signs in asks for it."""
    desk.page.wait_for_load_state()
    if desk.heading() == "Is it you?":
        desk.page.fill("[name=password]", FIRST)
        desk.page.press("[name=password]", "Enter")
        desk.page.wait_for_url(lambda address: "reauthenticate" not in address)


def customers_seen(desk: Desk) -> int:
    """How many rows the first page of the customers has."""
    desk.open("/customers/")
    return desk.page.locator("[data-row]").count()


def test_a_colleague_comes_in_by_a_link_and_sees_only_what_the_role_may(desk: Desk, team: Office) -> None:
    email = "mei.lantern@example.org"
    desk.open("/settings/teams/")
    desk.page.fill("#new-team", "Night market")
    desk.page.get_by_role("button", name="Add").click()
    link = invited(desk, email, "member", "Night market")
    assert link.startswith(f"{team.address}/join/")
    expect(desk.page.locator("main")).to_contain_text(f"Hand it to {email} yourself")
    with team.desk(known=False) as theirs:
        joined(theirs, link, "Mei Lantern", email)
        assert theirs.heading() == "Today"
        theirs.open("/settings/")
        sections = theirs.page.locator("main a.card strong").all_inner_texts()
        assert {"My profile", "Users", "Roles"} <= set(sections)
        assert not {"Audit", "Access tokens", "Organisation"} & set(sections)
        for closed in ("/audit/", "/settings/organisation/", "/settings/users/invite/"):
            answer = theirs.page.goto(team.address + closed)
            assert answer is not None
            assert answer.status == 403, closed
        assert customers_seen(theirs) == 0  # nobody is theirs yet
        assert customers_seen(desk) > 0

        theirs.add_customer("Corner Stall Customer")
        assert customers_seen(theirs) == 1
        theirs.page.goto(link)
        expect(theirs.page.locator("h1")).to_have_text("This link has ended")


def test_a_new_password_by_a_link_ends_the_old_one(desk: Desk, team: Office) -> None:
    email = "otto.wick@example.org"
    link = invited(desk, email, "read_only")
    with team.desk(known=False) as theirs:
        joined(theirs, link, "Otto Wick", email)
        desk.open("/settings/users/")
        desk.page.get_by_role("link", name="Otto Wick").click()
        desk.page.get_by_role("button", name="Link for a new password").click()
        reset = desk.page.input_value("#link")
        with team.desk(known=False) as elsewhere:
            elsewhere.page.goto(reset)
            assert elsewhere.heading() == "Choose a new password"
            elsewhere.page.fill("#password", "password12")
            elsewhere.page.press("#password", "Enter")
            expect(elsewhere.page.locator("[role=alert]")).to_contain_text("common")
            elsewhere.page.fill("#password", SECOND)
            elsewhere.page.press("#password", "Enter")
            elsewhere.sign_in(FIRST, email)
            expect(elsewhere.page.locator("[role=alert]")).to_be_visible()
            elsewhere.sign_in(SECOND, email)
            elsewhere.page.wait_for_selector("nav.rail")
            elsewhere.page.goto(reset)
            assert elsewhere.heading() == "This link has ended"
        theirs.page.goto(f"{team.address}/")
        assert theirs.heading() == "Sign in"  # the session of the old password ended with it


def test_a_second_factor_is_set_up_asked_for_and_survives_a_lost_phone(desk: Desk, team: Office) -> None:
    email = "ada.two.steps@example.org"
    link = invited(desk, email, "read_only")
    with team.desk(known=False) as theirs:
        page = theirs.page
        joined(theirs, link, "Ada Twosteps", email)
        theirs.open("/settings/profile/")
        page.get_by_role("link", name="Second factor").click()
        page.get_by_role("link", name="Set up").click()
        sure(theirs)
        secret = page.input_value("#secret")
        assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 0")
        sent_code(theirs, "000000")
        expect(page.locator(".errorlist")).to_be_visible()
        assert page.input_value("#secret") == secret  # what the app has learnt stays true
        sent_code(theirs, code_of(secret))
        page.wait_for_url("**/recovery-codes/")
        codes = page.locator(".codes code").all_inner_texts()
        assert len(set(codes)) == 10
        for code in (code_of(secret, 1), codes[0]):
            page.locator("details.menu summary").click()
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url(re.compile("/accounts/login/"))
            theirs.sign_in(FIRST, email)
            page.wait_for_url("**/2fa/authenticate/**")
            page.goto(f"{team.address}/customers/")  # the password alone opens nothing
            assert theirs.heading() == "Second factor"
            sent_code(theirs, code)
            page.wait_for_selector("nav.rail")
        theirs.open("/accounts/2fa/")
        page.get_by_role("link", name="Show").click()
        sure(theirs)
        expect(page.locator("main")).to_contain_text("9 of 10 are left.")
        desk.open("/settings/users/?q=twosteps")
        expect(desk.page.locator("tbody tr .badge-good")).to_have_text("on")
