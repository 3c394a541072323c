"""`patron train TABLE --target COLUMN --out MODEL`: from any table to a judged model."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patron.errors import UsageError
from patron.faces.cli import place
from patron.faces.cli.arguments import Parser
from patron.faces.cli.progress import Progress
from patron.faces.cli.reading import add_reading, reading
from patron.faces.cli.tables import columns
from patron.faces.cli.terminal import Terminal
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.supervised.guard import Doubt
    from patron.study.supervised.training import Trained

_ABOUT = Text(
    "Learns what came of it (--target) from any flat table: CSV, TSV, XLSX, Parquet. Candidates are compared on rows "
    "they did not see, the best or a blend is published if it beats the base rate, and columns that know the future "
    "are stopped at or asked about. Writes a folder with the model, card.json and report.html.",
    "从任意表格（CSV、TSV、XLSX、Parquet）学习预测目标（--target）。候选模型在未见过的行上比较，"
    "优于基准率者（或其混合）才会发布；疑似事后信息的列会中止训练或逐一询问。写出模型、card.json 和 report.html。",
)
STEPS = {
    "read": (Text("reading the table", "读取表格"), 0.02),
    "check": (Text("looking at its columns", "检查各列"), 0.06),
    "race": (Text("comparing candidates on rows they did not see", "在未见过的行上比较候选模型"), 0.1),
    "fit": (Text("fitting the published one on all rows", "用全部数据训练发布的模型"), 0.85),
    "judge": (Text("judging it", "评估"), 0.92),
}
RACE_END = 0.85
SHOWN = (
    ("auc", Text("AUC", "AUC")),
    ("average_precision", Text("average precision", "平均精确率")),
    ("lift_top10", Text("lift in the top tenth", "前十分之一提升度")),
    ("brier", Text("Brier score", "Brier 分数")),
    ("ece", Text("calibration error", "校准误差")),
    ("mae", Text("mean absolute error", "平均绝对误差")),
    ("rmse", Text("root mean square error", "均方根误差")),
    ("r2", Text("share explained (R²)", "解释比例（R²）")),
    ("gini", Text("Gini of the order", "排序基尼系数")),
)
KNOWN = "answers.json"


def _parser(terminal: Terminal) -> Parser:
    parser = Parser("train", _ABOUT, terminal)
    add = parser.argument
    add("table", metavar="TABLE", about=Text("a table, one case a row", "表格，每行一例"))
    add("--target", metavar="COLUMN", required=True, about=Text("what came of it", "结果列（预测目标）"))
    add(
        "--positive",
        metavar="VALUE",
        about=Text("the value that counts as yes (default: recognised)", "视为“是”的取值（默认自动识别）"),
    )
    add("--out", metavar="MODEL", required=True, about=Text("folder of the model", "模型目录"))
    add("--overwrite", action="store_true", about=Text("replace an earlier model there", "替换该目录中先前的模型"))
    add("--id", metavar="COLUMN", about=Text("who a row is about; nothing is learnt from it", "标识列，不用于训练"))
    add(
        "--time",
        metavar="COLUMN",
        about=Text(
            "when it was: judged on later rows only ('row': the file is in order of time)",
            "时间列：仅在更晚的行上评估（写 row 表示文件按时间排列）",
        ),
    )
    add(
        "--exclude",
        metavar="COLUMN",
        nargs="+",
        action="extend",
        default=[],
        about=Text("columns to leave out", "要排除的列"),
    )
    add(
        "--known-at-scoring",
        metavar="COLUMN",
        nargs="+",
        action="extend",
        default=[],
        about=Text("doubtful columns that are known when scores are made", "评分时确已知道的存疑列"),
    )
    add(
        "--duplicates",
        choices=("drop", "keep"),
        default="",
        about=Text("what to do with rows that stand twice", "如何处理重复行（drop 去除，keep 保留并放在同一折）"),
    )
    add("--seed", type=int, default=0, metavar="N", about=Text("seed of folds and models", "随机种子"))
    add_reading(parser)
    add("--json", action="store_true", about=Text("end with one line of JSON", "结尾输出一行 JSON"))
    return parser


def train(words: list[str], terminal: Terminal) -> int:
    """Trains, writes the model's folder and says how good it is."""
    args = _parser(terminal).parse_args(words)
    where = place.Place(Path(args.out), args.overwrite)
    where.check()
    clash = sorted(set(args.exclude) & set(args.known_at_scoring))
    if clash:
        raise UsageError(
            Text(f"'{clash[0]}' can't be both excluded and known.", f"“{clash[0]}”不能同时排除又声明已知。")
        )
    trained = _work(args, terminal)
    from patron.study.supervised.keeping import save
    from patron.study.supervised.report import render

    report = where.fill(lambda folder: save(trained, folder, lambda: render(trained.card, lang=terminal.lang)))
    for told in trained.told:
        terminal.note(told)
    terminal.answer(_as_json(trained, report) if args.json else in_words(trained, report, terminal.lang))
    return 0


def _work(args: Namespace, terminal: Terminal) -> Trained:
    from patron.history.files.options import ReadOptions
    from patron.study.supervised import answers as remembered
    from patron.study.supervised.frame import Asked
    from patron.study.supervised.training import train as study

    asked = Asked(args.target, args.positive, args.id, args.time, args.exclude)
    book = remembered.Book.of(_home() / KNOWN)
    answers = book.answers(args.target, args.known_at_scoring, args.exclude, args.duplicates)
    with Progress(terminal) as progress:

        def told(step: str, done: int, total: int | None) -> None:
            words, share = STEPS[step]
            progress(words, share + (RACE_END - share) * done / total if step == "race" and total else share)

        trained = study(
            Path(args.table),
            asked,
            today=date.today(),
            options=ReadOptions(lang=terminal.lang, **reading(args)),
            answers=answers,
            ask=_asker(terminal),
            seed=args.seed,
            progress=told,
        )
    book.remember(args.target, trained.card)
    return trained


def _home() -> Path:
    from patron.faces.cli.home import home

    return home()


def _asker(terminal: Terminal) -> Any:
    """Asks at the terminal where somebody sits there."""
    from patron.study.supervised.guard import unanswered

    if not (terminal.lively and sys.stdin.isatty()):
        return unanswered

    def ask(doubt: Doubt) -> bool | None:
        question = Text(
            f"'{doubt.column}': {doubt.why.en}. Is it known when scores are made? [y/N] ",
            f"“{doubt.column}”：{doubt.why.zh}。评分时已知吗？[y/N] ",
        )
        print("\r\x1b[K" + question.say(terminal.lang), end="", file=terminal.err, flush=True)
        return sys.stdin.readline().strip().casefold() in {"y", "yes", "j", "是", "1"}

    return ask


def in_words(trained: Trained, report: Path, lang: str) -> str:
    """How good it is, beside the base rate; what weighs most; where it lies."""
    card = trained.card
    found = card["judged"]["measures"]
    head = ["", Text("on unseen rows", "未见过的行").say(lang), "95 %", Text("base rate", "基准").say(lang)]
    rows = [
        [words.say(lang), f"{one['value']:.4g}", _between(one), f"{one['baseline']:.4g}"]
        for name, words in SHOWN
        if (one := found.get(name)) is not None
    ]
    weigh = ", ".join(entry["feature"] for entry in card["importance"][:5])
    named = card["published"]["name"]
    last = Text(
        f"Published: {named}. What weighs most: {weigh}.\n{report}",
        f"发布的模型：{named}。影响最大的列：{weigh}。\n{report}",
    )
    return f"{columns([head, *rows])}\n{last.say(lang)}"


def _between(one: dict[str, float]) -> str:
    return "" if one["low"] != one["low"] else f"{one['low']:.4g} – {one['high']:.4g}"


def _as_json(trained: Trained, report: Path) -> str:
    card = trained.card
    found = {name: one["value"] for name, one in card["judged"]["measures"].items()}
    said = {"published": card["published"]["name"], "measures": found, "left_out": card["left_out"]}
    return json.dumps({**said, "doubts": card["doubts"], "report": str(report)}, ensure_ascii=False)
