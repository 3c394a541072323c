"""Who may do what. A permission is a word an app declares; a role is data: permissions and a record scope.

Operations and queries name the permission they need (`kit.operation`, `kit.query`); nothing else decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from patron.crm.kit.problems import Forbidden
from patron.words import Text


class Scope(StrEnum):
    """Which customers' records a role reaches: those the actor owns, those of the actor's teams, or all."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


@dataclass(frozen=True)
class Permission:
    """Something that can be allowed, e.g. `customers.edit`. `writes` tells reading from changing."""

    code: str
    about: Text
    writes: bool = True


class Actor(Protocol):
    """Who does it: a person, a token of a person, or Patron itself."""

    @property
    def kind(self) -> str:
        """user | token | system."""

    @property
    def id(self) -> int | None:
        """The user's number; None for Patron itself."""

    @property
    def name(self) -> str:
        """As the audit shows it."""

    @property
    def scope(self) -> Scope:
        """Which records the actor reaches."""

    @property
    def team_ids(self) -> frozenset[int]:
        """The actor's teams."""

    def may(self, permission: str) -> bool:
        """Whether the actor's role (and token) has the permission."""


@dataclass(frozen=True)
class System:
    """Patron itself: the worker, an installation step, the demo. May everything; the audit names it."""

    name: str = "Patron"
    kind: str = "system"
    id: int | None = None
    scope: Scope = Scope.ALL
    team_ids: frozenset[int] = frozenset()

    def may(self, permission: str) -> bool:
        """Always, for a permission that exists."""
        return permission in _KNOWN


@dataclass(frozen=True)
class Nobody:
    """Somebody who may nothing: for tests and for sessions that ended."""

    name: str = "nobody"
    kind: str = "user"
    id: int | None = None
    scope: Scope = Scope.OWN
    team_ids: frozenset[int] = frozenset()

    def may(self, permission: str) -> bool:
        """Never, whatever is asked."""
        del permission
        return False


_KNOWN: dict[str, Permission] = {}


def declare(*permissions: Permission) -> None:
    """Make permissions known; each app does so once, in its `permissions.py`. ValueError for a second meaning."""
    for permission in permissions:
        if _KNOWN.setdefault(permission.code, permission) != permission:
            raise ValueError(f"two permissions are called {permission.code}")


def known() -> Iterator[Permission]:
    """Every declared permission, in order of declaration."""
    return iter(_KNOWN.values())


def require(actor: Actor, permission: str) -> None:
    """Raises Forbidden unless the actor may; ValueError for a permission nobody declared."""
    if permission not in _KNOWN:
        raise ValueError(f"the permission {permission} is declared nowhere")
    if not actor.may(permission):
        about = _KNOWN[permission].about
        raise Forbidden(
            Text(f"Your role does not allow this: {about.en}.", f"您的角色没有此权限：{about.zh}。"),
            remedy=Text("Ask an owner of this Patron for it.", "请向系统所有者申请。"),
        )
