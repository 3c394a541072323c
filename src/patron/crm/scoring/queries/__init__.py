"""Every read of scoring worth a name."""

from patron.crm.scoring.queries.earlier import earlier_refreshes
from patron.crm.scoring.queries.export import export_customers
from patron.crm.scoring.queries.filters import SORTS, Filters
from patron.crm.scoring.queries.lists import Count, count_customers, customer_ids, list_customers
from patron.crm.scoring.queries.model import ModelPage, model_page
from patron.crm.scoring.queries.moving import Move, Moves, would_move
from patron.crm.scoring.queries.overview import Overview, get_refresh, overview, running_refresh
from patron.crm.scoring.queries.purchases import purchases_over_time
from patron.crm.scoring.queries.rows import Listed
from patron.crm.scoring.queries.standing import hand_stage, stage_changes, standing

__all__ = [
    "SORTS",
    "Count",
    "Filters",
    "Listed",
    "ModelPage",
    "Move",
    "Moves",
    "Overview",
    "count_customers",
    "customer_ids",
    "earlier_refreshes",
    "export_customers",
    "get_refresh",
    "hand_stage",
    "list_customers",
    "model_page",
    "overview",
    "purchases_over_time",
    "running_refresh",
    "stage_changes",
    "standing",
    "would_move",
]
