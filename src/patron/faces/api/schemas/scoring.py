"""Shapes of scores, lists with scores, models and refreshes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from patron.crm.scoring.queries import SORTS, Filters
from patron.faces.api.schemas.customers import Found
from patron.faces.api.values import MOST, Count, Day, Given, Moment, Money, Number, Said, Shown, Sum
from patron.lifecycle.decisions.rules import STAGES
from patron.lifecycle.models.value.rfm import SEGMENTS

if TYPE_CHECKING:
    Stage: TypeAlias = str
    Segment: TypeAlias = str
    Sort: TypeAlias = str
else:  # the choices are those of the rules; a type checker can't follow them there
    Stage = Literal[tuple(STAGES)]
    Segment = Literal[tuple(SEGMENTS)]
    Sort = Literal[tuple(SORTS)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Id = Annotated[int, Field(ge=1, le=MOST)]


class FilterParams(BaseModel):
    """Which customers: everything that is given must hold; `stage`, `segment`, `abc` may be repeated: any of them."""

    model_config = ConfigDict(extra="forbid")

    stage: Annotated[list[Stage] | None, Field(description="any of these stages")] = None
    segment: Annotated[list[Segment] | None, Field(description="any of these RFM segments")] = None
    abc: Annotated[list[Literal["A", "B", "C"]] | None, Field(description="any of these classes")] = None
    owner_id: Annotated[int, Field(ge=0, le=MOST, description="0: nobody's")] | None = None
    team_id: Id | None = None
    tag: Annotated[str, Field(max_length=60)] | None = None
    clv_from: Money | None = None
    clv_to: Money | None = None
    revenue_from: Money | None = None
    revenue_to: Money | None = None
    value_at_risk_from: Money | None = None
    value_at_risk_to: Money | None = None
    risk_from: Share | None = None
    risk_to: Share | None = None
    first_order_from: Day | None = None
    first_order_to: Day | None = None
    last_order_from: Day | None = None
    last_order_to: Day | None = None
    created_from: Moment | None = None
    created_before: Moment | None = None
    kind: Literal["person", "organisation"] | None = None
    channel: Annotated[str, Field(max_length=80)] | None = None
    text: Annotated[str, Field(max_length=200, description="any part of a name, phone or e-mail")] | None = None

    def filters(self) -> Filters:
        """As the list takes them."""
        given = {name: value for name, value in self if value is not None}
        for one, many in (("stage", "stages"), ("segment", "segments"), ("abc", "abc")):
            if one in given:
                given[many] = tuple(given.pop(one))
        return Filters(**given)


class Standing(Shown):
    """Where a customer stands as of a day; money in base currency, chances from 0 to 1, null is unknown."""

    customer_id: Number
    as_of: Day
    horizon_days: Count
    clv_horizon_days: Count
    stage: Stage
    stage_since: Day | None
    stage_by_hand: bool
    orders: Count
    first_order: Day | None
    last_order: Day | None
    recency_days: int | None
    usual_gap: float | None
    revenue: Sum
    margin: Sum | None
    value_basis: str
    r: int | None
    f: int | None
    m: int | None
    rfm_segment: str
    abc: str
    health: float | None
    expected_purchases: float | None
    expected_purchases_low: float | None
    expected_purchases_high: float | None
    expected_purchases_low95: float | None
    expected_purchases_high95: float | None
    p_purchase: float | None
    p_alive: float | None
    churn_risk: float | None
    clv: Sum | None
    clv_low: Sum | None
    clv_high: Sum | None
    clv_low95: Sum | None
    clv_high95: Sum | None
    value_at_risk: Sum | None
    label: str
    reason_en: str
    reason_zh: str
    next_step: str


class Ranked(Found):
    """A customer of a list and where they stand; null before the first scoring."""

    standing: Standing | None


class HowMany(Shown):
    """How many customers; `exact` is false for an estimate."""

    number: Count
    exact: bool


class NewStage(Given):
    """A stage set by hand; it holds until the customer's next fact."""

    stage: Stage


class StageChange(Shown):
    """A move from one stage to another; `before` is empty for the first."""

    id: Number
    before: str
    after: str
    day: Day
    by_name: str
    reason_en: str
    reason_zh: str


class RefreshInShort(Shown):
    """A scoring of everybody, and how far it is."""

    id: Number
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    asked: str
    step: dict[str, str]
    share: float
    as_of: Day | None
    horizon_days: int | None
    clv_horizon_days: int | None
    customers: int | None
    error: Said | None
    made_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    by_name: str


class NewRefresh(Given):
    """Score everybody anew, as of a day (today, if none is given)."""

    as_of: Day | None = None


class Settings(Shown):
    """How the models are set; an empty horizon is derived from the data."""

    horizon_days: int | None
    clv_horizon_days: int
    discount: float
    margin: float | None
    at_risk_health: float
    lapsed_health: float
    lapsed_recency: float
    loyal_frequency: int
    loyal_tenure: float


Limit = Annotated[float, Field(allow_inf_nan=False, ge=0, le=10_000)]


class Thresholds(Given):
    """Thresholds of the stages; what is left out stays."""

    at_risk_health: Limit | None = None
    lapsed_health: Limit | None = None
    lapsed_recency: Limit | None = None
    loyal_frequency: Limit | None = None
    loyal_tenure: Limit | None = None


class SettingsChange(Thresholds):
    """Settings of the models; what is left out stays, null empties a horizon or the margin."""

    horizon_days: Limit | None = None
    clv_horizon_days: Limit | None = None
    discount: Limit | None = None
    margin: Limit | None = None


class Refresh(RefreshInShort):
    """A scoring with its card (parameters, backtest, calibration) and figures; null while there are none."""

    card: dict[str, Any] | None
    figures: dict[str, Any] | None


class Change(StageChange):
    """A move from one stage to another, and whose it was."""

    customer_id: Number


class Overview(Shown):
    """What happens in the customer base; figures are null or empty before the first scoring."""

    refresh: RefreshInShort | None
    running: RefreshInShort | None
    currency: str
    value_basis: str
    figures: dict[str, Any]
    concentration: dict[str, Any] | None
    cohorts: dict[str, Any] | None
    lately: list[Change]


class Models(Shown):
    """What the scores rest on: the card and figures of the last scoring, the test in words, and the settings."""

    refresh: RefreshInShort | None
    card: dict[str, Any] | None
    figures: dict[str, Any] | None
    words: list[str]
    settings: Settings


class Move(Shown):
    """So many customers would go from one stage to another."""

    before: Stage
    after: Stage
    customers: Count


class Moves(Shown):
    """How many of how many customers would change stage."""

    customers: Count
    moved: Count
    moves: list[Move]


class Occasion(Shown):
    """A day with a purchase and its net money in base currency."""

    day: Day
    revenue: float


class Purchases(Shown):
    """Purchases of a customer over time; `ahead` is what the model expects, absent before the first scoring."""

    as_of: Day
    currency: str
    orders: list[Occasion]
    ahead: Any = None
    low: float | None = None
    high: float | None = None
