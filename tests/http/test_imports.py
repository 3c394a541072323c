"""A file goes in by the API: uploaded, mapped, counted, run, undone; what was refused comes back as CSV."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from people import person
from programs import API, token

from patron.crm.customers.models import Customer
from patron.crm.sources import operations
from patron.crm.sources.models import Import
from patron.crm.sources.running import run_import
from patron.crm.sources.undoing import undo_import

pytestmark = pytest.mark.django_db
FILE = "编号,姓名,生日\nC1,李雷,1990-02-03\nC2,韩梅梅,nonsense\n"


class Uploader:
    def __init__(self, role: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {token(person(role))}"}

    def upload(self, text: str = FILE, **more: str):
        file = SimpleUploadedFile("客户.csv", text.encode())
        body = {"file": file, "source": "shop", "kind": "customers", **more}
        return self.client.post(f"{API}/imports", body, headers=self.headers)

    def ask(self, method: str, path: str, body=None):
        kind = "application/json"
        return getattr(self.client, method)(f"{API}{path}", body or {}, content_type=kind, headers=self.headers)


@pytest.fixture
def uploader():
    return Uploader("owner")


def test_an_import_from_upload_to_undo(uploader):
    made = uploader.upload()
    assert made.status_code == 201, made.content
    number, mapping = made.json()["id"], made.json()["mapping"]
    assert (mapping["name"], mapping["birthday"]) == ("姓名", "生日")
    path = f"/imports/{number}"
    told = uploader.ask("put", f"{path}/mapping", {"mapping": {"customer": "编号", "name": "姓名", "birthday": 3}})
    assert told.status_code == 200, told.content
    previewed = uploader.ask("post", f"{path}/preview").json()
    counts = previewed["counts"]
    assert previewed["state"] == "previewed"
    assert counts == {"create": 1, "update": 0, "skip": 0, "error": 1}
    assert uploader.ask("post", f"{path}/start").json()["state"] == "queued"
    assert uploader.ask("post", f"{path}/pause").json()["state"] == "paused"
    assert uploader.ask("post", f"{path}/resume").json()["state"] == "queued"
    run_import(number)
    done = uploader.client.get(f"{API}{path}", headers=uploader.headers).json()
    assert (done["state"], done["counts"]) == ("done", counts)
    rejected = uploader.client.get(f"{API}{path}/rejected", headers=uploader.headers)
    assert rejected["Content-Type"] == "text/csv; charset=utf-8"
    assert "韩梅梅" in b"".join(rejected.streaming_content).decode()
    assert uploader.ask("post", f"{path}/start").status_code == 409
    assert uploader.ask("post", f"{path}/undo").json()["state"] == "undoing"
    undo_import(number)
    assert not Customer.objects.exists()


def test_a_big_file_is_counted_in_the_background(uploader, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 0)
    path = f"/imports/{uploader.upload().json()['id']}"
    assert uploader.ask("post", f"{path}/preview").json()["state"] == "counting"
    assert uploader.ask("post", f"{path}/preview").status_code == 409
    assert uploader.ask("post", f"{path}/preview/stop").json()["state"] == "uploaded"
    assert uploader.ask("post", f"{path}/preview/stop").status_code == 409


def test_an_import_is_cancelled_and_listed(uploader):
    number = uploader.upload().json()["id"]
    assert uploader.ask("post", f"/imports/{number}/cancel").json()["state"] == "cancelled"
    listed = uploader.client.get(f"{API}/imports", headers=uploader.headers).json()["items"]
    assert [(one["id"], one["source"]["name"]) for one in listed] == [(number, "shop")]
    assert uploader.client.get(f"{API}/sources", headers=uploader.headers).json()["items"] == ["shop"]


@pytest.mark.parametrize("more", [{"kind": "rumours"}, {"source": ""}, {"source": "hand"}, {"source": "a\x00b"}])
def test_an_upload_that_names_no_kind_or_source_is_refused(uploader, more):
    assert uploader.upload(**more).status_code == 422


def test_what_is_no_table_is_refused_with_what_to_do(uploader):
    answer = uploader.upload("<html>")
    assert answer.status_code == 400
    assert answer.json()["remedy"]
    assert not Import.objects.exists()


def test_an_upload_without_a_file_is_refused(uploader):
    answer = uploader.client.post(f"{API}/imports", {"source": "s", "kind": "orders"}, headers=uploader.headers)
    assert [one["field"] for one in answer.json()["errors"]] == ["file"]


def test_the_same_upload_with_the_same_key_is_one_import(uploader):
    uploader.headers["Idempotency-Key"] = "k"
    assert uploader.upload().json()["id"] == uploader.upload().json()["id"]
    assert Import.objects.count() == 1
    assert uploader.upload("编号,姓名\nC9,x\n").status_code == 409


def test_readers_see_imports_but_not_what_was_refused():
    number = Uploader("owner").upload().json()["id"]
    reader = Uploader("read_only")
    assert reader.client.get(f"{API}/imports/{number}", headers=reader.headers).status_code == 200
    assert reader.client.get(f"{API}/imports/{number}/rejected", headers=reader.headers).status_code == 403
    assert reader.upload().status_code == 403
