"""Rows of the sheets on performance: a live figure, how it comes about, the stored one, the rule."""

from __future__ import annotations

from dataclasses import dataclass

from ..money import yuan
from ..rules.cards import HEADS
from ..rules.parameters import InForce
from ..rules.sources import STANDINGS
from .book import Cell, Check, Sheet
from .item_sheet import Parts

WIDTHS = (26, 18, 13, 44, 18, 9, 40)
TITLES = ("项目", "实时值", "单位", "计算", "存证值", "核对", "依据与可信度")


@dataclass(frozen=True)
class Totals:
    """Where the summary has the total, and the head and the amount of each item."""

    total: str
    heads: str
    amounts: str
    items: tuple[str, ...]

    def base(self, code: str) -> str:
        """Return the formula of the base *code* of punitive damages."""
        if code == "actual_damage":
            return self.total
        terms = "+".join(
            f'SUMIF({self.heads},"{HEADS[head]}",{self.amounts})'
            for head in ("interim", "permanent")
        )
        return f"ROUND({terms},2)"


class Rows:
    """A sheet of live figures of the part of the case called *label*."""

    def __init__(self, parts: Parts, sheet: Sheet, label: str) -> None:
        self.parts, self.sheet, self.label = parts, sheet, label

    def money(
        self,
        title: str,
        formula: str,
        fens: int | None,
        said: str = "",
        basis: str = "",
        *,
        style: str = "money",
    ) -> str:
        """Write a sum and what was stored of it, in yuan; return the name of its cell."""
        value = None if fens is None else float(yuan(fens))
        return self.figure(title, formula, value, "元", said, basis, style=style, cents=True)

    def figure(
        self,
        title: str,
        formula: str,
        value: float | None,
        unit: str,
        said: str = "",
        basis: str = "",
        *,
        style: str = "number",
        cents: bool = False,
    ) -> str:
        """Write a live figure beside the stored *value*, if there is one; return its name."""
        sheet = self.sheet
        sheet.text(0, title)
        sheet.formula(1, formula, 0.0 if value is None else value, style, unit)
        sheet.text(2, unit, "centre")
        sheet.text(3, said)
        if value is None:
            sheet.text(4, "")
            sheet.text(5, "")
        else:
            self.stored(title, value, unit, cents=cents)
        sheet.text(6, basis)
        name = self.parts.book.named(sheet, f"{self.label}_{title}", sheet.row, 1)
        sheet.row += 1
        return name

    def stored(self, title: str, value: float, unit: str = "", *, cents: bool = False) -> None:
        """Write what was stored beside the live figure of this row, and compare the two."""
        sheet = self.sheet
        sheet.number(4, value, "money" if cents else "number", unit)
        live, stored = sheet.at(1), sheet.at(4)
        sheet.compared(5, live, stored, cents=cents)
        self.parts.checks.append(Check(self.label, title, live, stored, cents))

    def said(self, title: str, formula: str, value: str, said: str = "", basis: str = "") -> None:
        """Write what a formula says in words."""
        sheet = self.sheet
        sheet.text(0, title)
        sheet.formula(1, formula, value, "centre")
        for column, text in ((2, ""), (3, said), (4, ""), (5, ""), (6, basis)):
            sheet.text(column, text)
        sheet.row += 1

    def texts(self, *texts: str) -> None:
        """Write a row of texts, from the first column on."""
        for column, text in enumerate(texts):
            self.sheet.text(column, text)
        self.sheet.row += 1


def cited(rule: InForce | None) -> str:
    """Return source, clause and standing of *rule*, or nothing."""
    return f"{rule.brief}〔{STANDINGS[rule.found.standing]}〕" if rule is not None else ""


def whole_fen(formula: str) -> str:
    """Return *formula* (yuan) to the nearest fen, halves up, cleared of the noise of floats.

    >>> whole_fen("A1*B1")
    'ROUND(ROUND((A1*B1)*100,4),0)/100'
    """
    return f"ROUND(ROUND(({formula})*100,4),0)/100"


def fens_times(amount: str, times: str) -> str:
    """Return the formula of *amount* (yuan, to the fen) times a number, in fen, exact at a half.

    The fen are parted at a million, so that a product beyond what a float holds to the hundredth of
    a fen is still exact for a number of up to six decimals.

    >>> fens_times("A1", "B1")
    '(INT(ROUND(A1*100,0)/10^6)*ROUND(B1*10^6,6)+ROUND(MOD(ROUND(A1*100,0),10^6)*B1,6))'
    """
    fens = f"ROUND({amount}*100,0)"
    return f"(INT({fens}/10^6)*ROUND({times}*10^6,6)+ROUND(MOD({fens},10^6)*{times},6))"


def in_yuan(text: str) -> float:
    """Return the money that the case writes as *text* in yuan."""
    from ..case.amounts import fens_of

    return float(yuan(fens_of(text)))


def listed(parts: Parts, rules: tuple[InForce, ...]) -> dict[str, Cell]:
    """Write *rules* on the sheet of parameters; return the cell of the first of each name."""
    cells: dict[str, Cell] = {}
    for rule in rules:
        cell = parts.parameters.cell(rule)
        cells.setdefault(rule.name, cell)
    return cells


def applied(rules: tuple[InForce, ...], name: str) -> InForce | None:
    """Return the most local of *rules* called *name*."""
    return next((rule for rule in rules if rule.name == name), None)
