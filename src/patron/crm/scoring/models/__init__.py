"""Records of scoring."""

from patron.crm.scoring.models.refresh import Refresh, ScoringSettings
from patron.crm.scoring.models.standing import HandStage, StageChange, Standing

__all__ = ["HandStage", "Refresh", "ScoringSettings", "StageChange", "Standing"]
