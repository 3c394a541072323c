"""Every read of scoring worth a name."""

from patron.crm.scoring.queries.export import export_customers
from patron.crm.scoring.queries.filters import SORTS, Filters
from patron.crm.scoring.queries.lists import Count, Listed, count_customers, customer_ids, list_customers
from patron.crm.scoring.queries.purchases import purchases_over_time
from patron.crm.scoring.queries.standing import hand_stage, stage_changes, standing

__all__ = [
    "SORTS",
    "Count",
    "Filters",
    "Listed",
    "count_customers",
    "customer_ids",
    "export_customers",
    "hand_stage",
    "list_customers",
    "purchases_over_time",
    "stage_changes",
    "standing",
]
