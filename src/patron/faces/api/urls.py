"""Addresses of the API."""

from __future__ import annotations

from django.urls import path, re_path

from patron.faces.api.app import patterns
from patron.faces.api.entrance import nowhere
from patron.faces.api.manual import page, schema

urlpatterns = [
    path("openapi.json", schema, name="api_schema"),
    path("docs", page, name="api_docs"),
    *patterns(),
    re_path(r"", nowhere, name="api_nowhere"),
]
