"""`patron import FILE --kind orders --source NAME`: a file into the records; also goes on, and undoes."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patron.errors import ResourceError, UsageError
from patron.faces.cli.arguments import Parser, delimiter, encoding, mapping
from patron.faces.cli.progress import Progress
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

if TYPE_CHECKING:
    from patron.crm.sources.models import Import

_ABOUT = Text(
    "Brings a file (CSV, TSV, XLSX, Parquet) into Patron's records. Interrupted, it can go on; done, it can be undone.",
    "将文件（CSV、TSV、XLSX、Parquet）导入 Patron。中断后可继续，完成后可撤销。",
)
_KINDS = ("customers", "orders", "products", "interactions", "events", "feedback", "subscriptions")
_STEPS = {
    "read": Text("Reading the file", "读取文件"),
    "check": Text("Recognising columns", "识别各列"),
    "count": Text("Counting", "计数"),
    "write": Text("Writing records", "写入记录"),
}
_COUNTS = {
    "create": Text("new", "新增"),
    "update": Text("changed", "更新"),
    "skip": Text("the same", "相同"),
    "error": Text("rejected", "拒绝"),
    "erased": Text("erased persons, left out", "已按本人要求删除，跳过"),
}


def _parser(terminal: Terminal) -> Parser:
    parser = Parser("import", _ABOUT, terminal)
    add = parser.argument
    add("file", nargs="?", metavar="FILE", about=Text("the file", "文件"))
    add("--kind", choices=_KINDS, about=Text("what its rows are", "文件中是什么记录"))
    add("--source", metavar="NAME", about=Text("where it comes from: one name for each system", "来源系统的名称"))
    add(
        "--map",
        metavar="ROLE=COLUMN",
        nargs="+",
        action="extend",
        default=[],
        about=Text("which column is what, by name or position from 1", "指明各用途对应的列（列名或从 1 起的列号）"),
    )
    add("--dry-run", action="store_true", about=Text("count exactly, write nothing", "只精确计数，不写入"))
    add("--resume", type=int, metavar="N", about=Text("go on with import N", "继续导入 N"))
    add("--undo", type=int, metavar="N", about=Text("undo import N", "撤销导入 N"))
    add("--currency", metavar="EUR", about=Text("currency of rows that name none", "未注明币种的行所用币种"))
    add("--timezone", metavar="TZ", about=Text("time zone of its times", "文件中时间的时区"))
    add("--no-header", action="store_true", about=Text("the first row is data already", "首行即为数据，没有表头"))
    add("--sheet", metavar="NAME", about=Text("sheet of a workbook", "工作表名称"))
    add("--date-order", choices=("dmy", "mdy", "ymd"), about=Text("order of day, month, year", "日、月、年的顺序"))
    add("--delimiter", metavar="C", about=Text("what stands between two cells", "单元格之间的分隔符"))
    add("--decimal", choices=(".", ","), metavar="./,", about=Text("decimal sign", "小数点符号"))
    add("--encoding", metavar="NAME", about=Text("encoding of text files", "文本文件的编码"))
    return parser


def import_(words: list[str], terminal: Terminal) -> int:
    """Imports what the words name, or goes on with or undoes an earlier import."""
    args = _parser(terminal).parse_args(words)
    _check(args)
    server(terminal)
    if args.undo is not None:
        return _undo(args.undo, terminal)
    if args.resume is not None:
        from patron.crm.kit.policy import System
        from patron.crm.sources import operations

        operations.resume(by=System(), import_id=args.resume, enqueue=False)
        return _run(args.resume, terminal)
    run = _upload(args)
    for told in run.found["told"]:
        terminal.note(told[terminal.lang])
    if args.dry_run:
        return _count(run, terminal)
    from patron.crm.kit.policy import System
    from patron.crm.sources import operations

    operations.start(by=System(), import_id=run.pk, enqueue=False)
    return _run(run.pk, terminal)


def _check(args: Namespace) -> None:
    """Refuses combinations that mean nothing."""
    asked = sum(x is not None for x in (args.file, args.resume, args.undo))
    if asked != 1:
        raise UsageError(
            Text("name one file, or --resume N, or --undo N.", "请给出一个文件，或 --resume N，或 --undo N。"),
            remedy=Text(
                "For example: patron import orders.csv --kind orders --source shop",
                "例如：patron import 订单.csv --kind orders --source 商城",
            ),
        )
    if args.file is not None and not (args.kind and args.source):
        raise UsageError(
            Text("say --kind and --source.", "请指明 --kind 和 --source。"),
            remedy=Text(f"--kind is one of {', '.join(_KINDS)}.", f"--kind 可用：{'、'.join(_KINDS)}。"),
        )


def _upload(args: Namespace) -> Import:
    from patron.crm.kit.policy import System
    from patron.crm.sources import operations

    path = Path(args.file)
    try:
        with path.open("rb") as file:
            run = operations.upload(
                by=System(),
                file=file,
                file_name=path.name,
                source_name=args.source,
                kind=args.kind,
                options=_options(args),
                limited=False,
            )
    except OSError as error:
        raise ResourceError(
            Text(f"The file can't be read ({error.strerror}).", f"无法读取文件（{error.strerror}）。"), file=args.file
        ) from None
    if args.map:
        told = {**run.mapping, **mapping(args.map)}
        run = operations.set_mapping(by=System(), import_id=run.pk, mapping=told)
    return run


def _options(args: Namespace) -> dict[str, Any]:
    return {
        "header": False if args.no_header else None,
        "currency": args.currency,
        "timezone": args.timezone,
        "sheet": args.sheet,
        "date_order": args.date_order,
        "delimiter": None if args.delimiter is None else delimiter(args.delimiter),
        "decimal": args.decimal,
        "encoding": None if args.encoding is None else encoding(args.encoding),
    }


def _watched(progress: Progress, terminal: Terminal) -> Any:
    """Steps as they come; how many rows only where the line is drawn anew, not line by line into a log."""

    def show(step: str, done: int, total: int | None) -> None:
        words = _STEPS.get(step, Text.of(step))
        if total and terminal.lively:
            words = Text(f"{words.en}: {done:,} of {total:,} rows", f"{words.zh}：{done:,} / {total:,} 行")
        progress(words, done / total if total else 0.0)

    return show


def _count(run: Import, terminal: Terminal) -> int:
    """The exact counts; the upload is forgotten again, since nothing was to be kept."""
    from patron.crm.kit.policy import System
    from patron.crm.sources import operations
    from patron.crm.sources.reading import forget_file

    try:
        with Progress(terminal) as progress:
            counts = operations.preview(by=System(), import_id=run.pk, progress=_watched(progress, terminal))
        operations.cancel(by=System(), import_id=run.pk)
    finally:
        forget_file(run)
    terminal.answer(_said(counts).say(terminal.lang))
    return 0


def _run(number: int, terminal: Terminal) -> int:
    from patron.crm.sources import jobs
    from patron.crm.sources.models import Import

    try:
        with Progress(terminal) as progress:
            state = jobs.run_import(number, progress=_watched(progress, terminal), take_over=True)
    except KeyboardInterrupt:
        Import.objects.filter(pk=number, state="running").update(state="paused", asked="")
        terminal.note(
            Text(
                f"Stopped; whole chunks are kept. Go on with:  patron import --resume {number}",
                f"已停止，已完成的部分已保存。继续：  patron import --resume {number}",
            )
        )
        raise
    run = Import.objects.get(pk=number)
    if state == "failed":
        terminal.note((run.error or {}).get(terminal.lang, ""))
        terminal.answer(Text(f"Import {number} stopped.", f"导入 {number} 已中断。").say(terminal.lang))
        return 3
    said = _said(run.counts)
    terminal.answer(Text(f"Import {number}: {said.en}", f"导入 {number}：{said.zh}").say(terminal.lang))
    return 0


def _said(counts: dict[str, int]) -> Text:
    shown = {c: words for c, words in _COUNTS.items() if c != "erased" or c in counts}
    return Text(
        ", ".join(f"{counts.get(c, 0):,} {words.en}" for c, words in shown.items()),
        "，".join(f"{words.zh} {counts.get(c, 0):,}" for c, words in shown.items()),
    )


def _undo(number: int, terminal: Terminal) -> int:
    from patron.crm.kit.policy import System
    from patron.crm.sources import jobs, operations
    from patron.crm.sources.models import Import

    operations.undo(by=System(), import_id=number, enqueue=False)
    jobs.undo_import(number, take_over=True)
    undone = Import.objects.get(pk=number).found["undone"]
    terminal.answer(
        Text(
            "Undone: {removed:,} rows removed, {restored:,} restored, {customers_removed:,} customers removed, "
            "{customers_kept:,} kept since something else speaks of them.",
            "已撤销：移除 {removed:,} 行，恢复 {restored:,} 行；移除客户 {customers_removed:,} 位，"
            "因另有记录而保留 {customers_kept:,} 位。",
        )
        .format(**undone)
        .say(terminal.lang)
    )
    return 0
