"""A run: every customer's scores with the card that says what they rest on. Saved whole, opened again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from patron.errors import InputError
from patron.study.settings import Settings
from patron.words import Text

if TYPE_CHECKING:
    from patron.study.fits import Fits
    from patron.study.pictures import Picture

REPORT = "report.html"


class Run:
    """What `analyze` found.

    `scores`: one row a customer (columns in docs/figures.md). `card`, `figures`: card.json and figures.json as
    dicts. `summary`: tables.SUMMARY the scores were made from. `fits`: the fitted parts. `rejected`: path of the
    CSV with the rows that could not be used, or None.
    """

    def __init__(
        self,
        scores: pa.Table,
        card: Mapping[str, Any],
        figures: Mapping[str, Any],
        summary: pa.Table,
        fits: Fits,
        rejected: Path | None = None,
    ) -> None:
        self.scores, self.card, self.figures = scores, dict(card), dict(figures)
        self.summary, self.fits, self.rejected = summary, fits, rejected

    @cached_property
    def settings(self) -> Settings:
        """Day, horizons and money settings of the run."""
        return Settings.from_json(self.card["settings"])

    def plot(self, name: str, lang: str = "en") -> Picture:
        """A picture of the run: stages, months, concentration, cohorts, rfm, clv, calibration, reliability, tracking.

        In a notebook it shows itself; `.save('x.svg')` keeps it, `.table` holds its numbers. Raises UsageError for a
        name that is none.
        """
        from patron.study.pictures import plot

        return plot(name, self.figures, lang)

    def report(self, lang: str = "en") -> str:
        """The report as one HTML page."""
        from patron.study.report import render

        return render(self.scores, self.card, self.figures, lang=lang)

    def save(self, folder: str | Path, lang: str = "en") -> Path:
        """Write the run folder and return the path of its report. The folder must be new or empty.

        Files are written beside it first and moved into place together: the folder is whole or not there.
        """
        from patron.study.saving import write

        return write(self, Path(folder), lang)

    @staticmethod
    def open(folder: str | Path) -> OpenedRun:
        """The run that `save` wrote."""
        return open_run(folder)

    def __repr__(self) -> str:
        s = self.card["settings"]
        return f"<patron.Run of {self.scores.num_rows} customers as of {s['as_of']}, {self.card['chosen']['purchase']}>"


class OpenedRun(Run):
    """A run in a folder; tables and parts are read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = _json(folder, "card.json")
        self.figures = _json(folder, "figures.json")

    @cached_property
    def scores(self) -> pa.Table:
        """One row a customer."""
        return self._table("scores.parquet")

    @cached_property
    def summary(self) -> pa.Table:
        """tables.SUMMARY behind the scores."""
        return self._table("parts/summary.parquet")

    @cached_property
    def fits(self) -> Fits:  # type: ignore[override]
        """The fitted parts."""
        from patron.study.fits import load

        return load(self.folder / "parts")

    @property
    def rejected(self) -> Path | None:  # type: ignore[override]
        """rejected.csv."""
        file = self.folder / "rejected.csv"
        return file if file.exists() else None

    def write_report(self, lang: str = "en") -> Path:
        """Render report.html anew in its place."""
        from patron.study.saving import replace_text

        return replace_text(self.folder / REPORT, self.report(lang))

    def _table(self, name: str) -> pa.Table:
        try:
            return pq.read_table(self.folder / name)
        except (OSError, pa.ArrowInvalid) as error:
            raise _broken(self.folder / name, error) from error


def open_run(folder: str | Path) -> OpenedRun:
    """The run in `folder`. Raises InputError where there is none or it can't be read."""
    return OpenedRun(Path(folder))


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(folder / name, error) from error
    return found


def _broken(file: Path, error: Exception) -> InputError:
    return InputError(
        Text(
            f"no run can be read here ({type(error).__name__}).",
            f"此处没有可读取的运行结果（{type(error).__name__}）。",
        ),
        file=str(file),
        remedy=Text("Name a folder that patron analyze wrote.", "请指定 patron analyze 写出的目录。"),
    )
