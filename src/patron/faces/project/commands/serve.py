"""`patron serve`: the web server and the workers together, or each alone."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from patron.crm.kit.queues import QUEUES
from patron.errors import ResourceError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

_ABOUT = Text(
    "Starts Patron: pages and API, and the worker that imports, scores and keeps the schedule.",
    "启动 Patron：网页与 API，以及负责导入、评分和定时任务的后台进程。",
)
HOST, PORT = "127.0.0.1", 8000
# Threads of a process wait for each other's turn at Python: few of them, and one process more than small machines
# have cores, so that a long answer holds up nobody.
PROCESSES, THREADS, KILL_AFTER = 3, 2, 10
PATIENCE = 60.0
LATER = 2.5  # seconds by which workers begin after the web: whoever starts Patron waits for a page, not for them


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str = HOST
    port: int = PORT

    @property
    def url(self) -> str:
        """As a person on this machine opens it."""
        shown = "localhost" if self.host in {"0.0.0.0", "::", "127.0.0.1", ""} else self.host
        return f"http://[{shown}]:{self.port}/" if ":" in shown else f"http://{shown}:{self.port}/"

    def check(self) -> None:
        """Raises ResourceError when somebody else listens there, or nobody may."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise ResourceError(
                    Text(
                        f"nothing can listen on {self.host}:{self.port} ({error.strerror}).",
                        f"无法监听 {self.host}:{self.port}（{error.strerror}）。",
                    ),
                    remedy=Text(
                        "Stop what runs there, or choose another place: --port 8001.",
                        "请停止占用该端口的程序，或改用其他端口：--port 8001。",
                    ),
                ) from None


def serve(words: list[str], terminal: Terminal) -> int:
    """Runs until it is told to end; returns 0 when it ended gracefully."""
    parser = Parser("serve", _ABOUT, terminal)
    parser.argument(
        "--host", default=HOST, about=Text(f"address to listen on (default {HOST})", f"监听地址（默认 {HOST}）")
    )
    parser.argument("--port", type=int, default=PORT, about=Text(f"port (default {PORT})", f"端口（默认 {PORT}）"))
    parser.argument("--web-only", action="store_true", about=Text("no worker", "只启动网页"))
    parser.argument("--worker-only", action="store_true", about=Text("no web server", "只启动后台进程"))
    args = parser.parse_args(words)
    if args.web_only and args.worker_only:
        parser.error("argument --worker-only: not allowed with argument --web-only")
    address = Address(args.host, args.port)
    return run(terminal, address, web=not args.worker_only, worker=not args.web_only)


def run(
    terminal: Terminal,
    address: Address,
    *,
    web: bool = True,
    worker: bool = True,
    ready: Callable[[str], None] | None = None,
) -> int:
    """Brings the database up to date, starts what is asked for and keeps it running until told to end.

    `ready` is called once with the address when the web server answers.
    """
    if web:
        address.check()
    server(terminal, current=False)
    bring_up_to_date(terminal)
    from patron.faces.project.supervise import CRASHED, Child, Supervisor

    children = [Child("web", web_words(address))] if web else []
    if worker:
        begin = time.monotonic() + (LATER if web else 0.0)
        children += [Child(f"worker {queue}", worker_words(queue), again_at=begin) for queue in QUEUES]
    os.environ["PATRON_SUPERVISED"] = "1"
    if web:
        threading.Thread(target=_when_ready, args=(terminal, address, ready), daemon=True).start()
    code = Supervisor(children).run()
    if code == CRASHED:
        raise ResourceError(
            Text("a part of the server ended again and again.", "服务器的某个部分反复异常退出。"),
            remedy=Text(
                "Its last words are above; 'patron doctor' may know more.", "请查看上方日志，或运行“patron doctor”。"
            ),
        )
    terminal.note(Text("Patron has ended.", "Patron 已停止。"))
    return code


def web_words(address: Address) -> list[str]:
    """The command line of the web server."""
    options = {
        "interface": "wsgi",
        "host": address.host,
        "port": address.port,
        "workers": PROCESSES,
        "blocking-threads": THREADS,
        "workers-kill-timeout": KILL_AFTER,
        "log-level": "error",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    application = "patron.faces.project.wsgi:application"
    return [sys.executable, "-P", "-m", "granian", *words, "--no-ws", "--respawn-failed-workers", application]


def worker_words(queue: str) -> list[str]:
    """The command line of the worker of a queue."""
    return [sys.executable, "-P", "-m", "patron", "worker", "--queue", queue]


def bring_up_to_date(terminal: Terminal) -> None:
    """Every table is there afterwards; an embedded database that holds something is copied first."""
    from patron.crm.kit import clock
    from patron.faces.project import tables

    waiting = tables.waiting()
    if not waiting:
        return
    if not tables.empty() and (copy := tables.keep_copy(clock.now())):
        terminal.note(Text(f"Copied the database to {copy}.", f"已将数据库备份到 {copy}。"))
    terminal.note(
        Text(f"Bringing the database up to date ({len(waiting)} steps) …", f"正在升级数据库（{len(waiting)} 步）……")
    )
    tables.bring_up_to_date()


def _when_ready(terminal: Terminal, address: Address, ready: Callable[[str], None] | None) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if answers(address):
            terminal.note(
                Text(
                    f"Patron is at {address.url} (Ctrl-C ends it).", f"Patron 已启动：{address.url}（按 Ctrl-C 停止）。"
                )
            )
            if ready is not None:
                ready(address.url)
            return
        time.sleep(0.2)


def answers(address: Address) -> bool:
    """Whether the web server there says that it is well."""
    try:
        with urlopen(f"{address.url}healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
