"""Addresses of the pages; each app has its own list."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
