"""`patron worker`: imports, scores and keeps the schedule. As many may run as one likes; each task is done by one."""

from __future__ import annotations

import os

from patron.crm.kit.queues import QUEUES
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

_ABOUT = Text(
    "Does what waits in the queue: imports, refreshes, the schedule.", "处理队列中的后台任务：导入、评分、定时任务。"
)


def worker(words: list[str], terminal: Terminal) -> int:
    """Works until told to end, or with --once until nothing is left."""
    parser = Parser("worker", _ABOUT, terminal)
    parser.argument("--once", action="store_true", about=Text("end when nothing is left to do", "处理完毕即退出"))
    parser.argument(
        "--queue",
        choices=QUEUES,
        about=Text(
            "only what somebody waits for (now), or only the rest (heavy); without it both",
            "只处理有人等待的任务（now），或只处理其余任务（heavy）；不填则两者都处理",
        ),
    )
    args = parser.parse_args(words)
    server(terminal)
    from patron.faces.project.working import PatronWorker, work

    work(PatronWorker(batch=args.once, queue=args.queue), supervised=os.environ.get("PATRON_SUPERVISED") == "1")
    return 0
