"""The pages of customers over HTTP: who may see and do what, and what stays when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import people
import pytest
import records

from patron.crm.customers import search
from patron.crm.customers.models import Customer, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    return people.signed_in(client, "owner")


def test_the_list_leaves_as_a_file_that_runs_no_formula(client, owner):
    people.customer("=HYPERLINK(1)", owner=owner, email="a@example.org")
    people.customer("李雷", owner=owner)
    answer = client.get("/customers/export.csv?sort=name")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("id,name,email")
    assert any(",'=HYPERLINK(1)," in line for line in lines)
    assert any(",李雷," in line for line in lines)


def test_who_may_not_export_gets_no_file(client):
    people.signed_in(client, "read_only")
    assert client.get("/customers/export.csv").status_code == 403


@pytest.mark.usefixtures("owner")
def test_the_number_of_somebody_who_was_merged_leads_to_who_they_are(client):
    one, other = people.customer("李雷"), people.customer("Li Lei")
    assert client.post(f"/customers/{one.pk}/merge/", {"with": other.pk}).status_code == 302
    answer = client.get(f"/customers/{other.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{one.pk}/")


@pytest.mark.usefixtures("owner")
def test_a_field_that_can_not_be_kept_says_so_and_keeps_what_was_typed(client):
    one = people.customer("李雷", email="li@example.org")
    answer = client.post(f"/customers/{one.pk}/field/email/", {"value": "no address"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'value="no address"' in answer.content.decode()
    assert Customer.objects.get(pk=one.pk).email == "li@example.org"


@pytest.mark.usefixtures("owner")
def test_erasing_wants_the_name(client):
    one = people.customer("李雷")
    assert client.post(f"/customers/{one.pk}/erase/", {"confirm": "somebody"}).status_code == 422
    assert client.post(f"/customers/{one.pk}/erase/", {"confirm": "李雷"}).status_code == 302
    assert Customer.objects.get(pk=one.pk).name == ""


@pytest.mark.usefixtures("owner")
def test_words_of_others_are_escaped(client):
    one = people.customer("<script>alert(1)</script>")
    client.post(f"/customers/{one.pk}/note/", {"text": "<b>bold</b>"})
    page = client.get(f"/customers/{one.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;bold" in page
    assert Note.objects.get().text == "<b>bold</b>"


def test_a_member_does_not_see_the_customers_of_others(client, owner):
    theirs = people.customer("李雷", owner=owner)
    people.signed_in(client, "member")
    assert client.get(f"/customers/{theirs.pk}/").status_code == 404


@pytest.mark.usefixtures("owner")
def test_nobody_is_led_to_another_site(client):
    answer = client.post("/language/", {"language": "zh", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("lang, words", [("en", "Nobody fits these filters"), ("zh", "没有符合条件的客户")])
@pytest.mark.usefixtures("owner")
def test_an_empty_list_says_what_to_do_in_both_languages(client, lang, words):
    client.post("/language/", {"language": lang})
    assert words in client.get("/customers/?text=zzzz").content.decode()


@pytest.mark.usefixtures("owner")
def test_thresholds_that_are_no_numbers_are_told_beside_the_field(client):
    answer = client.post("/settings/scoring/", {"at_risk_health": "much", "discount": "0.1"})
    assert answer.status_code == 422
    assert "Write a number." in answer.content.decode()


@pytest.mark.usefixtures("owner")
def test_what_other_thresholds_would_move_is_asked_before(client):
    assert "Nobody." in client.get("/settings/scoring/would-move/?at_risk_health=0.5").content.decode()
    assert client.get("/insight/").status_code == 200


def test_a_long_list_is_counted_once_its_first_rows_are_there(client):
    people.signed_in(client, "owner")
    records.customers([f"Ann {i:03}" for i in range(60)] + ["Bob"])
    search.rebuild()
    page = client.get("/customers/?text=Ann&sort=name").content.decode()
    assert 'hx-get="/customers/count/?text=Ann"' in page
    assert page.count("data-row") == 50
    assert client.get("/customers/count/?text=Ann").content.decode() == "1–50 of 60"
    short = client.get("/customers/?text=Bob").content.decode()
    assert "1–1 of 1" in short
    assert "/customers/count/" not in short


def test_the_picture_of_purchases_comes_after_the_page_and_stands_alone_too(client):
    people.signed_in(client, "owner")
    (one,) = records.customers(["Ann"])
    records.orders([(one, datetime(2024, 1, day, tzinfo=UTC), 10.0) for day in range(1, 9)])
    page = client.get(f"/customers/{one.pk}/").content.decode()
    address = f"/customers/{one.pk}/purchases/"
    assert f'hx-get="{address}"' in page
    assert "<figure" not in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div class="card"><figure class="picture">')
    assert "<figure" in client.get(address).content.decode()
    people.signed_in(client, "read_only", email="r@example.org")
    assert client.get("/customers/999999/purchases/").status_code == 404
