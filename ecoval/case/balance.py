"""What of each item is still to be performed; each form of performance takes its part away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from .. import money
from ..errors import InputError, Spot
from ..reading import Model
from ..rules.cards import Head
from .obligors import Apportionment

if TYPE_CHECKING:
    from .assessment import AssessedItem

Form = Literal[
    "restoration",
    "substitute",
    "spent",
    "carbon",
    "labour",
    "upgrade",
    "insurance",
    "third_party",
    "cash",
]

# In the order in which they are counted: restoration before substitutes, kind before money.
FORMS: dict[Form, str] = {
    "restoration": "自行或委托修复",
    "substitute": "替代修复",
    "spent": "已支出费用抵扣",
    "carbon": "认购林业碳汇",
    "labour": "劳务代偿",
    "upgrade": "技术改造抵扣",
    "insurance": "保险人支付",
    "third_party": "第三方代为支付",
    "cash": "货币赔付",
}
# What the cards call the media of forest damage; carbon is the carbon of trees.
FOREST = ("forest", "carbon")
# What a form performs where the case names no heads: these, else any; and of which media only.
HEADS_OF: dict[Form, tuple[Head, ...]] = {
    "restoration": ("clearance", "restoration"),
    "substitute": ("restoration", "interim", "permanent"),
    "spent": ("interim",),
}
MEDIA_OF: dict[Form, tuple[str, ...]] = {"carbon": FOREST}


class FormEntry(Model):
    """What every form of performance says of itself; ``heads`` empty means any head."""

    title: str = ""
    obligor: str = ""
    heads: tuple[Head, ...] = ()
    evidence: str = ""
    note: str = ""
    open: str = Field(default="", description="why something of it is not known yet")


@dataclass(frozen=True)
class Line:
    """One line of a settlement: a form, what it performs, and the rule it rests on."""

    form: Form
    title: str
    text: str
    fens: int
    basis: str
    obligor: str = ""
    note: str = ""
    open: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the line as plain JSON data."""
        return {
            "form": self.form,
            "title": self.title,
            "text": self.text,
            "amount": str(money.yuan(self.fens)),
            "basis": self.basis,
            "obligor": self.obligor,
            "note": self.note,
            "open": self.open,
        }


class Balance:
    """The fen of each item that no form has performed yet, and of each obligor."""

    def __init__(self, items: Sequence[AssessedItem], borne: Apportionment | None) -> None:
        self._items = items
        self._left = {item.place: item.fens for item in items}
        shared = borne is not None and borne.mode != "joint"
        self._owed = {part.name: part.fens for part in borne.parts} if borne and shared else {}
        for item in items:
            if item.fens < 0:
                raise InputError("赔偿项金额为负，不能安排履行", where=item.where)

    @property
    def total(self) -> int:
        """All that is left."""
        return money.total(self._left.values())

    @property
    def owed(self) -> dict[str, int]:
        """What is left of each obligor's part; empty where they are joint or there is one only."""
        return dict(self._owed)

    def part(self, *, heads: Sequence[Head] = (), media: Sequence[str] = ()) -> int:
        """Return what is left of the items under *heads* and of *media* (any, where none is named)."""
        return money.total(self._left[item.place] for item in self._within(heads, media))

    def is_only(self, media: Sequence[str], *, heads: Sequence[Head] = ()) -> bool:
        """Tell whether all that is left under *heads* is of *media*."""
        return all(
            item.medium in media for item in self._within(heads, ()) if self._left[item.place]
        )

    def _within(self, heads: Sequence[Head], media: Sequence[str]) -> list[AssessedItem]:
        return [
            item
            for item in self._items
            if (not heads or item.entry.head in heads) and (not media or item.medium in media)
        ]

    def take(
        self,
        fens: int,
        *,
        what: str,
        where: Spot,
        clause: str,
        entry: FormEntry,
        heads: Sequence[Head] = (),
        media: Sequence[str] = (),
    ) -> int:
        """Take *fens* away from the items under *heads* and of *media*, in their order.

        Raises
        ------
        InputError
            They are more than is left of that part, or of the obligor's part; or the obligor is
            not named although each bears his own part.
        """
        left = self.part(heads=heads, media=media)
        if fens > left:
            raise InputError(
                f"{what}超过可抵的部分 {money.printed(left)} 元（{clause}）",
                where=where,
                got=f"{money.printed(fens)} 元",
            )
        self._charge(fens, what, where, entry.obligor)
        rest = fens
        for item in self._within(heads, media):
            taken = min(rest, self._left[item.place])
            self._left[item.place] -= taken
            rest -= taken
        return fens

    def _charge(self, fens: int, what: str, where: Spot, obligor: str) -> None:
        if not self._owed:
            return
        if obligor not in self._owed:
            known = "、".join(self._owed)
            raise InputError(
                f"各义务人按份承担，须写明{what}由谁履行（obligor）",
                where=where,
                got=obligor or None,
                hint=f"可写：{known}。",
            )
        if fens > self._owed[obligor]:
            owed = money.printed(self._owed[obligor])
            raise InputError(
                f"{what}超过 {obligor} 应承担而未履行的 {owed} 元",
                where=where,
                got=f"{money.printed(fens)} 元",
            )
        self._owed[obligor] -= fens


def spot(name: str, place: int, *keys: int | str) -> Spot:
    """Return the place of a key in the settlement's list *name*."""
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return Spot(f"settlement.{name}[{place + 1}]{text}", ("settlement", name, place, *keys))
