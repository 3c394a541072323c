"""The leak guard: columns that know the future are stopped at, or asked about, before anything is learnt.

Stopped at: a single column that tells the outcome almost by itself, numbers of rows that tell it, rows that stand
twice. Asked about: names that speak of afterwards, cells that are filled only where the outcome is yes, power that is
gone in later time. Asked columns are left out unless somebody who knows says that they are known when scored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import LeakError
from patron.lifecycle.evaluation.ranking import roc_auc
from patron.lifecycle.models.table.cases import ID, Cases, kind_of
from patron.study.supervised.folds import copies
from patron.study.supervised.frame import Frame, Left
from patron.study.supervised.names import suspected
from patron.words import Text

Floats = npt.NDArray[np.float64]
ALMOST, COPY = 0.95, 0.999
"""AUC of one column alone that no honest column reaches; that of a copy of the outcome."""
IDS_TELL = 0.75
TWICE = 0.01
"""Share of rows that stand twice from which on it is no coincidence."""
HARDLY = -2.0
"""log10 of the twins that chance gives a row below which a twin is no chance."""
BINS = 20
ONLY_YES, SOME_YES, FEW = 0.995, 0.01, 20
EARLY_POWER, LATE_POWER = 0.75, 0.55
NUMBER_COPY = 0.999
"""R² of one column alone for a number."""


@dataclass(frozen=True)
class Doubt:
    """A column to be asked about, and why."""

    column: str
    why: Text


@dataclass(frozen=True)
class Answers:
    """What somebody said: columns `known` when scores are made, columns `excluded`, and what to do with `copies`
    ('drop', 'keep', '' for not said). `typed` were named now, not remembered: they have to be there."""

    known: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    copies: str = ""
    typed: frozenset[str] = frozenset()


Ask = Callable[[Doubt], bool | None]
"""Whether the column is known at scoring; None where nobody answers."""


def unanswered(_doubt: Doubt) -> bool | None:
    """Nobody is there to ask."""
    return None


@dataclass(frozen=True)
class Guarded:
    """The frame without what knows the future, with every doubt and what became of it."""

    frame: Frame
    doubts: list[tuple[Doubt, str]]
    powers: dict[str, float]


def guard(frame: Frame, answers: Answers, ask: Ask = unanswered) -> Guarded:
    """Ask about doubtful columns, leave out those nobody vouches for, and stop at what can't be honest.

    Raises LeakError naming the column, why, and what to type.
    """
    doubts: list[tuple[Doubt, str]] = []
    out: list[Left] = []
    powers = {name: power(frame, name) for name in frame.features}
    for doubt in _doubts(frame, powers, answers.known):
        answer = True if doubt.column in answers.known else ask(doubt)
        doubts.append((doubt, "known" if answer else "left out" if answer is False else "left out, nobody answered"))
        if not answer:
            out.append(Left(doubt.column, "after_the_fact", doubt.why))
    kept = frame.without(out)
    if not kept.features:
        raise LeakError(
            Text("Every column may know the future.", "所有列都可能包含事后信息。"),
            remedy=Text(
                "Say which are known: --known-at-scoring COLUMN.", "请用 --known-at-scoring 指明事前已知的列。"
            ),
        )
    for name in kept.features:
        _stop_at_power(name, powers[name], frame.task, answers.known)
    _stop_at_ids(frame)
    return Guarded(_copies(kept, frame, answers.copies), doubts, {name: powers[name] for name in kept.features})


def power(frame: Frame, name: str, rows: npt.NDArray[np.int64] | None = None) -> float:
    """How well one column alone tells the outcome: AUC of a class, R² of a number, judged on the other half of rows."""
    table = frame.cases if rows is None else frame.cases.take(pa.array(rows))
    place = _places(table, name)
    outcome = np.asarray(table.column("outcome").to_numpy())
    half = np.arange(len(outcome)) % 2 == 0
    said = np.zeros(len(outcome))
    for learn, judge in ((half, ~half), (~half, half)):
        total = np.bincount(place[learn], weights=outcome[learn], minlength=place.max() + 1)
        n = np.bincount(place[learn], minlength=place.max() + 1)
        mean = outcome[learn].mean()
        said[judge] = ((total + mean) / (n + 1))[place[judge]]
    if frame.task == "class":
        ways = [said]
        if kind_of(table.schema.field(name).type) != "category":  # in its own order too: twentieths blur an edge
            values = Cases(table).number(name)
            ways += [np.nan_to_num(values, nan=-np.inf), np.nan_to_num(-values, nan=-np.inf)]
        found = [one for way in ways if np.isfinite(one := roc_auc(outcome, way))]
        return max(found, default=0.5)
    spread = np.var(outcome)
    return float(1 - np.mean((outcome - said) ** 2) / spread) if spread else 0.0


def _places(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """A small number for each row's cell: the value of a category, the twentieth of a number; 0 for an empty one."""
    if kind_of(table.schema.field(name).type) == "category":
        codes = table.column(name).combine_chunks().dictionary_encode()
        found = pc.fill_null(codes.indices.cast(pa.int64()), -1)
        return np.asarray(found.to_numpy(), dtype=np.int64) + 1
    values = Cases(table).number(name)
    known = np.isfinite(values)
    edges = np.unique(np.quantile(values[known], np.arange(1, BINS) / BINS)) if known.any() else np.zeros(0)
    place = np.searchsorted(edges, np.where(known, values, 0.0), side="left") + 1
    return np.where(known, place, 0).astype(np.int64)


def _doubts(frame: Frame, powers: dict[str, float], known: Collection[str]) -> Iterator[Doubt]:
    for name in frame.features:
        why = suspected(name) or _only_where_yes(frame, name) or _gone_later(frame, name, powers[name])
        if why is not None:
            yield Doubt(name, why)
        elif name in known:
            yield Doubt(name, Text("said to be known", "已声明为事前已知"))


def _only_where_yes(frame: Frame, name: str) -> Text | None:
    """Filled, or other than one value, (nearly) only where the outcome is yes."""
    if frame.task != "class":
        return None
    column, yes = frame.cases.column(name), frame.outcome > 0
    empty = np.asarray(column.is_null().combine_chunks().to_numpy(zero_copy_only=False))
    usual = pc.mode(column.drop_null(), 1) if kind_of(column.type) == "number" else None
    plain = empty
    if usual is not None and len(usual):
        same = pc.fill_null(pc.equal(column, usual[0]["mode"]), True)
        plain = np.asarray(same.combine_chunks().to_numpy(zero_copy_only=False))
    for said, words in ((empty, ("filled in", "有值")), (plain, ("anything but the usual value", "不同于常见值"))):
        no, got = said[~yes].mean() if (~yes).any() else 0.0, int((~said[yes]).sum())
        if no >= ONLY_YES and got >= max(SOME_YES * yes.sum(), FEW) and (~said[yes]).mean() > 10 * (1 - no):
            return Text(f"it is {words[0]} only where the outcome is yes", f"仅在结果为“是”的行中{words[1]}")
    return None


def _gone_later(frame: Frame, name: str, _whole: float) -> Text | None:
    if frame.time is None or frame.task != "class" or len(frame.time) < 10 * FEW:
        return None
    order = np.argsort(frame.time, kind="stable")
    half = len(order) // 2
    early, late = power(frame, name, order[:half]), power(frame, name, order[half:])
    if early >= EARLY_POWER and late <= LATE_POWER:
        return Text(
            f"what it says is gone in later time (AUC {early:.2f}, then {late:.2f})",
            f"其预测力在后期消失（AUC 先为 {early:.2f}，后为 {late:.2f}）",
        )
    return None


def _stop_at_power(name: str, found: float, task: str, known: Collection[str]) -> None:
    limit = ALMOST if task == "class" else NUMBER_COPY
    if found < limit or (found < COPY and name in known):
        return
    measure = "AUC" if task == "class" else "R²"
    copy = found >= COPY
    remedy_en, remedy_zh = f"Leave it out: --exclude '{name}'.", f"请排除该列：--exclude '{name}'。"
    if not copy:
        remedy_en += f" If it really is known when scores are made: --known-at-scoring '{name}'."
        remedy_zh += f"若评分时确已知道：--known-at-scoring '{name}'。"
    raise LeakError(
        Text(
            f"'{name}' alone tells the outcome ({measure} {found:.3f}): "
            + ("it is a copy of it." if copy else "it was probably written down afterwards."),
            f"仅凭“{name}”就能得知结果（{measure} {found:.3f}）："
            + ("它就是结果的副本。" if copy else "很可能是事后填写的。"),
        ),
        column=name,
        remedy=Text(remedy_en, remedy_zh),
    )


def _stop_at_ids(frame: Frame) -> None:
    """Numbers that tell rows apart are not learnt from; where they tell the outcome, the table was put together so."""
    if frame.task != "class":
        return
    for name in [left.column for left in frame.left if left.code == "id"]:
        found = frame.id_powers.get(name, 0.5)
        tells = max(found, 1 - found)
        if tells >= IDS_TELL:
            raise LeakError(
                Text(
                    f"The order of '{name}' tells the outcome (AUC {tells:.2f}): numbers seem to be given by it, "
                    "and other columns may be as well.",
                    f"“{name}”的大小顺序就能说明结果（AUC {tells:.2f}）：编号似乎按结果分配，其他列也可能如此。",
                ),
                column=name,
                remedy=Text(
                    f"If that is how customers came (later ones differ): --id '{name}'. "
                    "Else look at how the table was made.",
                    f"若只是先来后到造成的差异：--id '{name}'；否则请检查数据的生成方式。",
                ),
            )


def _copies(kept: Frame, whole: Frame, answer: str) -> Frame:
    """Rows that stand twice: taken out if asked, stopped at where they are no coincidence, else judged together."""
    if answer == "drop":
        first = np.sort(np.unique(copies(kept.cases), return_index=True)[1])
        gone = kept.cases.num_rows - len(first)
        told = Text(f"{gone} rows that stood twice were left out.", f"已去除 {gone} 行重复数据。")
        return kept.rows(first, told) if gone else kept
    if whole.ids:  # rows that differ by who they are about are different people who look alike
        return kept
    twins = surprising(whole.cases)
    n = len(twins)
    twice = n - len(np.unique(twins))
    if twice > TWICE * n and answer != "keep":
        raise LeakError(
            Text(
                f"{twice} of {n} rows stand twice: a copy would be judged by its twin.",
                f"{n} 行中有 {twice} 行重复：会用副本评估自身。",
            ),
            remedy=Text(
                "Leave copies out with --duplicates drop; if they are different customers who look alike, "
                "--duplicates keep judges them together.",
                "用 --duplicates drop 去除重复行；若确为不同客户，用 --duplicates keep 将其放在同一折中评估。",
            ),
        )
    told = Text(
        f"{twice} rows stand twice; twins are judged together.", f"有 {twice} 行重复，重复的行放在同一折中评估。"
    )
    return kept.together(twins, told) if twice else kept


def surprising(cases: pa.Table) -> npt.NDArray[np.int64]:
    """A number for each row; rows that are equal and would hardly be by chance share one.

    By chance a row has n × Π (share of its cell in the column) twins, were columns independent: few values that many
    share make many twins, an amount to the cent makes none.
    """
    same = copies(cases)
    chance = np.full(cases.num_rows, np.log10(max(cases.num_rows, 1)))
    for name in cases.column_names:
        if name != ID:
            codes = cases.column(name).combine_chunks().dictionary_encode(null_encoding="encode").indices
            place = np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
            chance += np.log10(np.bincount(place)[place] / len(place))
    return np.where(chance < HARDLY, same, len(same) + np.arange(len(same)))
