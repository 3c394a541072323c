"""How figures are said: 12.3k and 1.2万, £320 (210–480), 72 %, about 7 in 10; "–" is unknown, never 0.

Predicted figures go to three significant digits at most. `lang` is 'en' or 'zh' everywhere.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

from patron.study.pictures.scales import known

UNKNOWN = "–"
NARROW = "\u202f"  # narrow no-break space, between a number and its percent sign
_UNITS = {
    "en": [(1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")],
    "zh": [(1e12, "万亿"), (1e8, "亿"), (1e4, "万")],
}
_SHORT_FROM = 10_000  # below this a number is written out
_SYMBOLS = {
    "CNY": "¥", "RMB": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩",
    "INR": "₹", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "SGD": "S$", "VND": "₫", "THB": "฿", "BRL": "R$",
}  # fmt: skip
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def significant(value: float, digits: int = 3) -> float:
    """`value` rounded to `digits` significant digits."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _digits(value: float, decimals: int) -> str:
    shown = f"{value:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if decimals and "." in shown else shown


def count(value: object, lang: str = "en") -> str:
    """A counted number, in full: 4,372."""
    del lang  # both languages group by thousands
    number = known(value)
    return UNKNOWN if number is None else _signed(number, f"{abs(number):,.0f}")


def _signed(value: float, shown: str) -> str:
    return f"−{shown}" if value < 0 and any(c in "123456789" for c in shown) else shown


def decimal(value: object, decimals: int = 2) -> str:
    """A figure with a fixed number of decimals, for tables: 1,234.50."""
    number = known(value)
    return UNKNOWN if number is None else _signed(number, f"{abs(number):,.{decimals}f}")


def short(value: object, lang: str = "en", digits: int = 3) -> str:
    """A number to `digits` significant digits in a short form: 3,210, 12.3k, 1.2M; 1.23万, 1.2亿."""
    number = known(value)
    if number is None:
        return UNKNOWN
    size = abs(significant(number, digits))
    factor, unit = 1.0, ""
    if size >= _SHORT_FROM:
        factor, unit = next((f, u) for f, u in _UNITS[lang] if size >= f)
    size /= factor
    decimals = max(0, digits - 1 - math.floor(math.log10(size))) if size else 0
    return _signed(number, _digits(size, min(decimals, 6)) + unit)


def _amount(value: float, lang: str) -> str:
    size = abs(value)
    if 0.005 <= size < 10:
        return f"{size:.2f}"
    return short(round(size) if size < 1000 else size, lang)


def symbol(currency: str | None) -> str:
    """What stands before an amount: the sign, else the code and a space, else nothing."""
    if not currency:
        return ""
    return _SYMBOLS.get(currency.upper(), f"{currency}{NARROW}")


def money(value: object, currency: str | None, lang: str = "en") -> str:
    """An amount to three significant digits: £4.20, £320, £12.3k, ¥1.23万; a minus stands before the sign."""
    number = known(value)
    if number is None:
        return UNKNOWN
    return _signed(number, symbol(currency) + _amount(number, lang))


def money_exact(value: object, currency: str | None) -> str:
    """An amount to the cent, for reconciling: £9,747,747.93."""
    number = known(value)
    if number is None:
        return UNKNOWN
    sign = "−" if round(number, 2) < 0 else ""
    return f"{sign}{symbol(currency)}{abs(number):,.2f}"


def interval(low: object, high: object, lang: str = "en") -> str:
    """The ends of an interval of money behind its figure: (210–480); nothing if one end is unknown."""
    first, last = known(low), known(high)
    if first is None or last is None:
        return ""
    ends = f"{_signed(first, _amount(first, lang))}–{_signed(last, _amount(last, lang))}"
    return f"（{ends}）" if lang == "zh" else f"({ends})"


def share(value: object, lang: str = "en") -> str:
    """A share of one: 54 %, 4.2 %, 0.4 %, under 0.1 %."""
    number = known(value)
    if number is None:
        return UNKNOWN
    points = abs(number) * 100
    gap = "" if lang == "zh" else NARROW
    if 0 < points < 0.1:
        return f"<0.1{gap}%"
    coarse = 9.95 <= points <= 99.0 or points >= 99.95
    decimals = 0 if coarse else 1
    return _signed(number, _digits(points, decimals)) + f"{gap}%"


def chance(value: object, lang: str = "en") -> str:
    """A probability in two ways: 72 %, about 7 in 10; 72%，10 位中约 7 位."""
    return ("，" if lang == "zh" else ", ").join(part for part in chance_parts(value, lang) if part)


def chance_parts(value: object, lang: str = "en") -> tuple[str, str]:
    """The two ways of `chance` apart; the second is empty where the value is unknown."""
    number = known(value)
    if number is None:
        return UNKNOWN, ""
    of = 10 if 0.1 <= number <= 0.9 else 100
    some = round(number * of)
    if lang == "zh":
        words = "极少" if some == 0 else "几乎必然" if some == of else f"{of} 位中约 {some} 位"
    else:
        words = "hardly any" if some == 0 else "nearly all" if some == of else f"about {some} in {of}"
    return share(number, lang), words


def day(iso: object, lang: str = "en") -> str:
    """A calendar day: 9 Dec 2011, 2011年12月9日. Anything that is not one is shown as it is."""
    if iso is None:
        return UNKNOWN
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(iso))
    if not found or not 1 <= int(found[2]) <= 12:
        return str(iso)
    year, month_number, of_month = (int(part) for part in found.groups())
    if lang == "zh":
        return f"{year}年{month_number}月{of_month}日"
    return f"{of_month} {_MONTHS[month_number - 1]} {year}"


def month(iso: object, lang: str = "en") -> str:
    """A month: Dec 2010, 2010年12月. Anything that is not one is shown as it is."""
    found = re.fullmatch(r"(\d{4})-(\d\d)", str(iso))
    if not found or not 1 <= int(found[2]) <= 12:
        return UNKNOWN if iso is None else str(iso)
    if lang == "zh":
        return f"{found[1]}年{int(found[2])}月"
    return f"{_MONTHS[int(found[2]) - 1]} {found[1]}"


def month_tick(iso: str, lang: str, *, first: bool) -> str:
    """A month on an axis: its name alone, with the year where a year begins or the axis does."""
    year, _, rest = iso.partition("-")
    number = int(rest[:2])
    name = f"{number}月" if lang == "zh" else _MONTHS[number - 1]
    if first or number == 1:
        return f"{year[2:]}年{name}" if lang == "zh" else f"{name} ’{year[2:]}"
    return name


def is_running(month_iso: str, as_of: object) -> bool:
    """Whether the month ('2011-12') goes on after the as-of day, so that its figures are not whole yet."""
    try:
        tomorrow = date.fromisoformat(str(as_of)[:10]) + timedelta(days=1)
    except ValueError:
        return False
    return str(as_of).startswith(month_iso) and tomorrow.strftime("%Y-%m") == month_iso


def months_between(first: str, last: str) -> int:
    """Months from '2010-12' to '2011-12': 12."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])


def span(days: object, lang: str = "en") -> str:
    """A length of time as a person would say it: a year, 39 weeks, 10 days."""
    number = known(days)
    if number is None:
        return UNKNOWN
    if 364 <= number <= 366:
        return "一年" if lang == "zh" else "year"
    if number % 7 == 0:
        weeks = round(number / 7)
        return f"{weeks}周" if lang == "zh" else f"{weeks} weeks" if weeks != 1 else "week"
    return f"{number:.0f}天" if lang == "zh" else f"{number:.0f} days"
