"""The rows of the list in words: each cell said once, so that the template only puts it in its place."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from patron.crm.accounts.models import Organisation
from patron.crm.kit import clock
from patron.crm.scoring.queries import Listed
from patron.faces.web.shell import tags
from patron.faces.web.shell.requests import lang_of
from patron.study.pictures import numbers

PLACE = 1_234_567_890  # stands for a customer's number in an address that is made once


def shown(rows: Sequence[Listed], request: HttpRequest) -> list[dict[str, str]]:
    """What the cells of each row say, in the reader's language."""
    lang, organisation = lang_of(request), Organisation.current()
    currency, today = organisation.base_currency, clock.today(organisation.timezone)
    before, after = reverse("customer", args=[PLACE]).split(str(PLACE))

    def cells(row: Listed) -> dict[str, str]:
        who, it = row.customer, row.standing
        known = {
            "id": str(who.id),
            "name": who.name or who.external_id or str(who.id),
            "address": f"{before}{who.id}{after}",
            "owner": str(who.owner or numbers.UNKNOWN),
        }
        if it is None:
            return known | dict.fromkeys(FIGURES, numbers.UNKNOWN) | {"interval": ""}
        return known | {
            "stage": tags.stage_badge(it.stage, lang),
            "revenue": numbers.money(tags.plain(it.revenue), currency, lang),
            "clv": numbers.money(tags.plain(it.clv), currency, lang),
            "interval": numbers.interval(tags.plain(it.clv_low), tags.plain(it.clv_high), lang),
            "p_purchase": numbers.share(it.p_purchase, lang),
            "value_at_risk": numbers.money(tags.plain(it.value_at_risk), currency, lang),
            "last_order": tags.day_ago(it.last_order, today, lang),
        }

    return [cells(row) for row in rows]


FIGURES = ("stage", "revenue", "clv", "p_purchase", "value_at_risk", "last_order")
