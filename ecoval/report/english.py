"""The variables of a template in English: what is ours is put into English, the rest stays as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..case.assessment import AssessedItem, Assessment
from ..valuation.inputs import Given
from ..valuation.item import ORIGINS, Item, Used
from ..valuation.profiles import profiles
from ..valuation.tabled import basis, input_rows
from .catalogue import CHINESE, NoEnglish, english, english_date, title_of
from .english_kinds import WAYS
from .item_context import chinese_date

# How each variable is put into English. What is not named here must hold no Chinese.
_KINDS: dict[str, str] = {}


def _are(kind: str, names: str) -> None:
    _KINDS.update(dict.fromkeys(names.split(), kind))


_are(
    "ours",
    """
    title draft open_points eligibility.sentence eligibility.on eligibility.form
    eligibility.limbs.title eligibility.limbs.text eligibility.thresholds.text
    eligibility.thresholds.standing materials.on facts.label damage.label restoration.label
    items.head items.method items.standing items.inputs.title items.inputs.standing
    items.line_titles items.sheets.titles items.remarks items.amount items.rounding
    items.conditions.kind items.conditions.attested items.overrules.name items.confirmed.name
    items.confirmed.text summary.head summary.method heads.title findings.level findings.where
    findings.text experts.opinion rules.title rules.span rules.standing standards.read opinion_date
    legal_basis.standing deadlines.step deadlines.limit deadlines.start deadlines.text
    deadlines.standing performance_rules.title performance_rules.span performance_rules.standing
    punitive.sentence punitive.on punitive.measure punitive.unit punitive.reasons
    punitive.bases.title punitive.bases.measure punitive.bases.amount punitive.conditions.title
    punitive.conditions.text punitive.factors.title punitive.factors.spread
    punitive.factors.agreed obligors.sentence punitive.obligors.sentence settlement.on
    settlement.lines.text settlement.plans.kind settlement.plans.rows.on settlement.plans.terms
    settlement.deposit settlement.ranks.title settlement.dues.borne settlement.dues.otherwise
    settlement.dues.cash settlement.dues.punitive settlement.dues.payable matters.level matters.text matters_open
    """,
)
# Ours where somebody has not written a text of his own.
_are(
    "either",
    """
    basics.open materials.open facts.open damage.open restoration.open uncertainty.open
    items.inputs.open experts.name dissents.name settlement.lines.title punitive.factors.scores
    """,
)
_are("open", "settlement.lines.open")
_are(
    "rule",
    "eligibility.experts eligibility.thresholds.rule punitive_bases.text rules.text"
    " performance_rules.text rules.place performance_rules.place",
)
_are("told", "punitive.rules")
_are("fine", "punitive.fines")
_are("support", "punitive.conditions.basis")
_are("signer", "signers")
_are("destination", "settlement.destination")
_are(
    "clause",
    """
    findings.clause matters.clause obligors.clause punitive.obligors.clause punitive.bases.cited
    punitive.conditions.clause settlement.lines.basis settlement.plans.basis settlement.ranks.clause
    """,
)
_are(
    "value",
    "items.inputs.value items.lines.cells items.sheets.rows.cells obligors.rows.by"
    " punitive.obligors.rows.by",
)
_are("markup", "items.equations.omml items.equations.mathml items.equations.text")
_are("material", "eligibility.limbs.evidence items.lines.note items.sheets.rows.note")
_are("looked up", "items.looked_up")
_are("row", "items.lines.name items.sheets.rows.name")
_are("sheet", "items.sheets.title")
# Names of people and places, titles and words of laws and standards, what somebody wrote.
_are(
    "as written",
    """
    basics.text number case_title capitals eligibility.rules.place eligibility.rules.citation
    eligibility.limbs.note eligibility.thresholds.place eligibility.thresholds.citation
    eligibility.experts_rule materials.id materials.title materials.issuer materials.number
    facts.text facts.evidence damage.text damage.evidence restoration.text restoration.evidence
    items.standard items.inputs.symbol items.inputs.basis items.title summary.title
    items.conditions.text items.conditions.clause items.overrules.reason items.note items.card_note
    punitive_bases.place punitive_bases.citation uncertainty.text performance
    limits stop experts.unit experts.title experts.field experts.pool experts.recusal experts.open
    dissents.text rules.citation rules.note standards.title standards.note legal_basis.citation
    deadlines.citation performance_rules.citation performance_rules.note obligors_reason
    obligors.rows.name punitive.obligors.rows.name punitive.factors.reason settlement.lines.obligor
    settlement.lines.note settlement.note settlement.payable_capitals settlement.dues.name
    settlement.plans.obligor
    """,
)


def in_english(
    prepared: Mapping[str, Any], assessment: Assessment, asked: frozenset[str] | None = None
) -> dict[str, Any]:
    """Return the variables *prepared* for *assessment* in English, those *asked* for or all.

    Raises
    ------
    NoEnglish
        A text of ours has none, or a variable holds Chinese and nothing says what it is.
    """
    chosen = {name: value for name, value in prepared.items() if asked is None or name in asked}
    if "basics" in chosen:
        chosen["basics"] = [_basic(row) for row in chosen["basics"]]
    if "items" in chosen:
        chosen["items"] = _items(chosen["items"], assessment)
    if "summary" in chosen:
        chosen["summary"] = _summary(chosen["summary"], assessment)
    return {name: _put(value, name) for name, value in chosen.items()}


def _put(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        return {key: _put(part, f"{path}.{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [_put(part, path) for part in value]
    if not isinstance(value, str) or not CHINESE.search(value):
        return value
    kind = _KINDS.get(path)
    if kind is None:
        raise NoEnglish(f"变量 {path} 没有说明如何写成英文", where="report/english.py", got=value)
    return WAYS[kind](value)


def _basic(row: dict[str, str]) -> dict[str, str]:
    """Return a row of the background: the label is ours, the text of two kinds of row too."""
    text = row["text"]
    if row["label"] == "程序":
        text = english(text)
    elif row["label"] in ("损害发生日", "委托之日"):
        text = english_date(text)
    return {"label": english(row["label"]), "text": text, "open": row["open"]}


def _items(prepared: list[dict[str, Any]], assessment: Assessment) -> list[dict[str, Any]]:
    """Return the items with what only their structure can tell ours from somebody else's."""
    return [
        {
            **variables,
            "title": item.entry.title or title_of(item.card, "en"),
            "standard": _standard(item),
            "inputs": [
                row | {"basis": said}
                for row, said in zip(variables["inputs"], _bases(item.item), strict=True)
            ],
        }
        for variables, item in zip(prepared, assessment.items, strict=True)
    ]


def _summary(prepared: list[dict[str, str]], assessment: Assessment) -> list[dict[str, str]]:
    ordered = (
        item for head in assessment.by_head for item in assessment.items if item.entry.head == head
    )
    return [
        row | {"title": item.entry.title or title_of(item.card, "en")}
        for row, item in zip(prepared, ordered, strict=True)
    ]


def _standard(item: AssessedItem) -> str:
    cited = item.card.cited()
    if not item.entry.on:
        return cited
    return f"{cited}, as in force on {english_date(chinese_date(item.item.on))}"


def _bases(item: Item) -> Iterator[str]:
    """Yield where each value of *item* comes from, in the order in which its inputs are tabled."""
    for row in input_rows(item):
        behind = row.behind
        if isinstance(behind, Given):
            yield _said(behind)
        elif isinstance(behind, Used):
            yield _basis(behind)


def _basis(used: Used) -> str:
    if used.origin == "table":
        return used.note
    if used.origin == "method":
        return f"by the method “{english(used.note)}”"
    if used.origin == "parameter":
        return basis(used)
    return _said(used.given) if used.given is not None else english(ORIGINS[used.origin])


def _said(given: Given) -> str:
    page = f"p. {given.page}" if given.page else ""
    note = english(given.note) if given.note in _OUR_NOTES else given.note
    parts = [", ".join(filter(None, (given.evidence and f"Material {given.evidence}", page)))]
    parts += [note, given.open and f"open: {given.open}"]
    return "; ".join(filter(None, parts)) or english(ORIGINS["given"])


# What we note ourselves of a value that a path or a convention sets.
_OUR_NOTES = {
    "路径的水平已是占基线的比例",
    "受损区基线起始的水平",
    "修复区基线起始的水平",
    "受损区基线的水平",
    *(profile.said for profile in profiles().values()),
}
