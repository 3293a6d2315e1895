"""The variables of a template in English: what is ours is put into English, the rest stays as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..case.assessment import AssessedItem, Assessment
from ..valuation.inputs import Given
from ..valuation.item import ORIGINS, Item
from ..valuation.printing import basis
from .catalogue import (
    CHINESE,
    NoEnglish,
    english,
    english_date,
    english_markup,
    title_of,
    value_text,
)
from .item_context import chinese_date

# How each variable is put into English. What is not named here must hold no Chinese.
_KINDS: dict[str, str] = {}


def _are(kind: str, names: str) -> None:
    _KINDS.update(dict.fromkeys(names.split(), kind))


_are(
    "ours",
    """
    title draft open_points basics.label eligibility.sentence eligibility.on eligibility.form
    eligibility.limbs.title eligibility.limbs.text eligibility.thresholds.text
    eligibility.thresholds.standing materials.on facts.label damage.label restoration.label
    items.head items.method items.standing items.inputs.title items.inputs.standing
    items.line_titles items.amount items.rounding items.conditions.kind
    items.conditions.attested items.overrules.name items.confirmed.name items.confirmed.text
    summary.head summary.method heads.title findings.level findings.where findings.text
    experts.opinion rules.title rules.span rules.standing standards.read opinion_date
    """,
)
_are(
    "either",
    """
    basics.text basics.open materials.open facts.open damage.open restoration.open
    uncertainty.open items.inputs.open experts.name dissents.name
    eligibility.experts eligibility.thresholds.rule rules.text
    """,
)
_are("value", "items.inputs.value items.lines.cells")
_are("markup", "items.equations.omml items.equations.mathml items.equations.text")
_are("material", "eligibility.limbs.evidence items.lines.note")
_are("looked up", "items.looked_up")
# Names of people and places, titles and words of laws and standards, what somebody wrote.
_are(
    "as written",
    """
    number case_title capitals eligibility.rules.place eligibility.rules.citation eligibility.limbs.note
    eligibility.thresholds.place eligibility.thresholds.citation eligibility.experts_rule
    materials.id materials.title materials.issuer materials.number facts.text facts.evidence
    damage.text damage.evidence restoration.text restoration.evidence items.standard
    items.inputs.symbol items.inputs.basis items.title summary.title items.lines.name items.conditions.text items.conditions.clause
    items.overrules.reason items.note items.card_note punitive_bases.place punitive_bases.text
    punitive_bases.citation uncertainty.text performance limits stop findings.clause
    experts.unit experts.title experts.field experts.pool experts.recusal experts.open
    dissents.text rules.place rules.citation rules.note standards.title standards.note
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
    return _WAYS[kind](value)


def _either(text: str) -> str:
    """Return the English of a text of ours, and a text of somebody else's as it is."""
    try:
        return english(text)
    except NoEnglish:
        return english_date(text) if re.match(r"\d+年\d+月\d+日（", text) else text


def _material(text: str) -> str:
    """Return what stands behind a value with our own words in it in English."""
    said = ORIGINS["given"]
    if text == said:
        return english(said)
    put = re.sub(r"材料 (\S+?) 第 (\S+) 页", r"Material \1, p. \2", text)
    put = re.sub(r"(?:^|(?<=；))材料 (?=\S)", "Material ", put)
    return re.sub(r"(?:^|(?<=；))待定：", "open: ", put).replace("；", "; ")


def _looked_up(text: str) -> str:
    found = re.fullmatch(r"由 (.*?) 查(.*)，得 (.*)。", text, re.DOTALL)
    if found is None:
        return english(text)
    by = "; ".join(_classed(part) for part in found[1].split("、"))
    values = value_text(found[3].replace("，", ", "), "en")
    return f"Read off by {by} from {found[2]}: {values}."


def _classed(text: str) -> str:
    """Return a choice and what was chosen, the title in English and the class as the table has it."""
    title, _, chosen = text.partition(" ")
    try:
        return f"{english(title)} {chosen}"
    except NoEnglish:
        return value_text(text, "en")


_WAYS: dict[str, Callable[[str], str]] = {
    "ours": english,
    "either": _either,
    "value": lambda text: value_text(text, "en"),
    "markup": lambda text: type(text)(english_markup(text)),
    "material": _material,
    "looked up": _looked_up,
    "as written": lambda text: text,
}


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
    for part in item.parts:
        yield from _bases(part)
    for chosen in item.chosen.values():
        yield _said(chosen)
    for used in item.inputs:
        if used.term.lines:
            continue
        if used.origin == "table":
            yield used.note
        elif used.origin == "method":
            yield f"by the method “{english(used.note)}”"
        elif used.origin == "parameter":
            yield basis(used)
        else:
            yield _said(used.given) if used.given is not None else english(ORIGINS[used.origin])


def _said(given: Given) -> str:
    page = f"p. {given.page}" if given.page else ""
    parts = [", ".join(filter(None, (given.evidence and f"Material {given.evidence}", page)))]
    parts += [given.note, given.open and f"open: {given.open}"]
    return "; ".join(filter(None, parts)) or english(ORIGINS["given"])
