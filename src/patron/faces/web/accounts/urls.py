"""Addresses of the settings of people and the organisation, of the audit, and of links that let somebody in."""

from __future__ import annotations

from django.urls import path

from patron.faces.web.accounts import audit, links, organisation, people, profile, roles, teams, tokens

urlpatterns = [
    path("settings/", profile.settings, name="settings"),
    path("settings/profile/", profile.profile, name="profile"),
    path("settings/password/", profile.own_password, name="own_password"),
    path("settings/users/", people.users, name="users"),
    path("settings/users/invite/", people.invite, name="invite"),
    path("settings/users/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation_withdraw"),
    path("settings/users/<int:pk>/", people.user_page, name="user_page"),
    path("settings/users/<int:pk>/<slug:what>/", people.change, name="user_change"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.edit, name="role_new"),
    path("settings/roles/<slug:code>/", roles.edit, name="role_edit"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/<int:pk>/", teams.change, name="team_change"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("settings/organisation/", organisation.organisation, name="organisation"),
    path("audit/", audit.audit, name="audit"),
    path("join/<str:secret>/", links.join, name="join"),
    path("reset/<str:secret>/", links.reset, name="reset"),
]
