"""What a case file says of punitive damages."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from ..reading import Model
from .amounts import Money, Number
from .entries import AttestedField
from .factors import FactorEntry

FINES = {"administrative": "罚款", "criminal": "罚金"}


class Fine(Model):
    """A fine for the same act: considered in fixing the sum, never set off by itself."""

    kind: Literal["administrative", "criminal"]
    amount: Money
    title: str = ""
    paid: Money | None = None
    evidence: str = ""
    considered: str = ""


class PunitiveEntry(Model):
    """What the case file says of punitive damages: a multiplier or a lump sum, and why."""

    claimed_on: date | None = None
    multiplier: Number | None = None
    lump_sum: Money | None = None
    open: str = ""
    reason: str = ""
    clause: str = ""
    base: Literal["interim_permanent", "actual_damage"] | None = None
    base_reason: str = ""
    marine: bool = False
    conditions: dict[str, AttestedField] = Field(default_factory=dict)
    presumed: tuple[str, ...] = ()
    serious: tuple[str, ...] = ()
    factors: tuple[FactorEntry, ...] = Field(alias="factor", default=())
    fines: tuple[Fine, ...] = Field(alias="fine", default=())

    model_config = {"populate_by_name": True}
