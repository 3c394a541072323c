"""`patron doctor`: looks the server over; each line says whether something is well, and what to do where it is not."""

from __future__ import annotations

from patron.errors import ResourceError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

_ABOUT = Text(
    "Looks over configuration, disk, database, worker, clock and mail.",
    "检查配置、磁盘、数据库、后台进程、时钟与邮件。",
)
_MARKS = {"ok": Text("ok      ", "正常  "), "note": Text("note    ", "提示  "), "problem": Text("PROBLEM ", "问题  ")}


def doctor(words: list[str], terminal: Terminal) -> int:
    """Prints a line for every check; returns 0, or 5 when there is a problem."""
    Parser("doctor", _ABOUT, terminal).parse_args(words)
    server(terminal, current=False)
    from patron.faces.project import checkup

    findings = checkup.everything()
    for found in findings:
        terminal.answer(_MARKS[found.state].say(terminal.lang) + found.about.say(terminal.lang))
        if found.remedy is not None:
            terminal.answer("        " + found.remedy.say(terminal.lang))
    return ResourceError.exit_code if any(found.state == "problem" for found in findings) else 0
