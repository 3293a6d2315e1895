"""The case as it stands in a file, and the value of each of its items."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from ..content import broken, read_text
from ..errors import EcovalError, InputError, Spot
from ..money import Rounding
from ..reading import check, line_of, read_model
from ..rules.cards import HEADS, Head
from ..rules.jurisdictions import Place, place
from ..valuation import Item
from .dates import Dates
from .entries import (
    AppraisalTexts,
    AttestedField,
    Conclusion,
    Expert,
    Facts,
    ItemEntry,
    Material,
    Party,
    RoundTo,
    Route,
)
from .obligors import Obligors
from .punitive_entry import PunitiveEntry
from .settlement import SettlementEntry

if TYPE_CHECKING:
    from .assessment import Assessment


class Case(BaseModel):
    """A case: read from TOML or JSON, or made in Python and filled with `add`.

    The names of a file's tables (``[[item]]``) and those of Python (``items=``) both do.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True, validate_assignment=True)

    title: str = Field(min_length=1)
    place: str
    on: date
    id: str = ""
    on_note: str = ""
    on_open: str = ""
    commissioned_on: date | None = None
    route: Route = "quick"
    form: str = "expert_opinion"
    number: str = ""
    opinion_on: date | None = None
    note: str = ""
    parties: list[Party] = Field(alias="party", default_factory=list)
    materials: list[Material] = Field(alias="material", default_factory=list)
    eligibility: dict[str, AttestedField] = Field(default_factory=dict)
    facts: Facts = Facts()
    dates: Dates = Dates()
    ending: dict[str, AttestedField] = Field(default_factory=dict)
    negotiation: dict[str, AttestedField] = Field(default_factory=dict)
    items: list[ItemEntry] = Field(alias="item", default_factory=list)
    appraisal: AppraisalTexts = AppraisalTexts()
    conclusion: Conclusion = Conclusion()
    experts: list[Expert] = Field(alias="expert", default_factory=list)
    obligors: Obligors | None = None
    punitive: PunitiveEntry | None = None
    settlement: SettlementEntry | None = None

    _origin: str = PrivateAttr(default="")
    _text: str = PrivateAttr(default="")

    @field_validator("place")
    @classmethod
    def _place_known(cls, given: str) -> str:
        try:
            place(given)
        except EcovalError as error:
            raise ValueError(str(error)) from None
        return given

    @property
    def jurisdiction(self) -> Place:
        """The place of the damage."""
        return place(self.place)

    @property
    def punitive_on(self) -> date:
        """The day whose rules on punitive damages apply: when they were claimed, else the damage."""
        claimed = self.punitive.claimed_on if self.punitive else None
        return claimed or self.on

    @classmethod
    def read(cls, path: str | Path) -> Case:
        """Return the case in the TOML or JSON file *path*.

        Raises
        ------
        InputError
            A key is unknown (the one probably meant is offered), missing, or of the wrong kind:
            each with file and line.
        ContentError
            The file is missing, not UTF-8, or broken; line and column are named.
        """
        path = Path(path)
        if path.suffix.lower() == ".json":
            case = cls.from_json(path)
        else:
            case = read_model(path, cls)
            case._text = read_text(path)
        case._origin = str(path)
        return case

    @classmethod
    def from_json(cls, path: Path) -> Case:
        """Return the case in the JSON file *path*; the same model as TOML."""
        import json

        text = read_text(path)
        try:
            data = json.loads(text, object_pairs_hook=_no_twins)
        except json.JSONDecodeError as error:
            said = broken("JSON", text, error.lineno, error.colno, error.msg)
            raise InputError(said, where=str(path)) from None
        if not isinstance(data, dict):
            raise InputError("案件文件应为一个表", where=str(path))
        return check(data, cls, where=str(path))

    def add(self, item: Item, *, head: Head, title: str = "", **more: Any) -> ItemEntry:
        """Put a valued *item* into the case under *head*; *more* are fields of `ItemEntry`.

        Raises
        ------
        InputError
            The item was valued for another place.
        """
        if item.place != self.jurisdiction:
            raise InputError(
                f"该项按 {item.place.name} 计算，案件在 {self.jurisdiction.name}",
                where=item.card.id,
                hint=f'请以 jurisdiction="{self.place}" 重新计算。',
            )
        if head not in HEADS:
            raise InputError("没有这个赔偿科目", where="head", got=head, hint="、".join(HEADS))
        standard = Rounding(item.card.rounding_to, item.card.rounding_rule)
        if "round" not in more and item.rounding != standard:
            more["round"] = RoundTo(
                to=item.rounding.to, rule=item.rounding.rule, reason="按计算时指定的取整规则"
            )
        entry = ItemEntry(
            method=item.card.id,
            head=head,
            title=title or item.title,
            inputs=dict(item.given),
            overrule=dict(item.overrule),
            on=item.on,
            **more,
        )
        entry._item = item if entry.rounding in (None, item.rounding) else None
        self.items.append(entry)
        return entry

    def assess(self) -> Assessment:
        """Return the assessment of the case: items valued, totals, eligibility, findings."""
        from .assessment import assess

        return assess(self)

    def copied(self) -> Case:
        """Return a copy that shares with this case nothing that can change."""
        lists = {name: list(getattr(self, name)) for name in ("parties", "materials", "experts")}
        punitive = self.punitive
        if punitive is not None:
            punitive = punitive.model_copy(update={"conditions": dict(punitive.conditions)})
        attested = {
            name: dict(getattr(self, name)) for name in ("eligibility", "ending", "negotiation")
        }
        more = {**attested, "punitive": punitive}
        items = [entry.copied() for entry in self.items]
        made = self.model_copy(update={**lists, **more, "items": items})
        made._origin, made._text = "", ""
        return made

    def __repr__(self) -> str:
        return f"<case {self.title} {self.place} {self.on} {len(self.items)} 项>"

    def as_dict(self) -> dict[str, Any]:
        """Return the case as plain JSON data, without what was left empty."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def value_entry(entry: ItemEntry, case: Case, place_in_case: int) -> Item:
    """Return the valued item of *entry*; an error names which item of the case it is.

    Raises
    ------
    EcovalError
        As the method says, with the item's place in the case before it.
    """
    from ..valuation.registry import method

    inside: tuple[int | str, ...] = ("inputs",)
    try:
        inside = ("method",)
        valued = method(entry.method)
        if not valued.card.is_money:
            raise InputError(f"{valued.card.title}不产生金额，不能作为赔偿项", where=entry.method)
        if not valued.card.heads:
            raise InputError(
                f"{valued.card.title}的结果不属于任何赔偿科目",
                where=Spot("head", ("head",)),
                hint=valued.card.note,
            )
        if entry.head not in valued.card.heads:
            allowed = "、".join(f"{head}（{HEADS[head]}）" for head in valued.card.heads)
            raise InputError(
                f"{valued.card.title}不能计入{HEADS[entry.head]}",
                where=Spot("head", ("head",)),
                got=entry.head,
                hint=f"可计入：{allowed}。",
            )
        if entry.head == "investigation" and entry.cost_kind is None:
            raise InputError(
                "调查、鉴定评估等费用须注明 cost_kind",
                where=Spot("cost_kind", ("cost_kind",)),
                hint="监测及检验费用写 monitoring，鉴定评估费用写 appraisal，其他写 other。",
            )
        inside = ("inputs",)
        held = entry._item
        if held is not None and _still(held, entry, case):
            return held
        return valued.value(
            entry.inputs,
            on=entry.on or case.on,
            place=case.jurisdiction,
            overrule=entry.overrule,
            rounding=entry.rounding,
            title=entry.title,
        )
    except EcovalError as error:
        keys = (
            error.path if error.path[:1] in (("head",), ("cost_kind",)) else (*inside, *error.path)
        )
        line = line_of(case._text, ("item", place_in_case - 1, *keys))
        at = f"{case._origin} 第 {place_in_case} 项".strip()
        raise error.at(f"{at} 第 {line} 行" if line else at) from None


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice in one JSON object: one of the two would be lost."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"JSON 中同一处有两个 {key}")
        found[key] = value
    return found


def _still(held: Item, entry: ItemEntry, case: Case) -> bool:
    """Tell whether the item *held* is what *entry* says now, by the method as it is now."""
    from ..valuation.registry import method

    return (
        held.method is method(entry.method)
        and held.place == case.jurisdiction
        and held.on == (entry.on or case.on)
        and dict(held.given) == entry.inputs
        and dict(held.overrule) == entry.overrule
    )
