"""The buttons of an import's page, as a browser without scripts presses them: in time, and too late."""

from __future__ import annotations

import people
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from patron.crm.kit import clock
from patron.crm.sources import operations
from patron.crm.sources.models import Import
from patron.crm.sources.previewing import count_in_background
from patron.crm.sources.running import run_import
from patron.crm.sources.undoing import undo_import

pytestmark = pytest.mark.django_db
FILE = "编号,姓名\nC1,李雷\nC2,韩梅梅\n"


@pytest.fixture
def run(client) -> Import:
    """An import that is counted and may be started, and its owner at the browser."""
    people.signed_in(client, "owner")
    file = SimpleUploadedFile("客户.csv", FILE.encode())
    client.post(reverse("import_new"), {"file": file, "kind": "customers", "source": "shop"})
    made = Import.objects.get()
    client.post(reverse("import_mapping", args=[made.pk]), {"customer": "1", "name": "2"})
    made.refresh_from_db()
    assert made.state == "previewed"
    return made


def pressed(client, run: Import, button: str) -> str:
    """The page after a button."""
    answer = client.post(reverse(f"import_{button}", args=[run.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("import_page", args=[run.pk]), 302)]
    run.refresh_from_db()
    return answer.content.decode()


def test_the_page_says_how_far_a_paused_and_a_cancelled_import_came(client, run) -> None:
    assert "Waiting" in pressed(client, run, "start")
    Import.objects.filter(pk=run.pk).update(rows_total=4_000, rows_done=1_200, counts={"create": 1_200})
    page = pressed(client, run, "pause")
    assert "How far is it?" in page
    assert "It stopped after 1,200 of 4,000 rows. It goes on behind them; no row is read twice." in page
    page = pressed(client, run, "cancel")
    assert "It stopped after 1,200 of 4,000 rows. What was written stays until it is undone." in page
    assert run.state == "cancelled"


def test_a_button_that_comes_too_late_is_answered_in_words(client, run) -> None:
    pressed(client, run, "start")
    run_import(run.pk)
    for button in ("start", "pause", "cancel", "resume"):
        assert "that can&#x27;t be done now" in pressed(client, run, button), button
        assert run.state == "done"
    pressed(client, run, "undo")
    undo_import(run.pk)
    page = pressed(client, run, "pause")
    assert "Customers removed" in page
    assert run.state == "undone"
    assert "Rows restored" not in page  # nought is nothing to tell


def test_a_big_file_is_counted_with_progress_and_the_page_comes_back_by_itself(client, run, monkeypatch) -> None:
    monkeypatch.setattr(operations, "AT_ONCE", 0)
    here, moving = reverse("import_page", args=[run.pk]), {"HX-Request": "true"}
    page = pressed(client, run, "preview")
    assert "Being counted" in page
    Import.objects.filter(pk=run.pk).update(rows_done=30_000, beat_at=clock.now())
    assert "Reading the file: 30,000 rows so far" in client.get(here, headers=moving).content.decode()
    assert "It stops in a moment." in pressed(client, run, "stop_counting")
    Import.objects.filter(pk=run.pk).update(beat_at=None)
    assert count_in_background(run.pk) == "uploaded"
    assert client.get(here, headers=moving)["HX-Refresh"] == "true"
    Import.objects.filter(pk=run.pk).update(error={"en": "Too odd.", "zh": "太奇怪。"})
    assert "Too odd." in client.get(here).content.decode()


def test_what_a_file_is_told_of_names_no_option(client) -> None:
    people.signed_in(client, "owner")
    file = SimpleUploadedFile("notes.csv", b"hello\nworld\n")
    answer = client.post(reverse("import_new"), {"file": file, "kind": "orders", "source": "shop"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The file was not taken." in page
    assert "--" not in page[page.index("The file was not taken.") : page.index('id="file"')]
