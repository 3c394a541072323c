"""The sample base is whole at the end, however often making it was cut short."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.contrib.auth import get_user_model

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import (
    Consent,
    Customer,
    Event,
    Feedback,
    Interaction,
    Note,
    Order,
    OrderLine,
    Source,
)
from patron.crm.kit import clock
from patron.crm.kit.policy import System
from patron.crm.scoring.models import Refresh, Standing
from patron.crm.sources.models import Import
from patron.errors import ResourceError
from patron.faces.project.sample import importing, scoring
from patron.faces.project.sample.build import MEETINGS, _files, _organisation, build
from patron.faces.project.sample.crew import CREW
from patron.faces.project.sample.importing import bring
from patron.faces.project.sample.plan import LAST_DAY, OWNER, SOURCE, TIMEZONE, Wish, shift_days
from patron.faces.project.sample.scoring import MONTH, score
from patron.faces.project.sample.state import State, state
from patron.lifecycle.simulate.people import People
from patron.words import Text

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Wish(lines=2_500)
COUNTED = (
    Customer,
    Order,
    OrderLine,
    Interaction,
    Event,
    Feedback,
    Note,
    Consent,
    Source,
    Import,
    Standing,
)


def ignore(_words: Text, _share: float) -> None:
    """No progress."""


def _cut_after(calls: int, shares: list[float]):
    number = count(1)

    def say(_words: Text, share: float) -> None:
        shares.append(share)
        if next(number) >= calls:
            raise KeyboardInterrupt

    return say


@pytest.mark.slow
def test_cut_short_again_and_again_the_base_is_whole_in_the_end(tmp_path):
    password, cuts = "", 0
    while not password:
        shares: list[float] = []
        try:
            password = build(SMALL, _cut_after(10 + cuts * 8, shares))
        except KeyboardInterrupt:
            cuts += 1
            assert state() is State.HALF or cuts == 1
            assert not get_user_model().objects.filter(email=OWNER[0]).exists()
    assert cuts > 1
    assert shares == sorted(shares)
    assert state() is State.READY
    assert get_user_model().objects.get(email=OWNER[0]).check_password(password)
    _everything_is_there_once(_files(tmp_path, Organisation.current().sample_shift_days, SMALL.lines), tmp_path)
    _people_are_named_and_looked_after()
    _scores_are_of_yesterday()


def _everything_is_there_once(people: People, folder: Path) -> None:
    lines = pq.read_table(folder / "orders.parquet")
    assert OrderLine.objects.count() == lines.num_rows - lines["CustomerID"].null_count
    assert Customer.objects.count() == people.buyers.num_rows + people.others.num_rows
    assert Interaction.objects.count() == people.interactions.num_rows + people.other_interactions.num_rows
    assert Event.objects.count() == people.events.num_rows + people.other_events.num_rows
    assert Feedback.objects.count() == people.feedback.num_rows
    assert (Note.objects.count(), Consent.objects.count()) == (len(people.notes), len(people.consents))
    last = Order.objects.latest("happened_at").happened_at
    assert last.replace(tzinfo=None) == max(lines.filter(lines["CustomerID"].is_valid())["InvoiceDate"].to_pylist())
    assert set(Import.objects.values_list("state", flat=True)) == {"done"}
    assert Source.objects.filter(name__in=[SOURCE, MEETINGS]).count() == 2


def _people_are_named_and_looked_after() -> None:
    assert not Customer.objects.filter(name="").exists()
    assert Customer.objects.filter(language="zh").exists()
    assert {c.owner.name for c in Customer.objects.exclude(owner=None)} <= {c.name for c in CREW}


def _scores_are_of_yesterday() -> None:
    yesterday = clock.today(TIMEZONE) - timedelta(days=1)
    last = LAST_DAY + timedelta(days=Organisation.current().sample_shift_days)
    assert set(Refresh.objects.filter(state="done").values_list("as_of", flat=True)) == {yesterday, last - MONTH}
    assert Standing.objects.count() == Customer.objects.count()
    assert set(Standing.objects.values_list("stage", flat=True)) >= {"lead", "prospect", "active"}


def test_the_organisation_is_the_sample_s_and_goes_on_with_the_shift_it_began_with(monkeypatch):
    shift = _organisation(System(), Wish())
    row = Organisation.current()
    assert (row.base_currency, row.timezone, row.is_sample, row.sample_shift_days) == ("GBP", TIMEZONE, True, shift)
    assert shift == shift_days(clock.today(TIMEZONE) - timedelta(days=1))
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _organisation(System(), Wish()) == shift


@pytest.mark.parametrize("wish", [Wish(), Wish(shift=False)])
def test_scores_are_of_a_month_before_then_of_the_end(wish: Wish, monkeypatch):
    asked = []

    class Done:
        state = "done"

    def run(_number: int, *, as_of: date | None, also: object) -> Done:
        del also
        asked.append(as_of)
        return Done()

    monkeypatch.setattr(scoring.refreshing, "run", run)
    last = LAST_DAY + timedelta(days=_organisation(System(), wish))
    score(System(), ignore)
    assert asked == [last - MONTH, None]
    assert Organisation.current().frozen_day == (None if wish.shift else LAST_DAY), "dates of then stand still"


def test_a_file_that_is_in_is_not_brought_in_again(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("customer,name\n1,Ada\n2,Bo\n")
    for _ in range(2):
        bring(file, "customers", SOURCE, System(), lambda _rows, _total: None)
    assert (Import.objects.count(), Customer.objects.count()) == (1, 2)


def test_an_import_that_stops_is_told_in_its_own_words(tmp_path, monkeypatch):
    def stop(number: int, **_more: object) -> str:
        words = {"en": "The disk is full.", "zh": "磁盘已满。"}
        Import.objects.filter(pk=number).update(state="failed", error=words)
        return "failed"

    file = tmp_path / "people.csv"
    file.write_text("customer,name\n1,Ada\n")
    monkeypatch.setattr(importing, "run_import", stop)
    with pytest.raises(ResourceError, match="disk is full"):
        bring(file, "customers", SOURCE, System(), lambda _rows, _total: None)
    monkeypatch.undo()
    bring(file, "customers", SOURCE, System(), lambda _rows, _total: None)
    assert Customer.objects.get().name == "Ada"


def test_scoring_that_fails_is_told(monkeypatch):
    class Failed:
        state, error = "failed", {"en": "No room.", "zh": "空间不足。"}

    monkeypatch.setattr(scoring.refreshing, "run", lambda *_args, **_more: Failed())
    with pytest.raises(ResourceError, match=r"'failed'\. No room"):
        score(System(), ignore)
