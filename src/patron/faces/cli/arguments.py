"""argparse that speaks both languages and raises `UsageError` instead of leaving."""

from __future__ import annotations

import argparse
import re
from datetime import date, datetime
from typing import Any, NoReturn

from patron.errors import UsageError
from patron.faces.cli.terminal import LANGUAGES, Terminal
from patron.words import Text

# What argparse says of itself, in Chinese; the names of options in its message are kept.
_ARGPARSE = [
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (.*?): expected one argument", r"参数 \1 需要一个值"),
    (r"argument (.*?): expected at least one argument", r"参数 \1 至少需要一个值"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"参数 \1 不能是 \2（可选：\3）"),
    (r"argument (.*?): invalid .* value: (.*)", r"参数 \1 的值无法识别：\2"),
    (r"argument (.*?): not allowed with argument (.*)", r"参数 \1 不能与 \2 同时使用"),
    (r"ambiguous option: (.*?) could match (.*)", r"参数 \1 有歧义，可能是 \2"),
]
_USAGE = Text("usage: ", "用法：")
_POSITIONALS = Text("what to work on", "处理对象")
_OPTIONS = Text("options", "选项")
_EVERYWHERE = Text("for every command", "每个命令都可用")


class _Formatter(argparse.HelpFormatter):
    """Help that begins with 'usage' in the reader's language and leaves room for long options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=110)


class Parser(argparse.ArgumentParser):
    """The words of one command. `argument` takes bilingual help; a wrong word raises `UsageError`."""

    def __init__(self, command: str, about: Text, terminal: Terminal, *, more: Text | None = None) -> None:
        super().__init__(
            prog=f"patron {command}",
            description=about.say(terminal.lang),
            epilog=more.say(terminal.lang) if more else None,
            formatter_class=_Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        self._terminal = terminal
        self._subjects = self.add_argument_group(_POSITIONALS.say(terminal.lang))
        self._options = self.add_argument_group(_OPTIONS.say(terminal.lang))
        self._common()

    def argument(self, *names: str, about: Text, **more: Any) -> None:
        """One argument, with its help in both languages."""
        group = self._options if names[0].startswith("-") else self._subjects
        group.add_argument(*names, help=about.say(self._terminal.lang).replace("%", "%%"), **more)

    def _common(self) -> None:
        """What every command understands; --lang, --quiet and --debug were read before (see `terminal`)."""
        lang = self._terminal.lang
        group = self.add_argument_group(_EVERYWHERE.say(lang))
        words = [
            (("-h", "--help"), "help", Text("show this and leave", "显示本说明并退出")),
            (("-q", "--quiet"), "store_true", Text("no progress, only the answer", "不显示进度，只给结果")),
            (("--debug",), "store_true", Text("show where an error comes from", "出错时显示详细位置")),
        ]
        for names, action, about in words:
            group.add_argument(*names, action=action, help=about.say(lang))
        about = Text("language of words and report", "界面与报告的语言")
        group.add_argument("--lang", choices=LANGUAGES, help=about.say(lang))

    def format_help(self) -> str:
        """The help text, its first word translated."""
        return super().format_help().replace("usage: ", _USAGE.say(self._terminal.lang), 1)

    def error(self, message: str) -> NoReturn:
        """Raises UsageError with argparse's message in both languages."""
        raise UsageError(
            Text(message, chinese(message)),
            remedy=Text(f"'{self.prog} --help' shows how.", f"用法见“{self.prog} --help”。"),
        )


def chinese(message: str) -> str:
    """argparse's `message` in Chinese, or as it is where the table has nothing for it."""
    for pattern, words in _ARGPARSE:
        if found := re.fullmatch(pattern, message):
            return found.expand(words)
    return message


def day(text: str) -> date:
    """A calendar day written as 1997-09-30 or 19970930."""
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise UsageError(
        Text(f"'{text}' is not a calendar day.", f"“{text}”不是一个日期。"),
        remedy=Text("Write it like 1997-09-30.", "请写成 1997-09-30 的形式。"),
    )


def number(text: str, *, least: float, most: float, what: Text) -> float:
    """A number from `least` to `most`; a per cent sign is understood ('30%' is 0.3)."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = float("nan")
    if least <= value <= most:
        return value
    raise UsageError(
        Text(f"{what.en} can't be '{text}'.", f"{what.zh}不能是“{text}”。"),
        remedy=Text(f"Write a number from {least:g} to {most:g}.", f"请写 {least:g} 到 {most:g} 之间的数字。"),
    )


def delimiter(text: str) -> str:
    """What stands between two cells: one character, 'tab' (or '\\t') or 'blanks'."""
    if text in ("tab", "\\t"):
        return "\t"
    if text == "blanks" or (len(text) == 1 and text not in '"\r\n'):
        return text
    raise UsageError(
        Text(f"--delimiter can't be '{text}'.", f"--delimiter 不能是“{text}”。"),
        remedy=Text("Give one character, 'tab' or 'blanks'.", "请给出单个字符、tab 或 blanks。"),
    )


def encoding(text: str) -> str:
    """The name of a text encoding, as given."""
    try:
        "".encode(text)
    except (LookupError, ValueError):
        raise UsageError(
            Text(f"--encoding can't be '{text}'.", f"--encoding 不能是“{text}”。"),
            remedy=Text("Name one like utf-8, gb18030 or cp1252.", "请写 utf-8、gb18030、cp1252 等名称。"),
        ) from None
    return text


def mapping(pairs: list[str]) -> dict[str, str | int]:
    """`--map customer=CustomerID date=3 cost=`: role → column name, its position from 1, or '' for 'there is none'."""
    found: dict[str, str | int] = {}
    for pair in pairs:
        field, sign, column = (part.strip() for part in pair.partition("="))
        if not (field and sign):
            raise UsageError(
                Text(f"'{pair}' is not role=column.", f"“{pair}”不是“用途=列”的形式。"),
                remedy=Text(
                    "Write --map customer=CustomerID date=3: a column's name or its position from 1; "
                    "order files come before --map.",
                    "请写成 --map customer=客户编号 date=3：列名或从 1 起的列号；订单文件写在 --map 之前。",
                ),
            )
        if field in found:
            raise UsageError(Text(f"--map names '{field}' twice.", f"--map 中“{field}”出现了两次。"))
        found[field] = int(column) if column.isdecimal() else column
    return found
