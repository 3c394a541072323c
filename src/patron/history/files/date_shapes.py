"""The shapes of dates: what a text looks like with its digits blanked, and the strptime form that reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

ZONE = r"\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})$"
TIME = (
    r"(?P<t1>[T ,]*)(?P<before>[AP]M ?)?(?P<h>99?)(?P<s1>[:.时])(?P<m>99)(?:(?P<s2>[:分])(?P<s>99)(?P<f>[.,]9+)?)?"
    r"(?P<end>[分秒]?)(?P<t2> ?)(?P<after>[AP]M)?"
)
NAMED = r"(?P<dow>[A-Za-z]{3,9},? )?"
DAY_FIRST = re.compile(rf"(?P<a>99?)(?P<sep>[-/. ])(?P<b>99?)(?P=sep)(?P<y>9999|99)(?:{TIME})?")
YEAR_FIRST = re.compile(rf"(?P<y>9999)(?P<sep>[-/.年])(?P<b>99?)(?P<sep2>[-/.月])(?P<a>99?)(?P<day>日?)(?:{TIME})?")
MONTH_MIDDLE = re.compile(
    rf"{NAMED}(?P<a>99?)(?P<sep>[-/ ])(?P<mon>[A-Za-z]+)\.?(?P<sep2>[-/ ,]+)(?P<y>9999|99)(?:{TIME})?"
)
MONTH_FIRST = re.compile(rf"{NAMED}(?P<mon>[A-Za-z]+)(?P<sep>[ -])(?P<a>99?)(?P<sep2>,? )(?P<y>9999)(?:{TIME})?")
COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 6: "%y%m%d"}
COMPACT_TIME = re.compile(r"99999999(?P<t1>[T ])(?P<h>99):?(?P<m>99)(?::?(?P<s>99))?")
ORDERS = ("dmy", "mdy", "ymd")


@dataclass
class DateForm:
    """What was found in one column: strptime forms, by order of day and month where that is open."""

    fixed: list[str] = field(default_factory=list)
    open: dict[str, list[str]] = field(default_factory=lambda: {order: [] for order in ORDERS})
    order: str | None = None
    zone: bool = False
    serial: bool = False
    epoch: int = 0
    noon: bool = False

    def forms(self, order: str | None = None) -> list[str]:
        """The strptime forms to try in turn; two-digit years first, since %Y would take them for the year 11."""
        chosen = order or self.order
        both = [*(self.open[chosen] if chosen else []), *self.fixed]
        return sorted(dict.fromkeys(both), key=lambda f: (0 if "%y" in f else 1, -len(f)))

    @property
    def empty(self) -> bool:
        """Nothing recognised."""
        return not (self.fixed or self.open["dmy"] or self.serial or self.epoch)


def mask(text: str) -> str:
    """`text` with every digit as 9: 2011-12-09 → 9999-99-99."""
    return re.sub(r"\d", "9", text.replace("上午", "AM").replace("下午", "PM").strip())


def learn(form: DateForm, texts: Iterable[str]) -> bool:
    """Add the forms that these texts need; whether anything new was learned."""
    before = (len(form.fixed), len(form.open["dmy"]), form.zone, form.serial, form.epoch, form.noon)
    for text in texts:
        form.noon = form.noon or "上午" in text or "下午" in text
    for shape in {mask(text) for text in texts}:
        _learn_mask(form, shape)
    return before != (len(form.fixed), len(form.open["dmy"]), form.zone, form.serial, form.epoch, form.noon)


def _learn_mask(form: DateForm, shape: str) -> None:
    if re.fullmatch(r"9+", shape):
        _learn_digits(form, len(shape))
        return
    if re.fullmatch(r"99999\.9+", shape):
        form.serial = True
        return
    if re.fullmatch(r"9{10}\.9+", shape):
        form.epoch = 1
        return
    bare = re.sub(r"\s*(Z|z|UTC|GMT|[+-]99:?99|[+-]99)$", "", shape) if _has_clock(shape) else shape
    made = _strptime(bare)
    if not made:
        return
    form.zone = form.zone or bare != shape
    if isinstance(made, str):
        form.fixed.append(made) if made not in form.fixed else None
        return
    for order, text in made.items():
        if text not in form.open[order]:
            form.open[order].append(text)


def _has_clock(shape: str) -> bool:
    return ":" in shape or bool(re.search(r"9T9999", shape))


def _learn_digits(form: DateForm, length: int) -> None:
    if length in COMPACT:
        form.fixed.append(COMPACT[length]) if COMPACT[length] not in form.fixed else None
    elif length in (10, 13):
        form.epoch = 1 if length == 10 else 1000
    elif length == 5:
        form.serial = True


def _strptime(shape: str) -> str | dict[str, str] | None:
    """The strptime form of a mask, or one per order of day, month and year where the mask leaves it open."""
    if m := COMPACT_TIME.fullmatch(shape):
        colon = ":" if ":" in shape else ""
        return "%Y%m%d" + m["t1"] + f"%H{colon}%M" + (f"{colon}%S" if m["s"] else "")
    if m := YEAR_FIRST.fullmatch(shape):
        return f"%Y{m['sep']}%m{m['sep2']}%d{m['day']}" + _clock(m)
    if m := MONTH_MIDDLE.fullmatch(shape):
        return f"{_weekday(m)}%d{m['sep']}{_month(m['mon'])}{m['sep2']}{_year(m['y'])}" + _clock(m)
    if m := MONTH_FIRST.fullmatch(shape):
        return f"{_weekday(m)}{_month(m['mon'])}{m['sep']}%d{m['sep2']}{_year(m['y'])}" + _clock(m)
    if m := DAY_FIRST.fullmatch(shape):
        s, y, clock = m["sep"], _year(m["y"]), _clock(m)
        made = {"dmy": f"%d{s}%m{s}{y}{clock}", "mdy": f"%m{s}%d{s}{y}{clock}"}
        return made | ({"ymd": f"%y{s}%m{s}%d{clock}"} if y == "%y" else {})
    return None


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _month(name: str) -> str:
    return "%b" if len(name) == 3 else "%B"


def _weekday(m: re.Match[str]) -> str:
    found = m["dow"]
    if not found:
        return ""
    return ("%a" if len(found.rstrip(", ")) == 3 else "%A") + found[len(found.rstrip(", ")) :]


def _clock(m: re.Match[str]) -> str:
    """The strptime form of the time of day behind a date."""
    if not m["h"]:
        return ""
    half = m["before"] or m["after"]
    out = m["t1"] + ("%p" + m["before"][2:] if m["before"] else "") + ("%I" if half else "%H") + m["s1"] + "%M"
    if m["s"]:
        out += m["s2"] + "%S" + (m["f"][0] + ("%n" if len(m["f"]) > 7 else "%f") if m["f"] else "")
    return out + (m["end"] or "") + ((m["t2"] + "%p") if m["after"] else "")
