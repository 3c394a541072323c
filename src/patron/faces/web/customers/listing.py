"""The list of customers: filters, sorts, pages by key, bulk actions, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from patron.crm.accounts import queries as accounts
from patron.crm.customers import operations
from patron.crm.customers import queries as customers_read
from patron.crm.scoring import queries
from patron.faces.web.customers.asked import asked_for, leave
from patron.faces.web.shell.pages import back
from patron.faces.web.shell.requests import allowed, number, said
from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS
from patron.study.pictures import numbers
from patron.words import Text

ROWS = 100
SORTS = {
    "value_at_risk": Text("Most value at risk", "流失风险价值最高"),
    "clv": Text("Highest expected value", "预期价值最高"),
    "revenue": Text("Highest value so far", "至今价值最高"),
    "churn_risk": Text("Highest risk of leaving", "流失风险最高"),
    "last_order": Text("Bought most recently", "最近购买"),
    "created": Text("Newest", "最新添加"),
    "name": Text("Name", "名称"),
}
COLUMNS = (
    "id", "name", "email", "phone", "city", "country", "stage", "rfm_segment", "orders", "last_order", "revenue", "clv",
    "clv_low", "clv_high", "p_purchase", "churn_risk", "value_at_risk", "owner_name",
)  # fmt: skip


@require_safe
@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """The list; its further rows alone where the browser asks for more of them."""
    given, filters, sort = asked_for(request.GET, SORTS)
    after = request.GET.get("after") or None
    page = queries.list_customers(actor=request.user, filters=filters, sort=sort, after=after, limit=ROWS)
    may = _may(request)
    context: dict[str, Any] = {
        "rows": page.rows,
        "next": page.next,
        "query": leave(request.GET, "after"),
        "may": may,
    }
    if request.headers.get("X-Rows"):
        return render(request, "customers/rows.html", context)
    on = {name: value for name, value in given.items() if value and name != "sort"}
    chips = [
        {"code": code, "on": given["stage"] == code, "query": leave(request.GET, "after", stage=code)}
        for code in STAGES
    ]
    context |= {
        "given": given,
        "filters": filters,
        "any_filter": bool(on),
        "more_on": len(on.keys() - {"text", "stage"}),
        "sort": sort,
        "sorts": SORTS.items(),
        "stage_chips": chips,
        "without_stage": leave(request.GET, "after", "stage"),
        "segments": SEGMENTS.items(),
        "known_tags": customers_read.tags(actor=request.user),
        "people": accounts.colleagues(actor=request.user),
        "position": _position(queries.count_customers(actor=request.user, filters=filters), len(page.rows), after),
    }
    return render(request, "customers/list.html", context)


def _may(request: HttpRequest) -> dict[str, bool]:
    may = allowed(
        request.user,
        edit="customers.edit",
        assign="customers.assign",
        merge="customers.merge",
        export="customers.export",
    )
    return may | {"bulk": may["edit"] or may["assign"]}


def _position(total: Any, shown: int, after: str | None) -> Text:
    """How many there are, and how many of them are shown first."""
    if after:
        return Text("further on", "后续部分")
    if total.exact:
        everybody = numbers.count(total.number)
        return Text(f"1–{shown} of {everybody}" if shown else "none", f"共 {everybody} 位，显示 {shown} 位")
    about_en, about_zh = (numbers.short(total.number, lang) for lang in ("en", "zh"))
    return Text(f"1–{shown} of about {about_en}", f"约 {about_zh} 位，显示 {shown} 位")


@require_POST
@login_required
def bulk(request: HttpRequest) -> HttpResponse:
    """A tag or an owner for the selected ones."""
    chosen = [pk for text in request.POST.getlist("id") if (pk := number(text)) is not None]
    tag = request.POST.get("tag", "").strip()
    if chosen and request.POST.get("do") == "tag" and tag:
        operations.tag_customers(by=request.user, customer_ids=chosen, tag=tag)
        messages.success(request, said(request, Text("Tagged: {0}.", "已添加标签：{0}。").format(len(chosen))))
    elif chosen and request.POST.get("do") == "owner":
        owner = number(request.POST.get("owner"))
        operations.assign_customers(by=request.user, customer_ids=chosen, owner_id=owner, team_id=None)
        messages.success(request, said(request, Text("Assigned: {0}.", "已分配：{0}。").format(len(chosen))))
    return back(request)


@require_safe
@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV that a spreadsheet reads, written page by page."""
    _, filters, sort = asked_for(request.GET, SORTS)
    lines = queries.export_customers(actor=request.user, filters=filters, sort=sort, columns=COLUMNS)
    answer = StreamingHttpResponse(_with_mark(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return answer


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """Spreadsheets know UTF-8 by its mark."""
    yield "\ufeff"
    yield from lines
