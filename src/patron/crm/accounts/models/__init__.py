"""Records of accounts, one noun a file."""

from patron.crm.accounts.models.access import ApiToken, Invitation, TokenActor
from patron.crm.accounts.models.organisation import Organisation
from patron.crm.accounts.models.user import Role, Team, User

__all__ = ["ApiToken", "Invitation", "Organisation", "Role", "Team", "TokenActor", "User"]
