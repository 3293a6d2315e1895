"""Value eco-environmental damage in China and write the expert opinion.

``import ecoval as ev``; then each family of methods is a name (``ev.water``, ``ev.interim``), and
what a case needs stands beside it. Nothing is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from . import batch as batch
    from .case import Assessment as Assessment
    from .case import Case as Case
    from .case import Expert as Expert
    from .errors import EcovalError as EcovalError
    from .findings import Finding as Finding
    from .money import Rounding as Rounding
    from .report import write_opinion as write_opinion
    from .report import write_settlement as write_settlement
    from .units import Q_ as Q_
    from .valuation import Given as Given
    from .valuation import Item as Item
    from .valuation import Method as Method
    from .valuation import equivalency as equivalency
    from .valuation import gep as gep
    from .valuation import given as given
    from .valuation import grassland as grassland
    from .valuation import interim as interim
    from .valuation import ledger as ledger
    from .valuation import marine as marine
    from .valuation import method as method
    from .valuation import methods as methods
    from .valuation import permanent as permanent
    from .valuation import resources as resources
    from .valuation import services as services
    from .valuation import soilcover as soilcover
    from .valuation import water as water
    from .valuation import wetland as wetland
    from .valuation.uncertainty import simulate as simulate

_PUBLIC = {
    "Assessment": ".case",
    "Case": ".case",
    "Expert": ".case",
    "EcovalError": ".errors",
    "Finding": ".findings",
    "Rounding": ".money",
    "Q_": ".units",
    "Given": ".valuation",
    "Item": ".valuation",
    "Method": ".valuation",
    "given": ".valuation",
    "method": ".valuation",
    "methods": ".valuation",
    "simulate": ".valuation.uncertainty",
    "write_opinion": ".report",
    "write_settlement": ".report",
}


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name], __name__), name)
    if name == "batch":
        # A room that can be called: ``ev.batch(frame, method=…)``.
        return import_module(".batch", __name__)
    # A module of this package that is not imported yet is for the import system to find; only
    # another name can be a family.
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None:
        from .valuation import families

        if name in families():
            globals()[name] = families()[name]
            return globals()[name]
    raise AttributeError(f"module 'ecoval' has no attribute {name!r}")


def __dir__() -> list[str]:
    from .valuation import families

    return sorted({"__version__", "batch", *_PUBLIC, *families()})
