"""Everything that scoring stands on: fitted models, those in use, shocks, levels, cut points. Saved, reloaded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import InputError
from patron.lifecycle.maths.conformal import ConformalLevels
from patron.lifecycle.models.base import Fitted
from patron.lifecycle.models.catalogue import model
from patron.lifecycle.models.purchase.base import CountFitted
from patron.lifecycle.models.purchase.gamma_gamma import SpendFitted
from patron.lifecycle.models.purchase.shocks import Shocks
from patron.lifecycle.models.value import margin as margins
from patron.lifecycle.models.value.abc import Abc, FittedAbc
from patron.lifecycle.models.value.margin import MarginRate
from patron.lifecycle.models.value.rfm import FittedRfm, Rfm
from patron.study.backtest import Backtest, Buyers
from patron.study.parts import read_parts, write_parts
from patron.study.settings import Settings
from patron.study.tracking import Flow, common_shocks
from patron.words import Text

ALIVE = ("pareto_nbd", "mbg_nbd")
"""Whose P(alive) is shown: the chosen model's if it is one of these, else the last. Never BG/NBD's."""

LITTLE_CUSTOMERS, LITTLE_REPEATERS = 100, 30
"""Fewer buyers or repeat buyers than this and the figures are called too little data, whatever the models say."""
ENOUGH_REPEATERS = 100
"""From here on a prior in one direction of the parameters is a note, not a label."""


@dataclass(frozen=True)
class Fits:
    """Fitted models by name, the ones in use, and what corrects and completes them."""

    counts: Mapping[str, CountFitted]
    spends: Mapping[str, SpendFitted]
    purchase: str
    spend: str
    shocks: Shocks
    count_levels: ConformalLevels
    value_levels: ConformalLevels
    rfm: FittedRfm
    abc: FittedAbc
    margin: MarginRate | None
    value_basis: str
    too_little: Sequence[Text]

    @property
    def chosen(self) -> CountFitted:
        """The model of purchase counts in use."""
        return self.counts[self.purchase]

    @property
    def chosen_spend(self) -> SpendFitted:
        """The model of money an occasion in use."""
        return self.spends[self.spend]

    @property
    def alive(self) -> CountFitted:
        """The model whose P(alive) is shown."""
        return self.counts[self.purchase if self.purchase in ALIVE else ALIVE[-1]]


def fit(
    summary: pa.Table,
    seen: Flow,
    backtest: Backtest,
    settings: Settings,
    models: tuple[dict[str, CountFitted], dict[str, SpendFitted]],
    chosen: tuple[str, str],
    levels: tuple[ConformalLevels, ConformalLevels],
) -> Fits:
    """What scoring needs: the `models` (counts, money) fitted on the summary, and all that hangs on them."""
    buyers = Buyers.of(summary)
    counts, spends = models
    has_cost = summary.column("cost").null_count < summary.num_rows
    if has_cost:
        rate: MarginRate | None = margins.fit(summary)
    else:
        rate = margins.stated(settings.margin) if settings.margin is not None else None
    repeaters = int((buyers.x > 0).sum())
    too_little: list[Text] = []
    if len(buyers.x) < LITTLE_CUSTOMERS:
        who = "customer has" if len(buyers.x) == 1 else "customers have"
        too_little.append(Text(f"Only {len(buyers.x)} {who} bought.", f"只有 {len(buyers.x)} 位客户购买过。"))
    if repeaters < LITTLE_REPEATERS:
        who = "customer" if repeaters == 1 else "customers"
        too_little.append(
            Text(f"Only {repeaters} {who} bought more than once.", f"只有 {repeaters} 位客户购买过一次以上。")
        )
    if not backtest.origins:
        too_little.append(backtest.plan.why)
    if counts[chosen[0]].shrunken and repeaters < ENOUGH_REPEATERS:
        too_little.extend(counts[chosen[0]].notes)
    return Fits(
        counts,
        spends,
        *chosen,
        common_shocks(counts[chosen[0]], seen),
        *levels,
        Rfm().fit(summary),
        Abc("margin").fit(with_whole_cost(summary, rate)) if rate and has_cost else Abc("revenue").fit(summary),
        rate,
        "margin" if rate is not None else "revenue",
        tuple(too_little),
    )


def with_whole_cost(summary: pa.Table, rate: MarginRate) -> pa.Table:
    """The summary with unknown costs at the base's rate, for classes by margin: unknown is not free of charge."""
    at = summary.schema.get_field_index("cost")
    usual = pc.multiply(summary.column("revenue"), 1 - rate.rate)
    return summary.set_column(at, "cost", pc.coalesce(summary.column("cost"), usual))


def save(fits: Fits, folder: Path) -> None:
    """Write `parts/`: one JSON and one npz a model, and `fits.json`. No pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    fitted: dict[str, Fitted | FittedRfm | FittedAbc] = {**fits.counts, **fits.spends, "rfm": fits.rfm, "abc": fits.abc}
    for name, one in fitted.items():
        write_parts(folder / name, one.parts())
    rest = {
        "counts": list(fits.counts),
        "spends": list(fits.spends),
        "purchase": fits.purchase,
        "spend": fits.spend,
        "shocks": fits.shocks.to_json(),
        "count_levels": fits.count_levels.as_json(),
        "value_levels": fits.value_levels.as_json(),
        "margin": None if fits.margin is None else [fits.margin.rate, fits.margin.kappa],
        "value_basis": fits.value_basis,
        "too_little": [{"en": t.en, "zh": t.zh} for t in fits.too_little],
    }
    (folder / "fits.json").write_text(json.dumps(rest, ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path) -> Fits:
    """Read what `save` wrote. Raises InputError where the folder holds no (whole) set of parts."""
    try:
        saved: dict[str, Any] = json.loads((folder / "fits.json").read_text(encoding="utf-8"))
        return Fits(
            {n: cast(CountFitted, model(n).restore(read_parts(folder / n))) for n in saved["counts"]},
            {n: cast(SpendFitted, model(n).restore(read_parts(folder / n))) for n in saved["spends"]},
            saved["purchase"],
            saved["spend"],
            Shocks.from_json(saved["shocks"]),
            ConformalLevels.from_json(saved["count_levels"]),
            ConformalLevels.from_json(saved["value_levels"]),
            Rfm().restore(read_parts(folder / "rfm")),
            Abc().restore(read_parts(folder / "abc")),
            None if saved["margin"] is None else MarginRate(*saved["margin"]),
            saved["value_basis"],
            tuple(Text(t["en"], t["zh"]) for t in saved["too_little"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            Text(f"the parameters of this run can't be read ({error}).", f"无法读取此次运行的参数（{error}）。"),
            file=str(folder),
            remedy=Text("Name a folder that patron analyze wrote.", "请指定 patron analyze 写出的目录。"),
        ) from error
