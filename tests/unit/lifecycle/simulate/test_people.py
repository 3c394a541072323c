"""People made up for orders: coherent, nobody who could be reached, the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from patron.lifecycle.simulate.people import People, simulate_people
from patron.lifecycle.simulate.people.dice import Dice
from patron.lifecycle.simulate.people.opinions import PLANS
from patron.lifecycle.simulate.people.orders import buyers, tidy
from patron.lifecycle.simulate.people.phrases import CALLED, SUBJECTS, WRITTEN
from patron.lifecycle.simulate.people.reach import Mailboxes, Phones, plain
from patron.lifecycle.simulate.people.talk import Talk
from patron.lifecycle.simulate.people.twins import twins
from patron.lifecycle.simulate.people.who import CHINESE_SHARE, Names, Person
from patron.lifecycle.simulate.people.words import CHINESE_GIVEN, ENGLISH_FIRST, ENGLISH_LAST

UNTIL = datetime(2024, 12, 9, 12, 50)
COLLEAGUES = ("Rosa", "听雨", "Piers", "望舒")
COUNTRIES = ("United Kingdom",) * 8 + ("Germany", "France", "Atlantis")
FICTITIOUS_PHONE = re.compile(
    r"07700 900\d{3}|020 7946 0\d{3}|01\d\d 49[68] 0\d{3}|028 9649 6\d{3}|029 2018 0\d{3}|03069 990\d{3}"
    r"|\+49 (30 23125|40 66969|89 99998|221 4710|69 90009)\d{3}"
    r"|\+33 (1 99 00|2 61 91|3 53 01|4 65 71|5 36 49) \d\d \d\d|\+86 154 \d{4} \d{4}"
)
FICTITIOUS_MAIL = re.compile(r"[a-z0-9._]+@(example\.(com|org|net)|[a-z-]+\.example)")


def some_orders(customers: int = 400) -> pa.Table:
    """Orders of so many customers: the k-th has k modulo 7 + 1 of them, every ninth sends the first back."""
    rows = []
    for k in range(customers):
        who, country = str(12_000 + k), COUNTRIES[k % len(COUNTRIES)]
        for n in range(k % 7 + 1):
            at = datetime(2024, 1, 3, 10, 26) + timedelta(days=k % 60 + 40 * n)
            rows.append((who, country, f"{k}{n}", at, 20.0 + k % 50 * 9, "RED RETROSPOT MUG "))
        if k % 9 == 0:
            back = datetime(2024, 1, 20, 9, 0) + timedelta(days=k % 60)
            rows.append((who, country, f"C{k}", back, -20.0, "RED RETROSPOT MUG "))
    names = ["customer_id", "country", "order_id", "happened_at", "revenue", "product"]
    return pa.table([list(column) for column in zip(*rows, strict=True)], names=names)


def people_of(orders: pa.Table, seed: int = 352) -> People:
    return simulate_people(orders, seed=seed, colleagues=COLLEAGUES, shop="Larkspur", currency="GBP", until=UNTIL)


@pytest.fixture(scope="module")
def base() -> People:
    return people_of(some_orders())


def tables_of(people: People) -> dict[str, pa.Table]:
    return {name: value for name, value in vars(people).items() if isinstance(value, pa.Table)}


def test_the_same_seed_makes_the_same_people_and_another_seed_others(base: People) -> None:
    again, other = people_of(some_orders()), people_of(some_orders(), seed=1)
    assert {n: t.to_pylist() for n, t in tables_of(base).items()} == {
        n: t.to_pylist() for n, t in tables_of(again).items()
    }
    assert (base.consents, base.notes, base.tags, base.owners) == (
        again.consents,
        again.notes,
        again.tags,
        again.owners,
    )
    assert base.buyers["name"].to_pylist() != other.buyers["name"].to_pylist()


def test_the_order_of_the_rows_does_not_matter(base: People) -> None:
    shuffled = some_orders().sort_by([("revenue", "descending"), ("order_id", "ascending")])
    assert people_of(shuffled).interactions.equals(base.interactions)


def test_there_is_one_customer_for_each_that_ordered(base: People) -> None:
    assert base.buyers["customer"].to_pylist() == [str(12_000 + k) for k in range(400)]
    assert base.buyers["country"].to_pylist()[8:12] == ["Germany", "France", "Atlantis", "United Kingdom"]


def test_nobody_can_be_reached(base: People) -> None:
    for table in (base.buyers, base.others):
        for row in table.to_pylist():
            assert row["phone"] is None or FICTITIOUS_PHONE.fullmatch(row["phone"]) or row["customer"].startswith("N-")
            assert row["email"] is None or FICTITIOUS_MAIL.fullmatch(row["email"].lower())


def test_everybody_has_a_way_to_be_reached_and_nobody_shares_one(base: People) -> None:
    rows = base.buyers.to_pylist()
    assert all(row["phone"] or row["email"] for row in rows)
    for field in ("name", "phone", "email", "wechat"):
        given = [row[field] for row in rows if row[field]]
        assert len(given) == len(set(given))


def test_a_third_write_chinese_and_their_names_are_chinese(base: People) -> None:
    rows = base.buyers.to_pylist()
    chinese = [row for row in rows if row["language"] == "zh"]
    assert abs(len(chinese) / len(rows) - CHINESE_SHARE) < 0.08
    assert all("\u4e00" <= row["name"][0] <= "\u9fff" and row["name_latin"] for row in chinese)
    assert all(row["name"][0] < "\u4e00" and row["name_latin"] is None for row in rows if row["language"] == "en")


def test_an_organisation_has_no_birthday_and_a_place_without_cities_none(base: People) -> None:
    for row in base.buyers.to_pylist():
        assert row["kind"] == "person" or (row["birthday"] is None and row["gender"] is None)
        assert row["country"] != "Atlantis" or row["city"] is None


def test_nothing_happens_after_the_end_and_everything_is_somebodys(base: People) -> None:
    known = {*base.buyers["customer"].to_pylist(), *base.others["customer"].to_pylist()}
    for name, table in tables_of(base).items():
        assert set(table["customer"].to_pylist()) <= known
        if "date" in table.column_names:
            assert table.num_rows, f"no {name} at all"
            assert pc.max(table["date"]).as_py() <= UNTIL
            assert len(set(table["id"].to_pylist())) == table.num_rows
    assert {c.customer_id for c in base.consents} <= known
    assert {number for tagged in base.tags.values() for number in tagged} <= known
    assert all(at <= UNTIL for _, at, _ in base.notes)


def test_complaints_come_from_those_who_sent_something_back(base: People) -> None:
    returned = {str(12_000 + k) for k in range(0, 400, 9)}
    angry = [
        r for r in base.interactions.to_pylist() if r["inbound"] and r["text"].endswith(("take it back.", "安排退货。"))
    ]
    assert angry
    assert {row["customer"] for row in angry} <= returned
    assert all("Red retrospot mug" in row["text"] for row in angry)


def test_one_writes_to_people_in_their_language(base: People) -> None:
    language = dict(zip(base.buyers["customer"].to_pylist(), base.buyers["language"].to_pylist(), strict=True))
    for row in base.interactions.to_pylist():
        han = any("\u4e00" <= sign <= "\u9fff" for sign in row["text"].replace("Larkspur", ""))
        assert han == (language[row["customer"]] == "zh")


def test_only_calls_take_minutes_and_only_letters_have_a_subject(base: People) -> None:
    for row in base.interactions.to_pylist():
        assert (row["minutes"] is not None) == (row["channel"] == "phone")
        assert (row["subject"] is not None) == (row["channel"] == "mail")


def test_every_occasion_has_words_for_both_ways_and_no_blank_is_left(base: People) -> None:
    assert set(WRITTEN) == set(CALLED) == set(SUBJECTS)
    texts = [*base.interactions["text"].to_pylist(), *base.interactions["subject"].to_pylist()]
    assert not [text for text in texts if text and ("{" in text or "“”" in text)]


def test_scores_lie_on_their_scales_and_displeasure_follows_returns() -> None:
    base = people_of(some_orders(3000))
    returned = {str(12_000 + k) for k in range(0, 3000, 9)}
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row in base.feedback.to_pylist():
        low, high = (1, 5) if row["question"] == "csat" else (0, 10)
        assert low <= row["score"] <= high
        if row["question"] == "nps":
            scores[row["customer"] in returned].append(row["score"])
    mean = {back: sum(s) / len(s) for back, s in scores.items()}
    assert mean[True] < mean[False]


def test_subscriptions_end_after_they_start_or_run(base: People) -> None:
    for row in base.subscriptions.to_pylist():
        assert row["ends"] is None or row["date"] < row["ends"] <= UNTIL
        assert (row["plan"], row["amount"], row["period_days"]) in PLANS


def test_a_planted_duplicate_shares_phone_or_mail_but_not_the_spelling(base: People) -> None:
    known = {row["customer"]: row for row in base.buyers.to_pylist()}
    doubles = [row for row in base.others.to_pylist() if row["customer"].startswith("N-")]
    assert len(doubles) == len(base.twin_of) == 24
    for row in doubles:
        original = known[base.twin_of[row["customer"]]]
        assert row["name"] != original["name"]
        same_phone = (row["phone"] or "").replace(" ", "") == original["phone"].replace(" ", "")
        assert same_phone or (row["email"] or "").lower() == original["email"]


def test_leads_asked_something_and_prospects_did_nothing(base: People) -> None:
    active = {*base.other_interactions["customer"].to_pylist(), *base.other_events["customer"].to_pylist()}
    others = Counter(number[0] for number in base.others["customer"].to_pylist())
    assert (others["L"], others["P"]) == (60, 45)
    assert {number for number in base.others["customer"].to_pylist() if number.startswith("L")} == active


def test_owners_are_colleagues_of_the_language(base: People) -> None:
    language = dict(zip(base.buyers["customer"].to_pylist(), base.buyers["language"].to_pylist(), strict=True))
    mine = {number: owner for number, owner in base.owners.items() if number in language}
    assert mine
    assert all((owner % 2 == 1) == (language[number] == "zh") for number, owner in mine.items())


def test_a_person_works_for_an_organisation_of_the_same_city(base: People) -> None:
    rows = {row["customer"]: row for row in base.buyers.to_pylist()}
    assert base.works_for
    for person, firm in base.works_for:
        assert (rows[person]["kind"], rows[firm]["kind"]) == ("person", "organisation")
        assert rows[person]["city"] == rows[firm]["city"]


def test_without_colleagues_nobody_is_owned() -> None:
    base = simulate_people(some_orders(50), seed=1, colleagues=(), shop="L", currency="GBP", until=UNTIL)
    assert not base.owners
    assert set(base.interactions["by"].to_pylist()) == {None}


def test_no_orders_make_no_buyers() -> None:
    base = people_of(some_orders(1).slice(0, 0))
    assert base.buyers.num_rows == base.interactions.num_rows == 0
    assert base.others.num_rows == 105


def test_names_stay_different_when_all_pairs_are_used_up() -> None:
    names = Names(Dice(1, "names"))
    wanted = len(ENGLISH_FIRST) * len(ENGLISH_LAST) + 50
    assert len({names.person("Atlantis") for _ in range(wanted)}) == wanted
    wanted = 36 * len(CHINESE_GIVEN) + 50
    assert len({names.chinese_person() for _ in range(wanted)}) == wanted


def test_a_range_that_is_used_up_gives_nothing() -> None:
    phones = Phones(Dice(1, "phones"))
    numbers = [phones.number("Leeds") for _ in range(1001)]
    assert len(set(numbers)) == 1001
    assert numbers[-1] == ""
    assert phones.number("Atlantis") == ""


def test_two_of_one_name_get_two_mailboxes() -> None:
    mail = Mailboxes(Dice(1, "mail"))
    assert mail.of_organisation("Teacup Attic & Co").endswith("@teacup-attic-co.example")
    assert len({mail.of_person("Ada Wrenfield") for _ in range(30)}) == 30


def test_somebody_without_phone_mail_and_wechat_uses_the_chat() -> None:
    nobody = Person("L-1", "person", "Ada Wrenfield", "Ada Wrenfield", "en", "France")
    contact = Talk(1, UNTIL, "Larkspur").of_enquirer(nobody, UNTIL)
    assert (contact.channel, contact.inbound, contact.at, contact.minutes) == ("chat", True, UNTIL, None)


def test_a_twin_needs_somebody_with_phone_and_mail() -> None:
    assert (
        twins([Person("1", "person", "Ada Wrenfield", "Ada Wrenfield", "en", "France", email="a@example.com")], 3, 1)
        == []
    )


def test_products_and_names_are_tidied() -> None:
    assert tidy(" REGENCY CAKESTAND  3 TIER ") == "Regency cakestand 3 tier"
    assert plain("Solveig Bjørkelund-Vind") == "solveig bjorkelundvind"
    assert [buyer.id for buyer in buyers(some_orders(3))] == ["12000", "12001", "12002"]
