"""The case as it stands in a file: facts, materials, items and the panel."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator

from ..content import read_text
from ..errors import EcovalError, InputError, Spot
from ..money import Place as RoundingPlace
from ..money import Rounding
from ..money import Rule as RoundingRule
from ..reading import Model, check, line_of, read_model
from ..rules.cards import HEADS, Head
from ..rules.jurisdictions import Place, place
from ..valuation import Item
from ..valuation.item import plain_data

if TYPE_CHECKING:
    from .assessment import Assessment

Route = Literal["quick", "full", "review"]
CostKind = Literal["appraisal", "monitoring", "other"]

ROUTES: dict[Route, str] = {
    "quick": "简易评估（快速鉴定评估）",
    "full": "鉴定评估",
    "review": "对已公布案件的复核",
}
ROLES = {
    "claimant": "赔偿权利人及其指定的部门或机构",
    "obligor": "赔偿义务人",
    "commissioner": "委托单位",
    "third": "第三方",
}


class Statement(Model):
    """A text with the material it rests on; *open* says why it could not be written yet."""

    text: str = ""
    evidence: str = ""
    open: str = ""


class Attested(Model):
    """A fact that somebody vouches for: met, not met, or not yet known."""

    met: bool | None = None
    evidence: str = ""
    note: str = ""
    open: str = ""


FACTS = {
    "act": "行为",
    "breach": "违反的规定",
    "causation": "因果关系",
    "baseline": "基线",
    "damage": "损害确认",
    "restoration": "修复的可行性与范围",
    "substitute": "替代修复",
}
# What an opinion cannot do without; a substitute is for damage that cannot be restored.
NEEDED_FACTS = ("act", "breach", "baseline", "damage", "causation", "restoration")


def _as_statement(given: object) -> object:
    return {"text": given} if isinstance(given, str) else given


def _as_attested(given: object) -> object:
    if isinstance(given, str):
        # "不同意" is a text too: what is met must be said in so many words.
        raise ValueError('应写 true、false，或 { met = true, note = "…" }，不能只写文字')
    return {"met": given} if isinstance(given, bool) else given


StatementField = Annotated[Statement, BeforeValidator(_as_statement)]
AttestedField = Annotated[Attested, BeforeValidator(_as_attested)]


class Party(Model):
    """Someone in the case."""

    role: Literal["claimant", "obligor", "commissioner", "third"]
    name: str = ""
    number: str = ""
    open: str = ""


class Material(Model):
    """Something the opinion relies on; inputs and facts cite it by its *id*."""

    id: str
    title: str
    issuer: str = ""
    number: str = ""
    on: date | None = None
    open: str = ""


class Facts(Model):
    """What happened, what was harmed, and what can be done."""

    act: StatementField | None = None
    breach: StatementField | None = None
    baseline: StatementField | None = None
    damage: StatementField | None = None
    causation: StatementField | None = None
    restoration: StatementField | None = None
    substitute: StatementField | None = None


class RoundTo(Model):
    """A rounding other than the card's, with the reason that is printed."""

    to: RoundingPlace = "分"
    rule: RoundingRule = "half-up"
    reason: str = Field(min_length=1)


class ItemEntry(Model):
    """An item of the case: the method, the head it counts under, and its inputs."""

    method: str
    head: Head
    title: str = ""
    medium: str = ""
    cost_kind: CostKind | None = None
    inputs: Annotated[dict[str, Any], BeforeValidator(plain_data)]
    overrule: dict[str, str] = Field(default_factory=dict)
    conditions: dict[str, AttestedField] = Field(default_factory=dict)
    round: RoundTo | None = None
    confirm: dict[str, str] = Field(default_factory=dict)
    on: date | None = None
    note: str = ""

    _item: Item | None = PrivateAttr(default=None)

    @property
    def rounding(self) -> Rounding | None:
        """The rounding other than the card's, if one is asked."""
        return Rounding(self.round.to, self.round.rule) if self.round else None


class Expert(Model):
    """A signer of the panel; *open* keeps a seat for one who is not named yet."""

    name: str = ""
    unit: str = ""
    title: str = ""
    field: str = ""
    pool: str = ""
    recusal: str = ""
    agrees: bool = True
    dissent: str = ""
    open: str = ""


class Conclusion(Model):
    """What the experts add: how to perform, and the limits of the opinion."""

    performance: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    uncertainty: StatementField | None = None


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
    items: list[ItemEntry] = Field(alias="item", default_factory=list)
    conclusion: Conclusion = Conclusion()
    experts: list[Expert] = Field(alias="expert", default_factory=list)

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

        try:
            data = json.loads(read_text(path), object_pairs_hook=_no_twins)
        except json.JSONDecodeError as error:
            where = f"{path} 第 {error.lineno} 行第 {error.colno} 列"
            raise InputError(f"JSON 写法有误（{error.msg}）", where=where) from None
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
                f"{valued.card.title}的结果不属于任何赔偿科目", where=Spot("head", ("head",))
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
    """Tell whether the item *held* is what *entry* says now."""
    return (
        held.place == case.jurisdiction
        and held.on == (entry.on or case.on)
        and dict(held.given) == entry.inputs
        and dict(held.overrule) == entry.overrule
    )
