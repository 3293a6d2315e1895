"""A sum borne by several obligors, split by the largest remainder as a formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..case.amounts import exact, of_float
from ..case.obligors import MODES, Apportionment, Mode, Obligors
from ..money import yuan
from ..units import factor, measure, unit, unit_text
from .book import Cell
from .figure_rows import Rows


@dataclass(frozen=True)
class Weight:
    """What one obligor's part is measured by: its cell and its number."""

    cell: Cell
    number: float


class Weights:
    """What the parts of the obligors are measured by, each written once on the sheet of inputs."""

    def __init__(self, obligors: Obligors) -> None:
        self.obligors = obligors
        self._held: dict[Mode, list[Weight]] = {}

    def of(self, rows: Rows, mode: Mode) -> list[Weight]:
        """Return each obligor's share, quantity or volume; joint obligors have none."""
        if mode not in self._held:
            write = self._shares if mode == "share" else self._measures
            self._held[mode] = [] if mode == "joint" else list(write(rows, mode))
        return self._held[mode]

    def _shares(self, rows: Rows, mode: Mode) -> Iterator[Weight]:
        for part in self.obligors.parts:
            share = exact(part.share)
            ends = 10**15 % share.denominator == 0
            written = "" if ends else f"{share.numerator}/{share.denominator}"
            said = (part.evidence, part.note, "")
            title = f"{part.name}的份额"
            figure = rows.parts.inputs.figure
            cell = figure("义务人", title, float(share), "", written=written, said=said)
            yield Weight(cell, float(share))

    def _measures(self, rows: Rows, mode: Mode) -> Iterator[Weight]:
        first, called = None, ""
        for part in self.obligors.parts:
            given = str(part.quantity if mode == "quantity" else part.volume)
            number, of = measure(given, where=part.name)
            if first is None:
                first = unit("m^3") if mode == "volume" else of
                called = "m³" if mode == "volume" else unit_text(given, of)
            weight = float(of_float(number) * of_float(factor(of, first)))
            title = f"{part.name}的{MODES[mode].removeprefix('按')}"
            said = (part.evidence, part.note, "")
            yield Weight(
                rows.parts.inputs.figure("义务人", title, weight, called, said=said), weight
            )


def write_shares(
    rows: Rows, apportionment: Apportionment, weights: Weights, total: str, title: str
) -> dict[str, str]:
    """Write who bears what of *total*; return the cell of each obligor's part by name."""
    sheet = rows.sheet
    sheet.row += 1
    sheet.line(f"{title}的分担", "section")
    sheet.paragraph(apportionment.sentence)
    sheet.heads("义务人", "金额（元）", "权数", "整分部分（分）", "存证值", "核对", "余数（分）")
    held = weights.of(rows, apportionment.mode)
    top, found = sheet.row, {}
    for place, part in enumerate(apportionment.parts):
        amount = float(yuan(part.fens))
        sheet.text(0, part.name)
        if held:
            _share(rows, apportionment, held, total, top, place)
        else:
            sheet.formula(1, total, amount, "money")
            for column, text in ((2, part.by), (3, ""), (6, "")):
                sheet.text(column, text)
        rows.stored(f"{title}：{part.name}", amount, cents=True)
        found[part.name] = sheet.at(1)
        sheet.row += 1
    return found


def _share(
    rows: Rows, of: Apportionment, held: list[Weight], total: str, top: int, place: int
) -> None:
    """Write one share: cut down to the fen, and a fen more where its remainder ranks high enough."""
    sheet = rows.sheet
    whole = "+".join(weight.cell.reference for weight in held)
    share = f"{total}*100*{held[place].cell.reference}/({whole})"
    value = of.total * held[place].number / sum(weight.number for weight in held)
    cut = int(round(value, 4))
    end = top + len(held) - 1
    cuts, rests = (
        f"{sheet.at(column, top)}:{sheet.at(column, end).rpartition('!')[2]}" for column in (3, 6)
    )
    here, rest = sheet.at(3), sheet.at(6)
    above = f"{sheet.at(6, top)}:{rest.rpartition('!')[2]}"
    # Among equal remainders the one that stands first is served first.
    rank = f'COUNTIF({rests},">"&{rest})+COUNTIF({above},{rest})'
    left = f"ROUND({total}*100,0)-SUM({cuts})"
    amount = float(yuan(of.parts[place].fens))
    sheet.formula(1, f"({here}+IF({rank}<={left},1,0))/100", amount, "money")
    form = sheet.book.format("number", "0.######")
    written = f"={held[place].cell.reference}"
    sheet.sheet.write_formula(sheet.row, 2, written, form, held[place].number)
    sheet.formula(3, f"INT(ROUND({share},4))", float(cut))
    sheet.formula(6, f"ROUND({share}-{here},4)", round(value - cut, 4))
