"""`patron train`: from a table to a model that was judged before it is published."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import patron
from patron.errors import InputError
from patron.history.files.any_table import AnyTable, read_any
from patron.history.files.options import ReadOptions
from patron.lifecycle.models.table.base import check_outcome
from patron.lifecycle.models.table.calibrated import Calibrated, calibrate
from patron.lifecycle.models.table.cases import Cases
from patron.lifecycle.models.table.rules import RuleTree
from patron.study.supervised import judging
from patron.study.supervised.folds import Folds, blocks_of_time, random_folds
from patron.study.supervised.frame import Asked, Frame, frame, require
from patron.study.supervised.guard import Answers, Ask, Guarded, guard, unanswered
from patron.study.supervised.race import FEW_YES, TRIED_ON, Race, fit_published, race
from patron.study.supervised.watch import looks
from patron.words import Text

Told = Callable[[str, int, int | None], None]
PARTS = ("numpy", "scipy", "pyarrow", "scikit-learn", "lightgbm")
EXPLAINED = 2_000
"""Cases whose reasons make the importance of the features."""
FORMAT = 1


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Trained:
    """A published model with its card."""

    model: Calibrated
    card: dict[str, Any]

    @property
    def told(self) -> list[Text]:
        """What a person should know, in words."""
        return [Text(t["en"], t["zh"]) for t in self.card["told"]]


def train(
    path: Path,
    asked: Asked,
    *,
    today: date,
    options: ReadOptions | None = None,
    answers: Answers | None = None,
    ask: Ask = unanswered,
    seed: int = 0,
    progress: Told = silent,
) -> Trained:
    """Read, guard, race, calibrate, judge, fit. Raises UsageError, InputError, LeakError; nothing is written."""
    read = read_any(path, options or ReadOptions(), today=today, progress=progress)
    answers = answers or Answers()
    for name in sorted(answers.typed):
        require(name, {column.name: column for column in read.columns}, read.label)
    excluded = [*asked.excluded, *(c for c in sorted(answers.excluded) if c not in asked.excluded)]
    whole = frame(read, Asked(asked.target, asked.positive, asked.id, asked.time, excluded))
    _check(whole, read)
    guarded = guard(whole, answers, ask)
    return _trained(guarded, read, asked, seed, progress)


def _check(whole: Frame, read: AnyTable) -> None:
    try:
        check_outcome(Cases.of(whole.cases), whole.task)
    except InputError as error:
        error.file = read.label
        raise


def _trained(guarded: Guarded, read: AnyTable, asked: Asked, seed: int, progress: Told) -> Trained:
    kept = guarded.frame
    few = kept.task == "class" and min(kept.outcome.sum(), (1 - kept.outcome).sum()) < FEW_YES
    tried = _some(kept)
    folds = _folds(tried, seed)
    run = race(tried.cases, kept.task, folds, seed=seed, few=bool(few), told=progress)
    progress("fit", 0, None)
    fitted = calibrate(fit_published(run, kept.cases, seed), run.published, run.outcome)
    progress("judge", 0, None)
    return Trained(fitted, _card(guarded, read, asked, run, folds, fitted, seed, few=bool(few)))


def _some(kept: Frame) -> Frame:
    if kept.cases.num_rows <= TRIED_ON:
        return kept
    some = np.unique(np.linspace(0, kept.cases.num_rows - 1, TRIED_ON).astype(np.int64))
    why = Text(
        f"The candidates were compared on {len(some)} rows, evenly taken; the published one is fitted on all.",
        f"候选模型在均匀抽取的 {len(some)} 行上比较；发布的模型用全部数据训练。",
    )
    return kept.rows(some, why)


def _folds(kept: Frame, seed: int) -> Folds:
    if kept.time is not None:
        return blocks_of_time(kept.time)
    return random_folds(kept.cases, kept.task, twins=kept.twins, seed=seed)


def _card(
    guarded: Guarded,
    read: AnyTable,
    asked: Asked,
    run: Race,
    folds: Folds,
    fitted: Calibrated,
    seed: int,
    *,
    few: bool,
) -> dict[str, Any]:
    kept = guarded.frame
    card: dict[str, Any] = {
        "format": FORMAT,
        "task": kept.task,
        "target": asked.target,
        "positive": kept.positive,
        "id": asked.id or next(iter(kept.ids), None),
        "time": asked.time,
        "input": {
            "file": read.label,
            "sha256": read.sha256,
            "rows": read.table.num_rows,
            "used": kept.cases.num_rows,
            "without_outcome": kept.set_aside,
            "malformed": read.malformed,
        },
        "columns": dict(kept.kinds),
        "forms": {column.name: column.form for column in read.columns if column.form},
        "features": kept.features,
        "left_out": [{"column": one.column, "code": one.code, "why": _words(one.why)} for one in kept.left],
        "doubts": [{"column": d.column, "why": _words(d.why), "answer": a} for d, a in guarded.doubts],
        "powers": guarded.powers,
        "base": float(kept.outcome.mean()),
        "yes": int(kept.outcome.sum()) if kept.task == "class" else None,
        "published": {"name": run.name, "members": run.weights, "baseline_beaten": run.beaten},
        "losses": run.loss,
        "judged": {
            "on": "later blocks of time" if folds.in_time else "folds",
            "folds": int(folds.fold.max()) + 1,
            "rows": len(run.outcome),
            "measures": judging.measures(run, seed),
            "by_fold": judging.by_fold(run),
            **judging.curves(run),
        },
        "importance": _importance(fitted, kept, seed),
        "looks": looks(Cases.of(kept.cases), fitted.inner.preparation.features),
        "rules": _rules(fitted),
        "seed": seed,
        "versions": versions(),
    }
    if folds.in_time:
        card["random_folds"] = _beside(kept, run, seed)
    card["told"] = [_words(text) for text in [*kept.told, *_said(card, few=few)]]
    return card


def _beside(kept: Frame, run: Race, seed: int) -> dict[str, float]:
    """The published model in random folds: the gap to the judgement in time is what the future does differently."""
    tried = _some(kept)
    folds = random_folds(tried.cases, kept.task, twins=tried.twins, seed=seed)
    said = np.zeros(tried.cases.num_rows)
    for train_rows, test in folds.splits():
        fitted = fit_published(run, tried.cases.take(pa.array(train_rows)), seed)
        said[test] = fitted.on_link(Cases.of(tried.cases.take(pa.array(test))))
    measure = judging.CLASS["auc"] if kept.task == "class" else judging.NUMBER["r2"]
    return {"measure": measure(tried.outcome, said)}


def _importance(fitted: Calibrated, kept: Frame, seed: int) -> list[dict[str, Any]]:
    """Mean size of each feature's term on the link, largest first."""
    rng = np.random.default_rng(seed)
    n = kept.cases.num_rows
    some = np.sort(rng.choice(n, min(n, EXPLAINED), replace=False))
    found = fitted.terms(Cases.of(kept.cases.take(pa.array(some))))
    size = np.abs(found.of_features[:, : len(kept.features)]).mean(axis=0)
    order = np.argsort(-size, kind="stable")
    return [{"feature": found.names[i], "size": float(size[i])} for i in order]


def _rules(fitted: Calibrated) -> list[dict[str, Any]]:
    """The visible rules of the model, if it has any."""
    inner = fitted.inner
    if not isinstance(inner, RuleTree):
        return []
    return [
        {
            "questions": [
                {"feature": q.feature, "edge": q.edge, "level": q.level, "answer": answer} for q, answer in way
            ],
            "p": float(1 / (1 + np.exp(-(fitted.line.intercept + fitted.line.slope * value)))),
            "cases": cases,
        }
        for way, value, cases in inner.rules()
    ]


def _said(card: Mapping[str, Any], *, few: bool) -> list[Text]:
    """What the result means, in words."""
    out: list[Text] = []
    if few:
        out.append(
            Text(
                f"Only {card['yes']} rows say yes: a few visible rules, pulled towards the base rate, are published.",
                f"只有 {card['yes']} 行为“是”：仅发布少量可见规则，并向基准率收缩。",
            )
        )
    if not card["published"]["baseline_beaten"]:
        out.append(
            Text(
                "No model beat the base rate: it is what is published, and says the same of everybody.",
                "没有模型优于基准率：发布的即为基准率，对所有人给出相同结果。",
            )
        )
    for doubt in card["doubts"]:
        why, column = doubt["why"], doubt["column"]
        if doubt["answer"] == "known":
            out.append(
                Text(
                    f"'{column}' is used because it was said to be known when scores are made.",
                    f"因声明评分时已知，使用了“{column}”。",
                )
            )
        else:
            out.append(
                Text(
                    f"'{column}' is left out: {why['en']}. If it is known when scores are made: "
                    f"--known-at-scoring '{column}'.",
                    f"未使用“{column}”：{why['zh']}。若评分时已知：--known-at-scoring '{column}'。",
                )
            )
    if "random_folds" in card:
        now, random = card["judged"]["measures"], card["random_folds"]["measure"]
        name = "auc" if card["task"] == "class" else "r2"
        label = "AUC" if name == "auc" else "R²"
        blocks = card["judged"]["by_fold"]
        out.append(
            Text(
                f"Judged on later time {label} {now[name]['value']:.3f}; in random folds it would be {random:.3f}. "
                f"The share of yes goes from {blocks[0]['mean']:.2f} to {blocks[-1]['mean']:.2f}: the future differs, "
                "and the first figure is the one to expect.",
                f"按时间向后评估的 {label} 为 {now[name]['value']:.3f}；随机分折则为 {random:.3f}。"
                f"结果均值由 {blocks[0]['mean']:.2f} 变为 {blocks[-1]['mean']:.2f}：未来与过去不同，应以前者为准。",
            )
        )
    return out


def versions() -> dict[str, str]:
    """Patron, Python and the libraries that compute."""
    return {
        "patron": patron.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in PARTS},
    }


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
