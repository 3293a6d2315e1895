"""Several obligors: joint, or each for a share, a quantity or a volume; the parts add up to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field

from ..errors import InputError, Spot
from ..money import printed, yuan
from ..reading import Model
from ..units import factor, measure, same_kind, unit
from .amounts import Number, exact, of_float, split, written
from .applied import Applied

Mode = Literal["joint", "share", "quantity", "volume"]

MODES: dict[Mode, str] = {
    "joint": "连带责任",
    "share": "按份额",
    "quantity": "按数量",
    "volume": "按体积",
}
RULE = "各部分先舍至分，余下的分按最大余数法逐分补足；余数相同的，列在前的先补"


class ObligorPart(Model):
    """One obligor, and what his part is measured by."""

    name: str = Field(min_length=1)
    share: Number | None = None
    quantity: str | None = None
    volume: str | None = None
    evidence: str = ""
    note: str = ""


class Obligors(Model):
    """How several obligors bear the compensation; *punitive* where they bear punitive damages otherwise."""

    mode: Mode
    punitive: Mode | None = None
    reason: str = ""
    clause: str = ""
    parts: tuple[ObligorPart, ...] = Field(alias="part", min_length=1)

    model_config = {"populate_by_name": True}


@dataclass(frozen=True)
class Borne:
    """The part of one obligor in fen; for joint obligors each bears the whole."""

    name: str
    by: str
    fens: int


@dataclass(frozen=True)
class Apportionment:
    """A sum borne by several obligors."""

    mode: Mode
    total: int
    parts: tuple[Borne, ...]
    clause: str

    @property
    def sentence(self) -> str:
        """How the sum is borne, as printed."""
        cited = f"（{self.clause}）" if self.clause else ""
        if self.mode == "joint":
            return f"{'、'.join(part.name for part in self.parts)}承担{MODES['joint']}{cited}"
        return f"{MODES[self.mode]}分担{cited}；{RULE}"

    def of(self, name: str) -> int:
        """Return the fen that *name* bears."""
        return next(part.fens for part in self.parts if part.name == name)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return name, measure and printed amount of each obligor."""
        return [(part.name, part.by, printed(part.fens)) for part in self.parts]

    def as_dict(self) -> dict[str, object]:
        """Return the apportionment as plain JSON data."""
        parts = [
            {"name": each.name, "by": each.by, "amount": str(yuan(each.fens))}
            for each in self.parts
        ]
        return {"mode": self.mode, "total": str(yuan(self.total)), "parts": parts}


def apportion(
    obligors: Obligors, fens: int, rules: Applied, *, mode: Mode | None = None
) -> Apportionment:
    """Return *fens* borne by *obligors* in *mode*, theirs if none is given.

    Raises
    ------
    InputError
        A name stands twice, a measure is missing, not positive or of another kind, or the shares
        do not add up to one, exactly.
    """
    mode = mode or obligors.mode
    clause = obligors.clause
    if not clause and mode != "joint":
        clause = rules.marked("obligor-shares")
    names = [part.name for part in obligors.parts]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"赔偿义务人 {name} 列了两次", where=_spot(place, "name"))
    if mode == "joint":
        parts = tuple(Borne(part.name, MODES["joint"], fens) for part in obligors.parts)
        return Apportionment(mode, fens, parts, clause)
    weights, texts = (
        _shares(obligors, clause) if mode == "share" else _measures(obligors, mode, clause)
    )
    amounts = split(fens, weights)
    parts = tuple(
        Borne(part.name, text, amount)
        for part, text, amount in zip(obligors.parts, texts, amounts, strict=True)
    )
    return Apportionment(mode, fens, parts, clause)


def _spot(place: int, field: str) -> Spot:
    return Spot(f"obligors.part[{place + 1}].{field}", ("obligors", "part", place, field))


def _shares(obligors: Obligors, clause: str) -> tuple[Sequence[Fraction], list[str]]:
    shares: list[Fraction] = []
    for place, part in enumerate(obligors.parts):
        if part.share is None:
            raise InputError(
                f"{part.name}缺少份额", where=_spot(place, "share"), hint=clause + "。"
            )
        share = exact(part.share)
        if share < 0:
            raise InputError(
                f"份额不得为负（{clause}）", where=_spot(place, "share"), got=part.share
            )
        if share > 1:
            raise InputError(
                f"{part.name}的份额大于 1",
                where=_spot(place, "share"),
                got=part.share,
                hint=f'百分数写作 "{written(share)}%"。' if share <= 100 else "",
            )
        shares.append(share)
    if sum(shares) != 1:
        raise InputError(
            f"各义务人的份额之和须恰为 1（{clause}）",
            where=_spot(0, "share"),
            got=written(Fraction(sum(shares))),
            hint='三等分写作 "1/3"，不写 0.333；不设容差。',
        )
    return shares, [str(part.share) for part in obligors.parts]


def _measures(obligors: Obligors, mode: Mode, clause: str) -> tuple[Sequence[Fraction], list[str]]:
    weights: list[Fraction] = []
    texts: list[str] = []
    first = None
    for place, part in enumerate(obligors.parts):
        given = part.quantity if mode == "quantity" else part.volume
        where = _spot(place, mode)
        if given is None:
            raise InputError(
                f"{part.name}缺少{'数量' if mode == 'quantity' else '体积'}", where=where
            )
        number, of = measure(given, where=where)
        first = first or (unit("m^3") if mode == "volume" else of)
        if not same_kind(of, first):
            raise InputError("各义务人的数量须同类可比", where=where, got=given)
        if number < 0:
            raise InputError(f"数量不得为负（{clause}）", where=where, got=given)
        weights.append(of_float(number) * of_float(factor(of, first)))
        texts.append(given)
    if not sum(weights):
        raise InputError("各义务人的数量之和须大于零", where=_spot(0, mode))
    return weights, texts
