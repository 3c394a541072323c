"""What a run was asked for: the settings that, with the input, decide every figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from patron.lifecycle.decisions.rules import DEFAULT, StageSettings


@dataclass(frozen=True)
class Settings:
    """Day, horizons, money settings and thresholds of the stages of a run.

    Horizons in days, `discount` per year, `margin` a share of revenue.
    """

    as_of: date
    horizon_days: int
    clv_horizon_days: int = 364
    discount: float = 0.1
    margin: float | None = None
    currency: str | None = None
    timezone: str | None = None
    seed: int = 0
    stages: StageSettings = DEFAULT

    @property
    def horizon(self) -> float:
        """The purchase and churn horizon in weeks."""
        return self.horizon_days / 7

    @property
    def clv_horizon(self) -> float:
        """The CLV horizon in weeks."""
        return self.clv_horizon_days / 7

    def to_json(self) -> dict[str, Any]:
        """Plain values for the card."""
        return asdict(self) | {"as_of": self.as_of.isoformat()}

    @staticmethod
    def from_json(saved: dict[str, Any]) -> Settings:
        """The inverse of `to_json`."""
        stages = StageSettings(**saved.get("stages", {}))
        return Settings(**(saved | {"as_of": date.fromisoformat(saved["as_of"]), "stages": stages}))
