"""The tables that a case was read off, embedded whole, and their live look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..rules.sources import STANDINGS, source
from ..rules.tables import Table, table
from .book import Book, Sheet

# What an open end of a band is, beyond every number that is looked up; it shows as a dash.
_OPEN = 1e300
_ENDS = '[<-1E+299]"—";[>1E+299]"—";General'
_SIGNS = {"above": "<", "from": "<=", "up_to": ">=", "below": ">"}


@dataclass(frozen=True)
class Embedded:
    """A table on its sheet: where each column stands, and what each class can be."""

    table: Table
    columns: Mapping[str, str]
    options: Mapping[str, str]

    def place(self, classes: Mapping[str, str], band: str) -> str:
        """Return the formula of the row's place, for the cells of its *classes* and *band*."""
        heading = self.table.heading
        terms = [f"({self.columns[name]}={classes[name]})" for name in heading.classes]
        if heading.band:
            terms += [
                f"({self.columns[name]}{sign}{band})"
                for name, sign in _SIGNS.items()
                if name in self.columns
            ]
        return f"MATCH(1,{'*'.join(terms)},0)" if terms else "1"


class Tables:
    """The sheet of tables; each is written once, when it is first asked for."""

    def __init__(self, book: Book) -> None:
        self.sheet: Sheet = book.sheet("表格", (16,) * 10)
        self.sheet.line("标准和规则中的表（全表）", "title", height=24)
        self.sheet.line("各项的系数由下列各表按分类和区间实时查得；“—”表示不设界限。")
        self._held: dict[str, Embedded] = {}

    def embedded(self, id: str) -> Embedded:
        """Return the table *id* as it stands on the sheet."""
        if id not in self._held:
            self._held[id] = self._write(table(id))
        return self._held[id]

    def close(self) -> None:
        """Say so where no coefficient was looked up."""
        if not self._held:
            self.sheet.line("本案没有查表的系数。")

    def _write(self, of: Table) -> Embedded:
        sheet, heading = self.sheet, of.heading
        sheet.row += 1
        sheet.line(f"{of.name}（{heading.clause or '—'}；{source(heading.source)}）", "section")
        names = list(heading.columns)
        titles = [
            f"{column.title}（{column.unit}）" if column.unit else column.title
            for column in heading.columns.values()
        ]
        sheet.heads(*titles, "来源", "可信度", "说明")
        first = sheet.row
        for row in of.rows:
            for place, name in enumerate(names):
                self._cell(place, name, row.texts[name], heading.columns[name].unit is not None)
            for place, text in enumerate(
                (source(row.source).short, STANDINGS[row.standing], row.note), start=len(names)
            ):
                sheet.text(place, text)
            sheet.row += 1
        last = sheet.row - 1
        columns = {
            name: f"{sheet.at(place, first)}:{sheet.at(place, last).rpartition('!')[2]}"
            for place, name in enumerate(names)
        }
        return Embedded(of, columns, self._options(of))

    def _cell(self, place: int, name: str, text: str, is_number: bool) -> None:
        sheet = self.sheet
        if not is_number:
            sheet.text(place, text)
        elif text:
            sheet.number(place, float(text))
        elif name in _SIGNS:
            end = -_OPEN if name in ("above", "from") else _OPEN
            form = sheet.book.format("number", _ENDS)
            sheet.sheet.write_number(sheet.row, place, end, form)
        else:
            sheet.text(place, "")

    def _options(self, of: Table) -> dict[str, str]:
        """Write what each class can be, once each, for the drop-downs; return where."""
        options = {}
        for name in of.heading.classes:
            known = list(dict.fromkeys(row.texts[name] for row in of.rows))
            if len(known) < 2:
                continue
            self.sheet.row += 1
            self.sheet.text(0, f"{of.heading.columns[name].title}可取：", "head")
            for place, text in enumerate(known, start=1):
                self.sheet.text(place, text, "centre")
            end = self.sheet.at(len(known)).rpartition("!")[2]
            options[name] = f"={self.sheet.at(1)}:{end}"
        self.sheet.row += 1
        return options
