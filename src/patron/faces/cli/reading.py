"""The options of every command that reads a table: how the file is written, where it can't be recognised."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from patron.faces.cli.arguments import Parser, delimiter, encoding
from patron.words import Text


def add_reading(parser: Parser) -> None:
    """--no-header, --sheet, --date-order, --delimiter, --decimal, --encoding."""
    add = parser.argument
    add("--no-header", action="store_true", about=Text("the first row is data already", "首行即为数据，没有表头"))
    add("--sheet", metavar="NAME", about=Text("sheet of a workbook (default: the first)", "工作表名称（默认第一个）"))
    add(
        "--date-order",
        choices=("dmy", "mdy", "ymd"),
        about=Text(
            "order of day, month and year in dates like 03/04/2024 (default: recognised)",
            "03/04/2024 一类日期中日、月、年的顺序（默认：自动识别）",
        ),
    )
    add(
        "--delimiter",
        metavar="C",
        about=Text(
            "character between two cells, 'tab' or 'blanks' (default: recognised)",
            "单元格之间的分隔符，或 tab、blanks（默认：自动识别）",
        ),
    )
    add(
        "--decimal",
        choices=(".", ","),
        metavar="./,",
        about=Text("decimal sign of the amounts (default: recognised)", "金额的小数点符号（默认：自动识别）"),
    )
    add(
        "--encoding",
        metavar="NAME",
        about=Text(
            "encoding of text files: utf-8, gb18030 … (default: recognised)",
            "文本文件的编码：utf-8、gb18030 等（默认：自动识别）",
        ),
    )


def reading(args: Namespace) -> dict[str, Any]:
    """What was said with these options, checked."""
    return {
        "header": False if args.no_header else None,
        "sheet": args.sheet,
        "encoding": None if args.encoding is None else encoding(args.encoding),
        "delimiter": None if args.delimiter is None else delimiter(args.delimiter),
        "date_order": args.date_order,
        "decimal": args.decimal,
    }
