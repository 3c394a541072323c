"""Pure decisions of scoring: what settings can be, what a stage set by hand can be, and what comes next then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patron.crm.kit.problems import Invalid
from patron.lifecycle.decisions.keep import STEP_BY_STAGE
from patron.lifecycle.decisions.rules import STAGES
from patron.words import Text

# field: (least, most, whole numbers only, may be empty)
LIMITS: dict[str, tuple[float, float, bool, bool]] = {
    "horizon_days": (7, 1_826, True, True),
    "clv_horizon_days": (28, 3_653, True, False),
    "discount": (0.0, 1.0, False, False),
    "margin": (0.0, 1.0, False, True),
    "at_risk_health": (0.01, 1.0, False, False),
    "lapsed_health": (0.01, 1.0, False, False),
    "lapsed_recency": (0.1, 10.0, False, False),
    "loyal_frequency": (1, 5, True, False),
    "loyal_tenure": (0.0, 20.0, False, False),
}
"""What each setting can be. Horizons in days, healths as shares, recency and tenure in horizons."""
THRESHOLDS = ("at_risk_health", "lapsed_health", "lapsed_recency", "loyal_frequency", "loyal_tenure")


def checked(fields: Mapping[str, Any]) -> dict[str, float | int | None]:
    """The settings as numbers. Raises Invalid, naming every field that is unknown or out of range."""
    values: dict[str, float | int | None] = {}
    wrong: dict[str, Text] = {}
    for name, given in fields.items():
        if name not in LIMITS:
            wrong[name] = Text(f"There is no setting '{name}'.", f"没有名为“{name}”的设置。")
            continue
        found = _number(given, *LIMITS[name])
        if isinstance(found, Text):
            wrong[name] = found
        else:
            values[name] = found
    if wrong:
        raise Invalid(wrong)
    return values


def _number(given: Any, least: float, most: float, whole: bool, empty: bool) -> float | int | Text | None:
    """The number that was given, or why it is none."""
    if given is None or given == "":
        return None if empty else Text("This can't be empty.", "不能为空。")
    try:
        value = float(given)
    except (TypeError, ValueError):
        return Text("This is not a number.", "不是数字。")
    if not least <= value <= most or (whole and value != int(value)):
        between = f"{least:g} … {most:g}"
        if whole:
            return Text(f"A whole number, {between}.", f"请输入 {between} 之间的整数。")
        return Text(f"A number, {between}.", f"请输入 {between} 之间的数。")
    return int(value) if whole else value


def refused_stage(stage: str) -> Text | None:
    """Why a stage can't be set by hand; None where it can."""
    if stage in STAGES:
        return None
    names = ", ".join(STAGES)
    return Text(f"There is no stage '{stage}'; there are {names}.", f"没有名为“{stage}”的阶段，可选：{names}。")


def step_of(stage: str, abc: str) -> str:
    """Code of the next step for a stage: class A and B are worth a person's time."""
    return STEP_BY_STAGE[stage][0 if abc in {"A", "B"} else 1]
