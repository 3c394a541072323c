"""Dates in many forms: the form is read off samples, then proved on every row of the column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import duckdb

from patron.errors import UsageError
from patron.history.files.cells import Cell, in_list
from patron.history.files.sheet import lit
from patron.words import Text

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
SPOKEN = {
    "dmy": Text("day/month/year", "日/月/年"),
    "mdy": Text("month/day/year", "月/日/年"),
    "ymd": Text("year/month/day", "年/月/日"),
}


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


def parse(cell: Cell, form: DateForm, timezone: str | None, order: str | None = None) -> str:
    """SQL that gives the cell's TIMESTAMP in local time as written (or moved to `timezone`); null where it does not fit."""
    if cell.type.startswith(("TIMESTAMP", "DATE")):
        return f"TRY_CAST({cell.sql} AS TIMESTAMP)"
    text = _text(cell, form)
    wall = f"regexp_replace({text}, {lit(ZONE)}, '')" if form.zone else text
    tries = []
    if forms := form.forms(order):
        tries.append(f"try_strptime({wall}, [{in_list(forms)}])")
    if form.epoch:
        zone = lit(timezone or "UTC")
        tries.append(
            f"CASE WHEN regexp_full_match({text}, '\\d{{10}}(\\.\\d+)?|\\d{{13}}') THEN timezone({zone}, "
            f"to_timestamp(TRY_CAST({text} AS DOUBLE) / CASE WHEN length({text}) = 13 THEN 1000 ELSE 1 END)) END"
        )
    if form.serial:
        tries.append(
            f"CASE WHEN regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') THEN TIMESTAMP '1899-12-30' + "
            f"to_microseconds(CAST(round(TRY_CAST({text} AS DOUBLE) * 86400) AS BIGINT) * 1000000) END"
        )
    local = f"coalesce({', '.join(tries)}, NULL)" if tries else "CAST(NULL AS TIMESTAMP)"
    return _moved(local, text, timezone) if form.zone and timezone else local


def _text(cell: Cell, form: DateForm) -> str:
    text = cell.text
    return f"replace(replace({text}, '上午', 'AM'), '下午', 'PM')" if form.noon else text


def _moved(local: str, text: str, timezone: str) -> str:
    """Local time at the written offset → the organisation's zone; a time without an offset is left as it is."""
    offset = f"regexp_extract({text}, {lit(ZONE)}, 1)"
    digits = f"rpad(replace(substr({offset}, 2), ':', ''), 4, '0')"
    minutes = f"(CAST(substr({digits}, 1, 2) AS INTEGER) * 60 + CAST(substr({digits}, 3, 2) AS INTEGER))"
    signed = f"CASE WHEN {offset} LIKE '-%' THEN -{minutes} WHEN {offset} LIKE '+%' THEN {minutes} ELSE 0 END"
    utc = f"({local}) - to_minutes({signed})"
    return f"CASE WHEN {offset} = '' THEN {local} ELSE timezone({lit(timezone)}, timezone('UTC', {utc})) END"


def recognise_dates(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cell: Cell,
    column: str,
    *,
    today: date,
    timezone: str | None,
    forced: str | None,
    told: list[Text],
) -> DateForm:
    """The forms of a date column, learned from samples until every row either fits or can't be read."""
    form = DateForm()
    if cell.type.startswith(("TIMESTAMP", "DATE")):
        return form
    text = cell.text
    sample = con.execute(
        f"SELECT DISTINCT t FROM (SELECT {text} AS t, row FROM {relation}) WHERE t IS NOT NULL AND row % 17 = 3 LIMIT 5000"
    ).fetchall()
    learn(form, [row[0] for row in sample])
    for _ in range(6):
        left = con.execute(
            f"SELECT DISTINCT {text} FROM {relation} WHERE {text} IS NOT NULL AND {_unread(cell, form)} LIMIT 2000"
        ).fetchall()
        if not left or not learn(form, [row[0] for row in left]):
            break
    if form.open["dmy"]:
        form.order = forced or _order(con, relation, cell, form, column, today, told)
    _tell(con, relation, cell, form, column, timezone, told)
    return form


def _unread(cell: Cell, form: DateForm) -> str:
    """SQL: no form at all, in whatever order of day and month, reads this cell."""
    orders: list[str | None] = [order for order in ORDERS if form.open[order]]
    return " AND ".join(f"({parse(cell, form, None, order)}) IS NULL" for order in orders or [None])


def _order(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cell: Cell,
    form: DateForm,
    column: str,
    today: date,
    told: list[Text],
) -> str:
    """Day, month and year in which order: what fits most rows; then fewest in the future, running forward, shortest span."""
    judged = {}
    for order in ORDERS:
        if form.open[order]:
            moment = parse(cell, form, None, order)
            judged[order] = con.execute(
                "SELECT -count(moment), count(*) FILTER (moment > "
                f"{lit(str(today))}::DATE + 1), count(*) FILTER (moment < before) > 0.05 * count(moment), "
                "coalesce(max(moment)::DATE - min(moment)::DATE, 0) "
                "FROM (SELECT moment, lag(moment) OVER (ORDER BY row) AS before "
                f"FROM (SELECT row, {moment} AS moment FROM {relation}))"
            ).fetchone() or (0, 0, False, 0)
    ranked = sorted(judged, key=lambda order: (judged[order], ORDERS.index(order)))
    best, next_best = ranked[0], ranked[1]
    spoken = SPOKEN[best]
    if judged[best][0] < judged[next_best][0]:
        told.append(
            Text(f"'{column}' is {spoken.en}, as its values show.", f"“{column}”按{spoken.zh}读取，由其数值判定。")
        )
    else:
        told.append(
            Text(
                f"Every value of '{column}' could be {SPOKEN['dmy'].en} or {SPOKEN['mdy'].en}; {spoken.en} is taken because it gives the "
                "more regular days. If that is wrong, say the order (date_order).",
                f"“{column}”的所有值既可为{SPOKEN['dmy'].zh}也可为{SPOKEN['mdy'].zh}；因{spoken.zh}给出的日期更有规律而采用。若不正确，请指明顺序（date_order）。",
            )
        )
    return best


def _tell(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    cell: Cell,
    form: DateForm,
    column: str,
    timezone: str | None,
    told: list[Text],
) -> None:
    if any("%y" in f for f in form.forms()):
        told.append(
            Text(
                f"Years of two digits in '{column}' are read as 1969–2068.",
                f"“{column}”中的两位数年份按 1969–2068 年读取。",
            )
        )
    if form.serial:
        told.append(
            Text(f"Numbers in '{column}' are read as Excel days.", f"“{column}”中的数字按 Excel 日期序列读取。")
        )
    if form.epoch:
        told.append(
            Text(f"Numbers in '{column}' are read as seconds since 1970.", f"“{column}”中的数字按 Unix 时间戳读取。")
        )
    if form.zone and not timezone:
        zones = con.execute(
            f"SELECT count(DISTINCT regexp_extract({cell.text}, {lit(ZONE)}, 1)) FROM {relation} "
            f"WHERE {cell.text} IS NOT NULL"
        ).fetchone()
        if zones and zones[0] > 1:
            told.append(
                Text(
                    f"'{column}' has times of {zones[0]} different offsets; they are kept as local times as written. "
                    "Give --timezone to bring them to one.",
                    f"“{column}”含有 {zones[0]} 种不同的时区偏移；按所写的当地时间保留。可用 --timezone 统一到一个时区。",
                )
            )


def check_timezone(timezone: str | None) -> None:
    """Refuse an unknown time zone with the next thing to type."""
    if timezone is None:
        return
    import difflib
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(timezone, available_timezones(), 1, 0.4)
        raise UsageError(
            Text(f"'{timezone}' is not a time zone.", f"“{timezone}”不是时区名称。"),
            remedy=Text(
                f"Did you mean {near[0]}?" if near else "Write it like Asia/Shanghai.",
                f"您是指 {near[0]} 吗？" if near else "请写成 Asia/Shanghai 这样的名称。",
            ),
        ) from None
