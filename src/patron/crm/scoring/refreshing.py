"""A refresh from beginning to end: history up to date, models fitted, everybody scored, standings written, run kept."""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings as django_settings
from django.db import connection, transaction

from patron.crm.accounts.models import Organisation
from patron.crm.customers.models import FactChange, Merge
from patron.crm.kit import clock, stopping
from patron.crm.kit.problems import Conflict
from patron.crm.scoring import mirror, places, standings
from patron.crm.scoring.figures import MONTH, overview_figures
from patron.crm.scoring.models import Refresh, ScoringSettings, StageChange, Standing
from patron.crm.scoring.people import forget_overtaken, people
from patron.crm.scoring.telling import Cancelled, Teller
from patron.errors import PatronError
from patron.history import History
from patron.lifecycle.decisions.rules import StageSettings
from patron.study.card import words
from patron.study.records import People, analyze_history, nobody_bought, score_history
from patron.study.run import Run
from patron.study.saving import finite, write_record
from patron.study.settings import Settings
from patron.words import Text

KEEP = 10
NEAR = 3  # days by which a refresh of a month ago may be younger
HORIZON_UNKNOWN = 364  # days; nobody has bought yet, so that nothing hangs on it
MIRROR = Text("Taking over what has changed", "同步新的变动")
WRITE = Text("Writing the scores", "写入评分")
DONE = Text("Done", "完成")
SHARES = {"mirror": 0.3, "study": 0.4, "write": 0.3}

log = logging.getLogger(__name__)
Told = Callable[[Text, float], None]


def runs_folder() -> Path:
    """Where the runs of refreshes lie."""
    return Path(django_settings.HOME) / "runs"


def run(refresh_id: int, *, as_of: date | None = None, also: Told | None = None) -> Refresh:
    """Do the refresh `refresh_id`; its row says how it ended. Raises Conflict while another one runs.

    `as_of`: another day than the default (`default_day`). `also(step, share)` hears the progress. A refresh that was
    killed is marked as failed by the next one; nothing it wrote is wrong, and all is written again.
    """
    with _alone():
        refresh = _begin(refresh_id)
        try:
            _work(refresh, as_of, Teller(refresh, also))
        except Cancelled:
            _end(refresh, "cancelled")
            places.repair()
        except stopping.Interrupted:
            _end(refresh, "queued")
            raise
        except PatronError as error:
            _end(refresh, "failed", error={"en": error.say("en"), "zh": error.say("zh")})
        except Exception:
            log.exception("refresh %s failed", refresh_id)
            told = Text("The refresh failed; the server's log says why.", "重新评分失败，原因见服务器日志。")
            _end(refresh, "failed", error=words(told))
            raise
    refresh.refresh_from_db()
    return refresh


@contextmanager
def _alone() -> Iterator[None]:
    """One refresh at a time on this machine; the lock is free again when a process dies."""
    with (Path(django_settings.HOME) / "refresh.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                Text("Everybody is being scored already.", "正在重新评分。"),
                remedy=Text("Wait for it to end, or cancel it.", "请等待其完成，或将其取消。"),
            ) from None
        yield


def _begin(refresh_id: int) -> Refresh:
    with transaction.atomic():
        dead = Text("It was stopped in the middle; start it again.", "评分中途停止，请重新开始。")
        Refresh.objects.filter(state="running").exclude(pk=refresh_id).update(state="failed", error=words(dead))
        now = clock.now()
        Refresh.objects.filter(pk=refresh_id).update(
            state="running", asked="", started_at=now, beat_at=now, error=None, share=0.0, step=words(MIRROR)
        )
    return Refresh.objects.get(pk=refresh_id)


def _end(refresh: Refresh, state: str, **more: Any) -> None:
    Refresh.objects.filter(pk=refresh.pk).update(state=state, finished_at=clock.now(), **more)


@dataclass(frozen=True)
class Scored:
    """What a refresh found: scores, the settings they were made with, and the run, where there was anything to fit.

    `moves`: (stage a month ago, stage now) → customers, where no refresh of a month ago can tell.
    """

    scores: pa.Table
    settings: Settings
    run: Run | None
    moves: Counter[tuple[str, str]] | None = None


def _work(refresh: Refresh, as_of: date | None, tell: Teller) -> None:
    started, timezone = clock.now(), Organisation.current().timezone
    forget_overtaken(timezone)
    total = max(sum(high - low + 1 for low, high in FactChange.objects.values_list("low", "high")), 1)
    read = 0

    def reading(rows: int) -> None:
        nonlocal read
        read += rows
        tell(MIRROR, SHARES["mirror"] * min(read / total, 1.0))

    with mirror.current(timezone, reading) as history:
        owned = history.owned(mirror.owners())
        found = _score(owned, as_of, timezone, lambda step, share: tell(step, _share("study", share)))
    before = standings.Before.of()
    basis = standings.Basis(refresh, found.settings, first=not len(before.ids))
    n = max(found.scores.num_rows, 1)
    generation = places.start()
    columns = standings.write(found.scores, basis, before, lambda done: tell(WRITE, _share("write", 0.6 * done / n)))
    standings.drop_vanished(before, found.scores)
    _place(generation, columns, tell)
    _keep(refresh, found)
    _analyze_tables()
    _after_all(started)


def _place(generation: int, columns: places.Columns, tell: Teller) -> None:
    """Everybody's place in the orders of lists, shown when all are there."""
    done, whole = 0, max(len(places.ALL) * len(columns.customer), 1)

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        tell(WRITE, _share("write", 0.6 + 0.4 * done / whole))

    places.write(generation, columns, told)
    places.finish(generation, columns)


def _share(part: str, share: float) -> float:
    names = list(SHARES)
    return sum(SHARES[name] for name in names[: names.index(part)]) + SHARES[part] * share


def _score(history: History, as_of: date | None, timezone: str, tell: Told) -> Scored:
    day, why = (as_of, None) if as_of else default_day(history, timezone)
    wanted = study_settings(day)
    everybody = people(timezone)
    if history.last_order_day is None or (history.first_day or day) > day or not _buyers(history, day):
        wanted = replace(wanted, horizon_days=wanted.horizon_days or HORIZON_UNKNOWN)
        return Scored(nobody_bought(history.as_of(day), everybody, wanted), wanted, None)
    run = analyze_history(history, wanted, everybody, notes=[why] if why else [], progress=tell)
    return Scored(run.scores, run.settings, run, _moves(history, run, everybody))


def _moves(history: History, run: Run, everybody: People) -> Counter[tuple[str, str]] | None:
    """Who was where a month ago by today's parameters, while no refresh is old enough to have seen it."""
    ago = run.settings.as_of - timedelta(days=MONTH)
    seen = Refresh.objects.filter(state="done", as_of__lte=ago + timedelta(days=NEAR))
    if seen.exists() or (history.first_day or ago) >= ago:
        return None
    then = score_history(history, replace(run.settings, as_of=ago), everybody, run.fits)
    was = dict(zip(*(then.column(name).to_pylist() for name in ("customer_id", "stage")), strict=True))
    now = zip(*(run.scores.column(name).to_pylist() for name in ("customer_id", "stage")), strict=True)
    moves = Counter((was.get(number, ""), stage) for number, stage in now)
    return Counter({pair: n for pair, n in moves.items() if pair[0] != pair[1]})


def _buyers(history: History, day: date) -> bool:
    days = history.as_of(day).days
    return bool(history.rows(days.aggregate(any=days.purchase.any())).column("any")[0].as_py())


def default_day(history: History, timezone: str) -> tuple[date, Text]:
    """The as-of day, and why: yesterday, the last whole day; or a later day on which something is known already.

    A base that stands still has its own day. An import or a correction of today counts at once; orders dated in the
    future wait for their day.
    """
    frozen = Organisation.current().frozen_day
    if frozen is not None:  # its history has ended: as of today everybody would have left
        return frozen, Text(
            f"As of {frozen}, the day on which this base stands still.", f"截至 {frozen}，即本数据库的固定日期。"
        )
    today = clock.today(timezone)
    yesterday = today - timedelta(days=1)
    days = history.shelf.days
    last = history.rows(days.aggregate(last=days.visible.max())).column("last")[0].as_py()
    if last is None or last <= yesterday:
        return yesterday, Text(
            f"As of yesterday, {yesterday}, the last whole day.", f"截至昨天（{yesterday}），即最后一个完整的日子。"
        )
    day = min(last, today)
    return day, Text(f"As of {day}: something of that day is known already.", f"截至 {day}：当天已有记录。")


def study_settings(day: date) -> Settings:
    """The organisation's settings as the study takes them; a horizon of 0 is derived from the data."""
    organisation, s = Organisation.current(), ScoringSettings.current()
    return Settings(
        as_of=day,
        horizon_days=s.horizon_days or 0,
        clv_horizon_days=s.clv_horizon_days,
        discount=s.discount,
        margin=s.margin,
        currency=organisation.base_currency,
        timezone=organisation.timezone,
        stages=stage_settings(s),
    )


def stage_settings(s: ScoringSettings) -> StageSettings:
    """The thresholds of the stages."""
    return StageSettings(
        lapsed_recency=s.lapsed_recency,
        lapsed_health=s.lapsed_health,
        at_risk_health=s.at_risk_health,
        loyal_f=s.loyal_frequency,
        loyal_tenure=s.loyal_tenure,
    )


def _keep(refresh: Refresh, found: Scored) -> None:
    """The run folder, the figures of the overview, and what the row says; older folders go."""
    s, folder = found.settings, ""
    if found.run is not None:
        home = runs_folder() / str(refresh.pk)
        shutil.rmtree(home, ignore_errors=True)  # of the same refresh, killed before
        write_record(found.run, home)
        folder = str(home.relative_to(django_settings.HOME))
    everybody = overview_figures(
        Standing.objects.all(),
        StageChange.objects.all(),
        s.as_of,
        lapsed_recency=s.stages.lapsed_recency,
        moves=found.moves,
    )
    figures = {**(found.run.figures if found.run else {}), "overview": everybody}
    _end(
        refresh,
        "done",
        as_of=s.as_of,
        horizon_days=s.horizon_days,
        clv_horizon_days=s.clv_horizon_days,
        card=finite(found.run.card) if found.run else None,
        figures=finite(figures),
        folder=folder,
        customers=found.scores.num_rows,
        share=1.0,
        step=words(DONE),
    )
    _prune()


def _prune() -> None:
    """Keep the newest folders; earlier ones go, and those that no refresh names."""
    kept = set(
        Refresh.objects.filter(state="done").exclude(folder="").order_by("-pk").values_list("pk", flat=True)[:KEEP]
    )
    for folder in runs_folder().glob("*"):
        if not folder.name.isdigit() or int(folder.name) not in kept:
            shutil.rmtree(folder, ignore_errors=True)
    Refresh.objects.exclude(folder="").exclude(pk__in=kept).update(folder="")


def _analyze_tables() -> None:
    """Tell the database's planner how the scores lie now: lists depend on it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE scoring_standing")
            cursor.execute("ANALYZE customers_customer")
        else:
            cursor.execute("ANALYZE scoring_standing")
            cursor.execute("ANALYZE scoring_place")


def _after_all(started: Any) -> None:
    """Who was merged or changed while everybody was scored is scored once more."""
    from patron.crm.scoring.rescoring import rescore, touched

    merged = Merge.objects.filter(made_at__gte=started) | Merge.objects.filter(undone_at__gte=started)
    ids = {number for pair in merged.values_list("survivor_id", "absorbed_id") for number in pair}
    ids |= touched(most=5_000)
    if ids:
        rescore(sorted(ids))
