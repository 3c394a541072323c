"""How many customers would change stage under other thresholds: the rules of the stages, said in the database's words.

The rules themselves are lifecycle.decisions.rules; that both agree on every row is tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, ExpressionWrapper, F, FloatField, Q, Value, When
from django.db.models.expressions import Combinable

from patron.crm.customers.scope import visible
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor, Scope
from patron.crm.kit.problems import Invalid
from patron.crm.scoring.models import ScoringSettings, Standing
from patron.crm.scoring.rules import THRESHOLDS, checked
from patron.lifecycle.decisions.rules import DEFAULT
from patron.words import Text


@dataclass(frozen=True)
class Move:
    """So many customers would go from one stage to another."""

    before: str
    after: str
    customers: int


@dataclass(frozen=True)
class Moves:
    """What thresholds would do: how many of how many move, and from where to where, most first."""

    customers: int
    moved: int
    moves: Sequence[Move]


@query("scoring.view")
def would_move(*, actor: Actor, **thresholds: Any) -> Moves:
    """Who would change stage under these thresholds (the others as they are set). Exact, as of the last refresh.

    Stages set by hand stay. Raises Invalid for what is no threshold, or out of range.
    """
    strange = [name for name in thresholds if name not in THRESHOLDS]
    if strange:
        wrong = Text(f"One of: {', '.join(THRESHOLDS)}.", f"可选：{'、'.join(THRESHOLDS)}。")
        raise Invalid(dict.fromkeys(strange, wrong))
    current = ScoringSettings.current()
    wanted = {name: getattr(current, name) for name in THRESHOLDS} | checked(thresholds)
    found = Standing.objects.all() if actor.scope == Scope.ALL else Standing.objects.filter(customer__in=visible(actor))
    rows = found.annotate(then=stage_of(wanted)).order_by().values_list("stage", "then").annotate(n=Count("pk"))
    pairs = list(rows)
    moves = [Move(before, after, n) for before, after, n in pairs if before != after]
    moves.sort(key=lambda move: (-move.customers, move.before, move.after))
    return Moves(sum(n for *_, n in pairs), sum(move.customers for move in moves), moves)


def stage_of(thresholds: dict[str, Any]) -> Case:
    """The stage of a standing under these thresholds: the first rule that holds."""
    silent = _horizons(thresholds["lapsed_recency"])
    collapsed = thresholds["lapsed_health"]
    came_back = Q(orders__gt=1, last_gap__gt=_one_more(silent), health_before__lt=collapsed)
    rules = [
        (Q(stage_by_hand=True), F("stage")),
        (Q(orders=0, interest=True), Value("lead")),
        (Q(orders=0), Value("prospect")),
        (came_back & Q(recency_days__lte=_horizons(DEFAULT.won_back_recency)), Value("won_back")),
        (Q(recency_days__gt=silent, health__lt=collapsed), Value("lapsed")),
        (Q(health__lt=thresholds["at_risk_health"]), Value("at_risk")),
        (Q(orders=1), Value("new")),
        (
            Q(f__gte=thresholds["loyal_frequency"], tenure_days__gte=_horizons(thresholds["loyal_tenure"])),
            Value("loyal"),
        ),
    ]
    whens = [When(holds, then=stage) for holds, stage in rules]
    return Case(*whens, default=Value("active"), output_field=CharField())


def _horizons(number: float) -> Combinable:
    """So many horizons, in days."""
    return ExpressionWrapper(F("horizon_days") * Value(float(number)), output_field=FloatField())


def _one_more(days: Combinable) -> Combinable:
    """The silence on the eve of an occasion is a day shorter than the gap before it."""
    return ExpressionWrapper(days + Value(1.0), output_field=FloatField())
