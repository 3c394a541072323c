"""Every read about people, teams, tokens and what was done."""

from patron.crm.accounts.queries.colleagues import colleagues
from patron.crm.accounts.queries.entries import AuditPage, audit_entries
from patron.crm.accounts.queries.people import (
    get_person,
    list_invitations,
    list_people,
    list_roles,
    list_teams,
    list_tokens,
)

__all__ = [
    "AuditPage",
    "audit_entries",
    "colleagues",
    "get_person",
    "list_invitations",
    "list_people",
    "list_roles",
    "list_teams",
    "list_tokens",
]
