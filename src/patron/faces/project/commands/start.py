"""Brings Django up for a command, or says what is missing.

    def refresh(words: list[str], terminal: Terminal) -> int:
        server(terminal)
        from patron.crm.scoring import jobs   # models can be imported from here on

Nothing of Django may be imported at the top of a module that a command line can load: the server is an extra.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

from patron.errors import ResourceError, UsageError
from patron.faces.cli.terminal import Terminal
from patron.words import Text

PARTS = (
    "django",
    "ninja",
    "django_htmx",
    "allauth",
    "django_tasks",
    "django_tasks_db",
    "argon2",
    "granian",
    "whitenoise",
    "phonenumbers",
)
"""What `patron[server]` brings, by the names that are imported."""


def missing() -> list[str]:
    """The parts of the server that are not installed."""
    return [name for name in PARTS if find_spec(name) is None]


def server(terminal: Terminal, *, current: bool = True) -> None:
    """Loads the settings and the apps. With `current` the database has every table afterwards.

    A database that is still empty gets its tables; one made by an older Patron is refused with ResourceError.
    Raises UsageError where the server's parts are not installed.
    """
    lacking = missing()
    if lacking:
        raise UsageError(
            Text(
                f"this command needs the server, whose parts are not installed ({', '.join(lacking)}).",
                f"此命令需要服务器组件，但尚未安装（{'、'.join(lacking)}）。",
            ),
            remedy=Text("Install them:  pip install 'patron[server]'", "请安装：  pip install 'patron[server]'"),
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.faces.project.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate({"zh": "zh-hans"}.get(terminal.lang, "en"))
    if current:
        _tables(terminal)


def _tables(terminal: Terminal) -> None:
    """Every table is there, or it is said what to do."""
    from patron.faces.project import tables

    waiting = tables.waiting()
    if not waiting:
        return
    if not tables.empty():
        raise ResourceError(
            Text(
                f"the database was made by an older Patron ({len(waiting)} steps are waiting).",
                f"数据库由旧版 Patron 创建（有 {len(waiting)} 个升级步骤待执行）。",
            ),
            remedy=Text(
                "Start 'patron serve' once: it makes a copy and brings the database up to date.",
                "请先运行一次“patron serve”：它会先备份，再升级数据库。",
            ),
        )
    terminal.note(Text("Making the database's tables …", "正在创建数据库表……"))
    tables.bring_up_to_date()
