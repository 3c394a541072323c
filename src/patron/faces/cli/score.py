"""`patron score MODEL TABLE --out FILE`: every row of a table scored by a trained model."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from patron.errors import UsageError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.reading import add_reading, reading
from patron.faces.cli.terminal import Terminal
from patron.words import Text

if TYPE_CHECKING:
    import pyarrow as pa

    from patron.study.supervised.keeping import Kept
    from patron.study.supervised.scoring import Ready

_ABOUT = Text(
    "Writes a row for each row of the table, in its order: p (or value) with low and high, the ends of "
    "its 80 % interval.",
    "为表格的每一行按原顺序写出：p（或 value）及其 80% 区间的 low 与 high。",
)


def score(words: list[str], terminal: Terminal) -> int:
    """Scores the table and writes the file (.csv or .parquet)."""
    parser = Parser("score", _ABOUT, terminal)
    arguments(parser)
    args = parser.parse_args(words)
    check_kind(Path(args.out))
    kept, table = opened(args.model, args.table, reading(args), terminal)
    from patron.study.supervised.scoring import score as study

    found = study(kept, table)
    written(found, Path(args.out))
    terminal.answer(Text(f"{found.num_rows} rows scored: {args.out}", f"已为 {found.num_rows} 行评分：{args.out}"))
    return 0


def arguments(parser: Parser, *, out: bool = True) -> None:
    """MODEL, TABLE, --out and how the table is written."""
    parser.argument("model", metavar="MODEL", about=Text("folder that patron train wrote", "patron train 写出的目录"))
    parser.argument("table", metavar="TABLE", about=Text("a table with the model's columns", "含有模型各列的表格"))
    if out:
        file = Text("file to write (.csv, .parquet)", "输出文件（.csv、.parquet）")
        parser.argument("--out", metavar="FILE", required=True, about=file)
    add_reading(parser)


def opened(model: str, table: str, options: dict[str, object], terminal: Terminal) -> tuple[Kept, Ready]:
    """The model and the table as its columns; what is odd about the table is said."""
    from patron.history.files.options import ReadOptions
    from patron.study.supervised.keeping import load
    from patron.study.supervised.scoring import ready

    kept = load(Path(model))
    found = ready(kept, Path(table), today=date.today(), options=ReadOptions(lang=terminal.lang, **options))  # type: ignore[arg-type]
    for told in found.told:
        terminal.note(told)
    return kept, found


def written(table: pa.Table, file: Path) -> None:
    """Write the table as its name says, whole or not at all."""
    from patron.study.saving import write_table

    write_table(table, file)


def check_kind(file: Path) -> None:
    """Raises UsageError for a file that is neither .csv nor .parquet: before the work rather than after it."""
    if file.suffix.lower() not in (".csv", ".parquet"):
        raise UsageError(
            Text(f"'{file.name}' is neither .csv nor .parquet.", f"“{file.name}”既不是 .csv 也不是 .parquet。"),
            remedy=Text("Name the file with one of these endings.", "请使用其中一种扩展名。"),
        )
