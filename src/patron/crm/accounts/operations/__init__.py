"""Every write about people, teams, tokens and the organisation."""

from patron.crm.accounts.operations.links import (
    accept_invitation,
    invite,
    request_reset,
    use_reset,
    withdraw_invitation,
)
from patron.crm.accounts.operations.mine import choose_password, save_profile, set_preferences
from patron.crm.accounts.operations.organisation import save_organisation
from patron.crm.accounts.operations.people import (
    create_owner,
    deactivate,
    drop_second_factor,
    reactivate,
    set_role,
    set_teams,
)
from patron.crm.accounts.operations.roles import remove_role, save_role
from patron.crm.accounts.operations.sample import mark_sample
from patron.crm.accounts.operations.teams import remove_team, save_team
from patron.crm.accounts.operations.tokens import make_token, revoke_token

__all__ = [
    "accept_invitation",
    "choose_password",
    "create_owner",
    "deactivate",
    "drop_second_factor",
    "invite",
    "make_token",
    "mark_sample",
    "reactivate",
    "remove_role",
    "remove_team",
    "request_reset",
    "revoke_token",
    "save_organisation",
    "save_profile",
    "save_role",
    "save_team",
    "set_preferences",
    "set_role",
    "set_teams",
    "use_reset",
    "withdraw_invitation",
]
