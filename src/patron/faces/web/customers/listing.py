"""The list of customers: filters, sorts, pages by key, bulk actions, export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
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
from patron.crm.scoring.queries import Count, Listed
from patron.faces.web.customers.asked import asked_for, leave
from patron.faces.web.customers.rows import shown
from patron.faces.web.shell.pages import back
from patron.faces.web.shell.requests import allowed, me, number, said
from patron.history.files.reasons import guarded
from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS
from patron.study.pictures import numbers
from patron.words import Text

ROWS = 50
SORTS = {
    "-value_at_risk": Text("Most value at risk", "流失风险价值最高"),
    "-clv": Text("Highest expected value", "预期价值最高"),
    "-revenue": Text("Highest value so far", "至今价值最高"),
    "-churn_risk": Text("Highest risk of leaving", "流失风险最高"),
    "-last_order": Text("Bought most recently", "最近购买"),
    "last_order": Text("Longest without a purchase", "最久未购买"),
    "-created": Text("Newest", "最新添加"),
    "name": Text("Name", "名称"),
}


@require_safe
@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """The list; its further rows alone where the browser asks for more of them."""
    given, filters, sort = asked_for(request.GET, SORTS)
    after = request.GET.get("after") or None
    page = queries.list_customers(actor=me(request), filters=filters, sort=sort, after=after, limit=ROWS)
    context: dict[str, Any] = {
        "rows": shown(page.rows, request),
        "next": page.next,
        "query": leave(request.GET, "after"),
        "may": _may(request),
    }
    if request.headers.get("X-Rows"):
        return render(request, "customers/rows.html", context)
    on = {name: value for name, value in given.items() if value}
    stages = filters.stages
    context |= {
        "given": given,
        "any_filter": bool(on),
        "more_on": len(on.keys() - {"text", "stage"}),
        "sort": sort,
        "sorts": SORTS.items(),
        "stage_chips": [
            {"code": code, "on": code in stages, "query": leave(request.GET, "after", stage=code)} for code in STAGES
        ],
        "without_stage": leave(request.GET, "after", "stage"),
        "segments": SEGMENTS.items(),
        "known_tags": customers_read.tags(actor=me(request)),
        "people": accounts.colleagues(actor=me(request)),
        "position": _position(len(page.rows), after, whole=page.next is None),
        "counted": leave(request.GET, "after", "sort") if page.next and not after else None,
    }
    return render(request, "customers/list.html", context)


def _may(request: HttpRequest) -> dict[str, bool]:
    may = allowed(
        me(request),
        edit="customers.edit",
        assign="customers.assign",
        merge="customers.merge",
        export="customers.export",
        sources="sources.view",
    )
    return may | {"bulk": may["edit"] or may["assign"]}


@require_safe
@login_required
def count(request: HttpRequest) -> HttpResponse:
    """How many the list has, asked for once its first rows are there: counting may take longer than finding these."""
    _, filters, _ = asked_for(request.GET, SORTS)
    total = queries.count_customers(actor=me(request), filters=filters)
    return render(request, "customers/position.html", {"position": _of(total, min(ROWS, total.number))})


def _position(shown: int, after: str | None, *, whole: bool) -> Text:
    """Which part of the list is shown, as far as its rows alone tell."""
    if after:
        return Text("further on in the list", "列表的后续部分")
    if whole:
        return _of(Count(shown, exact=True), shown)
    return Text(f"1–{shown}", f"显示 {shown} 位")


def _of(total: Count, shown: int) -> Text:
    """How many there are, and how many of them are shown first."""
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
        operations.tag_customers(by=me(request), customer_ids=chosen, tag=tag)
        messages.success(request, said(request, Text("Tagged: {0}.", "已添加标签：{0} 位。").format(len(chosen))))
    elif chosen and request.POST.get("do") == "owner":
        owner = number(request.POST.get("owner"))
        operations.assign_customers(by=me(request), customer_ids=chosen, owner_id=owner, team_id=None)
        messages.success(request, said(request, Text("Assigned: {0}.", "已分配：{0} 位。").format(len(chosen))))
    return back(request)


OF_CUSTOMER = ("id", "name", "email", "phone", "city", "country", "channel")
OF_STANDING = (
    "stage", "rfm_segment", "abc", "orders", "first_order", "last_order", "revenue", "margin", "clv", "clv_low",
    "clv_high", "p_purchase", "churn_risk", "value_at_risk", "as_of", "horizon_days",
)  # fmt: skip


@require_safe
@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV that a spreadsheet reads, written row by row."""
    _, filters, sort = asked_for(request.GET, SORTS)
    rows = queries.export_customers(actor=me(request), filters=filters, sort=sort)
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return answer


def _lines(rows: Iterable[Listed]) -> Iterator[str]:
    """UTF-8 with a mark, so that spreadsheets know it; what begins like a formula is made text."""
    yield "\ufeff" + _line([*OF_CUSTOMER, "owner", "tags", *OF_STANDING])
    for row in rows:
        who = [getattr(row.customer, name) for name in OF_CUSTOMER]
        stands = [getattr(row.standing, name, None) for name in OF_STANDING]
        yield _line([*who, row.customer.owner or "", " ".join(row.tags), *stands])


def _line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    cells = ["" if v is None else guarded(v) if isinstance(v, str) else v for v in values]
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
