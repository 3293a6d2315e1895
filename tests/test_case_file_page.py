"""docs/case-file.md has every key of every table, and every code that a key takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from ecoval.case import Case
from ecoval.rules.media import MEDIA
from ecoval.rules.parameters import parameter

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "case-file.md").read_text(encoding="utf-8")
SECTIONS = {
    heading.strip("` "): body
    for heading, body in re.findall(
        r"^##+ ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE
    )
}
HEADINGS = {
    "Case": "The case",
    "Attested": "Attested facts",
    "Statement": "Statements",
    "Party": "[[party]]",
    "Material": "[[material]]",
    "Facts": "[facts]",
    "AppraisalTexts": "[appraisal]",
    "Day": "[dates]",
    "Dates": "[dates]",
    "ItemEntry": "[[item]]",
    "RoundTo": "item.round",
    "Confirmed": "item.confirm",
    "Conclusion": "[conclusion]",
    "Expert": "[[expert]]",
    "Obligors": "[obligors]",
    "ObligorPart": "[[obligors.part]]",
    "PunitiveEntry": "[punitive]",
    "FactorEntry": "[[punitive.factor]]",
    "Score": "[[punitive.factor.score]]",
    "Fine": "[[punitive.fine]]",
    "SettlementEntry": "[settlement]",
    "Repair": "[[settlement.restoration]]",
    "Substitute": "[[settlement.substitute]]",
    "Spent": "[[settlement.spent]]",
    "Carbon": "[[settlement.carbon]]",
    "Labour": "[[settlement.labour]]",
    "Schedule": "[settlement.labour.schedule]",
    "Upgrade": "[[settlement.upgrade]]",
    "Insurance": "[[settlement.insurance]]",
    "ThirdParty": "[[settlement.third_party]]",
    "Plan": "[[settlement.instalments]]",
    "Part": "[[settlement.instalments.part]]",
    "Deposit": "[settlement.deposit]",
    "DepositOutcome": "[settlement.deposit.settled]",
    "Assets": "[settlement.assets]",
    "Destination": "[settlement.destination]",
}
CODED = {
    "The case": ("quick-assessment-forms",),
    "[eligibility]": ("quick-assessment-conditions",),
    "[ending]": (
        "ending-conditions",
        "ending-corrected",
        "ending-wildlife",
        "ending-other-slight",
        "ending-national",
        "ending-restored",
        "ending-slight",
        "ending-bars",
    ),
    "[negotiation]": ("negotiation-end", "suit-precondition"),
    "[punitive]": ("punitive-conditions", "punitive-intent-presumed", "punitive-serious"),
    "[[punitive.factor]]": ("punitive-factors",),
    "[[settlement.substitute]]": ("substitute-grounds",),
    "[settlement.destination]": ("payment-destination",),
}


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _within(part)


def _models(of: type[BaseModel], found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    if of.__name__ not in found:
        found[of.__name__] = of
        for field in of.model_fields.values():
            for model in _within(field.annotation):
                _models(model, found)
    return found


MODELS = _models(Case, {})


def _codes(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (str(each) for each in get_args(annotation))
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for part in get_args(annotation):
            yield from _codes(part)


def _said(heading: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", SECTIONS[heading]))


def test_every_table_has_its_heading() -> None:
    assert set(MODELS) == set(HEADINGS)
    assert set(HEADINGS.values()) <= set(SECTIONS)


@pytest.mark.parametrize("name", HEADINGS)
def test_every_key_and_code_of_a_table_is_on_the_page(name: str) -> None:
    said = _said(HEADINGS[name])
    if HEADINGS[name].startswith(("[[settlement.", "[settlement.")):
        said |= _said("Every form")
    for key, field in MODELS[name].model_fields.items():
        assert (field.alias or key) in said, key
        missing = {code for code in _codes(field.annotation) if code.strip('"') not in said}
        assert not missing, key


@pytest.mark.parametrize("heading", CODED)
def test_every_code_of_a_rule_is_on_the_page(heading: str) -> None:
    for name in CODED[heading]:
        assert set(parameter(name).choices) <= _said(heading), name


def test_every_medium_is_on_the_page() -> None:
    for id, title in MEDIA.items():
        assert f"`{id}` {title}" in SECTIONS["[[item]]"]


def test_the_other_pages_lead_to_it() -> None:
    root = DOCS.parent
    for path in (root / "README.md", DOCS / "settlement.md", DOCS / "deadlines.md"):
        assert "case-file.md" in path.read_text(encoding="utf-8"), path
