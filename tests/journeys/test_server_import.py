"""An order file from a Chinese shop system in a real browser: looked at, counted, brought in, mended, taken back."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from office import PATIENCE, Desk, Office, busy
from playwright.sync_api import expect

HEAD = ["订单编号", "下单时间", "客户编号", "客户姓名", "手机号", "商品编码", "商品名称", "数量", "单价"]
PEOPLE = ("欧阳听澜", "上官若曦", "司徒明镜", "诸葛云帆", "慕容知秋", "公孙望月")
SOURCE = "微店"
BAD = {7: ("下单时间", "二〇二六年"), 19: ("数量", "一箱"), 31: ("客户编号", "")}
MANY = 30_000
NUMBERS = ("create", "update", "skip", "error")


def orders() -> list[list[str]]:
    """36 orders of six people in the last months."""
    rows = []
    for number in range(36):
        who = number % len(PEOPLE)
        day = date.today() - timedelta(days=200 - 5 * number)
        when = f"{day:%Y/%m/%d} {9 + number % 10}:30"
        phone = f"1380000{who:04d}"
        rows.append([f"WD{number:05d}", when, f"K{who}", PEOPLE[who], phone, f"S{number % 4}", "灯笼", "2", "39.90"])
    return rows


def many(prefix: str) -> list[list[str]]:
    """So many orders of a few people that there is time to press a button."""
    day = date.today() - timedelta(days=30)
    return [
        [f"{prefix}{number:06d}", f"{day:%Y/%m/%d} 10:00", f"{prefix}{number % 20}", "", "", "S1", "灯笼", "1", "9.90"]
        for number in range(MANY)
    ]


def spoiled(rows: list[list[str]]) -> list[list[str]]:
    """The same with three bad cells, each in a row of its own."""
    return [
        [
            BAD[place][1] if place in BAD and BAD[place][0] == name else cell
            for name, cell in zip(HEAD, row, strict=True)
        ]
        for place, row in enumerate(rows)
    ]


def written(rows: list[list[str]], encoding: str = "gb18030") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def upload(desk: Desk, name: str, content: bytes) -> None:
    """Choose the file, say where it comes from, send it."""
    desk.open("/imports/")
    desk.page.get_by_role("link", name="Import a file").first.click()
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    desk.page.set_input_files("#file", file)
    desk.page.select_option("#kind", "orders")
    desk.page.fill("#source", SOURCE)
    desk.page.get_by_role("button", name="Upload").click()
    desk.page.wait_for_url(re.compile(r"/imports/\d+/$"))


def counts(desk: Desk) -> dict[str, int]:
    """The figures on the page of an import."""
    said = {name: desk.page.locator(f"[data-count-of={name}]").first.inner_text() for name in NUMBERS}
    return {name: int(value.replace(",", "")) for name, value in said.items()}


def counted(desk: Desk) -> dict[str, int]:
    """What the import would do, asked for by the button."""
    desk.page.get_by_role("button", name="Count what it will do").click()
    desk.page.get_by_role("button", name="Start the import").wait_for()
    return counts(desk)


def brought_in(desk: Desk) -> dict[str, int]:
    """Started and waited for; what came of it."""
    desk.page.get_by_role("button", name="Start the import").click()
    done = desk.page.locator(".badge-good, #progress h2", has_text="Done")
    done.first.wait_for(timeout=8 * PATIENCE)
    desk.page.reload()
    return counts(desk)


def found(desk: Desk, name: str) -> int:
    """How many customers the list finds by a name."""
    desk.open(f"/customers/?text={name}")
    return desk.page.locator("[data-row]").count()


def test_a_gb18030_file_is_imported_mended_and_undone(desk: Desk, tmp_path: Path) -> None:
    upload(desk, "微店订单.csv", written([HEAD, *spoiled(orders())]))
    first = desk.page.url.removeprefix(desk.address)
    page = desk.page
    for role, column in (("order", "订单编号"), ("date", "下单时间"), ("customer", "客户编号"), ("name", "客户姓名")):
        assert page.locator(f"#role-{role} option:checked").inner_text() == column
    assert "欧阳听澜" in page.locator("form.card tbody").inner_text()  # examples, read in the right encoding
    expected = {"create": 33, "update": 0, "skip": 0, "error": 3}
    assert counted(desk) == expected
    assert found(desk, "欧阳") == 0  # nothing was written yet
    desk.open(first)
    assert brought_in(desk) == expected
    assert found(desk, "欧阳") == 1

    desk.open(first)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Rejected rows, to mend").click()
    waited.value.save_as(tmp_path / "rejected.csv")
    head, *rejected = csv.reader((tmp_path / "rejected.csv").read_text("utf-8-sig").splitlines())
    assert head[: len(HEAD)] == HEAD
    assert [row[len(HEAD)] for row in rejected] == [str(place + 2) for place in BAD]  # rows as a spreadsheet counts
    assert [row[len(HEAD) + 1] for row in rejected] == [column for column, _ in BAD.values()]
    assert all(row[-1].startswith(column) for row, (column, _) in zip(rejected, BAD.values(), strict=True))

    whole = {row[0]: row for row in orders()}
    mended = [[*whole[row[0]], *row[len(HEAD) :]] for row in rejected]
    upload(desk, "rejected.csv", written([head, *mended], "utf-8-sig"))
    assert counted(desk) == {"create": 3, "update": 0, "skip": 0, "error": 0}
    assert brought_in(desk) == {"create": 3, "update": 0, "skip": 0, "error": 0}
    second = page.url.removeprefix(desk.address)

    upload(desk, "微店订单.csv", written([HEAD, *orders()]))
    assert counted(desk) == {"create": 0, "update": 0, "skip": 36, "error": 0}
    page.get_by_role("button", name="Discard").click()

    for path in (second, first):
        desk.open(path)
        page.get_by_role("button", name="Undo the import").click()
        page.locator(".badge, #progress h2", has_text=re.compile("^Undone$")).first.wait_for(timeout=8 * PATIENCE)
    assert [found(desk, name) for name in PEOPLE] == [0] * len(PEOPLE)


def stopped(team: Office, desk: Desk, press: str, state: str) -> dict[str, int]:
    """A running import is stopped by a button after some rows; what came of it so far."""
    with busy(team.home):  # alone it may have written the last row before the button is pressed
        desk.page.get_by_role("button", name="Start the import").click()
        desk.page.locator("#progress [data-count-of=create]", has_text=re.compile("[1-9]")).wait_for()
        desk.page.get_by_role("button", name=press).click()
        desk.page.wait_for_load_state()
    desk.page.locator(".badge, #progress h2", has_text=re.compile(f"^{state}$")).first.wait_for(timeout=8 * PATIENCE)
    desk.page.reload()
    return counts(desk)


def test_an_import_is_paused_and_goes_on_and_another_is_cancelled(team: Office, desk: Desk) -> None:
    page = desk.page
    upload(desk, "many.csv", written([HEAD, *many("P")], "utf-8"))
    assert counted(desk) == {"create": MANY, "update": 0, "skip": 0, "error": 0}
    so_far = stopped(team, desk, "Pause", "Paused")["create"]
    assert 0 < so_far < MANY
    expect(page.locator("main")).to_contain_text(f"It stopped after {so_far:,} of {MANY:,} rows")
    page.reload()
    assert counts(desk)["create"] == so_far  # it stands still
    page.get_by_role("button", name="Go on").click()
    page.locator(".badge-good, #progress h2", has_text="Done").first.wait_for(timeout=8 * PATIENCE)
    page.reload()
    assert counts(desk) == {"create": MANY, "update": 0, "skip": 0, "error": 0}  # no row twice, none lost

    upload(desk, "more.csv", written([HEAD, *many("C")], "utf-8"))
    counted(desk)
    so_far = stopped(team, desk, "Cancel", "Cancelled")["create"]
    assert 0 < so_far < MANY
    assert page.get_by_role("button", name="Go on").count() == 0
    page.get_by_role("button", name="Undo the import").click()
    page.locator(".badge, #progress h2", has_text=re.compile("^Undone$")).first.wait_for(timeout=8 * PATIENCE)


def test_a_file_that_is_none_is_refused_in_words(desk: Desk) -> None:
    desk.open("/imports/new/")
    page = desk.page
    page.set_input_files("#file", {"name": "photo.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n\x00\x00"})
    page.fill("#source", SOURCE)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[role=alert]")).to_contain_text("The file was not taken.")
    assert page.input_value("#source") == SOURCE
