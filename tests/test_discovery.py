"""Finding a method: the list and its filters, show, the pages, signatures and docstrings."""

from __future__ import annotations

import inspect
import json
import pydoc
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import ecoval as ev
from ecoval.cli import main
from ecoval.errors import InputError, OutOfScope
from ecoval.report.method_pages import INDEX, method_pages, page_of, write_pages
from ecoval.rules.cards import card
from ecoval.rules.heads import HEADS, heads_named
from ecoval.rules.jurisdictions import place
from ecoval.rules.media import MEDIA, media_named
from ecoval.rules.sources import STANDINGS, source
from ecoval.rules.tables import table, table_ids
from ecoval.valuation.description import describe
from ecoval.valuation.golden import golden_cases, golden_of
from ecoval.valuation.printing import formulas

PAGES = Path(__file__).parent.parent / "docs" / "methods"
# A notebook's methods, which other tests define, have no page.
OURS = {id: m for id, m in ev.methods().items() if m.__module__.startswith("ecoval.")}
each_method = pytest.mark.parametrize("id", sorted(OURS))


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process, on a wide terminal, and return code and texts."""
    monkeypatch.setenv("COLUMNS", "240")

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ecoval", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return ran


def _listed(out: str) -> set[str]:
    return {word for line in out.splitlines() if (word := line.strip().split(" ")[0]) in OURS}


# methods


def test_methods_are_filtered_by_head_and_medium(run) -> None:
    code, out, _ = run("methods", "--head", "interim", "--medium", "water")
    found = _listed(out)
    assert code == 0 and {"water-virtual-treatment", "groundwater-multiple-2014"} <= found
    # What serves any medium is offered too, under its own title.
    assert "不限介质的方法" in out and "interim-loss" in found
    for id in found:
        assert "interim" in OURS[id].card.heads
        assert OURS[id].card.medium in ("surface-water", "groundwater", "")


@pytest.mark.parametrize("head", HEADS)
def test_a_head_has_the_same_methods_by_its_id_and_by_its_title(run, head) -> None:
    _, by_id, _ = run("methods", "--head", head)
    _, by_title, _ = run("methods", "--head", HEADS[head])
    expected = {id for id, method in OURS.items() if head in method.card.heads}
    assert _listed(by_id) == _listed(by_title) == expected


def test_the_day_chooses_the_edition(run) -> None:
    _, before, _ = run("methods", "--medium", "地表水", "--on", "2018-06-01")
    _, after, _ = run("methods", "--medium", "地表水", "--on", "2024-06-01")
    assert "water-multiple-2014" in _listed(before) - _listed(after)
    assert "water-virtual-treatment" in _listed(after) - _listed(before)


def test_a_provincial_method_is_listed_in_its_province_only(run) -> None:
    on = ("--on", "2012-06-01", "--medium", "wildlife")
    _, there, _ = run("methods", *on, "--in", "广东省广州市")
    _, elsewhere, _ = run("methods", *on, "--in", "浙江省")
    assert _listed(there) - _listed(elsewhere) == {"wildlife-land-guangdong-2009"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--head", "interrim"), "--head：没有这个赔偿科目，所给为 interrim。是否指 interim"),
        (("--head", "期间损"), "是否指 期间损"),
        (("--head", "xyz"), "可用：clearance（清除污染费用）"),
        (("--medium", "wter"), "--medium：没有这个环境介质，所给为 wter。是否指 water"),
        (("--medium", "地表"), "是否指 地表水"),
        (("--on", "2024-13-01"), "应为日期"),
        (("--in", "火星"), "没有这个行政区划"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_unknown_filter_is_refused_with_the_nearest_names(run, arguments, words) -> None:
    code, out, err = run("methods", *arguments)
    assert code == 1 and not out and words in err


def test_every_medium_of_a_card_has_a_name() -> None:
    assert {method.card.medium for method in OURS.values()} - {""} <= set(MEDIA)
    assert media_named("水") == media_named("water") == ("surface-water", "groundwater")
    assert media_named("made-up", known={"made-up"}) == ("made-up",)


def test_what_people_call_a_head_is_that_head() -> None:
    assert heads_named("修复") == ("restoration",)
    assert heads_named("鉴定评估费") == ("investigation",)


# A method of one province.


def test_a_provincial_method_elsewhere_needs_a_reason() -> None:
    given: dict[str, Any] = {"number": "3 只", "fee": "50 元/只"}
    given |= {"protection_class": "省重点", "part": "整体", "on": "2012-06-01"}
    valued = ev.wildlife.land_guangdong_2009
    assert valued(jurisdiction="广东省深圳市", **given).exact == 600
    with pytest.raises(
        OutOfScope, match="只适用于广东省，浙江省.* 不在其内.*overrule 的 jurisdiction"
    ):
        valued(jurisdiction="浙江省", **given)
    item = valued(jurisdiction="浙江省", overrule={"jurisdiction": "参照"}, **given)
    assert [finding.code for finding in item.findings if finding.level == "warning"] == [
        "outside-place"
    ]
    assert "超出规定（适用地域），理由：参照" in str(item)


def test_a_national_method_holds_everywhere() -> None:
    assert card("water-virtual-treatment").holds_at(place("广东省"))
    assert not card("wildlife-land-guangdong-2009").holds_at(place("CN"))


# show


@each_method
def test_show_prints_all_that_the_card_says(run, id) -> None:
    code, out, _ = run("show", id)
    held = OURS[id].card
    assert code == 0 and held.title in out and held.clause in out
    for equation in formulas(OURS[id]):
        assert equation.text in out
    for term in held.terms:
        assert re.search(rf"^  {re.escape(term.symbol)} +{term.name}  {re.escape(term.title)}（",
                         out, flags=re.MULTILINE)  # fmt: skip
    for condition in held.conditions:
        assert condition.text in out and condition.id in out
    for case in golden_of(id):
        assert not case.expect or f"验证  {case.expect}（{case.on}）" in out
        assert not case.expect or case.origin in out


def test_show_says_how_far_a_table_was_read(run) -> None:
    _, out, _ = run("show", "carbon-volume-bcef")
    assert "carbon-root-shoot" in out and "据二手资料 18 行，待核实 10 行" in out
    assert "气候带：干旱亚热带、温带" in out


@pytest.mark.parametrize("id", table_ids())
def test_show_prints_every_row_of_a_table(run, id) -> None:
    code, out, _ = run("show", "--table", id)
    held = table(id)
    assert code == 0 and held.heading.title in out
    rows = out.splitlines()[-len(held.rows) :]
    for row, line in zip(held.rows, rows, strict=True):
        assert all(cell in line for cell in row.texts.values() if "\n" not in cell)
        assert STANDINGS[row.standing] in line


def test_a_table_that_no_method_is_named_for_needs_no_option(run) -> None:
    assert run("show", "carbon-species")[1] == run("show", "--table", "carbon-species")[1]
    assert "没有表 carbon-specie" in run("show", "--table", "carbon-specie")[2]


def test_show_prints_a_parameter_with_its_source(run) -> None:
    _, out, _ = run("show", "discount-rate")
    assert "0.03" in out and "待核实" in out and "CN" in out


@each_method
def test_show_as_json_is_one_object(run, id) -> None:
    _, out, _ = run("show", id, "--json")
    held = json.loads(out)
    assert held == describe(OURS[id])
    assert [term["name"] for term in held["terms"]] == [term.name for term in OURS[id].card.terms]
    assert held["golden"] and held["formula"] and held["standing"] in STANDINGS


def test_show_as_json_of_a_table_has_its_cells(run) -> None:
    held = json.loads(run("show", "carbon-conversion", "--json")[1])
    assert [row["cells"]["ratio"] for row in held["cells"]] == ["3.6666666666666667", "3.67"]
    assert {row["standing"] for row in held["cells"]} == {"secondary"}
    assert json.loads(run("show", "discount-rate", "--json")[1])["title"] == "折现率"


def test_show_of_nothing_offers_methods_tables_and_parameters(run) -> None:
    for asked, meant in (("carbon-specie", "carbon-species"), ("discount-rat", "discount-rate")):
        code, _, err = run("show", asked)
        assert code == 1 and f"没有方法 {asked}，也没有这个表或参数" in err and meant in err


# Pages


def test_the_pages_are_those_that_are_generated() -> None:
    made = {name: text.encode("utf-8") for name, text in method_pages().items()}
    kept = {path.name: path.read_bytes() for path in PAGES.glob("*.md")}
    stale = {name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)}
    assert not stale, "run: ecoval methods --pages docs/methods"


@each_method
def test_a_page_has_its_formula_terms_tables_and_golden_cases(id) -> None:
    page, held = page_of(OURS[id]), OURS[id].card
    assert page.startswith(f"# {held.title}\n") and f"`{id}`" in page
    (block,) = re.findall(r"```math\n(.*?)\n```", page, flags=re.DOTALL)
    assert all(equation.latex in block for equation in formulas(OURS[id]))
    assert block.count("{") == block.count("}")
    assert block.count(r"\left(") == block.count(r"\right)")
    for term in held.terms:
        assert f"| `{term.name}`" in page
    for row in (line for line in page.splitlines() if line.startswith("|")):
        assert row.endswith(" |")
    assert "## 验证案例" in page and "## 应予拒绝的输入" in page
    assert source(held.standard).title in page


def test_every_row_of_a_page_has_as_many_cells_as_its_head() -> None:
    for name, page in method_pages().items():
        cells = 0
        for line in page.splitlines():
            if not line.startswith("|"):
                cells = 0
                continue
            count = len(re.findall(r"(?<!\\)\|", line))
            assert cells in (0, count), f"{name}: {line}"
            cells = count


def test_the_index_lists_every_method_by_family_head_and_medium() -> None:
    index = method_pages()[INDEX]
    by_family, rest = index.split("## 按赔偿科目")
    by_head, by_medium = rest.split("## 按环境介质")
    for id, method in OURS.items():
        assert f"[{id}]({id}.md)" in by_family and f"### `ev.{method.family}`" in by_family
        assert by_head.count(f"[{id}]({id}.md)") == len(method.card.heads)
        assert by_medium.count(f"[{id}]({id}.md)") == 1


def test_the_pages_are_written_by_one_command(run, tmp_path) -> None:
    directory = tmp_path / "a" / "b"
    code, out, _ = run("methods", "--pages", str(directory))
    assert code == 0 and f"{len(OURS) + 1} 页" in out
    assert {path.name for path in directory.iterdir()} == {INDEX, *(f"{id}.md" for id in OURS)}
    (directory / "gone.md").write_text(page_of(OURS["cost-ledger"]), encoding="utf-8")
    (directory / "own.md").write_text("# 自己的笔记\n", encoding="utf-8")
    write_pages(directory)
    assert not (directory / "gone.md").exists() and (directory / "own.md").exists()


def test_pages_cannot_be_filtered_or_written_into_a_file(run, tmp_path) -> None:
    assert run("methods", "--pages", str(tmp_path), "--head", "interim")[0] == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = run("methods", "--pages", str(tmp_path / "file"))
    assert code == 1 and "写不出说明页" in err


# Golden cases


def test_a_method_has_its_own_golden_cases() -> None:
    assert {case.method for case in golden_cases()} == set(OURS)
    assert golden_of("no-such-method") == ()


# Jupyter


@each_method
def test_help_shows_title_formula_terms_and_clause(id) -> None:
    method = OURS[id]
    shown = pydoc.plain(pydoc.render_doc(method))
    assert method.card.title in shown and method.card.clause in shown
    assert f"ev.{method.family}.{method.__name__}(*, " in shown
    for equation in formulas(method):
        assert equation.text in shown
    for term in method.card.terms:
        assert f"{term.name} : {term.symbol} {term.title}（" in shown
        assert term.range is None or term.range.table or term.range.cited in shown
        assert term.asks in shown
    for name in inspect.signature(method).parameters:
        assert re.search(rf"(^|, ) *{name}(,| :)", shown, flags=re.MULTILINE), name


@each_method
def test_a_signature_has_each_term_by_name_and_no_other_way(id) -> None:
    parameters = inspect.signature(OURS[id]).parameters
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters.values())
    for term in OURS[id].card.terms:
        must = not (term.lookup or term.parameter or term.method or term.lines)
        assert (parameters[term.name].default is inspect.Parameter.empty) == must


def test_a_range_without_an_upper_end_is_not_printed_as_ending_at_zero() -> None:
    assert "不小于 3（SC/T 9110-2007" in (ev.fishery.once.__doc__ or "")


@pytest.mark.filterwarnings("ignore")
def test_the_question_mark_of_a_notebook_shows_signature_and_docstring() -> None:
    shell_module = pytest.importorskip("IPython.core.interactiveshell")
    shell = shell_module.InteractiveShell()
    shell.push({"treatment": ev.water.virtual_treatment})
    found = shell.object_inspect("treatment")
    shell.history_manager.end_session()
    assert "discharge" in found["definition"] and "on" in found["definition"]
    assert "D = E × C × γ" in found["docstring"]


def test_an_unknown_medium_says_what_there_is() -> None:
    with pytest.raises(InputError, match="可用：surface-water（地表水）"):
        media_named("zzz")
