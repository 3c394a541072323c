"""What everybody may change about themselves."""

from __future__ import annotations

from patron.crm.accounts import checks
from patron.crm.accounts.models import User
from patron.crm.kit import audit
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid
from patron.words import Text

_ONESELF = "concerns nobody but the person who is signed in"


@operation(None, because=_ONESELF)
def save_profile(*, by: Actor, name: str) -> User:
    """One's own name, as others see it."""
    if not name.strip():
        raise Invalid({"name": Text("Give your name.", "请填写姓名。")})
    return _set(by, name=name.strip()[:200])


@operation(None, because=_ONESELF)
def set_preferences(*, by: Actor, language: str | None = None, theme: str | None = None) -> User:
    """One's own language (en, zh, '' follows the browser) and theme (auto, light, dark); None leaves it as it is."""
    if language not in {None, "", "en", "zh"}:
        raise Invalid({"language": Text("Choose English or Chinese.", "请选择英文或中文。")})
    if theme not in {None, "auto", "light", "dark"}:
        raise Invalid({"theme": Text("Choose automatic, light or dark.", "请选择自动、浅色或深色。")})
    given = {"language": language, "theme": theme}
    return _set(by, **{name: value for name, value in given.items() if value is not None})


@operation(None, because=_ONESELF)
def choose_password(*, by: Actor, password: str) -> User:
    """A password of one's own in place of the one-time one. Raises Conflict for whoever has one already.

    Changing a password of one's own asks for the old one first, and is allauth's.
    """
    person = checks.in_person(by)
    if not person.one_time_password:
        raise Conflict(
            Text("You have a password of your own already.", "您已设置自己的密码。"),
            remedy=Text("Change it in your profile.", "请在个人资料中修改。"),
        )
    if person.check_password(password):
        raise Invalid({"password": Text("Choose another than the one-time one.", "请勿沿用一次性密码。")})
    person.set_password(checks.good_password(password, person))
    person.one_time_password = False
    person.save(update_fields=["password", "one_time_password"])
    audit.record(by, "accounts.choose_password", "user", person.pk)
    return person


def _set(by: Actor, **values: str) -> User:
    person = checks.in_person(by)
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        audit.nothing()
        return person
    for name in changed:
        setattr(person, name, values[name])
    person.save(update_fields=changed)
    audit.record(by, "accounts.save_profile", "user", person.pk, fields=changed)
    return person
