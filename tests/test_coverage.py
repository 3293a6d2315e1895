"""What docs/coverage.md points at is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ecoval.rules.parameters import topics

ROOT = Path(__file__).parent.parent
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| ---", "| clause"))
]
KNOWN = {name for names in topics().values() for name in names}
# Words of the table that name no parameter: fields of a value, heads, an attested fact.
OTHER = {"since", "until", "prevention", "clearance", "negotiation.no_reply"}


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][:20]}")
def test_every_pointer_of_the_coverage_table_exists(row: list[str]) -> None:
    assert len(row) == 4
    _, _, data, test = row
    for word in re.findall(r"`([^`]+)`", data):
        assert word in KNOWN | OTHER, f"no parameter {word}"
    for pointer in re.findall(r"`([^`]+)`", test):
        file, _, name = pointer.partition("::")
        assert name in _tests(ROOT / file), pointer


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][:20]}")
def test_every_clause_is_tested_or_says_why_it_is_not_modelled(row: list[str]) -> None:
    _, _, data, test = row
    reason = re.match(r"not modelled: \S+ \S+", data)
    assert test or reason, row


def test_every_rule_of_the_regulations_seen_in_full_is_in_the_table() -> None:
    from ecoval.rules.parameters import parameter

    written = {word for row in ROWS for word in re.findall(r"`([^`]+)`", row[2])}
    for topic in ("deadlines", "ending", "quick-assessment", "heads", "punitive", "performance"):
        for name in topics()[topic]:
            cited = {value.source for value in parameter(name).values}
            if cited & {"zhejiang-2023", "nantong-2023", "changchun-2023", "jilin-2016"}:
                assert name in written, name
