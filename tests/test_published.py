"""The inventory of published figures is whole, and what it says of the cases is so."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest

from .golden import FOLDER, INVENTORY, golden_cases

LISTED: list[dict[str, Any]] = tomllib.loads(INVENTORY.read_text(encoding="utf-8"))["published"]
CASES = golden_cases()
USED = [entry for entry in LISTED if "used_in" in entry]
COLLECTIONS = {"appraisal": 20, "ecosystem": 29, "equivalency": 24, "rules": 20}
KEYS = {"id", "collection", "title", "origin"}


def test_every_published_figure_is_listed_once() -> None:
    assert len({entry["id"] for entry in LISTED}) == len(LISTED) == 93
    assert Counter(entry["collection"] for entry in LISTED) == COLLECTIONS


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["id"])
def test_an_entry_is_used_or_says_why_not(entry: dict[str, Any]) -> None:
    assert set(entry) in (KEYS | {"used_in"}, KEYS | {"reason"})
    assert all(entry.values())


@pytest.mark.parametrize("entry", USED, ids=lambda entry: entry["id"])
def test_an_entry_is_cited_by_the_cases_it_names(entry: dict[str, Any]) -> None:
    for file in entry["used_in"]:
        if "/" in file:
            text = (FOLDER.parent / f"{file}.toml").read_text(encoding="utf-8")
            assert f'id = "{entry["id"]}"' in text or f'published = ["{entry["id"]}"]' in text, file
            continue
        assert (FOLDER / f"{file}.toml").is_file()
        cited = [case for case in CASES if case.method == file]
        assert any(case.id == entry["id"] or entry["origin"] in case.origin for case in cited), file


def test_every_id_of_a_case_is_listed_where_it_is_used() -> None:
    used_in = {entry["id"]: entry.get("used_in", []) for entry in LISTED}
    for case in CASES:
        if case.id in used_in:
            assert case.method in used_in[case.id], f"{case.id} in {case.method}"


def test_at_least_sixty_are_used() -> None:
    assert len(USED) >= 60


def test_what_does_not_follow_stays_apart() -> None:
    """Figures known not to follow from what was published never reconcile, or are refused."""
    negative = {"cn-003", "cn-005", "cn-016", "cn-022", "llm_worksheet_NEGATIVE"}
    for id in negative:
        cases = [case for case in CASES if case.id == id]
        published = [case for case in cases if "by hand" not in case.origin and not case.raises]
        assert any(not case.reconciles for case in published), id
