"""Work on customers in a real browser: finding, understanding, writing down, merging, erasing."""

from __future__ import annotations

import re

from office import Desk
from playwright.sync_api import expect

WHY = r"Usually buys every \d+ days; it has been \d+\.|Bought \w+, (\d+ days apart; .*)?\d+ days ago\."
WHY_ZH = (
    r"通常每 \d+ 天购买一次，已有 \d+ 天未购买。|购买过两次，间隔 \d+ 天，最近一次在 \d+ 天前。|仅在 \d+ 天前购买过"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]{3,}")


def somebody_chinese(desk: Desk) -> str:
    """A name of three Chinese characters or more among the customers."""
    desk.open("/customers/?sort=-created")
    names = desk.page.locator("[data-row] td.name").all_inner_texts()
    return next(name for name in names if CHINESE.fullmatch(name))


def test_two_characters_find_a_customer_from_anywhere_and_in_the_list(desk: Desk) -> None:
    name = somebody_chinese(desk)
    part = name[1:3]
    desk.open("/imports/")
    desk.page.keyboard.press("Control+k")
    desk.page.locator("#palette input").press_sequentially(part)
    desk.page.locator("#palette-found a", has_text=name).first.click()
    expect(desk.page.locator("h1")).to_have_text(name)
    desk.open("/customers/")
    desk.page.fill("[data-search]", part)
    desk.page.press("[data-search]", "Enter")
    desk.page.wait_for_url(re.compile("text="))
    found = desk.page.locator("[data-row] td.name").all_inner_texts()
    assert name in found
    assert all(part in one for one in found)


def test_one_understands_why_somebody_is_at_risk(desk: Desk) -> None:
    desk.open("/")
    desk.page.locator(".figures a[href*='stage=at_risk']").click()
    desk.page.wait_for_url(re.compile("stage=at_risk"))
    assert set(desk.page.locator("[data-row] .stage").all_inner_texts()) == {"At risk"}
    desk.page.locator("[data-row] td.name a").first.click()
    life = desk.page.locator(".life")
    said = life.inner_text()
    assert re.search(WHY, said)
    assert re.search(r"£[\d,.]+k?\n\([\d,.]+k?–[\d,.]+k?\)", said)  # expected value and its interval
    assert re.search(r"Chance to buy again, next .*\n[\d.]+.%\n(about \d+ in 100?|hardly any)", said)
    assert "Next step" in said
    desk.page.locator(".of-middle .picture svg").first.wait_for()  # it comes once the page is there
    desk.speak("zh")
    said = desk.page.locator(".life").inner_text()
    assert re.search(WHY_ZH, said)
    assert "下一步" in said


def test_two_that_are_one_are_merged_and_taken_apart_again(desk: Desk) -> None:
    desk.open("/customers/")
    desk.page.get_by_role("link", name="Duplicates").click()
    desk.page.get_by_role("link", name="Compare").first.click()
    names = [text.rsplit("#", 1) for text in desk.page.locator(".compare h2").all_inner_texts()]
    (kept, kept_id), (other, other_id) = [(name.strip(), number) for name, number in names]
    desk.page.get_by_role("button", name="Merge").click()
    desk.page.wait_for_url(re.compile(f"/customers/{kept_id}/$"))
    expect(desk.page.locator(".toast")).to_contain_text("one customer now")
    desk.open(f"/customers/{other_id}/")  # the number of who was merged leads on for ever
    assert desk.page.url.endswith(f"/customers/{kept_id}/")
    assert f"#{other_id}" in desk.page.locator(".card", has=desk.page.get_by_text("Merged from")).inner_text()
    desk.page.get_by_role("link", name="Take apart").click()
    desk.page.get_by_role("button", name="Take apart").click()
    desk.page.wait_for_url(re.compile(f"/customers/{other_id}/$"))
    assert desk.heading() == other
    desk.open(f"/customers/{kept_id}/")
    assert desk.heading() == kept
    assert desk.page.get_by_text("Merged from").count() == 0


def test_a_field_is_edited_in_place_kept_by_enter_and_restored_by_esc(desk: Desk) -> None:
    desk.open(desk.add_customer("Basil Tern", email="basil@example.com"))
    city = desk.page.locator("#field-city")
    city.locator("[data-edit]").click()
    field = city.locator("input[name=value]")
    expect(field).to_be_focused()
    field.fill("杭州")
    field.press("Enter")
    expect(city.locator("[data-edit]")).to_contain_text("杭州")
    city.locator("[data-edit]").click()
    field.fill("nowhere")
    field.press("Escape")
    expect(city.locator("[data-edit]")).to_contain_text("杭州")
    mail = desk.page.locator("#field-email")
    mail.locator("[data-edit]").click()
    mail.locator("input[name=value]").fill("basil@nowhere")
    mail.locator("input[name=value]").press("Enter")
    expect(mail.locator("[role=alert]")).to_be_visible()
    assert mail.locator("input[name=value]").input_value() == "basil@nowhere"  # nothing typed is lost
    desk.page.reload()
    assert "杭州" in city.inner_text()
    assert "basil@example.com" in mail.inner_text()


def test_what_happened_is_written_down(desk: Desk) -> None:
    desk.open("/customers/?stage=active,loyal")
    desk.page.locator("[data-row] td.name a").first.click()
    desk.page.fill("#note", "Prefers blue paper. 喜欢蓝色纸。")
    desk.page.get_by_role("button", name="Keep the note").click()
    expect(desk.page.locator(".happening").first).to_contain_text("Prefers blue paper. 喜欢蓝色纸。")
    desk.page.get_by_text("Log a call or another contact").click()
    desk.page.select_option("#channel", "phone")
    desk.page.fill("#minutes", "7")
    desk.page.fill("#contact-text", "Asked when the lanterns come back.")
    desk.page.get_by_role("button", name="Keep the contact").click()
    expect(desk.page.locator(".happening").first).to_contain_text("7 min")
    desk.page.fill("#add-tag", "Lanterns 灯笼")
    desk.page.press("#add-tag", "Enter")
    expect(desk.page.locator("#tags .tag", has_text="Lanterns 灯笼")).to_be_visible()
    desk.page.locator("#consent summary").click()
    desk.page.fill("#c-proof", "said so by phone")
    desk.page.get_by_role("button", name="They agreed").click()
    expect(desk.page.locator("#consent li").first).to_contain_text("yes")
    desk.page.select_option("#stage", "at_risk")
    desk.page.get_by_role("button", name="Set", exact=True).click()
    expect(desk.page.locator(".question")).to_contain_text("set by hand")
    expect(desk.page.locator(".question .stage")).to_have_text("At risk")


def test_several_are_tagged_at_once(desk: Desk) -> None:
    desk.open("/customers/?sort=name")
    bar = desk.page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    for place in (0, 1):
        desk.page.locator("input[data-choose]").nth(place).check()
    expect(bar.locator("[data-count]")).to_have_text("2")
    bar.locator("[name=tag]").fill("Fair 展会")
    bar.get_by_role("button", name="Add tag").click()
    expect(desk.page.locator(".toast")).to_contain_text("Tagged: 2.")
    desk.open("/customers/?tag=Fair+展会")
    assert desk.page.locator("[data-row]").count() == 2


def test_a_person_is_erased_by_typing_the_name_and_found_nowhere(desk: Desk) -> None:
    name = "Zenobia Quillfeather"
    address = desk.add_customer(name, phone="+44 20 7946 0991")
    desk.page.locator("main details.menu summary").first.click()
    desk.page.get_by_role("link", name="Erase this person").click()
    desk.page.fill("#confirm", "Zenobia")
    desk.page.press("#confirm", "Enter")
    expect(desk.page.locator("[role=alert]")).to_contain_text(name)
    desk.page.fill("#confirm", name)
    desk.page.press("#confirm", "Enter")
    expect(desk.page.locator(".toast")).to_contain_text("erased")
    desk.open("/customers/?text=Quillfeather")
    assert "Nobody fits these filters." in desk.page.locator("main").inner_text()
    answer = desk.page.goto(desk.address + address)
    assert answer is not None
    assert answer.status == 200  # who may erase may let imports bring them back; nothing of them is left here
    assert name not in desk.page.content()
    assert "7946" not in desk.page.content()
    assert desk.heading() == "Erased person #" + address.strip("/").rpartition("/")[2]
    expect(desk.page.get_by_role("button", name="Let imports bring this person back")).to_be_visible()
