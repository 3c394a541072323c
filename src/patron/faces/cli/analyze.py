"""`patron analyze ORDERS…`: from an order export to a folder with every customer's lifecycle."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patron.errors import UsageError
from patron.faces.cli import place
from patron.faces.cli.arguments import Parser, day, mapping, number
from patron.faces.cli.progress import Progress
from patron.faces.cli.reading import add_reading, reading
from patron.faces.cli.terminal import Terminal
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.run import Run

_ABOUT = Text(
    "Reads one or several order files (CSV, TSV, XLSX, Parquet) or a database, and writes scores.csv, "
    "scores.parquet, rejected.csv, card.json and report.html.",
    "读取一个或多个订单文件（CSV、TSV、XLSX、Parquet）或数据库，"
    "写出 scores.csv、scores.parquet、rejected.csv、card.json 和 report.html。",
)
_MORE = Text(
    "Columns are found by name; --map tells where a name is not enough. Roles: {}. Exit codes: docs/cli.md.",
    "列按名称自动识别；识别不了时用 --map 指明。可用的用途：{}。退出码见 docs/cli.md。",
)


def _parser(terminal: Terminal) -> Parser:
    from patron.history.files.columns import ROLES

    roles = Text(
        ", ".join(f"{role} ({text.en})" for role, text in ROLES.items()),
        "、".join(f"{role}（{text.zh}）" for role, text in ROLES.items()),
    )
    more = Text(_MORE.en.format(roles.en), _MORE.zh.format(roles.zh))
    parser = Parser("analyze", _ABOUT, terminal, more=more)
    add = parser.argument
    add("orders", nargs="*", metavar="ORDERS", about=Text("order files", "订单文件"))
    add(
        "--out",
        metavar="DIR",
        about=Text("folder to write (default: patron-run-DATE)", "输出目录（默认 patron-run-日期）"),
    )
    add("--overwrite", action="store_true", about=Text("replace an earlier run there", "替换该目录中先前的运行结果"))
    add(
        "--as-of",
        metavar="DAY",
        about=Text("last day that counts (default: last order day)", "截至日（默认：最后一个订单日）"),
    )
    add(
        "--horizon",
        metavar="39w",
        about=Text(
            "how far ahead purchases and churn look (default: from the data)",
            "预测购买与流失的期限（默认：由数据得出）",
        ),
    )
    add("--clv-horizon", metavar="52w", default="52w", about=Text("the same for lifetime value", "客户终身价值的期限"))
    add("--discount", metavar="0.1", default="0.1", about=Text("discount rate a year", "年折现率"))
    add("--margin", metavar="0.3", about=Text("margin as a share of revenue, if you state one", "毛利率（如需指定）"))
    add("--currency", metavar="CNY", about=Text("currency of the amounts", "金额的货币"))
    add(
        "--timezone",
        metavar="TZ",
        about=Text("time zone of the organisation (Asia/Shanghai)", "所在时区（如 Asia/Shanghai）"),
    )
    add(
        "--customers",
        metavar="FILE",
        about=Text("customer file; its columns pass through", "客户文件；其中各列原样带出"),
    )
    add(
        "--map",
        metavar="ROLE=COLUMN",
        nargs="+",
        action="extend",
        default=[],
        about=Text("which column is what, by name or position from 1", "指明各用途对应的列（列名或从 1 起的列号）"),
    )
    add_reading(parser)
    add(
        "--sql",
        metavar="URL",
        about=Text(
            "read a database: sqlite:///shop.db, postgresql://…", "读取数据库：sqlite:///shop.db、postgresql://…"
        ),
    )
    add("--query", metavar="SELECT", about=Text("what to read there", "在数据库中执行的查询"))
    add("--use", metavar="RUN", about=Text("score with the parameters of an earlier run", "沿用先前一次运行的参数评分"))
    add(
        "--json",
        action="store_true",
        about=Text("end with one line of JSON instead of words", "结尾输出一行 JSON 而非文字"),
    )
    return parser


def analyze(words: list[str], terminal: Terminal) -> int:
    """Analyses what the words name, writes the run's folder and says what was found."""
    args = _parser(terminal).parse_args(words)
    options = _options(args)
    _check(args)
    today = date.today()
    where = place.choose(args.out, replace=args.overwrite, today=today, beside=Path.cwd())
    where.check()
    run, report = work(args.orders, where, terminal, today=today, **options)
    from patron.faces.cli import summary

    terminal.answer(summary.as_json(run, report) if args.json else summary.in_words(run, report, terminal.lang))
    return 0


def work(orders: list[str], where: place.Place, terminal: Terminal, **options: Any) -> tuple[Run, Path]:
    """Runs the study with progress and writes it to `where`; the run and the path of its report."""
    from patron.study.analyze import analyze as study

    with Progress(terminal) as progress:
        run = study(orders or None, lang=terminal.lang, progress=progress, **options)
        report = where.fill(lambda folder: run.save(folder, terminal.lang))
    for told in run.card["input"]["told"]:
        terminal.note(told[terminal.lang])
    return run, report


def _check(args: Namespace) -> None:
    """Refuses combinations that mean nothing."""
    if bool(args.orders) == bool(args.sql):
        raise UsageError(
            Text(
                "name either order files or --sql with --query.", "请给出订单文件，或用 --sql 与 --query 指定数据库。"
            ),
            remedy=Text("For example: patron analyze orders.csv", "例如：patron analyze 订单.csv"),
        )
    if bool(args.sql) != bool(args.query):
        raise UsageError(Text("--sql and --query go together.", "--sql 与 --query 须同时给出。"))


def _options(args: Namespace) -> dict[str, Any]:
    """The study's options, read and checked."""
    margin = None
    if args.margin is not None:
        margin = number(args.margin, least=0.0, most=1.0, what=Text("--margin", "--margin "))
    return {
        "customers": args.customers,
        "as_of": day(args.as_of) if args.as_of else None,
        "horizon": args.horizon,
        "clv_horizon": args.clv_horizon,
        "discount": number(args.discount, least=0.0, most=10.0, what=Text("--discount", "--discount ")),
        "margin": margin,
        "currency": args.currency,
        "timezone": args.timezone,
        "mapping": mapping(args.map) or None,
        **reading(args),
        "sql": args.sql,
        "query": args.query,
        "use": args.use,
    }
