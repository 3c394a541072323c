"""`patron demo`: Patron on the sample base, in one command: made the first time, opened at once afterwards."""

from __future__ import annotations

import os
import webbrowser

from patron.errors import UsageError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.progress import Progress
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands import serve, start
from patron.faces.project.sample.plan import OWNER, Wish
from patron.words import Text

_ABOUT = Text(
    "Starts Patron on the sample base: 541,909 real order lines of a British online shop (UCI Online Retail, CC BY "
    "4.0), moved to end yesterday, with made-up people around them.",
    "在示例数据上启动 Patron：一家英国网店的 541,909 行真实订单（UCI Online Retail，CC BY 4.0），"
    "日期平移至昨天为止，客户人物均为虚构。",
)


def demo(words: list[str], terminal: Terminal) -> int:
    """Makes the sample base where there is none, then serves it until told to end. `--report` needs no server."""
    if "--report" in words:
        return _report([word for word in words if word != "--report"], terminal)
    asks_for_help = {"-h", "--help"} & set(words)
    if start.missing() and not asks_for_help:
        terminal.note(
            Text(
                "The server's parts are not installed (pip install 'patron[server]'): this is the report alone.",
                "未安装服务器组件（pip install 'patron[server]'），仅生成报告。",
            )
        )
        return _report(words, terminal)
    args = _parser(terminal).parse_args(words)
    address = serve.Address(args.host, args.port)
    if not args.no_serve:
        address.check()  # before minutes are spent
    # On this terminal a person reads: requests and starts of processes stay out unless they are asked for.
    os.environ.setdefault("PATRON_OWN_LOG_LEVEL", "WARNING")
    start.server(terminal, current=False)
    wish = Wish(shift=not args.no_shift, lines=args.lines, language=terminal.lang)
    password = _base(terminal, wish, again=args.again)
    _welcome(terminal, password)
    if args.no_serve:
        return 0
    return serve.run(terminal, address, ready=_browse if args.open else None)


def _report(words: list[str], terminal: Terminal) -> int:
    from patron.faces.cli import demo as report  # loads the study: not where a server is started

    return report.demo(words, terminal)


def _browse(address: str) -> None:
    webbrowser.open(address)


def _parser(terminal: Terminal) -> Parser:
    parser = Parser("demo", _ABOUT, terminal)
    port = Text(f"port (default {serve.PORT})", f"端口（默认 {serve.PORT}）")
    host = Text(f"address to listen on (default {serve.HOST})", f"监听地址（默认 {serve.HOST}）")
    parser.argument("--host", default=serve.HOST, about=host)
    parser.argument("--port", type=int, default=serve.PORT, about=port)
    parser.argument("--open", action="store_true", about=Text("open the browser, too", "同时打开浏览器"))
    parser.argument("--no-shift", action="store_true", about=Text("leave the dates of 2010 and 2011", "保留原始日期"))
    parser.argument("--again", action="store_true", about=Text("make the sample base anew", "重新生成示例数据"))
    parser.argument("--no-serve", action="store_true", about=Text("make the base only", "只生成数据，不启动服务器"))
    parser.argument(
        "--report",
        action="store_true",
        about=Text("no server: analyse the sample and write a report", "不启动服务器，只分析示例并生成报告"),
    )
    lines = Text("about so many order lines only (for tests)", "只取约若干行订单（供测试用）")
    parser.argument("--lines", type=int, metavar="N", about=lines)
    return parser


def _base(terminal: Terminal, wish: Wish, *, again: bool) -> str | None:
    """The sample base is there afterwards; the owner's password if it was made now."""
    serve.bring_up_to_date(terminal)
    from patron.faces.project.sample.state import State, empty_out, state

    found = state()
    if found is State.OWN:
        raise UsageError(
            Text(
                "this PATRON_HOME holds a base of your own, and the sample does not mix with it.",
                "当前 PATRON_HOME 中已有您自己的数据，示例不会与其混合。",
            ),
            remedy=Text(
                "Start yours with 'patron serve', or give the sample a place: PATRON_HOME=sample patron demo",
                "请用“patron serve”启动自己的数据，或另选目录：PATRON_HOME=sample patron demo",
            ),
        )
    if found is State.READY and not again:
        return None
    if again and found is not State.EMPTY:
        empty_out()
    elif found is State.HALF:
        terminal.note(Text("Going on where it was stopped …", "从上次中断处继续……"))
    from patron.faces.project.sample import build  # loads everything that computes: not where there is nothing to do

    with Progress(terminal) as progress:
        return build.build(wish, progress)


def _welcome(terminal: Terminal, password: str | None) -> None:
    """Says what the base is and how to sign in, before the server starts: nothing that fails later hides it."""
    from patron.faces.project.sample.state import said_of_dates

    terminal.answer(said_of_dates())
    terminal.answer(Text(f"Sign in as {OWNER[0]}", f"登录账号 {OWNER[0]}"))
    if password is not None:
        words = Text("Password, for the first sign-in only: ", "一次性密码（仅用于首次登录）：")
        terminal.answer(Text(words.en + password, words.zh + password))
    else:
        forgotten = f"patron user --reset --email {OWNER[0]}"
        terminal.answer(Text(f"Password forgotten? {forgotten}", f"忘记密码？请运行：{forgotten}"))
    terminal.out.flush()
