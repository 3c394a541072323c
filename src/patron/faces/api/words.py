"""What is wrong with a value that can't be read, in both languages: pydantic's kinds of errors as Patron says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patron.words import Text

WRONG: dict[str, Text] = {
    "missing": Text("This is missing.", "缺少此项。"),
    "extra_forbidden": Text("Nobody knows a field of this name.", "没有名为此的字段。"),
    "string_type": Text("Give a text.", "请填写文本。"),
    "string_too_short": Text("Give at least {min_length} characters.", "至少 {min_length} 个字符。"),
    "string_too_long": Text("Give at most {max_length} characters.", "最多 {max_length} 个字符。"),
    "string_pattern_mismatch": Text("This is not written as it should be: {pattern}.", "格式不符：{pattern}。"),
    "int_type": Text("Give a whole number.", "请填写整数。"),
    "int_parsing": Text("Give a whole number.", "请填写整数。"),
    "int_parsing_size": Text("This number is too large.", "数值过大。"),
    "int_from_float": Text("Give a whole number.", "请填写整数。"),
    "float_type": Text("Give a number.", "请填写数字。"),
    "float_parsing": Text("Give a number.", "请填写数字。"),
    "finite_number": Text("Give a finite number.", "请填写有限数值。"),
    "bool_type": Text("Give true or false.", "请填写 true 或 false。"),
    "bool_parsing": Text("Give true or false.", "请填写 true 或 false。"),
    "greater_than": Text("It must be more than {gt}.", "必须大于 {gt}。"),
    "greater_than_equal": Text("It must be {ge} or more.", "必须不小于 {ge}。"),
    "less_than": Text("It must be less than {lt}.", "必须小于 {lt}。"),
    "less_than_equal": Text("It must be {le} or less.", "必须不大于 {le}。"),
    "literal_error": Text("Choose one of {expected}.", "可选值：{expected}。"),
    "list_type": Text("Give a list.", "请填写列表。"),
    "dict_type": Text("Give an object.", "请填写对象。"),
    "model_type": Text("Give an object.", "请填写对象。"),
    "model_attributes_type": Text("Give an object.", "请填写对象。"),
    "too_short": Text("Give at least {min_length}.", "至少 {min_length} 项。"),
    "too_long": Text("Give at most {max_length}.", "最多 {max_length} 项。"),
    "money": Text('An amount is a text like "19.90".', '金额请写成文本，如 "19.90"。'),
    "day": Text('A day is a text like "2026-03-01".', '日期请写成文本，如 "2026-03-01"。'),
    "moment": Text(
        'A time is a text with an offset, like "2026-03-01T09:30:00+08:00" (in an address, write + as %2B).',
        '时间请写成带时区偏移的文本，如 "2026-03-01T09:30:00+08:00"（在网址中将 + 写作 %2B）。',
    ),
    "years": Text("Patron keeps the years 1900 to 2200.", "仅支持 1900 至 2200 年。"),
    "sign": Text("It holds a character that is no text.", "含有非文本字符。"),
    "unknown_parameter": Text("This list knows no such filter.", "此处没有该筛选条件。"),
}
OTHER = Text("This can't be used here.", "此处不能使用该值。")


def wrong(kind: str, details: Mapping[str, Any]) -> Text:
    """The sentence for one of pydantic's errors."""
    return WRONG.get(kind, OTHER).format(**details)
