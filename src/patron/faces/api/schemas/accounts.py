"""Shapes of people, teams, roles, tokens, the organisation and the audit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Path
from pydantic import Field

from patron.faces.api.values import MOST, Count, Day, Flag, Given, Many, Moment, Number, Shown

Ids = Annotated[list[Annotated[int, Field(strict=True, ge=1, le=MOST)]], Field(max_length=1_000)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
RoleCode = Annotated[str, Path(min_length=1, max_length=40)]
Scope = Literal["own", "team", "all"]
Language = Literal["en", "zh", ""]


class Me(Shown):
    """Who asks, and what they may."""

    id: Number
    name: str
    email: str
    by: Literal["user", "token"]
    role: str
    scope: Scope
    team_ids: list[int]
    language: Language
    permissions: list[str]


class TeamName(Shown):
    """A team."""

    id: Number
    name: str


class Team(TeamName):
    """A team and how many belong to it."""

    people: Count


class NewTeam(Given):
    """A team's name."""

    name: Annotated[str, Field(min_length=1, max_length=120)]


class RoleName(Shown):
    """A role, in short."""

    code: str
    name_en: str
    name_zh: str


class Role(RoleName):
    """What a role may, and which customers it reaches."""

    permissions: list[str]
    scope: Scope
    builtin: bool
    people: Count


class SavedRole(RoleName):
    """A role as it was saved."""

    permissions: list[str]
    scope: Scope
    builtin: bool


class NewRole(Given):
    """A role of one's own."""

    name_en: Annotated[str, Field(max_length=80)] = ""
    name_zh: Annotated[str, Field(max_length=80)] = ""
    permissions: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]
    scope: Scope


class Permission(Shown):
    """Something that can be allowed."""

    code: str
    about: str
    writes: bool


class User(Shown):
    """Somebody who works here."""

    id: Number
    email: str
    name: str
    role: RoleName
    teams: Annotated[list[TeamName], Many]
    is_active: bool
    second_factor: bool
    joined_at: Moment


class UserChange(Given):
    """What is to change about somebody; what is left out stays."""

    role: Code = ""
    team_ids: Ids = Field(default_factory=list)
    active: Flag = True


class Invite(Given):
    """Who is invited, as what."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    role: Code
    team_ids: Ids = Field(default_factory=list)


class Invitation(Shown):
    """A link that still holds."""

    id: Number
    email: str
    role: RoleName | None
    for_user: int | None = Field(validation_alias="user_id", default=None)
    made_by: str
    made_at: Moment
    expires_at: Moment


class Link(Shown):
    """A link that lets somebody in once; its secret is shown now and never again."""

    id: Number
    email: str
    expires_at: Moment
    secret: str
    link: str


class Token(Shown):
    """A program's key, without its secret."""

    id: Number
    name: str
    prefix: str
    user_id: Number
    permissions: list[str]
    made_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    revoked_at: Moment | None


class NewToken(Given):
    """A key for a program: what it may, and for how many days."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    permissions: Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=200)]
    days: Annotated[int, Field(strict=True, ge=1, le=366)] = 90


class MadeToken(Token):
    """A new key with its secret, which is shown now and never again."""

    token: str


class Organisation(Shown):
    """Settings that concern everybody."""

    name: str
    base_currency: str
    timezone: str
    language: Literal["en", "zh"]
    is_sample: bool
    sample_shift_days: int
    frozen_day: Day | None
    """The day as of which a base that stands still is scored."""


class OrganisationChange(Given):
    """What is to change; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = ""
    base_currency: Annotated[str, Field(pattern="^[A-Za-z]{3}$")] = ""
    timezone: Annotated[str, Field(min_length=1, max_length=64)] = ""
    language: Literal["en", "zh"] = "en"


class AuditEntry(Shown):
    """Who did what to what, when."""

    id: Number
    at: Moment
    actor_kind: str
    actor_id: int | None
    actor_name: str
    action: str
    subject: str
    subject_id: int | None
    details: dict[str, Any]
