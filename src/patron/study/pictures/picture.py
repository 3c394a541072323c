"""A picture: a drawing in two widths, the sentence it proves, and the table it was drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
from markupsafe import Markup

from patron.errors import UsageError
from patron.study.pictures.svg import joined, line, rect, tag, text, wrap
from patron.study.pictures.theme import picture_css, tokens_css
from patron.study.pictures.voice import Voice
from patron.words import Text

WIDE, NARROW = 720, 340
"""The two widths, in pixels at which 12 px type is 12 px: a page of paper or screen, and a phone."""

Format = Callable[[object], str]


@dataclass(frozen=True)
class Shown:
    """One column of a picture's table: its name in `Picture.table`, its heading, how a cell is said."""

    name: str
    heading: str
    say: Format = str
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """One cell of a table: as it is said, and the bare figure behind it where the two differ."""

    said: str
    raw: str | None
    number: bool


@dataclass(frozen=True)
class Drawing:
    """The marks of a picture, without a frame; sizes in pixels."""

    width: float
    height: float
    marks: Markup


@dataclass(frozen=True)
class Picture:
    """What `run.plot(name)` returns.

    `title` says the finding; `unit` what is drawn, in which unit, as of which day; `about` describes the picture to
    who can't see it; `table` holds the figures as they were computed. In a notebook a picture shows itself.
    """

    name: str
    lang: str
    title: str
    unit: str
    about: str
    table: pa.Table
    columns: Sequence[Shown]
    drawings: tuple[Drawing, Drawing]
    empty: bool = False

    @property
    def wide(self) -> Drawing:
        """For a page or a screen."""
        return self.drawings[0]

    @property
    def narrow(self) -> Drawing:
        """For a phone."""
        return self.drawings[1]

    def inline(self, drawing: Drawing) -> Markup:
        """The SVG element for a page that brings the style (theme.tokens_css and theme.picture_css) itself."""
        return self._element(drawing, drawing.marks)

    @property
    def svg(self) -> str:
        """A whole SVG document: title line, unit line, drawing and style; it follows the reader's light or dark."""
        heads = wrap(self.title, WIDE - 8, 16)
        top = 22 * len(heads) + 26
        head = [text(0, 18 + 22 * i, words, "head") for i, words in enumerate(heads)]
        whole = Drawing(self.wide.width + 32, self.wide.height + top + 32, Markup(""))
        inside = tag("g", *head, text(0, top - 8, self.unit), transform="translate(16 16)")
        marks = tag("g", self.wide.marks, transform=f"translate(16 {16 + top})")
        style = tag("style", Markup(tokens_css(".pp") + picture_css()))
        back = rect(0, 0, whole.width, whole.height, "paper", rx=6)
        return str(self._element(whole, style + back + inside + marks))

    def _element(self, drawing: Drawing, marks: Markup) -> Markup:
        name = f"pp-{self.name}-{self.lang}-{drawing.width:g}"
        return tag(
            "svg",
            tag("title", self.title, id=f"{name}-t"),
            tag("desc", self.about, id=f"{name}-d"),
            marks,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {drawing.width:g} {drawing.height:g}",
            width=drawing.width,
            height=drawing.height,
            class_="pp",
            role="img",
            aria_labelledby=f"{name}-t",
            aria_describedby=f"{name}-d",
        )

    def cells(self) -> list[list[Cell]]:
        """The table row by row, every cell said in the picture's language."""
        columns = [
            [_cell(shown, value) for value in self.table.column(shown.name).to_pylist()] for shown in self.columns
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def csv(self) -> bytes:
        """The table as CSV in UTF-8, its figures bare."""
        return _csv(self.table)

    def html(self) -> str:
        """A whole HTML page with the picture and its table."""
        heads = tag("tr", *[tag("th", shown.heading, scope="col") for shown in self.columns])
        body = [tag("tr", *[tag("td", cell.said) for cell in row]) for row in self.cells()]
        table = tag("table", tag("caption", self.unit), tag("thead", heads), tag("tbody", *body))
        style = (
            f"{tokens_css(':root')}body{{font:14px var(--font);background:var(--paper);color:var(--ink);"
            "max-width:760px;margin:24px auto;padding:0 16px}table{border-collapse:collapse;margin-top:16px}"
            "caption{text-align:left;color:var(--muted)}td,th{padding:4px 12px 4px 0;text-align:left;"
            "border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}"
        )
        title, name = tag("title", self.title), tag("h1", self.title, style="font-size:16px;margin:0 0 8px")
        meta = Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">')
        head = tag("head", meta, title, tag("style", Markup(style + picture_css())))
        page = tag(
            "html", head, tag("body", tag("main", name, self.inline(self.wide), table)), lang=_html_lang(self.lang)
        )
        return f"<!doctype html>{page}"

    def save(self, path: str | Path) -> Path:
        """Write the picture (.svg, .html) or its table (.csv) and return where.

        Raises UsageError for another ending; the file is written whole or not at all.
        """
        target = Path(path)
        kinds: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg.encode("utf-8"),
            ".html": lambda: self.html().encode("utf-8"),
            ".csv": self.csv,
        }
        if target.suffix.lower() not in kinds:
            raise UsageError(
                Text("A picture can't be saved as '{0}'.", "图表不能保存为“{0}”。").format(target.name),
                remedy=Text(
                    "Use a name that ends in .svg, .html or .csv.", "请使用以 .svg、.html 或 .csv 结尾的文件名。"
                ),
            )
        part = target.with_name(target.name + ".part")
        part.write_bytes(kinds[target.suffix.lower()]())
        return part.replace(target)

    def _repr_html_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Picture {self.name}: {self.title}>"


def _csv(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, out)
    return bytes(out.getvalue())


def _cell(shown: Shown, value: object) -> Cell:
    said = shown.say(value)
    raw = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
    return Cell(said, None if raw == said else raw, shown.is_number)


def _html_lang(lang: str) -> str:
    return "zh-Hans" if lang == "zh" else "en"


def both(draw: Callable[[float], Drawing]) -> tuple[Drawing, Drawing]:
    """The drawing in both widths."""
    return draw(WIDE), draw(NARROW)


def nothing(name: str, v: Voice, title: Text, why: Text) -> Picture:
    """The picture of a figure that is not there: it says what is missing and what would fill it."""

    def draw(width: float) -> Drawing:
        step = width / len(_GHOSTS)
        ghosts = [rect(step * (i + 0.2), 100 - h, step * 0.6, h, "ghost") for i, h in enumerate(_GHOSTS)]
        words = [text(0, 130 + 18 * i, part, "ink") for i, part in enumerate(wrap(why.say(v.lang), width))]
        return Drawing(width, 126 + 18 * len(words), joined([*ghosts, line(0, 100.5, width, 100.5, "zero"), *words]))

    about = why.say(v.lang)
    return Picture(name, v.lang, title.say(v.lang), v.unit(), about, pa.table({}), (), both(draw), empty=True)


_GHOSTS = (24, 40, 33, 56, 48, 70, 62, 78)
"""Heights of the bars that stand for a picture to come."""
