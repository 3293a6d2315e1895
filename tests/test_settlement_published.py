"""Published outcomes of punitive damages and settlements, at their printed figures."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ecoval.case import Assessment, Case

FOLDER = Path(__file__).parent / "settlements"
FILES = sorted(FOLDER.glob("*.toml"))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _assessed(held: dict[str, Any]) -> Assessment:
    if "file" in held:
        return Case.read(FOLDER.parent.parent / held["file"]).assess()
    return Case(**held["case"]).assess()


def _at(figures: Any, path: str) -> Any:
    for key in path.split("."):
        figures = figures[int(key) if isinstance(figures, list) else key]
    return figures


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_outcome_reconciles(path: Path) -> None:
    held = _read(path)
    assessment = _assessed(held)
    figures = assessment.as_dict()
    assert held["origin"] and held["standing"]
    assert {at: _at(figures, at) for at in held["expect"]} == held["expect"]
    for words in held.get("prints", ()):
        assert words in str(assessment)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_case_goes_through_json_and_back(path: Path) -> None:
    assessment = _assessed(_read(path))
    again = Case(**assessment.as_dict()["case"]).assess()
    assert again.fingerprint == assessment.fingerprint
    assert again.as_dict() == assessment.as_dict()
