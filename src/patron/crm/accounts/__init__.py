"""accounts: the organisation, its people, their teams and roles, invitations and tokens."""
