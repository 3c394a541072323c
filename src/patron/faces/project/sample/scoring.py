"""Scores the sample base twice: as of a month before its end, then as of its end, so that it shows who has moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from patron.crm.accounts.models import Organisation
from patron.crm.kit.policy import Actor
from patron.crm.scoring import refreshing
from patron.crm.scoring.models import Refresh
from patron.crm.scoring.operations import request_refresh
from patron.errors import ResourceError
from patron.faces.project.sample.plan import LAST_DAY
from patron.words import Text

MONTH = timedelta(days=28)
EARLIER = Text("Scoring as of a month before: ", "按一个月前评分：")
NOW = Text("Scoring everybody: ", "为所有客户评分：")


def score(by: Actor, say: Callable[[Text, float], None]) -> None:
    """Both refreshes; `say` gets words and the share of this (0 … 1). Raises ResourceError where one fails."""
    shift = Organisation.current().sample_shift_days
    last = LAST_DAY + timedelta(days=shift)
    if not Refresh.objects.filter(state="done").exists():
        _refresh(by, last - MONTH, lambda step, share: say(_joined(EARLIER, step), share / 2))
    # Dates that were left where they were end years ago: such a base stands still on its last day.
    _refresh(by, None, lambda step, share: say(_joined(NOW, step), 0.5 + share / 2))


def _refresh(by: Actor, as_of: date | None, also: Callable[[Text, float], None]) -> None:
    asked = request_refresh(by=by, as_of=as_of)
    done = refreshing.run(asked.pk, as_of=as_of, also=also)
    if done.state != "done":
        error = done.error or {}
        raise ResourceError(
            Text(
                f"scoring ended as '{done.state}'. {error.get('en', '')}".strip(),
                f"评分以“{done.state}”结束。{error.get('zh', '')}",
            ),
            remedy=Text("Run the same command again: it goes on from there.", "请重新运行同一命令，将从中断处继续。"),
        )


def _joined(first: Text, then: Text) -> Text:
    return Text(first.en + then.en, first.zh + then.zh)
