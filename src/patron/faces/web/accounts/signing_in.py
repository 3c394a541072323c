"""Addresses of signing in: allauth's own pages, those of them that a Patron by invitation needs, and one of ours."""

from __future__ import annotations

from allauth.account import views
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.views.generic import RedirectView

from patron.crm.accounts import jobs, mail
from patron.crm.accounts.models import User


def forgotten(request: HttpRequest) -> HttpResponse:
    """Mails a link to whoever has the address. The answer is the same for everybody, and as quick."""
    sent = False
    if request.method == "POST" and mail.can_send():
        email = request.POST.get("email", "").strip().lower()
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="reset_password", key=email)
        if limited is not None:
            return limited
        # Known or not, one task is written: nobody can tell by the time it takes.
        known = User.objects.filter(email__iexact=email, is_active=True).values_list("pk", flat=True).first()
        link = request.build_absolute_uri(reverse("reset", args=["SECRET"]))
        jobs.mail_reset.enqueue(known or 0, link)
        sent = True
    return render(request, "accounts/forgotten.html", {"sent": sent, "can_mail": mail.can_send()})


closed = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", forgotten, name="account_reset_password"),
    # allauth asks for this address, but nobody signs up here: people are invited.
    path("signup/", closed, name="account_signup"),
    path("2fa/", include("allauth.mfa.urls")),
]
