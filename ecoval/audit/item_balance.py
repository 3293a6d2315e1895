"""What of each item each form of performance takes away, item by item, in the order of the case."""

from __future__ import annotations

from ..case.assessment import Assessment
from ..case.balance import FORMS, HEADS_OF, MEDIA_OF, Form, FormEntry
from ..money import yuan
from .book import Check, Sheet
from .figure_rows import Totals
from .item_sheet import Parts

_TOP = 3


class Balances:
    """The sheet of items against forms: for each form what is left of an item, and what it takes.

    The sheet is written column by column, each when its form is.
    """

    def __init__(self, parts: Parts, assessment: Assessment, totals: Totals) -> None:
        self.parts = parts
        settlement = assessment.settlement
        self.items = assessment.items
        count = len(settlement.lines) - 1 if settlement is not None else 0
        self.sheet: Sheet = parts.book.sheet("逐项履行", (6, 26, 16, *(14,) * (2 * count), 16))
        self.column = 3
        # What is left of each item, as a formula and as a number of fen.
        self.left = list(totals.items)
        self._fens = [item.fens for item in self.items]
        sheet = self.sheet
        sheet.line("逐项履行", "title", height=24)
        sheet.line("每种方式按项的先后抵减其可抵的科目；“可抵”为抵减以前的余额。")
        sheet.heads("项", "项目", "金额（元）", repeat=True)
        for item, amount in zip(self.items, totals.items, strict=True):
            sheet.text(0, str(item.place), "centre")
            sheet.text(1, item.title)
            sheet.formula(2, amount, float(yuan(item.fens)), "money")
            sheet.row += 1

    def part(self, form: Form, entry: FormEntry) -> tuple[str, int]:
        """Write what is left for *form*; return the formula of the sum, and its fen."""
        sheet, column = self.sheet, self.column
        heads, media = entry.heads or HEADS_OF.get(form, ()), MEDIA_OF.get(form, ())
        sheet.row = _TOP - 1
        sheet.text(column, f"{entry.title or FORMS[form]}：可抵", "head")
        self._within = [
            (not heads or item.entry.head in heads) and (not media or item.medium in media)
            for item in self.items
        ]
        for place, within in enumerate(self._within):
            sheet.row = _TOP + place
            fens = self._fens[place] if within else 0
            formula = f"ROUND({self.left[place]},2)" if within else "0"
            sheet.formula(column, formula, float(yuan(fens)), "money")
        fens = sum(one for one, within in zip(self._fens, self._within, strict=True) if within)
        return f"ROUND(SUM({self._column(column)}),2)", fens

    def take(self, title: str, amount: str, fens: int) -> None:
        """Write what the form of the last `part`, *amount* in all, takes of each item."""
        sheet, column = self.sheet, self.column + 1
        sheet.row = _TOP - 1
        sheet.text(column, f"{title}：抵减", "head")
        rest = fens
        for place, within in enumerate(self._within):
            sheet.row = _TOP + place
            taken = min(rest, self._fens[place]) if within else 0
            rest -= taken
            self._fens[place] -= taken
            above = f"-SUM({self._column(column, place)})" if place else ""
            formula = f"ROUND(MAX(0,MIN({amount}{above},{sheet.at(column - 1)})),2)"
            sheet.formula(column, formula, float(yuan(taken)), "money")
            self.left[place] += f"-{sheet.at(column)}"
        self.column += 2

    def close(self, cash: str, fens: int) -> None:
        """Write what is left of each item for money, and check its sum against *cash*."""
        sheet, column = self.sheet, self.column
        sheet.row = _TOP - 1
        sheet.text(column, "余额：货币赔付", "head")
        for place, left in enumerate(self._fens):
            sheet.row = _TOP + place
            sheet.formula(column, f"ROUND({self.left[place]},2)", float(yuan(left)), "money")
        sheet.row = _TOP + len(self.items)
        sheet.text(column - 1, "合计", "head")
        formula = f"ROUND(SUM({self._column(column)}),2)"
        sheet.formula(column, formula, float(yuan(fens)), "whole")
        live, stored = sheet.at(column), cash
        self.parts.book.stored[stored] = float(yuan(fens))
        self.parts.checks.append(Check("逐项履行", "余额之和与货币赔付", live, stored, cents=True))

    def _column(self, column: int, count: int | None = None) -> str:
        last = _TOP + (len(self.items) if count is None else count) - 1
        sheet = self.sheet
        return f"{sheet.at(column, _TOP)}:{sheet.at(column, last).rpartition('!')[2]}"
