"""What of each item each form of performance takes away, item by item, in the order of the case."""

from __future__ import annotations

from ..case.assessment import Assessment
from ..case.balance import FORMS, HEADS_OF, MEDIA_OF, Form, FormEntry
from ..money import yuan
from .book import Check, Sheet
from .figure_rows import Totals
from .item_sheet import Parts


class Balances:
    """The sheet of what each form finds left of each item it may perform, takes, and leaves."""

    def __init__(self, parts: Parts, assessment: Assessment, totals: Totals) -> None:
        self.parts = parts
        self.items = assessment.items
        self.sheet: Sheet = parts.book.sheet("逐项履行", (30, 6, 34, 19, 19, 19))
        # What is left of each item, as a cell and in fen.
        self._left = list(totals.items)
        self._fens = [item.fens for item in self.items]
        self._within: list[int] = []
        self._top = 0
        self.sheet.line("逐项履行", "title", height=24)
        self.sheet.line("每种方式按项的先后抵减其可抵的科目；“可抵”为抵减以前的余额，单位为元。")
        self.sheet.heads("履行方式", "项", "项目", "可抵", "抵减", "余额", repeat=True)

    def part(self, form: Form, entry: FormEntry) -> tuple[str, int]:
        """Write what is left for *form*; return the formula of the sum, and its fen."""
        heads, media = entry.heads or HEADS_OF.get(form, ()), MEDIA_OF.get(form, ())
        self._within = [
            place
            for place, item in enumerate(self.items)
            if (not heads or item.entry.head in heads) and (not media or item.medium in media)
        ]
        sheet = self.sheet
        self._top = sheet.row
        for row, place in enumerate(self._within):
            sheet.row = self._top + row
            self._named(entry.title or FORMS[form], place)
            sheet.formula(3, self._left[place], float(yuan(self._fens[place])), "money")
        sheet.row = self._top + len(self._within)
        fens = sum(self._fens[place] for place in self._within)
        if not self._within:
            return "0", 0
        return f"ROUND(SUM({self._column(3, len(self._within))}),2)", fens

    def take(self, amount: str, fens: int) -> None:
        """Write what the form of the last `part`, *amount* in all, takes of each item."""
        sheet, rest = self.sheet, fens
        for row, place in enumerate(self._within):
            sheet.row = self._top + row
            taken = min(rest, self._fens[place])
            rest -= taken
            self._fens[place] -= taken
            above = f"-SUM({self._column(4, row)})" if row else ""
            formula = f"ROUND(MAX(0,MIN({amount}{above},{sheet.at(3)})),2)"
            sheet.formula(4, formula, float(yuan(taken)), "money")
            left = f"ROUND({sheet.at(3)}-{sheet.at(4)},2)"
            sheet.formula(5, left, float(yuan(self._fens[place])), "money")
            self._left[place] = sheet.at(5)
        sheet.row = self._top + len(self._within)

    def close(self, cash: str, fens: int) -> None:
        """Write what is left of each item for money, and check its sum against *cash*."""
        sheet = self.sheet
        self._top = sheet.row
        for place, left in enumerate(self._fens):
            self._named(FORMS["cash"], place)
            for column in (3, 4):
                sheet.text(column, "")
            sheet.formula(5, self._left[place], float(yuan(left)), "money")
            sheet.row += 1
        for column in (0, 1, 3, 4):
            sheet.text(column, "")
        sheet.text(2, "合计（货币赔付）", "head")
        formula = f"ROUND(SUM({self._column(5, len(self.items))}),2)"
        sheet.formula(5, formula, float(yuan(fens)), "whole")
        self.parts.book.stored[cash] = float(yuan(fens))
        check = Check("逐项履行", "余额之和与货币赔付", sheet.at(5), cash, cents=True)
        self.parts.checks.append(check)

    def _named(self, form: str, place: int) -> None:
        item = self.items[place]
        self.sheet.text(0, form)
        self.sheet.text(1, str(item.place), "centre")
        self.sheet.text(2, item.title)

    def _column(self, column: int, count: int) -> str:
        sheet = self.sheet
        last = sheet.at(column, self._top + count - 1).rpartition("!")[2]
        return f"{sheet.at(column, self._top)}:{last}"
