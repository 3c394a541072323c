"""Any flat table, its columns: number, date, text or blank, decided over all of their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from patron.history.files.any_cells import Counts, count_cells, is_typed, missing_as_null
from patron.history.files.any_forms import (
    count_read,
    date_form,
    number_forms,
    number_sql,
    only_carefully_read,
    under_both_marks,
)
from patron.history.files.cells import Cell
from patron.history.files.date_shapes import DateForm, learn
from patron.history.files.dates import parse
from patron.history.files.numbers import NumberForm
from patron.history.files.options import ReadOptions
from patron.words import Text

NUMBERS, DATES = 0.98, 0.95  # the share of filled cells that must be read for a column to be one
CODES = 0.02  # the share of cells with leading zeros from which all are codes
SAMPLE = 2_000
KINDS = ("number", "text", "date", "blank")


@dataclass(frozen=True)
class Decided:
    """What a column is: its kind, its cells without words for missing, SQL of its values, how many cells are filled,
    how many only say that they are missing, what `fits` next best of a text column ('code', 'number', 'date'), and its
    `form`: the decimal mark of numbers, the order of day and month of dates, where it matters.
    """

    kind: str
    cell: Cell
    value: str
    filled: int
    missing: int
    fits: tuple[str, int] = ("", 0)
    form: str = ""


class Deciding:
    """The decision over the columns of one table. `told` gathers how numbers and dates are written.

    `forced`: index of a column → its kind; `before`: index → how its numbers or dates were written before. `relation`
    has all columns, those with words for missing as twins s0, s1 ….
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        relation: str,
        cells: Sequence[Cell],
        names: Sequence[str],
        forced: Mapping[int, str],
        before: Mapping[int, str],
        options: ReadOptions,
        today: date,
        comma_likely: bool,
    ) -> None:
        self._con, self._raw, self._names, self._before = con, cells, names, before
        self._options, self._today, self._comma_likely = options, today, comma_likely
        self._counts = count_cells(con, relation, cells)
        twins = {i: _twin(cell, count) for i, (cell, count) in enumerate(zip(cells, self._counts, strict=True))}
        added = "".join(f", {sql} AS s{i}" for i, sql in twins.items() if sql != cells[i].sql)
        self.relation = f"(SELECT *{added} FROM {relation})" if added else relation
        self._cells = [cell if twins[i] == cell.sql else Cell(f"s{i}", "VARCHAR") for i, cell in enumerate(cells)]
        self._forms: dict[int, DateForm] = {}
        self._marks: dict[int, str] = {}
        self._read: dict[int, list[int]] = {}
        self._fits: dict[int, tuple[str, int]] = {}
        self.told: list[Text] = []
        self._kinds = {**self._at_once(forced), **forced}

    def decide(self) -> list[Decided]:
        """What every column is."""
        for i in [i for i, kind in self._kinds.items() if kind == "date"]:
            self._forms[i] = self._date_form(i, self.told)
        undecided = [i for i in range(len(self._cells)) if i not in self._kinds]
        shaped, numeric = self._sampled(undecided)
        self._decide_numbers([*numeric, *self._decide_dates(shaped)])
        forms = self._number_forms()
        return [self._decided(i, forms) for i in range(len(self._cells))]

    def _at_once(self, forced: Mapping[int, str]) -> dict[int, str]:
        """The columns that the counts alone decide."""
        kinds = {}
        for i, (cell, count) in enumerate(zip(self._raw, self._counts, strict=True)):
            kind = _kind_at_once(cell, count)
            if kind:
                kinds[i] = kind
            if kind == "text" and count.codes and i not in forced:
                self._fits[i] = ("code", count.codes)
        return kinds

    def _sampled(self, columns: list[int]) -> tuple[list[int], list[int]]:
        """(columns that look like dates, columns that may be numbers) of a sample from all over the file."""
        shaped: list[int] = []
        others: list[int] = []
        if not columns:
            return shaped, others
        last = (self._con.execute(f"SELECT max(row) FROM {self.relation}").fetchone() or (0,))[0]
        wanted = ", ".join(f"{self._cells[i].sql} AS {self._cells[i].sql}" for i in columns)
        rows = f"FROM {self.relation} WHERE row % {max(1, last // SAMPLE)} = 0"
        self._con.execute(f"CREATE TEMP TABLE sample AS SELECT {wanted} {rows}")
        for i in columns:
            texts = self._texts(i, "sample") or self._texts(i, self.relation)  # too few to be met by chance: all speak
            alike = sum(map(_date_shaped, texts)) >= 0.5 * len(texts)
            (shaped if alike else others).append(i)
        filled = count_read(self._con, "sample", {i: [self._cells[i].sql] for i in others})
        fits = count_read(self._con, "sample", {i: self._as_numbers(i) for i in others})
        return shaped, [i for i in others if max(fits[i]) >= 0.5 * filled[i][0]]

    def _texts(self, i: int, relation: str) -> list[str]:
        sql = self._cells[i].sql
        found = self._con.execute(f"SELECT {sql} FROM {relation} WHERE {sql} IS NOT NULL LIMIT {SAMPLE}")
        return [str(row[0]) for row in found.fetchall()]

    def _as_numbers(self, i: int) -> list[str]:
        """SQL of its cells as numbers, under each decimal mark that it may have."""
        forced = self._options.decimal
        cell = self._cells[i]
        return [number_sql(cell, NumberForm(forced, plain=False))] if forced else under_both_marks(cell)

    def _date_form(self, i: int, told: list[Text]) -> DateForm:
        cell, name, before = self._cells[i], self._names[i], self._before.get(i, "")
        return date_form(self._con, self.relation, cell, name, self._options, self._today, told, before)

    def _decide_dates(self, columns: list[int]) -> list[int]:
        """The columns of these that are no dates after all."""
        heard: dict[int, list[Text]] = {i: [] for i in columns}
        forms = {i: self._date_form(i, heard[i]) for i in columns}
        fits = count_read(self._con, self.relation, {i: [parse(self._cells[i], forms[i], None)] for i in columns})
        for i in columns:
            if fits[i][0] >= DATES * self._counts[i].filled:
                self._kinds[i], self._forms[i] = "date", forms[i]
                self.told += heard[i]
            else:
                self._fits[i] = ("date", fits[i][0])
        return [i for i in columns if i not in self._kinds]

    def _decide_numbers(self, columns: list[int]) -> None:
        fits = self._read = count_read(self._con, self.relation, {i: self._as_numbers(i) for i in columns})
        for i in columns:
            if max(fits[i]) >= NUMBERS * self._counts[i].filled:
                self._kinds[i] = "number"
            else:
                self._fits[i] = max(self._fits.get(i, ("", 0)), ("number", max(fits[i])), key=lambda fit: fit[1])

    def _number_forms(self) -> dict[int, NumberForm]:
        """How each number is written; what is plain for certain needs no further look."""
        forced = self._options.decimal
        numbers = [i for i, kind in self._kinds.items() if kind == "number" and not is_typed(self._raw[i])]
        plain = [i for i in numbers if self._counts[i].clearly_marked and not (forced == "," and self._counts[i].dots)]
        odd = {i: self._counts[i].filled - self._counts[i].plain for i in plain if is_plain(self._counts[i])}
        read = only_carefully_read(self._con, self.relation, {i: self._cells[i] for i, cells in odd.items() if cells})
        sure = odd.keys() - read
        forms = number_forms(
            self._con,
            self.relation,
            {i: self._cells[i] for i in numbers if i not in sure},
            self._names,
            self._before,
            self._read,
            forced=forced,
            comma_likely=self._comma_likely and not any(self._counts[i].clear for i in sure),
            told=self.told,
        )
        self._marks = {i: form.decimal for i, form in forms.items()} | {i: "." for i in sure if self._counts[i].clear}
        return forms

    def _decided(self, i: int, forms: Mapping[int, NumberForm]) -> Decided:
        kind, cell, count = self._kinds.get(i, "text"), self._cells[i], self._counts[i]
        if kind == "blank":
            return Decided(kind, cell, "CAST(NULL AS DOUBLE)", count.texts, 0)
        if kind == "text":
            raw = self._raw[i].text
            value = missing_as_null(raw, vague=False) if count.technical else raw
            return Decided(kind, cell, value, count.texts, count.technical, self._fits.get(i, ("", 0)))
        if kind == "number":
            value, form = number_sql(cell, forms.get(i, NumberForm())), self._marks.get(i, "")
        else:
            value, form = parse(cell, self._forms[i], self._options.timezone), self._forms[i].order or ""
        return Decided(kind, cell, value, count.filled, count.cells - count.filled, form=form)


def _kind_at_once(cell: Cell, count: Counts) -> str | None:
    """The kind that the counts alone give; None where the cells have to be read."""
    if not count.texts:
        return "blank"
    if _of_codes(count):
        return "text"
    if is_typed(cell):
        return "number" if cell.is_number else "date"
    if not cell.is_text or not count.filled:
        return "text"
    return "number" if is_plain(count) else None


def is_plain(count: Counts) -> bool:
    """Whether the engine alone reads so many of its cells that it is a column of numbers."""
    return count.plain >= NUMBERS * count.filled


def _of_codes(count: Counts) -> bool:
    """Whether its digits are codes: more than a slip has leading zeros or too many digits, or all are equally long."""
    return count.codes > CODES * count.filled or (count.codes > 0 and count.shortest == count.longest)


def _twin(cell: Cell, count: Counts) -> str:
    """SQL of the cells as a number or a date would be read from them; the cell itself where nothing is to be done."""
    if is_typed(cell):
        return cell.sql
    sql = cell.text
    if count.technical or count.vague:
        sql = missing_as_null(sql, vague=True)
    if count.plain < count.filled:  # the engine would take 10_20 for 1020
        sql = f"CASE WHEN contains({cell.text}, '_') THEN NULL ELSE {sql} END"
    return sql


def _date_shaped(text: str) -> bool:
    """Whether it has the shape of a date, which bare digits have not for certain."""
    form = DateForm()
    learn(form, [text])
    return bool(form.fixed or form.open["dmy"])
