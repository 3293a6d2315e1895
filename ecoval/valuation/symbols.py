"""Show the operands of a formula by the symbols of its card."""

from __future__ import annotations

from ..formula.layout import Layout, Symbol, symbol
from ..formula.tree import Operand, Step, Year
from ..rules.cards import Card


class Symbols:
    """Show operands, steps and years by the card's symbols."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def __call__(self, leaf: Operand | Step | Year) -> Layout:
        if isinstance(leaf, Year):
            return symbol(leaf.symbol)
        if isinstance(leaf, Step):
            return symbol(next(step.symbol for step in self.card.steps if step.name == leaf.name))
        letter = symbol(self.card.term(leaf.name).symbol)
        if not leaf.line:
            return letter
        return Symbol(letter.text, f"{letter.sub},i" if letter.sub else "i")
