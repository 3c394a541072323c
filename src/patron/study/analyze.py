"""From orders to every customer's lifecycle: read, remember, look back, choose, fit, score, draw."""

from __future__ import annotations

import math
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import pyarrow as pa

from patron.errors import InputError, UsageError
from patron.history.files import OrdersRead, ReadOptions, SqlSource, read_orders
from patron.history.store import History
from patron.history.views import View
from patron.lifecycle.features.rhythm import Gaps, gaps
from patron.lifecycle.features.summary import summarise
from patron.lifecycle.metrics import activity
from patron.lifecycle.models.value.margin import stated
from patron.lifecycle.periods import horizon_days
from patron.study import backtest as backtests
from patron.study import card, choose, figures, fits
from patron.study.backtest import Buyers
from patron.study.customers import add_customers, attach_columns
from patron.study.inputs import as_sources
from patron.study.money import learn_money_levels
from patron.study.origins import BacktestPlan, plan
from patron.study.parallel import beside, helpers
from patron.study.run import Run, open_run
from patron.study.scoring import MORE, Beside, score
from patron.study.settings import Settings
from patron.study.totals import value_total
from patron.study.tracking import flow
from patron.words import Text

Report = Callable[[Text, float], None]

Word = TypeVar("Word", bound=str)

LEAST_WEEKS, MOST_WEEKS = 4, 52
GAP_QUANTILE = 0.9
NO_DAY_AHEAD = date(9000, 1, 1)  # the clock is read at the faces only; without one no date is in the future

READ = Text("Reading orders", "读取订单")
REMEMBER = Text("Building the history", "建立历史")
LOOK_BACK = Text("Testing the models on earlier days", "用过去的日期检验模型")
FIT = Text("Fitting the models", "拟合模型")
SCORE = Text("Scoring every customer", "为每位客户评分")
DRAW = Text("Drawing the figures", "绘制图表")


def analyze(
    orders: Any = None,
    *,
    customers: str | Path | None = None,
    as_of: date | str | None = None,
    horizon: str | int | None = None,
    clv_horizon: str | int = "52w",
    discount: float = 0.1,
    margin: float | None = None,
    currency: str | None = None,
    timezone: str | None = None,
    mapping: Mapping[str, str | int] | None = None,
    header: bool | None = None,
    sql: str | None = None,
    query: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    date_order: Literal["dmy", "mdy", "ymd"] | None = None,
    decimal: Literal[".", ","] | None = None,
    use: str | Path | Run | None = None,
    lang: str = "en",
    today: date | None = None,
    progress: Report | None = None,
    seed: int = 0,
) -> Run:
    """Every customer's lifecycle from orders alone.

    `orders`: a path, several paths, or a table in memory (Arrow, pandas, Polars: anything with the Arrow interface);
    or `sql` (sqlite:///… or postgresql://…) with `query`. `customers`: a file whose columns pass through. `as_of`
    (default: last order day), `horizon` (purchases and churn; default from the repeat gaps), `clv_horizon`,
    `discount` per year, `margin` as a share of revenue where no costs are known. `mapping`: role → column name or
    1-based position. `encoding`, `delimiter` (one character, 'tab' or 'blanks'), `date_order` ('dmy', 'mdy' or 'ymd')
    and `decimal` ('.' or ',') of the order files: each is recognised where it is left out. `use`: a run whose
    parameters score these orders instead of fitting anew. `today`: rows dated later are refused (default: no check
    but for the year). `progress(step, share)` is told how far the job is.

    Raises UsageError, InputError or ResourceError, each saying what to do. Never fails for want of data: few
    customers give wide, shrunken, labelled figures.
    """
    tell = progress or (lambda _step, _share: None)
    work = Path(tempfile.mkdtemp(prefix="patron-"))
    try:
        sources, files = as_sources(orders, sql, query, work)
        options = ReadOptions(
            mapping=mapping or {},
            header=header,
            timezone=timezone,
            currency=currency,
            sheet=sheet,
            encoding=encoding,
            delimiter=delimiter,
            date_order=_one_of(date_order, ("dmy", "mdy", "ymd"), "date_order"),
            decimal=_one_of(decimal, (".", ","), "decimal"),
            lang=lang,
        )
        tell(READ, 0.0)
        read = read_orders(sources, work / "read", options, today=today or NO_DAY_AHEAD, progress=_stepwise(tell))
        if not read.rows_used:
            raise _no_orders(files)
        tell(REMEMBER, 0.3)
        with History.create(work / "history") as history:
            for part in read.parts:
                history.append("order_lines", part)
            earlier = open_run(use) if isinstance(use, (str, Path)) else use
            view = history.as_of(_day(history, as_of))
            seen = gaps(view)
            settings = _settings(
                view.day, seen, horizon, clv_horizon, discount, margin, read.currency, timezone, seed, earlier
            )
            summary = summarise(view, seen=seen)
            del seen
            basis = Basis(history, view, summary, settings, tell)
            run = judge(basis, earlier, _of_files(read, files, customers, options))
        kept = Path(tempfile.mkdtemp(prefix="patron-rejected-"))
        run.rejected = Path(shutil.move(read.rejected, kept / "rejected.csv"))
        weakref.finalize(run, shutil.rmtree, kept, ignore_errors=True)
        return run
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _one_of(given: Word | None, known: Sequence[str], name: str) -> Word | None:
    """What was given, if it is known or nothing."""
    if given is None or given in known:
        return given
    raise UsageError(
        Text(f"{name} can't be '{given}'.", f"{name} 不能是“{given}”。"),
        remedy=Text(f"Choose one of: {' '.join(known)}", f"可选：{' '.join(known)}"),
    )


@dataclass(frozen=True)
class Given:
    """What comes in beside the history: who else there is, and what the card says of the input.

    `people(summary)` gives the summary with those who never bought, their further columns and what was recognised;
    `beside_orders(view, summary)` what else is known of them; `inputs(told, after)` the card's entry. `has_cost`:
    whether the lines bring costs. `more`: whether the scores keep scoring.MORE.
    """

    people: Callable[[pa.Table], tuple[pa.Table, pa.Table | None, list[Text]]]
    inputs: Callable[[Sequence[Text], Mapping[str, float]], dict[str, Any]]
    has_cost: bool
    beside_orders: Callable[[View, pa.Table], Beside | None] = lambda _view, _summary: None
    notes: Sequence[Text] = ()
    more: bool = False


def _of_files(read: OrdersRead, files: Sequence[str], customers: str | Path | None, options: ReadOptions) -> Given:
    people = None if customers is None else Path(customers)
    return Given(
        people=lambda summary: add_customers(summary, people, options),
        inputs=lambda told, after: card.input_entry(read, files, [*read.told, *told], after),
        has_cost=read.has_cost,
    )


@dataclass(frozen=True)
class Basis:
    """What fitting and scoring start from."""

    history: History
    view: View
    summary: pa.Table
    settings: Settings
    tell: Report


def judge(basis: Basis, earlier: Run | None, given: Given) -> Run:
    """The run of a history: fitted (or with the parameters of an earlier run), scored, drawn."""
    history, view, summary, settings, tell = basis.history, basis.view, basis.summary, basis.settings, basis.tell
    fitted, looked_back = _from_earlier(basis, earlier) if earlier is not None else _fit(basis)
    tell(SCORE, 0.75)
    everybody, extra, told = given.people(summary)
    known = given.beside_orders(view, everybody)
    # What asks the engine stays in this thread; all else is arithmetic beside it.
    with (
        beside(lambda: score(everybody, fitted, settings, known)) as scoring,
        beside(lambda: value_total(summary, fitted, settings, settings.seed)) as adding,
    ):
        seen = flow(view, backtests.first_days(summary))
        shown = figures.proof(history, fitted, looked_back, settings, seen, summary)
        active = activity(view)
        scored = scoring.result()
        scores = attach_columns(scored if given.more else scored.drop_columns(MORE), extra)
        tell(DRAW, 0.92)
        total = adding.result()
    drawn = figures.gather(history, view, scores, fitted, looked_back, settings, shown, total, active)
    made = card.make(
        given.inputs(told, _after(history, settings.as_of)),
        drawn["window"],
        fitted,
        looked_back,
        settings,
        [*given.notes, *_notes(fitted, looked_back, settings, given.has_cost, earlier)],
    )
    return Run(scores, made, drawn, everybody, fitted)


def _fit(basis: Basis) -> tuple[fits.Fits, backtests.Backtest]:
    s, history = basis.settings, basis.history
    first = history.first_day or s.as_of
    what = plan(first, s.as_of, s.horizon_days)
    basis.tell(LOOK_BACK, 0.4)
    buyers = Buyers.of(basis.summary).table
    with helpers() as submit:
        counts, spends = backtests.fit_counts(buyers, s.seed, submit), backtests.fit_spends(buyers, s.seed, submit)
        looked_back = backtests.run(
            history,
            what,
            s.as_of,
            seed=s.seed,
            progress=lambda done, total: basis.tell(LOOK_BACK, 0.4 + 0.2 * done / total),
            submit=submit,
        )
        models = (
            {name: fitted.result() for name, fitted in counts.items()},
            {name: fitted.result() for name, fitted in spends.items()},
        )
    chosen = choose.choose(looked_back)
    with beside(lambda: choose.learn_levels(looked_back, chosen[0], s.seed)) as learning:
        money_levels = learn_money_levels(looked_back, *chosen, s.seed)
        levels = learning.result(), money_levels
    basis.tell(FIT, 0.65)
    seen = flow(basis.view, backtests.first_days(basis.summary))
    return fits.fit(basis.summary, seen, looked_back, s, models, chosen, levels), looked_back


def _from_earlier(basis: Basis, earlier: Run) -> tuple[fits.Fits, backtests.Backtest]:
    """The parameters of an earlier run, frozen; only a margin stated anew counts. Nothing is judged again."""
    fitted, margin = earlier.fits, basis.settings.margin
    if margin is not None and margin != earlier.settings.margin:
        fitted = replace(fitted, margin=stated(margin), value_basis="margin")
    nothing = BacktestPlan(basis.settings.horizon_days, (), Text("Not tested again.", "未重新检验。"))
    return fitted, backtests.Backtest(nothing)


def _day(history: History, as_of: date | str | None) -> date:
    """The as-of day: as asked, else the day of the last order."""
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of or history.last_order_day or history.last_day
    if day is None or history.first_day is None:
        raise ValueError("a history without lines has no as-of day")
    if day < history.first_day:
        raise UsageError(
            Text(
                f"The as-of day {day} lies before the first order, {history.first_day}.",
                f"截至日 {day} 早于首个订单日 {history.first_day}。",
            ),
            remedy=Text(
                "Choose a day within the data, or leave --as-of out.", "请选择数据范围内的日期，或省略 --as-of。"
            ),
        )
    return day


def _settings(
    day: date,
    seen: Gaps,
    horizon: str | int | None,
    clv_horizon: str | int,
    discount: float,
    margin: float | None,
    currency: str | None,
    timezone: str | None,
    seed: int,
    earlier: Run | None,
) -> Settings:
    if horizon is not None:
        days = horizon_days(horizon)
    elif earlier is not None:
        days = earlier.settings.horizon_days
    else:
        days = default_horizon(seen)
    return Settings(
        as_of=day,
        horizon_days=days,
        clv_horizon_days=horizon_days(clv_horizon),
        discount=discount,
        margin=earlier.settings.margin if margin is None and earlier is not None else margin,
        currency=currency,
        timezone=timezone,
        seed=seed,
    )


def default_horizon(seen: Gaps) -> int:
    """90th percentile of the repeat gaps, in whole weeks (rounded up) within 4 … 52, in days.

    Without any repeat purchase it is 52 weeks: nothing says that customers come back sooner.
    """
    found = seen.quantile(GAP_QUANTILE)
    weeks = MOST_WEEKS if found is None else math.ceil(found / 7)
    return 7 * min(max(weeks, LEAST_WEEKS), MOST_WEEKS)


def _after(history: History, day: date) -> dict[str, float]:
    """Lines that happened after the as-of day, and their money."""
    if history.last_day is None or history.last_day <= day:
        return {"rows": 0, "value": 0.0}
    view = history.as_of(history.last_day)
    lines = view.order_lines
    later = lines.filter(lines.happened_at.date() > day)
    found = view.rows(later.aggregate(rows=later.count(), value=later.revenue.sum())).to_pylist()[0]
    return {"rows": found["rows"], "value": found["value"] or 0.0}


def _notes(
    fitted: fits.Fits, looked_back: backtests.Backtest, settings: Settings, has_cost: bool, earlier: Run | None
) -> list[Text]:
    """What a reader must know to trust the figures as far as they go."""
    notes = [looked_back.plan.why, *fitted.too_little, *fitted.chosen.notes]
    if earlier is not None:
        notes.append(
            Text(
                f"Scored with the parameters of an earlier run (as of {earlier.settings.as_of}).",
                f"沿用先前运行的参数评分（截至 {earlier.settings.as_of}）。",
            )
        )
    if fitted.value_basis == "revenue":
        notes.append(
            Text(
                "No costs are known: value is revenue, not margin. State one with --margin.",
                "没有成本数据：价值指收入而非毛利。可用 --margin 指定毛利率。",
            )
        )
    elif not has_cost and settings.margin is not None:
        notes.append(
            Text(
                f"Margin is your statement: {100 * settings.margin:.0f} % of revenue.",
                f"毛利率为您所指定：收入的 {settings.margin:.0%}。",
            )
        )
    if fitted.purchase.startswith("baseline"):
        notes.append(
            Text(
                "No model beat a plain rule of thumb on the past, so the rule is used.",
                "在过去的数据上没有模型胜过简单规则，因此采用简单规则。",
            )
        )
    spread = fitted.shocks.sd(settings.horizon)
    if spread > 0.03:
        notes.append(
            Text(
                f"Everybody's purchases have moved together by about {100 * spread:.0f} % over such a horizon; the "
                "totals of groups carry that.",
                f"在这样的期限内，全体客户的购买会共同波动约 {spread:.0%}；群体合计的区间已包含这一点。",
            )
        )
    return list(dict.fromkeys(notes))


def _stepwise(tell: Report) -> Callable[[str, int, int | None], None]:
    def step(_name: str, done: int, total: int | None) -> None:
        tell(READ, 0.3 * (done / total if total else 0.5))

    return step


def _no_orders(files: Sequence[str]) -> InputError:
    return InputError(
        Text("no row could be used as an order line.", "没有一行可用作订单。"),
        file=", ".join(files),
        remedy=Text("Look at the reasons, or map the columns with --map.", "请查看原因，或用 --map 指定各列。"),
    )


__all__ = ["Given", "SqlSource", "analyze", "default_horizon", "judge"]
