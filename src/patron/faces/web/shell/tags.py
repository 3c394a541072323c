"""Tags every template has, without loading: `{% say %}`, and numbers, money and times as look.md wants them."""

from __future__ import annotations

from django import template

register = template.Library()
