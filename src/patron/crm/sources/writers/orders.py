"""Orders: lines grouped into orders, of customers and products that are found or made.

An order may span chunks and files: what it comes to is always counted again from its lines. It is the order of one
customer, so that numbers which a shop uses twice do not mix people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from patron.crm.customers import changes
from patron.crm.customers.models import Order, OrderLine
from patron.crm.sources import bulk
from patron.crm.sources.keys import OWN, row_keys
from patron.crm.sources.writers import corrections
from patron.crm.sources.writers.base import CREATE, UPDATE, Chunk, Plan, Run, decide
from patron.crm.sources.writers.codes import find_products, make_products
from patron.crm.sources.writers.people import People, known_people, make_people
from patron.crm.sources.writers.sums import recount, status_of, total_cost

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
    contents: list[tuple[Any, ...]]
    there: dict[bytes, tuple[int, int, tuple[Any, ...]]]  # key → (line, order, values)
    products: dict[str, int]
    heads: dict[int, tuple[Any, ...]] = field(default_factory=dict)


class OrderWriter:
    """A file of orders or of their lines."""

    def plan(self, chunk: Chunk, run: Run) -> Plan:
        """New, changed or the same, line by line."""
        keys = row_keys(run.source_id, "orderline", chunk["identity"], chunk["ordinal"])
        products = find_products(set(chunk["product"]) - {None})
        read = _Read(keys, _contents(chunk, products), {}, products)
        if not run.fresh:
            names = ("row_key", "id", "order", *VALUES)
            read.there = {r[0]: (r[1], r[2], r[3:]) for r in bulk.fetch(OrderLine, names, "row_key", keys)}
        known: dict[bytes, Any] = {key: row[2] for key, row in read.there.items()}
        told = read.contents
        if is_whole(run):
            told = self._with_heads(chunk, read, known)
        return Plan(decide(keys, told, known, chunk["again"], run.seen), read)

    def _with_heads(self, chunk: Chunk, read: _Read, known: dict[bytes, Any]) -> list[tuple[Any, ...]]:
        """Where a row is a whole order, its day and currency are contents too (of the first of several rows)."""
        orders = {order for _, order, _ in read.there.values()}
        read.heads = {r[0]: r[1:] for r in bulk.fetch(Order, ("id", *HEAD), "id", orders)}
        for key, ordinal in zip(read.keys, chunk["ordinal"], strict=True):
            if key in known and ordinal == 0:
                head = read.heads[read.there[key][1]]
                known[key] = (*known[key], head[0], head[2])
        rows = zip(read.contents, chunk["ordinal"], chunk["date"], chunk["currency"], strict=True)
        return [(*line, day, currency) if ordinal == 0 else line for line, ordinal, day, currency in rows]

    def write(self, chunk: Chunk, plan: Plan, run: Run) -> set[int]:
        """Add and correct lines; orders, products and customers follow."""
        read: _Read = plan.detail
        latest = {k: i for i, (k, o) in enumerate(zip(read.keys, plan.outcomes, strict=True)) if o in (CREATE, UPDATE)}
        if not latest:
            return set()
        _name_products(chunk, read, latest.values(), run)
        fresh = [i for k, i in latest.items() if k not in read.there]
        changed = [i for k, i in latest.items() if k in read.there]
        people = _people(chunk, run, fresh)
        placed, spanning = _place_orders(chunk, run, fresh, people, read)
        self._add_lines(chunk, run, fresh, read, placed)
        corrected = self._correct(chunk, run, changed, read)
        recount(spanning | corrected)
        changes.note(Order, "corrected", spanning | corrected)
        owners = chunk["customer"]
        customers = {people[owners[i]][1] for i in fresh}
        return customers | {row[1] for row in bulk.fetch(Order, ("id", "customer"), "id", corrected)}

    def _add_lines(self, chunk: Chunk, run: Run, rows: list[int], read: _Read, placed: list[int]) -> None:
        ids = bulk.next_ids(OrderLine, len(rows))
        keys, contents, numbers, batch = read.keys, read.contents, chunk["row"], run.import_id
        bulk.insert(
            OrderLine,
            LINE,
            [
                (number, order, *contents[i], keys[i], batch, numbers[i])
                for number, order, i in zip(ids, placed, rows, strict=True)
            ],
        )
        changes.note(OrderLine, "added", ids)

    def _correct(self, chunk: Chunk, run: Run, rows: list[int], read: _Read) -> set[int]:
        """Change lines that are there; the orders concerned."""
        there = [read.there[read.keys[i]] for i in rows]
        records = dict(bulk.fetch(Order, ("id", "record"), "id", {order for _, order, _ in there}))
        corrections.keep(run, OrderLine, VALUES, [(line, records[order], old) for line, order, old in there])
        bulk.update(OrderLine, VALUES, [(*read.contents[i], line) for i, (line, _, _) in zip(rows, there, strict=True)])
        changes.note(OrderLine, "corrected", [line for line, _, _ in there])
        if is_whole(run):
            self._correct_heads(chunk, run, rows, read, records)
        return {order for _, order, _ in there}

    def _correct_heads(self, chunk: Chunk, run: Run, rows: list[int], read: _Read, records: dict[int, int]) -> None:
        moved = {}
        for i in rows:
            order = read.there[read.keys[i]][1]
            head = (chunk["date"][i], chunk["known"][i], chunk["currency"][i], chunk["rate"][i])
            if chunk["ordinal"][i] == 0 and (head[0], head[2]) != (read.heads[order][0], read.heads[order][2]):
                moved[order] = head
        corrections.keep(run, Order, HEAD, [(order, records[order], read.heads[order]) for order in moved])
        bulk.update(Order, HEAD, [(*head, order) for order, head in moved.items()])


def is_whole(run: Run) -> bool:
    """Whether rows of the file are whole orders: it names orders, and neither lines nor products."""
    return "order" in run.mapping and not {"line", "product", "description"} & run.mapping.keys()


def _contents(chunk: Chunk, products: dict[str, int]) -> list[tuple[Any, ...]]:
    """The values of VALUES row by row; a product that is still unknown stands as its code."""
    codes = [None if code is None else products.get(code, code) for code in chunk["product"]]
    words = [text or "" for text in chunk["description"]]
    rest = [chunk[n] for n in ("quantity", "price", "amount", "revenue", "cost", "purchase", "item")]
    return list(zip(codes, words, *rest, strict=True))


def _name_products(chunk: Chunk, read: _Read, rows: Any, run: Run) -> None:
    """Make products that are unknown, and put their numbers into the contents."""
    new: dict[str, tuple[str, bool]] = {}
    codes, words, items = chunk["product"], chunk["description"], chunk["item"]
    for i in rows:
        code = codes[i]
        if code is not None and code not in read.products:
            new.setdefault(code, (words[i] or "", items[i]))
    if not new:
        return
    made = make_products(new, run.import_id)
    for i in rows:
        if codes[i] in made:
            read.contents[i] = (made[codes[i]], *read.contents[i][1:])


def _people(chunk: Chunk, run: Run, rows: list[int]) -> People:
    """The customers of these rows; what the file says of somebody new is their first version."""
    customers = chunk["customer"]
    first: dict[str, int] = {}
    for i in rows:
        first.setdefault(customers[i], i)
    people = known_people(run, first)
    said = {
        name: {role: chunk[role][i] for role in PERSON if chunk[role][i]}
        for name, i in first.items()
        if name not in people
    }
    return {**people, **make_people(run, said)} if said else people


def _place_orders(chunk: Chunk, run: Run, rows: list[int], people: People, read: _Read) -> tuple[list[int], set[int]]:
    """(the order of each of these rows, those among them that were there before); new ones are made."""
    names, owners, identities = chunk["order"], chunk["customer"], chunk["identity"]
    distinct: dict[tuple[Any, ...], list[int]] = {}
    for i in rows:
        place = (names[i], owners[i]) if names[i] is not None else (None, i)
        distinct.setdefault(place, []).append(i)
    firsts = [group[0] for group in distinct.values()]
    naming = [identities[i] if names[i] is None else f"{OWN}{names[i]}\x1f{owners[i]}" for i in firsts]
    keys = row_keys(run.source_id, "order", naming, [chunk["ordinal"][i] for i in firsts])
    there = dict(bulk.fetch(Order, ("row_key", "id"), "row_key", keys))
    fresh = [(k, group) for k, group in zip(keys, distinct.values(), strict=True) if k not in there]
    ids = bulk.next_ids(Order, len(fresh))
    bulk.insert(Order, ORDER, _orders(chunk, run, ids, fresh, people, read))
    changes.note(Order, "added", ids)
    number = {**there, **dict(zip((k for k, _ in fresh), ids, strict=True))}
    of_row = {i: number[k] for k, group in zip(keys, distinct.values(), strict=True) for i in group}
    return [of_row[i] for i in rows], set(there.values())


def _orders(
    chunk: Chunk, run: Run, ids: list[int], fresh: list[tuple[bytes, list[int]]], people: People, read: _Read
) -> list[tuple[Any, ...]]:
    """New orders from their lines in this chunk."""
    contents, owners, names, numbers = read.contents, chunk["customer"], chunk["order"], chunk["row"]
    days, known, currencies, rates = chunk["date"], chunk["known"], chunk["currency"], chunk["rate"]
    out = []
    for number, (key, group) in zip(ids, fresh, strict=True):
        i = group[0]
        lines = [contents[j] for j in group]
        head = (days[i], min(known[i], run.now), currencies[i], rates[i])
        sums = (status_of(lines), sum(line[5] for line in lines), total_cost([line[6] for line in lines]), len(lines))
        out.append((number, *people[owners[i]], names[i] or "", *head, *sums, key, run.import_id, numbers[i]))
    return out
