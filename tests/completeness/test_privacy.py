"""Every model says how its rows belong to a person, and every column that could name one is judged (design law 7).

A column about persons that holds free text, JSON or bytes is either marked `personal(...)` beside itself, or stands in
OPEN with the reason why nobody is named in it. Columns with a closed list of words name nobody.
"""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import models

from patron.crm.customers.models import Customer
from patron.crm.customers.subject import models_of_persons, rows_about
from patron.crm.kit.privacy import BLANK, DELETE, KEEP, models_of_crm, personal_fields, privacy_of

HASH = "a hash: a second reading of the same file finds the fact, and nobody reads a name from it"
STAFF = "names a colleague, not the customer"
CODE = "a code of Patron's own"
TERM = "a word of the organisation or its shop system"

OPEN = {
    **dict.fromkeys(
        (
            f"customers.{name}.row_key"
            for name in (
                "Subscription", "Interaction", "Event", "Feedback", "Note", "Consent", "Order", "OrderLine",
            )
        ),
        HASH,
    ),
    **dict.fromkeys(
        (
            "customers.RecordVersion.said_by",
            "customers.Merge.made_by",
            "customers.Interaction.by_name",
            "customers.Note.by_name",
            "scoring.StageChange.by_name",
            "scoring.HandStage.set_by",
        ),
        STAFF,
    ),
    **dict.fromkeys(
        (
            "customers.Correction.model",
            "scoring.Standing.value_basis",
            "scoring.Standing.rfm_segment",
            "scoring.Standing.abc",
            "scoring.Standing.label",
            "scoring.Standing.next_step",
            "scoring.StageChange.before",
            "scoring.StageChange.after",
        ),
        CODE,
    ),
    **dict.fromkeys(
        (
            "customers.Customer.channel",
            "customers.Subscription.plan",
            "customers.Event.kind",
            "customers.Feedback.question",
        ),
        TERM,
    ),
    "customers.Farewell.mark": "a hash keyed with the server's secret: nobody reads or guesses a name from it",
    "customers.Customer.country": "a country has too many people to name one; sums by country stay",
    "customers.Customer.language": "one of two languages",
    "customers.Subscription.currency": "a currency",
    "customers.Order.currency": "a currency",
    "customers.Merge.record_ids": "numbers of rows",
}  # fmt: skip

MODELS = [*models_of_crm()]
PERSONS = [*models_of_persons()]
COULD_NAME = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def label(model: type[models.Model]) -> str:
    return model._meta.label


def unjudged(model: type[models.Model]) -> set[str]:
    """Columns that could name somebody and are not marked."""
    marked = personal_fields(model)
    columns = (f for f in model._meta.concrete_fields if isinstance(f, COULD_NAME) and not f.choices)
    return {f"{label(model)}.{f.name}" for f in columns if f.name not in marked}


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_model_says_how_its_rows_belong_to_a_person(model: type[models.Model]) -> None:
    declared = privacy_of(model)
    assert declared.on_erase in (DELETE, BLANK, KEEP)
    if declared.subject is None or declared.on_erase == KEEP:
        assert declared.reason, f"{label(model)} keeps its rows without saying why"


@pytest.mark.parametrize("model", PERSONS, ids=label)
def test_every_declared_path_leads_to_a_customer(model: type[models.Model]) -> None:
    assert str(rows_about(model, [1]).query)
    if privacy_of(model).on_erase == KEEP:
        assert not personal_fields(model), f"{label(model)} keeps what is personal"
    if privacy_of(model).on_erase == BLANK:
        assert personal_fields(model), f"{label(model)} has nothing to blank"


def test_every_column_that_could_name_somebody_is_judged() -> None:
    found = set().union(*map(unjudged, PERSONS))
    assert not found - OPEN.keys(), "neither personal nor in the table of exceptions"
    assert not OPEN.keys() - found, "these exceptions are stale"
    assert all(OPEN.values())


def test_the_walk_is_not_blind() -> None:
    assert Customer in PERSONS
    assert len(PERSONS) > 12
    assert "customers.Customer.country" in unjudged(Customer)
    assert "customers.Customer.name" not in unjudged(Customer)
    with pytest.raises(LookupError, match="privacy"):
        privacy_of(Session)
