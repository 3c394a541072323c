"""What a run found, in words: the end of `patron analyze` and `patron demo`. Every figure is read from the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patron.faces.cli.tables import columns
from patron.study.pictures.numbers import count, day, interval, money, money_exact, share, short, span
from patron.study.pictures.terms import MODELS, STAGES, term, value_word
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.run import Run


def in_words(run: Run, report: Path, lang: str) -> str:
    """Customers and rows, a table by stage, what is to come, the model behind it, and where the report is."""
    parts = [_base(run, lang), _stages(run, lang), _future(run, lang), _model(run, lang), *_cautions(run, lang)]
    parts.append(Text(f"Report: {report}", f"报告：{report}").say(lang))
    return "\n\n".join(part for part in parts if part)


def _base(run: Run, lang: str) -> str:
    """How many customers of which days, and how the rows and money of the file reconcile."""
    first, last = (day(run.card["window"].get(end), lang) for end in ("first", "last"))
    of = count(_customers(run), lang)
    who = "customer" if _customers(run) == 1 else "customers"
    lines = [Text(f"{of} {who}, {first} to {last}", f"{of} 位客户，{first}至{last}").say(lang)]
    read = run.card["input"]
    if read.get("rows_file") is not None:
        currency = run.figures["currency"]
        said = [count(read[key], lang) for key in ("rows_file", "rows_used")]
        aside = read["rows_file"] - read["rows_used"]
        rows = Text(
            f"{said[0]} {'row' if read['rows_file'] == 1 else 'rows'} read: {said[1]} used, {count(aside)} set aside",
            f"读取 {said[0]} 行：使用 {said[1]} 行，剔除 {count(aside)} 行",
        ).say(lang)
        worth = money_exact(read["value_used"], currency), money_exact(read["value_file"], currency)
        lines.append(rows + Text(f"; {worth[0]} of {worth[1]}", f"；金额 {worth[0]} / {worth[1]}").say(lang))
        lines += [f"  {count(a['rows'], lang)}  {a['reason'][lang]}" for a in read["set_aside"]]
    return "\n".join(lines)


def _customers(run: Run) -> int:
    """Everybody has a stage; the table of scores need not be read to count them."""
    return sum(row["customers"] for row in run.figures["stages"])


def _stages(run: Run, lang: str) -> str:
    """The base by stage, as a table."""
    figures = run.figures
    currency = figures["currency"]
    ahead = span(figures["clv_horizon_days"], lang)
    head = [
        Text("Stage", "阶段").say(lang),
        Text("customers", "客户数").say(lang),
        Text("revenue", "收入").say(lang),
        Text(f"CLV, next {ahead}", f"终身价值（未来{ahead}）").say(lang),
        Text("value at risk", "风险价值").say(lang),
    ]
    rows = [
        [
            term(STAGES, row["stage"], lang),
            count(row["customers"], lang),
            *(money(row[key], currency, lang) for key in ("revenue", "clv", "value_at_risk")),
        ]
        for row in figures["stages"]
    ]
    return columns([head, *rows])


def _future(run: Run, lang: str) -> str:
    """What all customers together are expected to bring, with its interval."""
    clv, currency = run.figures["clv"], run.figures["currency"]
    ahead, word = span(run.figures["clv_horizon_days"], lang), value_word(run.figures, lang)
    total = money(clv["total"], currency, lang)
    ends = interval(clv.get("total_low"), clv.get("total_high"), lang)
    return Text(
        f"Expected {word} from them in the next {ahead}, discounted: {total} {ends}",
        f"未来{ahead}这些客户预计带来的{word}（折现后）：{total}{ends}",
    ).say(lang)


def _model(run: Run, lang: str) -> str:
    """Which model was chosen, against how many, and how well it did on earlier days of the same base."""
    backtest = run.figures["backtest"]
    judged = backtest["models"]
    name = term(MODELS, run.card["chosen"]["purchase"], lang)
    best = next((m for m in judged if m["chosen"]), None)
    if best is None or not backtest["origins"]:
        return Text(
            f"Model: {name}; the history is too short for a backtest.", f"模型：{name}；历史太短，无法回测。"
        ).say(lang)
    days, origins = span(backtest["horizon_days"], lang), len(backtest["origins"])
    auc, covered = short(best.get("auc"), lang), share(best.get("coverage"), lang)
    return Text(
        f"Model: {name}, best of {len(judged)} in a backtest over {days} from {origins} earlier days "
        f"(AUC {auc}; {covered} of purchases within their 80 % interval)",
        f"模型：{name}，在 {len(judged)} 个模型中回测最佳（{origins} 个起点，期限{days}；"
        f"AUC {auc}，{covered}的购买次数落在 80% 区间内）",
    ).say(lang)


def _cautions(run: Run, lang: str) -> list[str]:
    """What the reader must know before using the figures."""
    return ["\n".join(note[lang] for note in run.card["notes"])]


def as_json(run: Run, report: Path) -> str:
    """The same for a machine: one line of JSON."""
    found: dict[str, Any] = {
        "report": str(report),
        "folder": str(report.parent),
        "customers": _customers(run),
        "as_of": run.figures["as_of"],
        "horizon_days": run.figures["horizon_days"],
        "clv_horizon_days": run.figures["clv_horizon_days"],
        "currency": run.figures["currency"],
        "value_basis": run.figures["value_basis"],
        "rows_file": run.card["input"].get("rows_file"),
        "rows_used": run.card["input"].get("rows_used"),
        "stages": run.figures["stages"],
        "clv": {key: run.figures["clv"].get(key) for key in ("total", "total_low", "total_high")},
        "chosen": run.card["chosen"],
    }
    return json.dumps(found, ensure_ascii=False)
