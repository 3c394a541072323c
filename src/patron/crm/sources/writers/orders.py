"""Orders: lines grouped into orders, of customers and products that are found or made.

An order may span chunks and files: what it comes to is always counted again from its lines. It is the order of one
customer, so that numbers which a shop uses twice do not mix people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from patron.crm.customers.changes import note
from patron.crm.customers.models import Order, OrderLine
from patron.crm.kit import bulk
from patron.crm.sources.keys import OWN, row_keys
from patron.crm.sources.writers import corrections
from patron.crm.sources.writers.base import CREATE, UPDATE, Chunk, Plan, Run, decide
from patron.crm.sources.writers.codes import find_products, make_products
from patron.crm.sources.writers.people import People, known_people, make_people
from patron.crm.sources.writers.sums import recount, sums_of

VALUES = ("product", "description", "quantity", "unit_price", "amount", "revenue", "cost", "purchase", "item")
LINE = ("id", "order", *VALUES, "row_key", "batch", "row")
HEAD = ("happened_at", "known_at", "currency", "rate")
ORDER = (
    "id",
    "record",
    "customer",
    "external_id",
    *HEAD,
    "status",
    "revenue",
    "cost",
    "lines_count",
    "row_key",
    "batch",
    "row",
)
PERSON = ("name", "email", "phone", "city", "country")


@dataclass
class _Read:
    """What a plan remembers: keys and contents of the lines, and what stood there."""

    keys: list[bytes]
    columns: list[list[Any]]  # of VALUES; a product that is still unknown stands as its code
    there: dict[bytes, tuple[int, int, tuple[Any, ...]]]  # key → (line, order, values)
    products: dict[str, int]
    heads: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    def content(self, row: int) -> tuple[Any, ...]:
        """The values of a row."""
        return tuple([column[row] for column in self.columns])


class OrderWriter:
    """A file of orders or of their lines."""

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """New, changed or the same, line by line."""
        keys = row_keys(run.source_id, "orderline", chunk["identity"], chunk["ordinal"])
        products = find_products(run, set(chunk["product"]) - {None})
        read = _Read(keys, _columns(chunk, products), {}, products)
        if not run.fresh:
            names = ("row_key", "id", "order", *VALUES)
            read.there = {r[0]: (r[1], r[2], r[3:]) for r in bulk.fetch(OrderLine, names, "row_key", keys)}
        if not read.there and not any(chunk["again"]):
            return Plan([CREATE] * len(keys), read)
        known: dict[bytes, Any] = {key: row[2] for key, row in read.there.items()}
        told = list(zip(*read.columns, strict=True))
        if is_whole(run):
            told = self._with_heads(chunk, read, known, told)
        return Plan(decide(keys, told, known, chunk["again"], run.seen), read)

    def _with_heads(
        self, chunk: Chunk, read: _Read, known: dict[bytes, Any], told: list[tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        """Where a row is a whole order, its day and currency are contents too (of the first of several rows)."""
        orders = {order for _, order, _ in read.there.values()}
        read.heads = {r[0]: r[1:] for r in bulk.fetch(Order, ("id", *HEAD), "id", orders)}
        for key, ordinal in zip(read.keys, chunk["ordinal"], strict=True):
            if key in known and ordinal == 0:
                head = read.heads[read.there[key][1]]
                known[key] = (*known[key], head[0], head[2])
        rows = zip(told, chunk["ordinal"], chunk["date"], chunk["currency"], strict=True)
        return [(*line, day, currency) if ordinal == 0 else line for line, ordinal, day, currency in rows]

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Add and correct lines; orders, products and customers follow."""
        read: _Read = plan.detail
        fresh, changed = _told(plan, read)
        if not fresh and not changed:
            return set()
        _name_products(read, [*fresh, *changed], run)
        people = _people(chunk, run, fresh)
        placed, spanning = _place_orders(chunk, run, fresh, people)
        self._add_lines(chunk, run, fresh, read, placed)
        corrected = self._correct(chunk, run, changed, read)
        recount(spanning | corrected)
        note(Order, "corrected", spanning | corrected)
        owners = chunk["customer"]
        customers = {people[owners[i]][1] for i in fresh}
        return customers | {row[1] for row in bulk.fetch(Order, ("id", "customer"), "id", corrected)}

    def _add_lines(self, chunk: Chunk, run: Run, rows: Sequence[int], read: _Read, placed: list[int]) -> None:
        ids = bulk.next_ids(OrderLine, len(rows))
        columns = [*read.columns, read.keys, [run.import_id] * len(read.keys), chunk["row"]]
        picked = columns if len(rows) == len(chunk) else [[column[i] for i in rows] for column in columns]
        bulk.insert(OrderLine, LINE, list(zip(ids, placed, *picked, strict=True)))
        note(OrderLine, "added", ids)

    def _correct(self, chunk: Chunk, run: Run, rows: Sequence[int], read: _Read) -> set[int]:
        """Change lines that are there; the orders concerned."""
        there = [read.there[read.keys[i]] for i in rows]
        records = dict(bulk.fetch(Order, ("id", "record"), "id", {order for _, order, _ in there}))
        corrections.keep(run, OrderLine, VALUES, [(line, records[order], old) for line, order, old in there])
        bulk.update(OrderLine, VALUES, [(*read.content(i), line) for i, (line, _, _) in zip(rows, there, strict=True)])
        note(OrderLine, "corrected", [line for line, _, _ in there])
        if is_whole(run):
            self._correct_heads(chunk, run, rows, read, records)
        return {order for _, order, _ in there}

    def _correct_heads(self, chunk: Chunk, run: Run, rows: Sequence[int], read: _Read, records: dict[int, int]) -> None:
        moved = {}
        for i in rows:
            order = read.there[read.keys[i]][1]
            head = (chunk["date"][i], chunk["known"][i], chunk["currency"][i], chunk["rate"][i])
            if chunk["ordinal"][i] == 0 and (head[0], head[2]) != (read.heads[order][0], read.heads[order][2]):
                moved[order] = head
        corrections.keep(run, Order, HEAD, [(order, records[order], read.heads[order]) for order in moved])
        bulk.update(Order, HEAD, [(*head, order) for order, head in moved.items()])


def _told(plan: Plan, read: _Read) -> tuple[Sequence[int], Sequence[int]]:
    """(rows to add, rows that change what is there); of a row that occurs again the last counts."""
    if not read.there and len(set(read.keys)) == len(read.keys):
        return range(len(read.keys)), ()
    latest = {k: i for i, (k, o) in enumerate(zip(read.keys, plan.outcomes, strict=True)) if o in (CREATE, UPDATE)}
    return [i for k, i in latest.items() if k not in read.there], [i for k, i in latest.items() if k in read.there]


def is_whole(run: Run) -> bool:
    """Whether rows of the file are whole orders: it names orders, and neither lines nor products."""
    return "order" in run.mapping and not {"line", "product", "description"} & run.mapping.keys()


def _columns(chunk: Chunk, products: dict[str, int]) -> list[list[Any]]:
    """The columns of VALUES; a product that is still unknown stands as its code."""
    codes = [None if code is None else products.get(code, code) for code in chunk["product"]]
    words = [text or "" for text in chunk["description"]]
    return [codes, words, *(chunk[n] for n in ("quantity", "price", "amount", "revenue", "cost", "purchase", "item"))]


def _name_products(read: _Read, rows: Any, run: Run) -> None:
    """Make products that are unknown, and put their numbers into the contents."""
    codes, words, items = read.columns[0], read.columns[1], read.columns[8]
    unknown = [i for i in rows if isinstance(codes[i], str)]
    if not unknown:
        return
    new: dict[str, tuple[str, bool]] = {}
    for i in unknown:
        new.setdefault(codes[i], (words[i], items[i]))
    made = make_products(run, new)
    for i in unknown:
        codes[i] = made[codes[i]]


def _people(chunk: Chunk, run: Run, rows: Sequence[int]) -> People:
    """The customers of these rows; what the file says of somebody new is their first version."""
    customers = chunk["customer"]
    first: dict[str, int] = {}
    for i in rows:
        first.setdefault(customers[i], i)
    people = known_people(run, first)
    told = [(role, column) for role in PERSON if any(column := chunk[role])]
    said = {
        name: {role: column[i] for role, column in told if column[i]} for name, i in first.items() if name not in people
    }
    return {**people, **make_people(run, said)} if said else people


def _place_orders(chunk: Chunk, run: Run, rows: Sequence[int], people: People) -> tuple[list[int], set[int]]:
    """(the order of each of these rows, those among them that were there before); new ones are made."""
    names, owners, identities = chunk["order"], chunk["customer"], chunk["identity"]
    distinct: dict[tuple[Any, Any], int] = {}
    firsts: list[int] = []
    order_of = []
    for i in rows:
        name = names[i]
        order = distinct.setdefault((name, i if name is None else owners[i]), len(firsts))
        if order == len(firsts):
            firsts.append(i)
        order_of.append(order)
    naming = [identities[i] if names[i] is None else f"{OWN}{names[i]}\x1f{owners[i]}" for i in firsts]
    ordinals = chunk["ordinal"]
    keys = row_keys(run.source_id, "order", naming, [ordinals[i] for i in firsts])
    there = dict(bulk.fetch(Order, ("row_key", "id"), "row_key", keys))
    fresh = [n for n, key in enumerate(keys) if key not in there]
    ids = bulk.next_ids(Order, len(fresh))
    if fresh:
        sums = sums_of(chunk, rows, order_of, len(keys))
        bulk.insert(Order, ORDER, _orders(chunk, run, people, ids, [(n, firsts[n], keys[n]) for n in fresh], sums))
        note(Order, "added", ids)
    number = {**there, **dict(zip((keys[n] for n in fresh), ids, strict=True))}
    numbers = [number[key] for key in keys]
    return [numbers[order] for order in order_of], set(there.values())


def _orders(
    chunk: Chunk, run: Run, people: People, ids: list[int], fresh: list[tuple[int, int, bytes]], sums: list[list[Any]]
) -> list[tuple[Any, ...]]:
    """New orders: (which of this chunk, its first row, its key), and what their lines in this chunk come to."""
    owners, names, numbers = chunk["customer"], chunk["order"], chunk["row"]
    days, known, currencies, rates = chunk["date"], chunk["known"], chunk["currency"], chunk["rate"]
    status, revenue, cost, lines = sums
    now, batch = run.now, run.import_id
    return [
        (
            number,
            *people[owners[i]],
            names[i] or "",
            days[i],
            min(known[i], now),
            currencies[i],
            rates[i],
            status[n],
            revenue[n],
            cost[n],
            lines[n],
            key,
            batch,
            numbers[i],
        )
        for number, (n, i, key) in zip(ids, fresh, strict=True)
    ]
