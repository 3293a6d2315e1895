"""What README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def _run(path: Path) -> dict[str, Any]:
    """Run the Python blocks of *path* one after another and return what they leave."""
    text = path.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "readme"}
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(compile(block, str(path), "exec"), names)
    return names


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_examples_give_what_is_printed_beside_them(path: Path) -> None:
    names = _run(path)
    assert str(names["item"].amount) == "15562.50"
    result = names["result"]
    assert result.exact[:2].tolist() == [15562.5, 37350.0]
    assert str(result.faults[2]).endswith("应大于零，所给为 -3 t")
    assert result.fens.mask.tolist() == [False, False, True]


def test_the_method_of_the_readme_is_a_method_like_any_other() -> None:
    bamboo = _run(READMES[0])["bamboo_replanting"]
    item = bamboo(stems="300 株", unit_price="25 元/株", on="2024-06-01")
    assert str(item.amount) == "7500.00"
    assert "F = N × P = 300 株 × 25 元/株 = 7,500 元" in str(item)


def test_both_readmes_open_with_the_same_two_commands() -> None:
    first, second = (
        re.findall(r"^    (python -m .*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[
            :2
        ]
        for path in READMES
    )
    assert first == second and len(first) == 2
    assert "opinion examples/jindong-2024.toml" in first[0] and "pytest" in first[1]


def test_the_value_command_of_the_readme_prints_its_object() -> None:
    text = READMES[0].read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("    ecoval value "))
    words = re.findall(r'(?:[^\s"]|"[^"]*")+', line.strip().removeprefix("ecoval "))
    words = [word.replace('"', "") for word in words]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "ecoval", *words], capture_output=True, check=True
    )
    assert '"amount": "15562.50"' in done.stdout.decode("utf-8")
