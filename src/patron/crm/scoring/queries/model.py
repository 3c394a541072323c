"""What the scores rest on: card and figures of the last refresh, and how good the model was, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.scoring.models import Refresh, ScoringSettings
from patron.crm.scoring.proof import backtest_words
from patron.crm.scoring.queries.overview import newest_refresh
from patron.words import Text


@dataclass(frozen=True)
class ModelPage:
    """The last refresh; its card (docs/run-folder.md) and figures, None where nobody has bought; the test in words."""

    refresh: Refresh | None
    card: dict[str, Any] | None
    figures: dict[str, Any] | None
    words: Sequence[Text]
    settings: ScoringSettings


@query("scoring.view")
def model_page(*, actor: Actor) -> ModelPage:
    """Parameters, backtest, calibration and tracking of the models in use, with what they mean."""
    del actor
    refresh = newest_refresh()
    card = refresh.card if refresh else None
    figures = refresh.figures if refresh else None
    return ModelPage(refresh, card, figures, backtest_words(card) if card else [], ScoringSettings.current())
