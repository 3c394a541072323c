"""`patron refresh`: everybody scored anew, here and now, with progress."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from patron.errors import ResourceError
from patron.faces.cli.arguments import Parser, day
from patron.faces.cli.progress import Progress
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

if TYPE_CHECKING:
    from patron.crm.scoring.models import Refresh

_ABOUT = Text(
    "Takes over what has changed, fits the models and scores every customer. Interrupted, it can be run again.",
    "同步新的变动、拟合模型并为每位客户评分。中断后可重新运行。",
)


def _parser(terminal: Terminal) -> Parser:
    parser = Parser("refresh", _ABOUT, terminal)
    about = Text(
        "last day that counts (default: yesterday, or today if something of today is known)",
        "截至日（默认：昨天；若今天已有记录则为今天）",
    )
    parser.argument("--as-of", metavar="DAY", about=about)
    return parser


def refresh(words: list[str], terminal: Terminal) -> int:
    """Scores everybody and says what was found. Raises Conflict while another refresh runs."""
    args = _parser(terminal).parse_args(words)
    as_of = day(args.as_of) if args.as_of else None
    server(terminal)
    done = _run(as_of, terminal)
    if done.state != "done":
        error = done.error or {"en": done.state, "zh": done.state}
        raise ResourceError(
            Text(f"The refresh did not end well: {error['en']}", f"重新评分未能完成：{error['zh']}"),
            remedy=Text("Run the same command again.", "请重新运行同一命令。"),
        )
    terminal.answer(_said(done).say(terminal.lang))
    return 0


def _run(as_of: date | None, terminal: Terminal) -> Refresh:
    from patron.crm.kit import clock
    from patron.crm.kit.policy import System
    from patron.crm.scoring import refreshing
    from patron.crm.scoring.models import Refresh

    made = Refresh.objects.create(made_at=clock.now(), by_name=System().name)
    try:
        with Progress(terminal) as progress:
            return refreshing.run(made.pk, as_of=as_of, also=progress)
    except BaseException:
        Refresh.objects.filter(pk=made.pk, state="queued").update(state="cancelled", finished_at=clock.now())
        raise


def _said(done: Refresh) -> Text:
    """How many were scored, and how many moved."""
    moved = done.stage_changes.count()
    n = done.customers or 0
    return Text(
        f"{n:,} customers scored as of {done.as_of}, {done.horizon_days} days ahead; {moved:,} changed stage.",
        f"已为 {n:,} 位客户评分（截至 {done.as_of}，预测 {done.horizon_days} 天），{moved:,} 位的阶段发生变化。",
    )
