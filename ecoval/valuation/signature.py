"""What a method is called with: its terms, and those of the methods that may compute them."""

from __future__ import annotations

import inspect

from ..rules.cards import Card
from ..rules.jurisdictions import NATION
from .item import Item
from .lookups import names_of


def signature(card: Card) -> inspect.Signature:
    """Return the signature of the method of *card*: what can be found or computed is optional."""
    kind = inspect.Parameter.KEYWORD_ONLY
    found = [term.lookup is not None or bool(term.parameter or term.method) for term in card.terms]
    lined = card.lines is not None
    parameters = [
        inspect.Parameter(term.name, kind, default=None)
        if optional or (lined and term.lines)
        else inspect.Parameter(term.name, kind)
        for term, optional in zip(card.terms, found, strict=True)
    ]
    own = [term.name for term in card.terms]
    parameters += [
        inspect.Parameter(name, kind, default=None) for name in names_of(card) if name not in own
    ]
    parameters.append(inspect.Parameter("on", kind))
    parameters.append(inspect.Parameter("jurisdiction", kind, default=NATION))
    parameters.append(inspect.Parameter("overrule", kind, default=None))
    parameters.append(inspect.Parameter("rounding", kind, default=None))
    parameters.append(inspect.Parameter("title", kind, default=""))
    return inspect.Signature(parameters, return_annotation=Item)
