"""Published figures reconcile at their printed digits; what does not is kept with its reason."""

from __future__ import annotations

import pytest

import ecoval.errors
from ecoval.valuation import methods
from ecoval.valuation.registry import method

from .golden import Golden, as_printed, golden_cases, plain

CASES = golden_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method}: {case.name}")
def test_published_figure(case: Golden) -> None:
    def value() -> float:
        item = method(case.method).value(
            case.inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule
        )
        return item.exact

    if case.raises:
        with pytest.raises(getattr(ecoval.errors, case.raises), match=case.match):
            value()
        return
    agrees = as_printed(value(), case.expect) == plain(case.expect)
    assert agrees == case.reconciles, f"{value()!r} against {case.expect}: {case.why}"


def test_every_case_says_where_it_is_from() -> None:
    assert all(case.origin for case in CASES if not case.raises)


def test_every_gap_has_its_reason() -> None:
    assert all(case.why for case in CASES if not case.reconciles)


def test_every_method_has_a_golden_case() -> None:
    assert set(methods()) <= {case.method for case in CASES if case.expect}


def test_every_method_has_a_case_that_must_fail() -> None:
    assert set(methods()) <= {case.method for case in CASES if case.raises}
