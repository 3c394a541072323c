"""How a page of a list is found: by walking its order, or by gathering what a rare filter holds for.

Databases guess which is quicker, and guess badly for orders with a limit. Here it is counted: a filter that holds for
few customers is gathered through its index and sorted; where every filter holds for many, walking the order (the
places of `scoring.places`, or an index of the customers) meets enough of them soon. Filters may hold for many each and
for nobody together, or stand at the far end of the order: a walk that has come a long way is given up, and who the
filters hold for is gathered after all. All is written so that SQLite can't choose otherwise; PostgreSQL is told not to
(`steered`): it would read a whole table for the first few rows of it, wherever in it they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from patron.crm.customers.scope import visible
from patron.crm.kit.policy import Actor, Scope
from patron.crm.scoring import places
from patron.crm.scoring.queries.filters import C, Condition, Filters, S, Sort, conditions
from patron.crm.scoring.queries.steering import steered

FEW = 5_000  # customers that are gathered rather than met on the way through an index
SOME = 2_000  # the same on the way through the places, where one look-up tells more
RARE = 1_000  # with so few nothing rarer is looked for
FAR = 30_000  # places that are walked before the rarest of common filters is gathered after all
NEAR = 5_000  # the same on the way through an index of the customers, where a step costs more
MANY = 300_000  # customers that are gathered then

Place = tuple[Any, int] | None  # (value of the order's column, customer's number) of the last row seen


@dataclass(frozen=True)
class Plan:
    """Whose customers, which of them, and through which condition they are gathered (None: walked).

    `candidates`: all conditions that could be gathered. `generation` of the places that are walked; None before the
    first scoring.
    """

    scope: str
    scope_parameters: tuple[Any, ...]
    conditions: Sequence[Condition]
    gather: Condition | None
    candidates: Sequence[Condition] = ()
    generation: int | None = None


def plan(actor: Actor, filters: Filters, sort: Sort | None = None) -> Plan:
    """How to find these customers in that order, or to count them."""
    scope, parameters = scope_of(actor)
    generation = places.current()
    found = conditions(filters, generation)
    candidates = [c for c in found if c.ids]
    if actor.scope != Scope.ALL:
        candidates.insert(0, Condition(f"{C}.id", "1 = 1", parameters, f"SELECT {C}.id FROM {C} WHERE {scope}"))
    if _served_by_index(found, sort) and actor.scope == Scope.ALL:
        candidates = []
    rarest = _rarest(candidates, FEW if sort is None or sort.place is None else SOME)
    return Plan(_unindexed(scope), parameters, found, rarest, candidates, generation)


def scope_of(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """The condition on customers_customer that `visible` sets, as SQL."""
    try:
        sql, parameters = visible(actor).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # nobody can be reached
        return "(1 = 0)", ()
    _, _, where = sql.partition(" WHERE ")
    return f"({where})", tuple(parameters)


def _unindexed(scope: str) -> str:
    """Almost everybody is merged into nobody: an index on it would lead SQLite astray."""
    column = '"customers_customer"."merged_into_id" IS NULL'
    return scope.replace(column, f"+{column}") if connection.vendor == "sqlite" else scope


def _served_by_index(found: Sequence[Condition], sort: Sort | None) -> bool:
    """Whether the order itself begins where the only filter does, or there is none."""
    if sort is None:
        return False
    if not found:
        return True
    kind = sort.place
    return len(found) == 1 and kind is not None and bool(_walked_kind(found, kind)[1])


def _walked_kind(found: Sequence[Condition], kind: places.Kind) -> tuple[places.Kind, Sequence[Condition]]:
    """The kind of places to walk for an order, and which conditions it answers by where the walk begins and ends."""
    by_column = {one.column: one for one in found}
    for part in ("stage", "rfm_segment"):
        if f"s.{part}" in by_column and (kind.column, part) in places.PARTED:
            kind = places.PARTED[kind.column, part]
            break
    answered = [by_column.get(f"s.{kind.part}"), by_column.get(f"s.{kind.column}")]
    return kind, [one for one in answered if one is not None]


def _rarest(candidates: Sequence[Condition], most: int) -> Condition | None:
    """The condition that holds for the fewest; None where each holds for more than `most`."""
    best, least = None, most + 1
    for one in candidates:
        number = _count(one, least)
        if number < least:
            best, least = one, number
        if least <= RARE:
            break
    return best


def _count(condition: Condition, most: int) -> int:
    # Of a text that nearly everybody has, reading on finds enough at once, while its index must be read whole.
    with nullcontext() if condition.of_text else steered(), connection.cursor() as cursor:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM ({condition.ids}) AS found LIMIT {int(most)}) AS counted"
        cursor.execute(sql, condition.gathers)
        return int(cursor.fetchone()[0])


@steered()
def page(plan: Plan, sort: Sort, place: Place, limit: int) -> list[tuple[int, Any]]:
    """(customer, value of the order's column) of up to `limit` customers behind `place`, the empty ones last."""
    rows: list[tuple[int, Any]] = []
    scored = not sort.of_standing or plan.generation is not None
    if scored and (place is None or place[0] is not None):
        rows = _with_value(plan, sort, place, limit)
    if len(rows) < limit and sort.nullable and not _excludes_empty(plan, sort):
        behind = place if place is not None and place[0] is None else None
        rows += _phase(plan, sort, behind, limit - len(rows), empty=True)
    return rows


def _with_value(plan: Plan, sort: Sort, place: Place, limit: int) -> list[tuple[int, Any]]:
    """Those with a value in the order's column: walked as far as that is worth it, else gathered."""
    if plan.gather is not None:
        return _phase(plan, sort, place, limit, empty=False)
    walk, steps = (_walk_customers, NEAR) if sort.place is None else (_walk, FAR)
    rows = walk(plan, sort, place, limit, steps if plan.candidates else None)
    if rows is not None:
        return rows
    rarest = _rarest(plan.candidates, MANY)
    if rarest is not None:
        return _phase(replace(plan, gather=rarest), sort, place, limit, empty=False)
    return walk(plan, sort, place, limit, None) or []


def _walk_customers(
    plan: Plan, sort: Sort, place: Place, limit: int, steps: int | None
) -> list[tuple[int, Any]] | None:
    """Customers in an order that an index of theirs keeps; None where `steps` of it were not enough."""
    end: Place = None
    if steps is not None:
        where, parameters = _behind(sort, place)
        way = "DESC" if sort.descending else "ASC"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {sort.column}, {sort.key} FROM {C} WHERE {where} "
                f"ORDER BY {sort.column} {way}, {sort.key} {way} LIMIT 1 OFFSET {steps:d}",
                parameters,
            )
            end = cursor.fetchone()
    found = _phase(plan, sort, place, limit, empty=False, till=end)
    return None if end is not None and len(found) < limit else found


def _walk(plan: Plan, sort: Sort, place: Place, limit: int, steps: int | None) -> list[tuple[int, Any]] | None:
    """Customers in the order of their places behind `place`; None where `steps` places of a part were not enough."""
    assert sort.place is not None
    kind, answered = _walked_kind(plan.conditions, sort.place)
    path, path_parameters = _path(plan, kind, answered, sort, place)
    others = [one for one in plan.conditions if one not in answered]
    join = "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"
    source = f"{join} {C} ON {C}.id = p.customer"
    if any(one.of_standing for one in others):
        source += f" {join} {S} s ON s.customer_id = p.customer"
    where, parameters = [plan.scope], [*plan.scope_parameters]
    for one in others:
        # What only asks for the number is asked of the place, before its customer's row is looked up.
        column = "p.customer" if one.column == f"{C}.id" else _column(one, plan, sort)
        where.append(one.sql.format(column))
        parameters += one.parameters
    rows: list[tuple[int, float]] = []
    with connection.cursor() as cursor:
        for part in _parts(kind, answered):
            begun = [part, *path_parameters]
            end = _end(cursor, path, begun, sort, steps)
            till = f" AND (p.value, p.customer) {'>' if sort.descending else '<'} (%s, %s)" if end else ""
            cursor.execute(
                f"SELECT p.customer, p.value FROM scoring_place p {source} "
                f"WHERE {path}{till} AND {' AND '.join(where)} "
                f"ORDER BY {_order(sort)} LIMIT {int(limit)}",
                [*begun, *(end or ()), *parameters],
            )
            found = cursor.fetchall()
            if end and len(found) < limit:
                return None
            rows += found
    rows.sort(key=lambda row: (row[1], row[0]), reverse=sort.descending)
    return [(int(number), places.value_of(sort.place, value)) for number, value in rows[:limit]]


def _end(cursor: Any, path: str, begun: Sequence[Any], sort: Sort, steps: int | None) -> tuple[float, int] | None:
    """The place that so many steps lead to; None where the path ends before it, or may be walked to its end."""
    if steps is None:
        return None
    sql = (
        f"SELECT p.value, p.customer FROM scoring_place p WHERE {path} ORDER BY {_order(sort)} LIMIT 1 OFFSET {steps:d}"
    )
    cursor.execute(sql, begun)
    found: tuple[float, int] | None = cursor.fetchone()
    return found


def _order(sort: Sort) -> str:
    way = "DESC" if sort.descending else "ASC"
    return f"p.value {way}, p.customer {way}"


def _path(
    plan: Plan, kind: places.Kind, answered: Sequence[Condition], sort: Sort, place: Place
) -> tuple[str, list[Any]]:
    """What holds for the places of a part (its number is the first parameter, left to be put there) behind `place`."""
    where = [f"p.generation = {plan.generation:d}", f"p.kind = {kind.code:d}", "p.part = %s"]
    parameters: list[Any] = []
    if kind.part:
        where.append(f"p.value > {places.KNOWN!r}")
    for sign, number in [end for one in answered for end in one.range]:
        where.append(f"p.value {sign} %s")
        parameters.append(number)
    if place is not None:
        where.append(f"(p.value, p.customer) {'<' if sort.descending else '>'} (%s, %s)")
        parameters += [places.number_of(place[0]), place[1]]
    return " AND ".join(where), parameters


def _parts(kind: places.Kind, answered: Sequence[Condition]) -> Sequence[int]:
    """Which parts of an order are walked."""
    codes = [code for one in answered for code in one.codes]
    return [part for code in codes if (part := places.part_of(kind, code)) is not None] if codes else kind.parts


def _excludes_empty(plan: Plan, sort: Sort) -> bool:
    return any(c.column == sort.column for c in plan.conditions)


def _phase(
    plan: Plan, sort: Sort, place: Place, limit: int, *, empty: bool, till: Place = None
) -> list[tuple[int, Any]]:
    """Customers with a value in order of it, as far as `till`; or those without in order of their numbers."""
    where, parameters = _where(plan, sort, place, empty=empty)
    if till is not None:
        where += f" AND ({sort.column}, {sort.key}) {'>' if sort.descending else '<'} (%s, %s)"
        parameters += till
    way = "DESC" if sort.descending else "ASC"
    key = f"{C}.id" if empty else sort.key
    order = f"{key} {way}" if empty else f"{sort.column} {way}, {key} {way}"
    value = "NULL" if empty else sort.column
    source, given = _source(plan, sort, empty=empty)
    sql = f"{given}SELECT {key}, {value} FROM {source} WHERE {where} ORDER BY {order} LIMIT {int(limit)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(plan.gather.gathers if plan.gather else ()), *parameters])
        return [(int(number), value) for number, value in cursor.fetchall()]


def _source(plan: Plan, sort: Sort, *, empty: bool) -> tuple[str, str]:
    """(FROM, WITH): which table leads. On SQLite CROSS JOIN keeps the order of tables as written."""
    join = "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"
    # Whom nobody has scored yet has no standing, and belongs to the empty.
    standing = "JOIN" if any(c.of_standing for c in plan.conditions) else "LEFT JOIN"
    needed = sort.of_standing or standing == "JOIN"
    of = f"ON s.customer_id = {C}.id"
    if plan.gather is not None:
        given = f"WITH gathered(id) AS MATERIALIZED (SELECT DISTINCT * FROM ({plan.gather.ids}) AS found) "
        source = f"gathered {join} {C} ON {C}.id = gathered.id"
        if needed:
            source += f" {'LEFT JOIN' if empty and standing == 'LEFT JOIN' else join} {S} s {of}"
        return source, given
    if not needed:
        return C, ""
    return f"{C} {'LEFT JOIN' if standing == 'LEFT JOIN' else join} {S} s {of}", ""


def _where(plan: Plan, sort: Sort, place: Place, *, empty: bool) -> tuple[str, list[Any]]:
    parts, parameters = [plan.scope], list(plan.scope_parameters)
    for one in plan.conditions:
        if one is plan.gather:
            continue
        parts.append(one.sql.format(_column(one, plan, sort)))
        parameters += one.parameters
    less = "<" if sort.descending else ">"
    if empty:
        if plan.generation is not None:  # before the first scoring has ended nobody is in order yet
            parts.append(f"{sort.column} IS NULL")
        if place is not None:
            parts.append(f"{C}.id {less} %s")
            parameters.append(place[1])
    else:
        if sort.nullable:
            parts.append(f"{sort.column} IS NOT NULL")
        behind, further = _behind(sort, place)
        parts.append(behind)
        parameters += further
    return " AND ".join(parts), parameters


def _behind(sort: Sort, place: Place) -> tuple[str, list[Any]]:
    """What holds for those who stand behind `place` in the order."""
    if place is None:
        return "1 = 1", []
    less = "<" if sort.descending else ">"
    sql = f"{sort.column} {less}= %s AND ({sort.column} {less} %s OR {sort.key} {less} %s)"
    return sql, [place[0], place[0], place[1]]


def _column(condition: Condition, plan: Plan, sort: Sort) -> str:
    """The column of a condition; on SQLite with a sign before it that keeps other indexes than the order's away."""
    if connection.vendor != "sqlite" or (condition.column == sort.column and plan.gather is None):
        return condition.column
    return f"+{condition.column}"


@steered()
def number_of(plan: Plan, most: int) -> int:
    """How many customers there are, counted up to `most`."""
    if plan.gather is None:
        plan = replace(plan, gather=_rarest(plan.candidates, MANY))
    source, given, where, parameters = _counted(plan)
    sql = f"{given}SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT {int(most)}) AS counted"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


@steered()
def number_among(plan: Plan, ids: Sequence[int]) -> int:
    """How many of these customers belong to the list."""
    scope, scope_parameters = plan.scope, plan.scope_parameters
    parts, parameters = [scope], list(scope_parameters)
    for one in plan.conditions:
        parts.append(one.sql.format(one.column))
        parameters += one.parameters
    needed = any(c.of_standing for c in plan.conditions)
    source = f"{C} JOIN {S} s ON s.customer_id = {C}.id" if needed else C
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        sql = f"SELECT count(*) FROM {source} WHERE {C}.id IN ({marks}) AND {' AND '.join(parts)}"
        cursor.execute(sql, [*ids, *parameters])
        return int(cursor.fetchone()[0])


def _counted(plan: Plan) -> tuple[str, str, str, list[Any]]:
    by = Sort(f"{C}.id", (int,), nullable=False)
    source, given = _source(plan, by, empty=False)
    where, parameters = _where(plan, by, None, empty=False)
    return source, given, where, [*(plan.gather.gathers if plan.gather else ()), *parameters]
