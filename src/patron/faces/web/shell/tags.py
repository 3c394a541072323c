"""Tags every template has, without loading: words in both languages, numbers, money and times as look.md wants them.

The language is the page's (`lang`), the currency the organisation's; nothing here computes a figure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.template import Context, loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from patron.crm.kit import clock
from patron.faces.web.shell import theme
from patron.faces.web.shell.icons import ICONS
from patron.lifecycle.decisions.rules import STAGES
from patron.study.pictures import numbers
from patron.study.pictures.picture import Picture
from patron.words import Text

register = template.Library()


def lang_of(context: Context) -> str:
    """The page's language."""
    return str(context.get("lang", "en"))


def _currency(context: Context) -> str | None:
    organisation = context.get("organisation")
    return organisation.base_currency if organisation else None


def _zone(context: Context) -> ZoneInfo:
    organisation = context.get("organisation")
    return ZoneInfo(organisation.timezone if organisation else "UTC")


@register.simple_tag(takes_context=True)
def say(context: Context, en: str, zh: str, **values: Any) -> SafeString:
    """`{% say "{n} customers" "{n} 位客户" n=3 %}`: the page's language; values are escaped."""
    words = zh if lang_of(context) == "zh" else en
    return format_html(words, **values) if values else mark_safe(words)


@register.simple_tag(takes_context=True)
def words(context: Context, text: Any) -> str:
    """A Text, a mapping with 'en' and 'zh', or a plain string, in the page's language."""
    if isinstance(text, Text):
        return text.say(lang_of(context))
    if isinstance(text, Mapping):
        return str(text.get(lang_of(context)) or text.get("en") or "")
    return "" if text is None else str(text)


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """An icon; it says nothing to a screen reader, so words stand beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" aria-hidden="true"><path d="{1}"/></svg>',
        size,
        ICONS[name],
    )


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with a mark of its contents, so that a browser may keep it."""
    return f"{static(path)}?v={_mark(path)}"


@cache
def _mark(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return hashlib.blake2b(Path(found).read_bytes(), digest_size=5).hexdigest()


@register.simple_tag(takes_context=True)
def money(context: Context, value: Any) -> str:
    """An amount to three significant digits in base currency: £12.3k, ¥1.23万."""
    return numbers.money(plain(value), _currency(context), lang_of(context))


@register.simple_tag(takes_context=True)
def money_exact(context: Context, value: Any, currency: str | None = None) -> str:
    """An amount to the cent: what was paid."""
    return numbers.money_exact(plain(value), currency or _currency(context))


@register.simple_tag(takes_context=True)
def interval(context: Context, low: Any, high: Any) -> str:
    """The ends behind an amount: (210–480)."""
    return numbers.interval(plain(low), plain(high), lang_of(context))


@register.simple_tag(takes_context=True)
def count(context: Context, value: Any) -> str:
    """A counted number in full: 4,372."""
    return numbers.count(value, lang_of(context))


@register.simple_tag(takes_context=True)
def short(context: Context, value: Any) -> str:
    """A number to three significant digits: 12.3k, 1.23万."""
    return numbers.short(plain(value), lang_of(context))


@register.simple_tag(takes_context=True)
def share(context: Context, value: Any) -> str:
    """A share: 54 %."""
    return numbers.share(value, lang_of(context))


@register.simple_tag(takes_context=True)
def chance(context: Context, value: Any) -> str:
    """A probability in two ways: 72 %, about 7 in 10."""
    return numbers.chance(value, lang_of(context))


@register.simple_tag(takes_context=True)
def day(context: Context, value: Any) -> str:
    """A calendar day: 9 Dec 2011, 2011年12月9日."""
    moment = value.astimezone(_zone(context)).date() if isinstance(value, datetime) else value
    return numbers.day(moment, lang_of(context))


@register.simple_tag(takes_context=True)
def ago(context: Context, value: datetime | date | None) -> SafeString | str:
    """When, relative where it is near; the exact time and zone on hovering."""
    if not value:
        return numbers.UNKNOWN
    zone = _zone(context)
    if not isinstance(value, datetime):
        return day_ago(value, clock.today(str(zone)), lang_of(context))
    local = value.astimezone(zone)
    passed = clock.now() - value
    said = _recently(passed, lang_of(context)) or _days_ago(
        clock.today(str(zone)) - local.date(), local.date(), lang_of(context)
    )
    exact = f"{numbers.day(local.date(), lang_of(context))} {local:%H:%M} {local:%Z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), exact, said)


def day_ago(on: date | None, today: date, lang: str) -> SafeString | str:
    """A day, relative where it is near."""
    if not on:
        return numbers.UNKNOWN
    return format_html("<time datetime='{}'>{}</time>", on, _days_ago(today - on, on, lang))


def _recently(passed: timedelta, lang: str) -> str | None:
    minutes = passed.total_seconds() / 60
    if minutes < 0 or minutes >= 12 * 60:
        return None
    if minutes < 1:
        return "刚刚" if lang == "zh" else "just now"
    if minutes < 60:
        return f"{minutes:.0f} 分钟前" if lang == "zh" else f"{minutes:.0f} min ago"
    hours = int(minutes // 60)
    return f"{hours} 小时前" if lang == "zh" else f"{hours} h ago"


def _days_ago(passed: timedelta, on: date, lang: str) -> str:
    days = passed.days
    if days == 0:
        return "今天" if lang == "zh" else "today"
    if days == 1:
        return "昨天" if lang == "zh" else "yesterday"
    if 1 < days <= 30:
        return f"{days} 天前" if lang == "zh" else f"{days} days ago"
    return numbers.day(on, lang)


@register.simple_tag(takes_context=True)
def stage(context: Context, code: str) -> SafeString:
    """A stage as a badge: its colour and its word."""
    return stage_badge(code, lang_of(context))


@cache
def stage_badge(code: str, lang: str) -> SafeString:
    """The badge in a language."""
    if code not in STAGES:
        return mark_safe(numbers.UNKNOWN)
    return format_html('<span class="stage stage-{}">{}</span>', code, STAGES[code].say(lang))


@register.simple_tag
def theme_address() -> str:
    """The address of theme.css with its mark."""
    return f"{reverse('theme')}?v={theme.mark()}"


@register.simple_tag(takes_context=True)
def picture(context: Context, drawn: Picture, name: str = "") -> SafeString:
    """A picture of study.pictures with its finding, its unit, the table of its numbers, and ways to take it along.

    With `name` its files are those under this name of the insight page; else the table goes with the page.
    """
    values = {"picture": drawn, "cells": drawn.cells(), "lang": lang_of(context), "file": file_name(drawn.title)}
    values["csv"] = reverse("picture_csv", args=[name]) if name else f"data:text/csv;charset=utf-8,{quote(drawn.csv())}"
    values["svg"] = reverse("picture_svg", args=[name]) if name else ""
    # The drawing is made by study from escaped parts (markupsafe): it is as safe as a template.
    values |= {"wide": mark_safe(drawn.inline(drawn.wide)), "narrow": mark_safe(drawn.inline(drawn.narrow))}
    return mark_safe(loader.get_template("shell/picture.html").render(values))


def file_name(title: str) -> str:
    """A title as the name of a file, without an ending: what no system takes is left out, at most 80 characters.

    >>> file_name("Revenue: +8 % in 11/2011.")
    'Revenue +8 % in 11 2011'
    """
    return " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title).split())[:80].strip(" .")


def plain(value: Any) -> Any:
    """Decimals as floats: the words for numbers take floats."""
    return float(value) if value is not None and not isinstance(value, (int, float, str)) else value
