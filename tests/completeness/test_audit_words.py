"""Everything the audit keeps has words in both languages: verbs, subjects and details, read from the package itself.

The walk reads every `audit.record` in the source. Where a function passes a verb or details on, its callers are read;
where details are spread from a mapping, `SPREAD` says what may be in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from inspect import signature
from pathlib import Path

import pytest

from patron.crm.accounts.models import Role
from patron.crm.accounts.operations import save_organisation
from patron.crm.customers.operations.products import SAVED
from patron.crm.customers.rules import FIELDS as CUSTOMER
from patron.crm.scoring.models import ScoringSettings
from patron.crm.sources.undoing import Undone
from patron.faces.project.sample.state import READY
from patron.faces.web.accounts import details, words
from patron.faces.web.sources.words import COUNTS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "patron"
PASSED_ON = {"done": (1, "{}"), "_told": (1, "{}"), "_ask": (4, "{}")}
"""Functions that record for others: which argument is the verb, and how the verb is made of it."""
SPREAD: dict[tuple[str, str], frozenset[str]] = {
    ("customers.assigned", "values"): frozenset({"owner_id", "team_id"}),
    ("organisation.mark_sample", "frozen"): frozenset({"frozen_day"}),
    ("rates.saved", "details"): frozenset({"day", "currency", "rate", "orders"}),
    ("rates.applied", "days"): frozenset({"day", "until"}),
    ("sources.rows_taken", "run.counts"): frozenset(COUNTS),
    ("sources.counted", "counts"): frozenset(COUNTS),
    ("sources.counted", "run.counts"): frozenset(COUNTS),
    ("sources.imported", "run.counts"): frozenset(COUNTS),
    ("sources.undone", "asdict(undone)"): frozenset(field.name for field in fields(Undone)),
    ("scoring.settings_saved", "changed"): frozenset(f.name for f in ScoringSettings._meta.fields)
    - {"id", "places", "placing", "places_format"},
    ("accounts.save_role", "changed"): frozenset(f.name for f in Role._meta.fields) - {"id", "builtin", "code"},
    ("organisation.save", "changed"): frozenset(signature(save_organisation).parameters) - {"by"},
}
"""(verb, what is spread) → the details in it."""
INSIDE = {"changes": {*CUSTOMER, *SAVED}, "fields": {*CUSTOMER, "theme"}}
"""Details that hold names of fields, which are shown like details."""


@cache
def calls() -> list[ast.Call]:
    """Every call in the source."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py")))
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def recorded() -> Iterator[tuple[list[str], ast.Call]]:
    """(verbs, call) of everything that leaves an entry by itself or through a function that passes it on."""
    for call in calls():
        name = ast.unparse(call.func)
        if name == "audit.record":
            yield list(verbs(call.args[1])), call
        elif name in PASSED_ON and call.args and ast.unparse(call.args[0]) == "by":
            place, shape = PASSED_ON[name]
            yield [shape.format(verb) for verb in verbs(call.args[place])], call


def verbs(node: ast.expr) -> Iterator[str]:
    """The verbs an argument may be: a text, one of two, the one of the sample; none where it is passed on."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*verbs(node.body), *verbs(node.orelse))
    elif ast.unparse(node) == "READY":
        yield READY
    else:
        assert ast.unparse(node) in ("action", "verb"), f"a verb that can't be read: {ast.unparse(node)}"


def kept() -> set[str]:
    """Every detail that any entry may hold."""
    found: set[str] = set()
    for said, call in recorded():
        for keyword in call.keywords:
            if keyword.arg is not None:
                found |= INSIDE.get(keyword.arg, set()) | ({keyword.arg} - {"changes"})
            elif said:  # what is passed on is read where it comes from
                found |= SPREAD[said[0], ast.unparse(keyword.value)]
    return found


def recorded_verbs() -> set[str]:
    return {verb for said, _ in recorded() for verb in said}


def subjects() -> set[str]:
    """What entries are about; some are about nothing."""
    named = [call.args[2] for call in calls() if ast.unparse(call.func) == "audit.record" and len(call.args) > 2]
    found = {str(node.value) for node in named if isinstance(node, ast.Constant)}
    assert len([node for node in named if not isinstance(node, ast.Constant)]) == 0, "a subject that can't be read"
    return found - {""}


def same(found: set[str], told: set[str], what: str) -> None:
    """Fails for what has no words and for words of nothing."""
    assert not found - told, f"{what} without words: {sorted(found - told)}"
    assert not told - found, f"words of {what} that nothing keeps: {sorted(told - found)}"


def test_every_verb_has_words_and_an_area() -> None:
    same(recorded_verbs(), set(words.ACTIONS), "verbs")
    homeless = [verb for verb in words.ACTIONS if not verb.startswith(tuple(words.AREAS))]
    assert homeless == [], "the filter by area finds them nowhere"
    assert [area for area in words.AREAS if not any(verb.startswith(area) for verb in words.ACTIONS)] == []


def test_every_subject_has_words() -> None:
    same(subjects(), set(words.SUBJECTS), "subjects")


def test_every_detail_has_words() -> None:
    same(kept(), set(details.KEYS), "details")
    assert set(details.CODES) <= kept()
    assert kept() >= details.COUNTED


@pytest.mark.parametrize("table", [words.ACTIONS, words.AREAS, words.SUBJECTS, details.KEYS, *details.CODES.values()])
def test_the_words_are_in_both_languages(table) -> None:
    for code, text in table.items():
        assert text.en, code
        assert text.zh, code
        assert text.en.isascii(), f"{code}: not English"
        assert not text.zh.isascii(), f"{code}: not Chinese"


def test_the_spread_details_are_those_of_the_source() -> None:
    spread = {
        (said[0], ast.unparse(keyword.value))
        for said, call in recorded()
        for keyword in call.keywords
        if said and keyword.arg is None
    }
    assert spread == set(SPREAD)


def test_the_walk_sees_and_fails() -> None:
    assert len(recorded_verbs()) > 50
    assert {"sources.paused", "products.added", "customers.untagged", "customers.order_status"} <= recorded_verbs()
    with pytest.raises(AssertionError, match="without words: \\['new'\\]"):
        same({"new"}, set(), "verbs")
    with pytest.raises(AssertionError, match="nothing keeps: \\['old'\\]"):
        same(set(), {"old"}, "verbs")
    with pytest.raises(AssertionError, match="can't be read"):
        list(verbs(ast.parse("anything()", mode="eval").body))
