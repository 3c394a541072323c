"""`patron demo`: the whole job on the shipped sample, a year of orders of a British online shop."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from patron.faces.cli import place, summary
from patron.faces.cli.analyze import work
from patron.faces.cli.arguments import Parser
from patron.faces.cli.home import home
from patron.faces.cli.terminal import Terminal
from patron.words import Text

_ABOUT = Text(
    "Analyses the shipped sample: 541,909 order lines of a British online shop, 2010-12-01 to 2011-12-09 "
    "(UCI Online Retail, CC BY 4.0).",
    "分析随附的示例数据：英国一家网店 2010-12-01 至 2011-12-09 的 541,909 行订单（UCI Online Retail，CC BY 4.0）。",
)


def demo(words: list[str], terminal: Terminal) -> int:
    """Analyses the sample, or shows the run there is already; prints the summary and the report's path."""
    parser = Parser("demo", _ABOUT, terminal)
    parser.argument(
        "--out",
        metavar="DIR",
        about=Text("folder to write (default: PATRON_HOME/demo)", "输出目录（默认 PATRON_HOME/demo）"),
    )
    parser.argument("--again", action="store_true", about=Text("even if it was done before", "即使做过也重新分析"))
    args = parser.parse_args(words)
    folder = Path(args.out) if args.out else home() / "demo"
    where = place.Place(folder, replace=True)
    where.check()
    if args.again or not up_to_date(folder):
        with as_file(files("patron") / "data" / "online_retail.parquet") as orders:
            run, report = work([str(orders)], where, terminal, today=date.today(), currency="GBP")
    else:
        from patron.study.run import REPORT, open_run

        terminal.note(Text("Done before; --again does it anew.", "之前已分析过；加 --again 可重新分析。"))
        run = open_run(folder)
        report = folder / REPORT if speaks(folder / REPORT, terminal.lang) else run.write_report(terminal.lang)
    terminal.answer(summary.in_words(run, report, terminal.lang))
    return 0


def up_to_date(folder: Path) -> bool:
    """Whether a run is there that is younger than every file of the package."""
    card = folder / place.MARK
    if not card.exists():
        return False
    made = card.stat().st_mtime
    with as_file(files("patron")) as package:
        sources = (file for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc")
        return all(file.stat().st_mtime <= made for file in sources)


def speaks(report: Path, lang: str) -> bool:
    """Whether the report says of itself that it is in `lang`."""
    head = report.read_text(encoding="utf-8")[:500] if report.exists() else ""
    return f'<html lang="{lang}' in head
