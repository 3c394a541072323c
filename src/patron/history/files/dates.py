"""Dates in many forms: the form is read off samples, then proved on every row of the column."""

from __future__ import annotations

import difflib
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

import duckdb

from patron.errors import UsageError
from patron.history.files.cells import Cell, in_list
from patron.history.files.date_shapes import ORDERS, ZONE, DateForm, learn
from patron.history.files.sheet import lit
from patron.words import Text

SPOKEN = {
    "dmy": Text("day/month/year", "日/月/年"),
    "mdy": Text("month/day/year", "月/日/年"),
    "ymd": Text("year/month/day", "年/月/日"),
}


def parse(cell: Cell, form: DateForm, timezone: str | None, order: str | None = None) -> str:
    """SQL that gives the cell's TIMESTAMP as written, or moved to `timezone`; null where it does not fit."""
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
        f"SELECT DISTINCT t FROM (SELECT {text} AS t, row FROM {relation}) "
        "WHERE t IS NOT NULL AND row % 17 = 3 LIMIT 5000"
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
    """The order of day, month and year: fits most rows; then fewest in the future, running forward, shortest span."""
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
                f"Every value of '{column}' fits {spoken.en} and {SPOKEN[next_best].en}; {spoken.en} is taken because "
                f"it gives the more regular days. If that is wrong, say the order: --date-order {next_best}.",
                f"“{column}”的所有值既符合{spoken.zh}也符合{SPOKEN[next_best].zh}；因{spoken.zh}给出的日期更有规律而采用。"
                f"若不正确，请指明顺序：--date-order {next_best}。",
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
                    f"“{column}”含有 {zones[0]} 种不同的时区偏移；按所写时间保留。可用 --timezone 统一。",
                )
            )


def check_timezone(timezone: str | None) -> None:
    """Refuse an unknown time zone with the next thing to type."""
    if timezone is None:
        return
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
