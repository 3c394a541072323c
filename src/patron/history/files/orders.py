"""Read orders: sources in, order lines as Parquet, rejected rows and a reconciled account out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from patron.errors import InputError, ResourceError, UsageError
from patron.history.files.account import Account, judge
from patron.history.files.columns import ROLES, find_columns, require_order_columns
from patron.history.files.dates import check_timezone
from patron.history.files.engine import connect, engine_errors
from patron.history.files.kinds import open_source
from patron.history.files.lines import judged, rejected_rows, used_lines
from patron.history.files.options import OrdersRead, Progress, ReadOptions, SetAside, SqlSource
from patron.history.files.reasons import REASONS, Rejects
from patron.history.files.sheet import Sheet, lit
from patron.history.files.survey import Survey, survey
from patron.words import Text

QUICK_PARQUET = "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1000"
"""Two thirds of the time of the engine's own choice, and half the size: rows and fact_ids rise by one."""


@dataclass
class _Reading:
    """What reading has brought so far."""

    con: duckdb.DuckDBPyConnection
    into: Path
    scratch: Path
    options: ReadOptions
    today: date
    progress: Progress
    rejects: Rejects
    alone: bool
    account: Account = field(default_factory=Account)
    told: list[Text] = field(default_factory=list)
    parts: list[Path] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    currencies: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    seen: dict[bytes, str] = field(default_factory=dict)
    next_id: int = 0


def read_orders(
    sources: Sequence[str | Path | SqlSource], into: Path, options: ReadOptions, *, today: date, progress: Progress
) -> OrdersRead:
    """Read one or several sources into `into`/order_lines-*.parquet (tables.ORDER_LINES) and `into`/rejected.csv.

    Every row is either used or set aside with a reason; rows and money add up to the file. Raises UsageError for
    options that do not fit, InputError for data that can't be used (naming file, row, column and remedy),
    ResourceError for disk, memory and permission.
    """
    if not sources:
        raise UsageError(
            Text("No file was named.", "没有指定文件。"), remedy=Text("Name an order export.", "请指定订单导出文件。")
        )
    check_timezone(options.timezone)
    scratch = into / ".reading"
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        rejects = Rejects(into / "rejected.csv", options.lang)
    except OSError as error:
        raise ResourceError(
            Text(
                f"The output folder can't be written ({error.strerror}).", f"无法写入输出文件夹（{error.strerror}）。"
            ),
            file=str(into),
            remedy=Text(
                "Choose another one (--out) or give yourself the right to write there.",
                "请选择其他文件夹（--out），或授予写入权限。",
            ),
        ) from None
    try:
        with connect(scratch) as con, rejects:
            reading = _Reading(con, into, scratch, options, today, progress, rejects, len(sources) == 1)
            for number, source in enumerate(sources):
                _read_source(reading, number, source)
            return _result(reading)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _read_source(reading: _Reading, number: int, source: str | Path | SqlSource) -> None:
    """Recognise, survey, judge and write one source."""
    sheet = open_source(source, reading.options)
    _refuse_twice(reading, sheet)
    mapping = find_columns(sheet.columns, reading.options.mapping, file=sheet.label, roles=ROLES)
    require_order_columns(mapping, sheet.columns, file=sheet.label)
    with engine_errors(sheet.label):
        scan = sheet.scan(reading.scratch / f"{number}.parquet", reading.progress)
        reading.digests.append(scan.digest or sheet.digest)
        told = [*sheet.told, *scan.told]
        found = survey(reading.con, sheet, scan, mapping, reading.options, reading.today, told)
        base = _base_currency(reading, found, sheet)
        sql = judged(found, reading.options, base, reading.today)
        reading.progress("check", 0, None)
        rows, used = judge(
            reading.con,
            reading.account,
            sheet,
            found,
            sql,
            malformed=len(scan.malformed),
            alone=reading.alone,
            told=told,
        )
        part = reading.into / f"order_lines-{number:03d}.parquet"
        reading.progress("write", 0, rows)
        lines = used_lines(found, sql, sheet.label, reading.next_id)
        reading.con.execute(f"COPY ({lines}) TO {lit(str(part))} ({QUICK_PARQUET})")
        reading.parts.append(part)
        _reject(reading, sheet, found, sql, scan.malformed, rows - used - len(scan.malformed))
        _remember(reading, sheet, found, told, number)


def _refuse_twice(reading: _Reading, sheet: Sheet) -> None:
    if sheet.digest in reading.seen:
        raise UsageError(
            Text(
                f"This is the same data as {reading.seen[sheet.digest]}.",
                f"内容与 {reading.seen[sheet.digest]} 完全相同。",
            ),
            file=sheet.label,
            remedy=Text(
                "Name each export once, or every order would count twice.",
                "每个导出文件只需指定一次，否则订单会被重复计算。",
            ),
        )
    reading.seen[sheet.digest] = sheet.label


def _base_currency(reading: _Reading, found: Survey, sheet: Sheet) -> str | None:
    """The currency that counts: as asked, else the only one there is, the same in all files."""
    if reading.options.currency:
        return reading.options.currency.upper()
    if found.currencies and reading.currencies and found.currencies[0] != reading.currencies[0]:
        raise InputError(
            Text(
                f"This file is in {found.currencies[0]}, an earlier one in {reading.currencies[0]}.",
                f"此文件使用 {found.currencies[0]}，而前面的文件使用 {reading.currencies[0]}。",
            ),
            file=sheet.label,
            remedy=Text(
                f"Say which one counts: --currency {reading.currencies[0]}",
                f"请指明采用哪一种：--currency {reading.currencies[0]}",
            ),
        )
    return found.currencies[0] if found.currencies else None


def _reject(
    reading: _Reading, sheet: Sheet, found: Survey, sql: str, malformed: list[tuple[int, str]], unused: int
) -> None:
    reading.progress("reject", 0, unused + len(malformed))
    reading.rejects.add_malformed(sheet.label, malformed)
    if unused:
        reading.rejects.add(reading.con, rejected_rows(found, sql, sheet.label, reading.options.lang))


def _remember(reading: _Reading, sheet: Sheet, found: Survey, told: list[Text], number: int) -> None:
    taken = ", ".join(f"{role} = {name}" for role, name in found.names.items())
    told.insert(0, Text(f"Columns: {taken}.", f"列对应：{taken}。"))
    if number or reading.told:
        told = [Text(f"{Path(sheet.label).name}: {t.en}", f"{Path(sheet.label).name}：{t.zh}") for t in told]
    reading.told += told
    reading.mapping = {**found.names, **reading.mapping}
    reading.currencies += [c for c in found.currencies if c not in reading.currencies]
    last = reading.con.execute(f"SELECT max(row) FROM {found.relation}").fetchone() or (0,)
    reading.next_id += int(last[0] or 0)


def _result(reading: _Reading) -> OrdersRead:
    account = reading.account
    if account.identical:
        reading.told.append(
            Text(
                f"{account.identical} rows repeat another row in every column; they count."
                if account.identical != 1
                else "1 row repeats another row in every column; it counts.",
                f"有 {account.identical} 行与其他行完全相同；照常计入。",
            )
        )
    aside = [
        SetAside(reason, REASONS[reason], n, account.value[reason])
        for reason, n in sorted(account.rows.items(), key=lambda item: -item[1])
        if reason
    ]
    reading.told += [
        Text(
            f"{a.rows} {'row is' if a.rows == 1 else 'rows are'} set aside: {a.text.en}.",
            f"{a.rows} 行被搁置：{a.text.zh}。",
        )
        for a in aside
    ]
    base = reading.options.currency.upper() if reading.options.currency else next(iter(reading.currencies), None)
    if account.first is None or account.last is None:
        raise InputError(
            Text("No row of any file can be used.", "所有文件中都没有可用的行。"),
            remedy=Text("See why in the reasons that were told.", "请查看已列出的原因。"),
        )
    return OrdersRead(
        parts=reading.parts,
        rejected=reading.rejects.path,
        rows_file=account.rows_file,
        rows_used=account.rows.get(None, 0),
        set_aside=aside,
        value_file=account.value_file,
        value_used=account.value.get(None, 0.0),
        told=reading.told,
        mapping=reading.mapping,
        has_cost=bool({"cost", "unit_cost"} & reading.mapping.keys()),
        currency=base,
        currencies=reading.currencies,
        input_hash=hashlib.sha256(b"".join(reading.digests)).hexdigest(),
        first_day=account.first,
        last_day=account.last,
    )
