"""An equivalency in a case file, on the command line and in the opinion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from ecoval.case import Case
from ecoval.cli import app
from ecoval.errors import InputError
from ecoval.report import write_opinion

EXAMPLE = Path(__file__).parent.parent / "examples" / "wetland-equivalency.toml"


def test_a_case_file_describes_its_paths_and_says_where_one_is_wrong(tmp_path: Path) -> None:
    item = Case.read(EXAMPLE).assess().items[0].item
    assert item.remarks[-1].startswith("按 60 种口径计算，补偿性修复费用在 ")
    assert item.parts[0].remarks[0].startswith("逐项单独计，修复规模：芦苇 ")
    path = tmp_path / "case.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new, words in (
        ("years = 8", "yeers = 8", "未知的键 yeers。是否指 years"),
        ("first = 1, last", "first = 100, last", "服务水平应在 0 与 1 之间，所给为 100"),
        ('"cn_gb"', '"cn_gbt"', "没有这个口径名称，所给为 cn_gbt。是否指 cn_gb"),
    ):
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError, match="case.toml 第 1 项 第 [0-9]+ 行.*" + words):
            Case.read(path).assess()


def test_the_opinion_shows_the_year_tables_and_the_spread(tmp_path: Path) -> None:
    write_opinion(Case.read(EXAMPLE).assess(), tmp_path, name="case", pdf=False)
    document = Document(str(tmp_path / "case.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    html = (tmp_path / "case.html").read_text(encoding="utf-8")
    for words in (
        "芦苇：等值分析：折现服务损失",
        "逐项单独计，修复规模：芦苇 ",
        "按 60 种口径计算，补偿性修复费用在",
    ):
        assert words in text and words in html
    for words in ("2021 年（0.8 年，基准前）", "0.879763 年", "2055 年（0.1616 年）"):
        assert any(words in cell for cell in cells) and words in html
    held = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert len(held["items"][0]["spread"]["values"]) == 60


def test_a_loss_by_its_path_and_by_its_project_is_counted_twice(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    more = """
[[item]]
method = "interim-loss-path"
head = "interim"
medium = "wetland"
[item.inputs]
quantity = "12 公顷"
unit_value = "2 万元/公顷/年"
loss = { path = "linear", first = 1, last = 0, years = 8 }
convention = "cn_gb"
"""
    path.write_text(EXAMPLE.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = [each for each in Case.read(path).assess().findings if each.code == "double-counting"]
    assert len(found) == 1 and found[0].where == "第 1 项"
    assert "已经补偿同一服务的期间损失" in found[0].text and "应删去第 2 项" in found[0].text


def test_the_command_line_takes_a_path_as_json() -> None:
    terms = [
        "quantity=100 公顷", 'loss={"path": "linear", "first": 1, "last": 0, "years": 10}',
        'convention={"level_at": "end", "discount_at": "end"}', "rate=3 %",
    ]  # fmt: skip
    command = ["value", "equivalency-discounted-loss", *terms, "--on", "2024-06-01"]
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0 and "404.630359 公顷·年" in shown.stdout
    assert "按 20 种口径计算" in shown.stdout
    held = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert held["exact"] == pytest.approx(404.630359374, rel=1e-11)
    assert len(held["lines"]) == 10 and held["spread"]["least"].startswith("年末水平")
