"""`patron user`: lets somebody in from the server's own command line, where there is no mail and no owner yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patron.errors import InputError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

if TYPE_CHECKING:
    from patron.crm.accounts.models import User

_ABOUT = Text(
    "Makes an owner with a one-time password, invites somebody by link, or lets somebody in again.",
    "创建带一次性密码的所有者、用链接邀请用户，或帮助用户重新登录。",
)


def user(words: list[str], terminal: Terminal) -> int:
    """Prints a one-time password or a link, once; neither is kept anywhere."""
    parser = Parser("user", _ABOUT, terminal)
    parser.argument("--email", required=True, about=Text("whom", "用户邮箱"))
    parser.argument("--name", default="", about=Text("their name", "姓名"))
    parser.argument("--owner", action="store_true", about=Text("make them an owner", "设为所有者"))
    parser.argument(
        "--role", default="member", about=Text("role of an invitation (default member)", "邀请的角色（默认 member）")
    )
    parser.argument("--reset", action="store_true", about=Text("a link for a new password", "生成重设密码链接"))
    parser.argument(
        "--drop-second-factor",
        action="store_true",
        about=Text("the phone is lost: forget it", "手机遗失：取消两步验证"),
    )
    args = parser.parse_args(words)
    server(terminal)
    from patron.crm.accounts.models import User

    known = User.objects.select_related("role").filter(email__iexact=args.email.strip()).first()
    if args.reset or args.drop_second_factor:
        _let_in(known, terminal, reset=args.reset, forget=args.drop_second_factor)
    elif args.owner:
        _owner(known, args.email, args.name, terminal)
    else:
        _invite(args.email, args.role, terminal)
    return 0


def _let_in(known: User | None, terminal: Terminal, *, reset: bool, forget: bool) -> None:
    from patron.crm.accounts import operations
    from patron.crm.kit.policy import System

    if known is None:
        raise InputError(
            Text("nobody has this e-mail address.", "没有使用该邮箱的用户。"),
            remedy=Text("Without --reset this command invites them.", "去掉 --reset 即可邀请该用户。"),
        )
    by = System("patron user")
    if not known.is_active:
        operations.reactivate(by=by, user_id=known.pk)
    if forget:
        operations.drop_second_factor(by=by, user_id=known.pk)
        terminal.note(Text("The second factor is forgotten.", "已取消两步验证。"))
    if reset:
        _, secret = operations.request_reset(by=by, user_id=known.pk)
        terminal.answer(
            Text("Link for a new password, once, for 24 hours:", "重设密码链接（24 小时内有效，仅可使用一次）：")
        )
        terminal.answer(_address("reset", secret))


def _owner(known: User | None, email: str, name: str, terminal: Terminal) -> None:
    from patron.crm.accounts import operations
    from patron.crm.kit.policy import System

    by = System("patron user")
    if known is not None:
        operations.set_role(by=by, user_id=known.pk, role_code="owner")
        terminal.answer(Text(f"{known.email} is an owner.", f"{known.email} 已是所有者。"))
        return
    made, once = operations.create_owner(by=by, email=email, name=name or email.partition("@")[0])
    terminal.answer(Text(f"Owner: {made.email}", f"所有者：{made.email}"))
    terminal.answer(Text(f"One-time password: {once}", f"一次性密码：{once}"))


def _invite(email: str, role: str, terminal: Terminal) -> None:
    from patron.crm.accounts import operations
    from patron.crm.kit.policy import System

    _, secret = operations.invite(by=System("patron user"), email=email, role_code=role)
    terminal.answer(Text("Invitation, once, for seven days:", "邀请链接（7 天内有效，仅可使用一次）："))
    terminal.answer(_address("join", secret))


def _address(name: str, secret: str) -> str:
    from django.conf import settings
    from django.urls import reverse

    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name, args=[secret])
