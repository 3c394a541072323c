"""Few customers scored anew at once, by the parameters of the last refresh: after a merge, a new order, an edit."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps
from django.conf import settings as django_settings

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import FactChange
from patron.crm.scoring import places, standings
from patron.crm.scoring.mirror import BY_MODEL, MIRRORED
from patron.crm.scoring.models import Refresh, ScoringSettings
from patron.crm.scoring.people import people
from patron.crm.scoring.refreshing import stage_settings
from patron.history import History
from patron.history.engines import DuckDB
from patron.study.fits import load
from patron.study.records import People, score_history
from patron.study.settings import Settings

AT_ONCE = 500  # customers read and scored together


def last_refresh() -> Refresh | None:
    """The newest refresh whose parameters are kept."""
    return Refresh.objects.filter(state="done").exclude(folder="").order_by("-pk").first()


def rescore(customer_ids: Sequence[int]) -> int:
    """Score these customers from the database with the frozen parameters of the last refresh. How many were written.

    As of the refresh's day, or of a later day up to today on which something of the customer is known. Standings of
    customers who were merged away or erased go. Without a refresh that fitted anything, nothing is done.
    """
    refresh = last_refresh()
    if refresh is None:
        return 0
    done = 0
    for low in range(0, len(customer_ids), AT_ONCE):
        done += _rescore(refresh, list(customer_ids[low : low + AT_ONCE]))
    return done


def _rescore(refresh: Refresh, ids: list[int]) -> int:
    timezone = Organisation.current().timezone
    everybody = people(timezone, ids)
    before = standings.Before.of(ids)
    alive = {int(number) for number in everybody.ids.to_pylist()}
    standings.drop([number for number in before.ids.tolist() if number not in alive])
    if not alive:
        return 0
    fitted = load(Path(django_settings.HOME) / refresh.folder / "parts")
    frozen = _frozen(refresh)
    done = 0
    with tempfile.TemporaryDirectory(prefix="patron-few-") as work, _few(Path(work), sorted(alive), timezone) as few:
        for day, some in _days(few, everybody.ids, frozen.as_of, Organisation.current().today()):
            wanted = replace(frozen, as_of=day)
            scores = score_history(few, wanted, People(everybody.ids, everybody.hand), fitted)
            scores = scores.filter(pc.is_in(scores.column("customer_id"), some))
            with places.moving([int(number) for number in some.to_pylist()]):
                standings.write(scores, standings.Basis(refresh, wanted), before)
            done += scores.num_rows
    return done


def _frozen(refresh: Refresh) -> Settings:
    """The settings of the refresh, with today's thresholds of the stages."""
    kept = Settings.from_json((refresh.card or {})["settings"])
    return replace(kept, stages=stage_settings(ScoringSettings.current()))


def _few(folder: Path, ids: Sequence[int], timezone: str) -> History:
    """A history of these customers alone, read from the database by customer."""
    history, zone = History.create(folder / "history", engine=DuckDB(memory_mb=256)), ZoneInfo(timezone)
    for kind in MIRRORED:
        text = kind.text_of(ids)
        if text or kind.fact == "order_lines":
            history.append(kind.fact, kind.read(text, zone))
    return history


def _days(few: History, ids: pa.Array, day: date, today: date) -> list[tuple[date, pa.Array]]:
    """Which of the customers are scored as of which day."""
    days = few.shelf.days.join(few.shelf.ids, "customer")
    last = few.rows(days.group_by("customer_id").aggregate(last=days.visible.max()))
    later = last.filter(pc.greater(last.column("last"), pa.scalar(day)))
    newer = later.column("customer_id").combine_chunks()
    out = [(day, ids.filter(pc.invert(pc.is_in(ids, newer))))]
    if len(newer) and today > day:
        newest = pc.max(later.column("last")).as_py()
        out.append((min(newest, today), newer))
    elif len(newer):
        out.append((day, newer))
    return [(when, some) for when, some in out if len(some)]


def touched(*, most: int) -> set[int]:
    """The customers of facts that are noted as changed; nobody where more than `most` rows are noted."""
    notes = list(FactChange.objects.values_list("model", "low", "high")[: most + 1])
    if sum(high - low + 1 for _, low, high in notes) > most:
        return set()
    found: set[int] = set()
    for label, low, high in notes:
        if label in BY_MODEL:
            model = apps.get_model(label)
            path = "order__customer_id" if label == "customers.OrderLine" else "customer_id"
            found.update(model.objects.filter(pk__range=(low, high)).values_list(path, flat=True))
    return found
