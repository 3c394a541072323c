"""The pages of imports: upload, columns, counts, start, result, rejected rows, undo; and who may not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from people import signed_in

from patron.crm.customers.models import Customer, Order
from patron.crm.sources import jobs
from patron.crm.sources.models import Import

pytestmark = pytest.mark.django_db
CSV = (
    "订单号,客户编号,下单时间,商品编码,数量,单价\n1,C1,2024-03-01,K1,2,3.5\n2,,2024-03-01,K1,1,3.5\n3,C2,昨天,K1,=1,1\n"
)


def upload(client, content=None, **more):
    file = SimpleUploadedFile("订单.csv", content if content is not None else CSV.encode("gb18030"))
    return client.post(reverse("import_new"), {"kind": "orders", "source": "商城", "file": file, **more})


def chosen(run):
    names = [column["name"] for column in run.found["columns"]]
    return {role: names.index(name) + 1 if name else "" for role, name in run.mapping.items()}


def test_a_file_in_gb18030_is_mapped_counted_imported_mended_and_undone(client):
    signed_in(client, "owner")
    answer = upload(client)
    run = Import.objects.get()
    assert answer.url == reverse("import_page", args=[run.pk])
    page = client.get(answer.url).content.decode()
    assert "单价" in page
    assert "GB18030" in page
    client.post(reverse("import_mapping", args=[run.pk]), chosen(run))
    run.refresh_from_db()
    assert (run.state, run.counts) == ("previewed", {"create": 1, "update": 0, "skip": 0, "error": 2})
    assert 'data-count-of="error">2<' in client.get(answer.url).content.decode()
    client.post(reverse("import_start", args=[run.pk]))
    moving = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in moving
    jobs.run_import(run.pk)
    assert Order.objects.get().customer.external_id == "C1"
    ended = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in ended
    rejected = b"".join(client.get(reverse("import_rejected", args=[run.pk])).streaming_content).decode("utf-8-sig")
    lines = rejected.split("\r\n")
    assert lines[0].startswith("订单号,客户编号,下单时间,商品编码,数量,单价,")
    assert "no customer" in lines[1]
    assert "'=1" in lines[2]
    mended = rejected.replace("2,,2024", "2,C9,2024").replace("昨天", "2024-03-02").replace("'=1", "1").encode()
    upload(client, mended)
    again = Import.objects.latest("id")
    client.post(reverse("import_mapping", args=[again.pk]), chosen(again))
    client.post(reverse("import_start", args=[again.pk]))
    jobs.run_import(again.pk)
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"C1", "C2", "C9"}
    client.post(reverse("import_undo", args=[again.pk]))
    jobs.undo_import(again.pk)
    assert Customer.objects.get().external_id == "C1"
    assert client.get(reverse("import_page", args=[again.pk])).status_code == 200
    assert client.get(reverse("imports")).status_code == 200


def test_what_is_no_table_is_refused_and_not_kept(client):
    signed_in(client, "owner")
    answer = upload(client, b"%PDF-1.4 nothing")
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()
    assert "uploads" not in answer.content.decode()
    assert not Import.objects.exists()


def test_a_column_that_is_needed_is_asked_for_and_nothing_is_lost(client):
    signed_in(client, "owner")
    upload(client)
    run = Import.objects.get()
    answer = client.post(reverse("import_mapping", args=[run.pk]), {**chosen(run), "customer": ""})
    assert answer.status_code == 422
    assert "客户" in answer.content.decode()


def test_it_can_be_paused_and_cancelled(client):
    signed_in(client, "owner")
    upload(client)
    run = Import.objects.get()
    client.post(reverse("import_start", args=[run.pk]))
    client.post(reverse("import_pause", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "paused"
    client.post(reverse("import_resume", args=[run.pk]))
    client.post(reverse("import_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert jobs.run_import(run.pk) == "cancelled"


def test_who_may_only_look_gets_no_further(client):
    signed_in(client, "owner")
    upload(client)
    number = Import.objects.get().pk
    signed_in(client, "read_only")
    assert upload(client).status_code == 403
    assert client.post(reverse("import_start", args=[number])).status_code == 403
    assert client.get(reverse("import_rejected", args=[number])).status_code == 403
