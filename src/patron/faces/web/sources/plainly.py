"""What reading a file says, for somebody at a browser: fields of the page instead of options of the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from patron.words import Text

WRITTEN = Text("“How the file is written”", "“文件的书写方式”")
OPTIONS: tuple[tuple[str, str], ...] = (
    (r", or name the character with --delimiter", ""),
    (r"，或用 --delimiter 指明分隔符", ""),
    (r"say the order: --date-order [^.。]*", f"say the order at {WRITTEN.en}"),
    (r"请指明顺序：--date-order [^.。]*", f"请在{WRITTEN.zh}中指明顺序"),
    (r"Give --timezone to", f"Name the time zone at {WRITTEN.en} to"),
    (r"可用 --timezone 统一", f"可在{WRITTEN.zh}中指定时区以统一"),
    (r"Say --no-header and where things are: --map [^.]*\.", "Tick “The first row is data already, not a header”."),
    (r"请使用 --no-header 并指明各列位置：--map [^。]*。", "请勾选“首行即为数据，没有表头”。"),
    (r"(Choose one|Say which by position): --map [^.]*?(\(.*?\))?(\.|$)", "Choose it among the columns."),
    (r"(请选定一列|请用位置指定)：--map [^。]*?(。|$)", "请在各列中选定。"),
    (r"Say which columns they are: --map [^.]*\.", "Choose them among the columns."),
    (r"请指明对应的列：--map [^。]*。", "请在各列中选定。"),
    (r"Say which it is: --map customer=…", "Choose it among the columns"),
    (r"请指明：--map customer=…", "请在各列中选定"),
    (r"Check which column is what: --map .* \(change what is wrong\)", "Check which column is what"),
    (r"请检查各列的对应关系：--map .*（修改不对的项）", "请检查各列的对应关系"),
    (r"Say which one counts: --currency \w+|Say --currency \w+", f"Name the currency at {WRITTEN.en}"),
    (r"请指明采用哪一种：--currency \w+|请使用 --currency \w+", f"请在{WRITTEN.zh}中指明币种"),
    (r" ?[(（]use --sql [^)]*\)", ""),
    (r"（请使用 --sql [^）]*）", ""),
)
"""Words with an option in them, and what stands there in a browser."""


def plainly(text: Text | Mapping[str, str]) -> Text:
    """The same without options of the command line."""
    en, zh = (text.en, text.zh) if isinstance(text, Text) else (text["en"], text["zh"])
    return Text(_without(en), _without(zh))


def _without(said: str) -> str:
    for option, instead in OPTIONS:
        said = re.sub(option, instead, said)
    return said
