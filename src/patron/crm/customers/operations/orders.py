"""Orders told by hand, with their lines, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from patron.crm.accounts.models import Organisation
from patron.crm.customers import changes
from patron.crm.customers.models import Correction, Order, OrderLine, Product
from patron.crm.customers.operations.hands import done, keep, moment, one_of
from patron.crm.customers.operations.products import products_by_code
from patron.crm.customers.rates import rate
from patron.crm.customers.rules import Line, Worth, key_by_hand, totals, worth
from patron.crm.customers.scope import reach, visible
from patron.crm.kit import clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Invalid, NotFound
from patron.words import Text

LARGEST = Decimal(10) ** 12
MOST_LINES = 2_000
NUMBERS = ("quantity", "unit_price", "amount", "cost")


@dataclass(frozen=True)
class Priced:
    """A line, its product, and what it is worth."""

    line: Line
    product: Product | None
    worth: Worth

    @property
    def cost_in_base(self) -> bool:
        """Whether the cost is the product's own: no line said one, and it is in base currency already."""
        return self.line.cost is None and self.worth.cost is not None


@operation("customers.record")
def record_order(
    *,
    by: Actor,
    customer_id: int,
    happened_at: datetime | None = None,
    currency: str | None = None,
    lines: Sequence[Mapping[str, Any]],
    external_id: str = "",
    status: str = "placed",
) -> Order:
    """One order with its lines.

    A line has `product` (a code; found or made), `description`, `quantity` (1; negative for a return), `unit_price` or
    `amount` of the line, and `cost` of the whole line, all in `currency` (default: the base currency). Without a cost,
    that of the product counts if it is known in base currency. Raises Invalid, also where no exchange rate is known.
    """
    customer = reach(by, customer_id, lock=True)
    at, base = moment(happened_at), Organisation.current()
    currency = (currency or base.base_currency).strip().upper()
    if len(currency) != 3:
        raise Invalid({"currency": Text("A currency has three letters.", "币种为三个字母。")})
    one_of("status", status, Order.STATUSES)
    factor = rate(currency, base.base_currency, at.astimezone(ZoneInfo(base.timezone)).date())
    priced = _priced([_line(i, row, status) for i, row in enumerate(lines)], factor, status, base.base_currency)
    revenue, cost = totals(p.worth for p in priced)
    order = keep(
        Order,
        customer,
        happened_at=at,
        external_id=external_id.strip(),
        status=status,
        currency=currency,
        rate=factor,
        revenue=revenue,
        cost=cost,
        lines_count=len(priced),
    )
    _write_lines(order, priced)
    done(by, "customers.order_recorded", order, lines=len(priced), status=status)
    return order


@operation("customers.record")
def set_order_status(*, by: Actor, order_id: int, status: str) -> Order:
    """An order is 'cancelled', or counts again ('placed'): its lines are worth accordingly.

    What came back is an order of its own, with negative quantities, on its own day.
    """
    order = Order.objects.filter(pk=order_id, customer__in=visible(by)).first()
    if order is None:
        raise NotFound(Text("order", "订单"), order_id)
    one_of("status", status, ("placed", "cancelled"))
    before = order.status
    lines = list(order.lines.select_related("product"))
    costs, rate_then = _costs_before(order) if before == "cancelled" else ({}, order.rate)
    _keep_before(order, lines)
    for line in lines:
        if str(line.pk) in costs:
            cost = costs[str(line.pk)]
            # The rate of its day may have been told anew while the order counted nothing.
            line.cost = cost if cost is None or line.cost_in_base else cost * order.rate / rate_then
    _revalue(order, lines, status)
    done(by, "customers.order_status", order, status=[before, status])
    return order


def _keep_before(order: Order, lines: list[OrderLine]) -> None:
    """What stood there before: a cancelled order's costs are nought, and come back when it counts again."""
    costs = {str(line.pk): None if line.cost is None else str(line.cost) for line in lines}
    Correction.objects.create(
        model=Order._meta.label,
        row_id=order.pk,
        record_id=order.record_id,
        before={"status": order.status, "costs": costs, "rate": str(order.rate)},
        known_at=clock.now(),
    )


def _costs_before(order: Order) -> tuple[dict[str, Decimal | None], Decimal]:
    """Costs of lines before the order was cancelled, and its rate then; no costs where it was recorded so."""
    found = Correction.objects.filter(model=Order._meta.label, row_id=order.pk).order_by("-id").first()
    costs = found.before.get("costs", {}) if found else {}
    rate_then = Decimal(found.before.get("rate", order.rate)) if found else order.rate
    return {number: None if cost is None else Decimal(cost) for number, cost in costs.items()}, rate_then


def _revalue(order: Order, lines: list[OrderLine], status: str) -> None:
    """Write what the order and its lines are worth as `status`; `line.cost` is in base currency."""
    counts = []
    for line in lines:
        code = line.product.code if line.product else ""
        value = worth(
            Line(line.quantity, line.unit_price, line.amount, None, code, line.description), order.rate, status
        )
        if line.cost is not None and status == "cancelled":
            line.cost = Decimal(0)
        line.revenue, line.purchase = value.revenue, value.purchase
        counts.append(Worth(value.amount, value.revenue, line.cost, value.purchase, value.item))
    OrderLine.objects.bulk_update(lines, ["revenue", "cost", "purchase"], batch_size=200)
    order.status = status
    order.revenue, order.cost = totals(counts)
    order.save(update_fields=["status", "revenue", "cost"])
    changes.note(Order, "corrected", [order.pk])
    changes.note(OrderLine, "corrected", [line.pk for line in lines])


def _line(place: int, row: Mapping[str, Any], status: str) -> Line:
    """One line as given; of a returned order, quantities are negative. Raises Invalid naming the line's place."""
    unknown = set(row) - {"product", "description", *NUMBERS}
    if unknown:
        wrong = ", ".join(sorted(unknown))
        raise Invalid({f"lines.{place}": Text(f"A line has no {wrong}.", f"订单行没有 {wrong}。")})
    quantity, price, amount, cost = (_number(place, name, row.get(name)) for name in NUMBERS)
    if price is None and amount is None:
        raise Invalid({f"lines.{place}.unit_price": Text("A price or an amount is needed.", "请填写单价或金额。")})
    quantity = Decimal(1) if quantity is None else quantity
    if status == "returned":
        quantity = -abs(quantity)
    code, description = str(row.get("product") or "").strip(), str(row.get("description") or "").strip()
    if len(code) > 120 or len(description) > 300:
        raise Invalid({f"lines.{place}.description": Text("This is too long.", "内容过长。")})
    return Line(quantity, price, amount, cost, code, description)


def _number(place: int, name: str, value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Invalid({f"lines.{place}.{name}": Text("This is no number that can be kept.", "这不是可保存的数字。")})
    return number


def _priced(lines: list[Line], factor: Decimal, status: str, base: str) -> list[Priced]:
    if not lines or len(lines) > MOST_LINES:
        few = Text(f"An order has 1 to {MOST_LINES} lines.", f"订单应有 1 到 {MOST_LINES} 行。")
        raise Invalid({"lines": few})
    products = products_by_code({line.code: line.description for line in lines if line.code})
    found = [(line, products.get(line.code)) for line in lines]
    priced = [Priced(line, product, _worth(line, product, factor, status, base)) for line, product in found]
    if any(abs(p.worth.amount) >= LARGEST or abs(p.worth.revenue) >= LARGEST for p in priced):
        raise Invalid({"lines": Text("An amount is too large to be kept.", "金额过大，无法保存。")})
    return priced


def _worth(line: Line, product: Product | None, factor: Decimal, status: str, base: str) -> Worth:
    value = worth(line, factor, status)
    if product is None:
        return value
    cost = value.cost
    in_base = product.currency in ("", base)
    if cost is None and product.cost is not None and in_base:
        cost = product.cost * line.quantity if status != "cancelled" else Decimal(0)
    return Worth(value.amount, value.revenue, cost, value.purchase, value.item and product.item)


def _write_lines(order: Order, priced: list[Priced]) -> None:
    made = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=p.product,
            description=p.line.description,
            quantity=p.line.quantity,
            unit_price=p.line.unit_price,
            amount=p.worth.amount,
            revenue=p.worth.revenue,
            cost=p.worth.cost,
            purchase=p.worth.purchase,
            item=p.worth.item,
            cost_in_base=p.cost_in_base,
            row_key=key_by_hand(),
        )
        for p in priced
    )
    changes.note(OrderLine, "added", [line.pk for line in made])
