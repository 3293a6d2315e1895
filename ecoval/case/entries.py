"""What stands in a case file: parties, materials, facts, items, experts, the conclusion."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator

from ..money import Place as RoundingPlace
from ..money import Rounding
from ..money import Rule as RoundingRule
from ..reading import Model
from ..rules.cards import Head
from ..rules.media import one_medium
from ..valuation import Item
from ..valuation.item import plain_data

Route = Literal["quick", "full", "review"]
CostKind = Literal["appraisal", "monitoring", "other"]
Track = Literal["ecological", "marine", "private"]

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


class Confirmed(Model):
    """An expert of the panel has compared a value with its source: who, and on which page."""

    by: str = Field(min_length=1)
    page: str = Field(min_length=1)
    note: str = ""

    @property
    def text(self) -> str:
        """What was confirmed, as printed."""
        return f"{self.by}核对原文第 {self.page} 页" + (f"，{self.note}" if self.note else "")


def _as_confirmed(given: object) -> object:
    if isinstance(given, str):
        raise ValueError('应写明核对的专家和原文页码：{ by = "…", page = "…" }')
    return (
        {**given, "page": str(given["page"])}
        if isinstance(given, dict) and isinstance(given.get("page"), int)
        else given
    )


class RoundTo(Model):
    """A rounding other than the card's, with the reason that is printed."""

    to: RoundingPlace = "分"
    rule: RoundingRule = "half-up"
    reason: str = Field(min_length=1)


class ItemEntry(Model):
    """An item of the case: the method, the head it counts under, and its inputs.

    *object* names what was harmed, where the case has several: a stand, a reach of a river. Two
    items on different objects never count the same loss. *apart* is the expert's reason why an item
    counts no loss that another counts, where the cards say that the two would.
    """

    method: str
    head: Head
    title: str = ""
    medium: str = ""
    object: str = ""
    apart: str = ""
    cost_kind: CostKind | None = None
    track: Track = "ecological"
    inputs: Annotated[dict[str, Any], BeforeValidator(plain_data)]
    overrule: dict[str, str] = Field(default_factory=dict)
    conditions: dict[str, AttestedField] = Field(default_factory=dict)
    round: RoundTo | None = None
    confirm: dict[str, Annotated[Confirmed, BeforeValidator(_as_confirmed)]] = Field(
        default_factory=dict
    )
    on: date | None = None
    note: str = ""

    _item: Item | None = PrivateAttr(default=None)

    def copied(self) -> ItemEntry:
        """Return a copy that shares with this entry nothing that can change."""
        dicts = {name: dict(getattr(self, name)) for name in ("overrule", "conditions", "confirm")}
        made = self.model_copy(update={"inputs": plain_data(self.inputs), **dicts})
        made._item = None
        return made

    @field_validator("medium")
    @classmethod
    def _a_medium(cls, given: str) -> str:
        return one_medium(given) if given else ""

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
    capacity: str = ""
    pool: str = ""
    recusal: str = ""
    agrees: bool = True
    dissent: str = ""
    open: str = ""


class AppraisalTexts(Model):
    """What a full appraisal report says beside an opinion: who appraised, the plan, the survey."""

    institution: StatementField | None = None
    licence: str = ""
    matter: StatementField | None = None
    region: StatementField | None = None
    purpose: StatementField | None = None
    principles: StatementField | None = None
    scope: StatementField | None = None
    content: StatementField | None = None
    plan: StatementField | None = None
    survey: StatementField | None = None
    results: StatementField | None = None
    finding: StatementField | None = None
    goal: StatementField | None = None
    options: StatementField | None = None
    recommended: StatementField | None = None


class Conclusion(Model):
    """What the experts add: how to perform, and the limits of the opinion."""

    performance: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    uncertainty: StatementField | None = None
