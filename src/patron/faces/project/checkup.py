"""What `patron doctor` looks at, one check a function. A check that can't be made is a problem, not a traceback."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Any, Literal

from django import get_version
from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from patron import __version__
from patron.crm.accounts.models import User
from patron.crm.accounts.roles import OWNER
from patron.crm.kit import clock
from patron.crm.kit.models import AuditEntry, ScheduledRun
from patron.faces.project import tables, working
from patron.words import Text

State = Literal["ok", "note", "problem"]
ROOM = 1 << 30  # bytes that should be free
POSTGRESQL, SQLITE = 150_000, (3, 35, 0)
DRIFT = timedelta(seconds=30)


@dataclass(frozen=True)
class Finding:
    """One line of the check-up."""

    state: State
    about: Text
    remedy: Text | None = None


def everything() -> list[Finding]:
    """Every check, in order; the ones on the database only when it answers."""
    found = _run(BEFORE)
    for stage in ([database], [migrations], AFTER):  # what comes later asks what came before
        answer = _run(stage)
        found += answer
        if any(finding.state == "problem" for finding in answer):
            break
    return found


def _run(checks: list[Callable[[], list[Finding]]]) -> list[Finding]:
    found = []
    for check in checks:
        try:
            found += check()
        except (OSError, DatabaseError) as error:
            name, kind = check.__name__, type(error).__name__
            about = Text(f"The check '{name}' could not be made ({kind}).", f"无法完成检查“{name}”（{kind}）。")
            found.append(Finding("problem", about, _what_failed(error)))
    return found


def _what_failed(error: Exception) -> Text:
    return Text(str(error).splitlines()[0] if str(error) else type(error).__name__, str(error).partition("\n")[0])


def versions() -> list[Finding]:
    """Patron, Python and Django."""
    said = f"Patron {__version__}, Python {platform.python_version()}, Django {get_version()}"
    return [Finding("ok", Text(f"Versions: {said}", f"版本：{said}"))]


def folder() -> list[Finding]:
    """PATRON_HOME can be written and has room."""
    home = Path(settings.HOME)
    if not os.access(home, os.W_OK):
        return [
            Finding(
                "problem",
                Text(f"{home} can't be written.", f"目录 {home} 不可写。"),
                Text(
                    f"Give it to the user Patron runs as: chown -R USER {home}",
                    f"请将其归属改为运行用户：chown -R 用户 {home}",
                ),
            )
        ]
    free = shutil.disk_usage(home).free
    said = Text(f"Disk: {home}, {free / ROOM:.1f} GiB free", f"磁盘：{home}，剩余 {free / ROOM:.1f} GiB")
    if free < ROOM:
        return [
            Finding(
                "problem",
                said,
                Text("Make room: below 1 GiB imports and backups fail.", "请清理空间：不足 1 GiB 时导入和备份会失败。"),
            )
        ]
    return [Finding("ok", said)]


def secret_key() -> list[Finding]:
    """The key is long, and readable by its owner only."""
    told = os.environ.get("PATRON_SECRET_KEY_FILE")
    file = Path(told) if told else Path(settings.HOME) / "secret.key"
    if len(settings.SECRET_KEY) < 40:
        remedy = Text(
            f"Put at least 40 random signs into {file}; everybody signs in anew.",
            f"请在 {file} 中写入至少 40 个随机字符；所有用户需重新登录。",
        )
        return [Finding("problem", Text("The secret key is short.", "密钥过短。"), remedy)]
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        about = Text(f"Others may read the secret key {file}.", f"其他用户可读取密钥文件 {file}。")
        return [Finding("problem", about, Text(f"chmod 600 {file}", f"chmod 600 {file}"))]
    return [Finding("ok", Text("Secret key: long, and readable by its owner only", "密钥：长度足够，仅所有者可读"))]


def configuration() -> list[Finding]:
    """Settings that are fine at home and not on the net."""
    found = []
    if settings.DEBUG:
        about = Text("PATRON_DEBUG is on: errors show the inside.", "PATRON_DEBUG 已开启：错误页会暴露内部信息。")
        found.append(Finding("problem", about, Text("Unset PATRON_DEBUG.", "请取消设置 PATRON_DEBUG。")))
    if settings.PUBLIC_URL.startswith("http://localhost"):
        about = Text("Patron is for this machine only.", "Patron 仅供本机使用。")
        remedy = Text(
            "For others set PATRON_URL=https://your.name (docs/server.md).",
            "如需供他人使用，请设置 PATRON_URL=https://域名（见 docs/server.md）。",
        )
        found.append(Finding("note", about, remedy))
    elif not settings.SECURE:
        about = Text(f"{settings.PUBLIC_URL} is not encrypted.", f"{settings.PUBLIC_URL} 未加密。")
        remedy = Text(
            "Put a proxy with a certificate before it and set PATRON_URL=https://….",
            "请在前面配置带证书的反向代理，并设置 PATRON_URL=https://…。",
        )
        found.append(Finding("problem", about, remedy))
    else:
        found.append(Finding("ok", Text(f"Address: {settings.PUBLIC_URL}", f"访问地址：{settings.PUBLIC_URL}")))
    return found


def database() -> list[Finding]:
    """It answers, is new enough and set up rightly."""
    with connection.cursor() as cursor:
        return _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor)


def _sqlite(cursor: Any) -> list[Finding]:
    import sqlite3

    def ask(pragma: str) -> object:
        cursor.execute(f"PRAGMA {pragma}")
        return cursor.fetchone()[0]

    said = f"SQLite {sqlite3.sqlite_version}"
    wrong = [
        f"{pragma}={found}"
        for pragma, wanted in (("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 1))
        if (found := ask(pragma)) != wanted
    ]
    if sqlite3.sqlite_version_info < SQLITE:
        about = Text(f"{said} is too old.", f"{said} 版本过低。")
        return [
            Finding(
                "problem",
                about,
                Text("Use a Python with SQLite 3.35 or newer.", "请使用自带 SQLite 3.35 及以上的 Python。"),
            )
        ]
    if wrong:
        about = Text(f"{said} runs with {', '.join(wrong)}.", f"{said} 参数异常：{'、'.join(wrong)}。")
        return [
            Finding(
                "problem",
                about,
                Text(
                    "Keep the database on a local disk, not a network share.", "请将数据库放在本地磁盘，而非网络共享。"
                ),
            )
        ]
    if Path(settings.DATABASES["default"]["NAME"]).stat().st_size < ROOM and ask("quick_check") != "ok":
        about = Text("The database file is damaged.", "数据库文件已损坏。")
        return [
            Finding(
                "problem",
                about,
                Text(
                    "Restore the last backup: patron restore FILE --replace",
                    "请恢复最近的备份：patron restore 文件 --replace",
                ),
            )
        ]
    return [Finding("ok", Text(f"Database: {said}, write-ahead log, sound", f"数据库：{said}，WAL 模式，完好"))]


def _postgresql(cursor: Any) -> list[Finding]:
    cursor.execute(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'), "
        "current_setting('server_encoding'), now()"
    )
    number, version, encoding, there = cursor.fetchone()
    found = []
    if number < POSTGRESQL:
        about = Text(f"PostgreSQL {version} is too old.", f"PostgreSQL {version} 版本过低。")
        found.append(
            Finding("problem", about, Text("Use PostgreSQL 15 or newer.", "请使用 PostgreSQL 15 及以上版本。"))
        )
    if encoding != "UTF8":
        about = Text(f"The database is in {encoding}.", f"数据库编码为 {encoding}。")
        found.append(
            Finding(
                "problem", about, Text("Make it anew with ENCODING 'UTF8'.", "请以 ENCODING 'UTF8' 重新创建数据库。")
            )
        )
    if abs(clock.now() - there) > DRIFT:
        about = Text("The clocks of this machine and of the database differ.", "本机与数据库服务器时钟不一致。")
        found.append(
            Finding("problem", about, Text("Let both follow a time server (NTP).", "请为两台机器启用时间同步（NTP）。"))
        )
    return found or [
        Finding("ok", Text(f"Database: PostgreSQL {version}, UTF8", f"数据库：PostgreSQL {version}，UTF8"))
    ]


def migrations() -> list[Finding]:
    """Every table is there."""
    if waiting := tables.waiting():
        about = Text(f"The database lacks {len(waiting)} steps.", f"数据库有 {len(waiting)} 个升级步骤未执行。")
        return [Finding("problem", about, Text("Start 'patron serve' once.", "请运行一次“patron serve”。"))]
    return [Finding("ok", Text("Tables: up to date", "数据表：最新"))]


def worker() -> list[Finding]:
    """Somebody does what waits in the queue, and the schedule."""
    living = working.alive(clock.now())
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).count()
    if not living:
        state: State = "problem" if waiting else "note"
        about = Text(f"No worker is running; {waiting} tasks wait.", f"没有后台进程在运行；{waiting} 个任务等待中。")
        return [
            Finding(
                state,
                about,
                Text("Start 'patron serve' or 'patron worker'.", "请运行“patron serve”或“patron worker”。"),
            )
        ]
    return [
        Finding(
            "ok",
            Text(
                f"Workers: {len(living)}; {waiting} tasks wait", f"后台进程：{len(living)} 个；{waiting} 个任务等待中"
            ),
        )
    ]


def work() -> list[Finding]:
    """What failed since yesterday."""
    since = clock.now() - timedelta(days=1)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gte=since)
    runs = ScheduledRun.objects.filter(claimed_at__gte=since).exclude(error="")
    paths = sorted({result.task_path for result in failed} | {run.name for run in runs})
    if paths:
        about = Text(f"Failed since yesterday: {', '.join(paths)}.", f"一天内失败的任务：{'、'.join(paths)}。")
        return [
            Finding(
                "problem",
                about,
                Text(
                    "The log says where; imports and refreshes say why on their page.",
                    "日志中有详细位置；导入与评分的原因见其页面。",
                ),
            )
        ]
    return [Finding("ok", Text("Work: nothing failed since yesterday", "任务：一天内无失败"))]


def time() -> list[Finding]:
    """The clock did not go back: nothing was done in the future."""
    newest = AuditEntry.objects.order_by("-id").values_list("at", flat=True).first()
    if newest is not None and newest - clock.now() > DRIFT:
        about = Text(
            "Something was done in the future: this clock was or is wrong.", "存在未来时间的记录：系统时钟不准。"
        )
        return [
            Finding(
                "problem", about, Text("Let the machine follow a time server (NTP).", "请为本机启用时间同步（NTP）。")
            )
        ]
    return [Finding("ok", Text(f"Clock: {clock.now():%F %T} UTC", f"时钟：{clock.now():%F %T} UTC"))]


def owners() -> list[Finding]:
    """Somebody can let others in."""
    if User.objects.filter(role__code=OWNER, is_active=True).exists():
        return [Finding("ok", Text("Owner: there is one", "所有者：已设置"))]
    about = Text("Nobody owns this Patron.", "尚无所有者。")
    return [
        Finding(
            "problem",
            about,
            Text("patron user --email you@example.com --owner", "patron user --email 您的邮箱 --owner"),
        )
    ]


def mail() -> list[Finding]:
    """The mail server answers, if one is set."""
    if not settings.EMAIL_HOST:
        about = Text("No mail server is set; links are shown on screen.", "未设置邮件服务器；链接将显示在页面上。")
        return [
            Finding(
                "note",
                about,
                Text("Set PATRON_SMTP_HOST to have them mailed.", "如需邮件发送，请设置 PATRON_SMTP_HOST。"),
            )
        ]
    try:
        mailer = get_connection("django.core.mail.backends.smtp.EmailBackend")
        mailer.open()
        mailer.close()
    except (OSError, SMTPException) as error:
        about = Text(
            f"The mail server refuses ({type(error).__name__}).", f"邮件服务器拒绝连接（{type(error).__name__}）。"
        )
        return [
            Finding(
                "problem",
                about,
                Text(
                    "Check PATRON_SMTP_HOST, _PORT, _USER, _PASSWORD and _TLS.",
                    "请检查 PATRON_SMTP_HOST、_PORT、_USER、_PASSWORD、_TLS。",
                ),
            )
        ]
    return [Finding("ok", Text(f"Mail: {settings.EMAIL_HOST} answers", f"邮件：{settings.EMAIL_HOST} 正常"))]


BEFORE = [versions, folder, secret_key, configuration]
AFTER = [worker, work, time, owners, mail]
