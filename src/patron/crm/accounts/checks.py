"""What the operations of accounts ask before they write."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from patron.crm.accounts.models import Role, Team, User
from patron.crm.accounts.roles import OWNER
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound
from patron.words import Text


def email_of(text: str) -> str:
    """An e-mail address as it is kept: trimmed, in lower case. Raises Invalid."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid({"email": Text("This is not an e-mail address.", "这不是有效的邮箱地址。")}) from None
    return email


def free_email(text: str) -> str:
    """The same, which nobody has yet. Raises Invalid or Conflict."""
    email = email_of(text)
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict(
            Text("Somebody with this e-mail address has an account already.", "该邮箱已有账号。"),
            remedy=Text("Change that account under Settings → Users.", "请在“设置 → 用户”中修改该账号。"),
        )
    return email


def good_password(password: str, user: User) -> str:
    """`password`, if it is one that a person should have. Raises Invalid with every objection."""
    english, chinese = (_objections(password, user, language) for language in ("en", "zh-hans"))
    if english:
        raise Invalid({"password": Text(" ".join(english), "".join(chinese))})
    return password


def _objections(password: str, user: User, language: str) -> list[str]:
    with translation.override(language):  # the validators put their words together when they object
        try:
            validate_password(password, user)
        except ValidationError as error:
            return [str(message) for message in error.messages]
    return []


def role_called(code: str) -> Role:
    """The role with this code. Raises Invalid."""
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise Invalid({"role": Text(f"There is no role '{code}'.", f"没有角色“{code}”。")})
    return found


def teams_numbered(numbers: Iterable[int]) -> list[Team]:
    """The teams with these numbers. Raises Invalid when one is missing."""
    wanted = set(numbers)
    found = list(Team.objects.filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Invalid({"teams": Text("One of these teams is gone.", "其中有团队已不存在。")})
    return found


def person_numbered(number: int) -> User:
    """The person, their row locked. Raises NotFound."""
    found = User.objects.select_related("role").select_for_update(of=("self",)).filter(pk=number).first()
    if found is None:
        raise NotFound(Text("person", "用户"), number)
    return found


def within_reach(by: Actor, permissions: Iterable[str]) -> None:
    """Nobody gives away, or takes charge of, more than they may themselves. Raises Forbidden."""
    beyond = [code for code in permissions if not by.may(code)]
    if beyond:
        raise Forbidden(
            Text(
                f"This role may more than you may yourself ({', '.join(beyond)}).",
                f"该角色的权限超出您自己的权限（{'、'.join(beyond)}）。",
            ),
            remedy=Text("Ask an owner of this Patron.", "请联系系统所有者。"),
        )


def not_the_last_owner(person: User) -> None:
    """Raises Conflict when `person` is the only owner left. The owners are locked, so two can't leave at once."""
    if person.role.code != OWNER or not person.is_active:
        return
    owners = User.objects.select_for_update(of=("self",)).filter(role__code=OWNER, is_active=True)
    if not [owner for owner in owners if owner.pk != person.pk]:
        raise Conflict(
            Text("This is the last owner.", "这是最后一位所有者。"),
            remedy=Text("Make somebody else an owner first.", "请先将另一位用户设为所有者。"),
        )


def in_person(by: Actor) -> User:
    """`by` as the user who is signed in; programs and Patron itself can't do this. Raises Forbidden."""
    if isinstance(by, User) and by.is_active:
        return by
    raise Forbidden(
        Text("Only a person who is signed in can do this.", "只有已登录的用户本人可以执行此操作。"),
        remedy=Text("Sign in with your password.", "请使用密码登录。"),
    )
