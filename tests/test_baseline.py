"""Baseline and the confirmation of damage: rules, conclusions, sentence, figure, documents, command."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

import ecoval as ev
from ecoval.errors import ContentError, InputError, OutOfScope, OutputError, ParameterNotFound
from ecoval.report import write_confirmation, writing
from ecoval.valuation import confirmation_plot
from ecoval.valuation.baseline import Confirmation, Confirmations, confirm, rules_in_force
from ecoval.valuation.sample_files import confirm_file, confirm_samples, options
from ecoval.valuation.sample_sheets import read_samples

PLAN = {"statistic_basis": "鉴定方案 3.2", "minimum": 5, "minimum_basis": "鉴定方案 3.2"}
NO_HISTORY = {"history": "该河段此前没有监测"}
CONTROL = [0.42, 0.50, 0.61, 0.55, 0.70]
AFFECTED = [1.9, 2.4, 1.2, 3.1, 2.2]


def _control(values: Any = CONTROL, **more: Any) -> Any:
    given = {"unit": "mg/L", "statistic": "mean", "unavailable": NO_HISTORY, **PLAN, **more}
    return ev.baseline.control(values, **given)


def _confirm(affected: Any = AFFECTED, **more: Any) -> Confirmation:
    given = {
        "baseline": more.pop("baseline", None) or _control(),
        "indicator_kind": "concentration",
        "direction": "higher",
        "on": "2024-06-01",
        "jurisdiction": "330700",
        **more,
    }
    return confirm("氨氮", affected=affected, **given)


def _codes(of: Confirmation) -> set[str]:
    return {finding.code for finding in of.findings}


def test_the_exceedance_is_that_of_the_hand() -> None:
    # Means (1.9 + 2.4 + 1.2 + 3.1 + 2.2) ÷ 5 = 2.16 and 2.78 ÷ 5 = 0.556; (2.16 − 0.556) ÷ 0.556.
    found = _confirm()
    assert found.observed == pytest.approx(2.16) and found.bounds[1] == pytest.approx(0.556)
    assert found.ratio == pytest.approx(1.604 / 0.556)
    assert (found.confirmed, found.over, found.limit) == (True, 5, 0.2)
    assert "受影响区高于基线 288.49%，超过 20% 的阈值" in found.sentence


def test_the_sentence_says_all_that_it_rests_on() -> None:
    found = _confirm(
        ["<1.0", *AFFECTED], baseline=_control(["<0.05", *CONTROL]), non_detects="half"
    )
    for words in (
        "受影响区 6 个样品（未检出 1 个，占 16.7%，未检出值按检出限的一半计）的算术平均值",
        "基线取对照区数据，6 个样品（未检出 1 个，占 16.7%",
        "样品要求不少于 5 个：鉴定方案 3.2",
        "没有历史数据的原因：该河段此前没有监测",
        "20% 的阈值（《生态环境损害鉴定评估技术指南 总纲和关键环节 第1部分：总纲》（GB/T 39791.1-2020）第5章，待核实）",
        "经 Mann–Whitney U 检验（单侧，受影响区偏高",
        "在 0.05 的显著性水平（待核实）下差异有统计学意义",
        "选用该检验的原因：有未检出值",
        "据此，可以确认该指标所示的损害。",
    ):
        assert words in found.sentence, words
    assert {"unverified-value", "non-detects", "later-baseline", "test-chosen"} <= _codes(found)


def test_the_threshold_is_over_and_not_reached() -> None:
    base = ev.baseline.standard("0.3 mg/L", unit="mg/L", basis="某标准", unavailable=_PASSED)
    # 0.36 over 0.3 is 20 %, in floats 20.000000000000004 %.
    assert not _confirm([0.36, 0.36], baseline=base).confirmed
    assert _confirm([0.3601, 0.3601], baseline=base).confirmed


_PASSED = {"history": "没有监测", "control": "没有可比的区域"}


def test_lower_is_worse_for_dissolved_oxygen() -> None:
    base = _control([7.8, 8.1, 8.0, 7.9, 8.2])
    found = _confirm([4.9, 5.2, 5.0, 4.8, 5.1], baseline=base, direction="lower")
    assert found.ratio == pytest.approx((8 - 5) / 8)
    assert found.confirmed and found.comparison is not None
    assert found.comparison.alternative == "less"
    assert "受影响区低于基线 37.5%" in found.sentence
    better = _confirm([9.0, 9.2, 9.1, 8.9, 9.3], baseline=base, direction="lower")
    assert not better.confirmed and "未向不利方向变化" in better.sentence


def test_a_range_is_left_on_either_side() -> None:
    base = ev.baseline.standard(low=6, high=9, unit="", basis="某标准表1", unavailable=_PASSED)
    found = _confirm([4.1, 4.3, 4.2], baseline=base, direction="range")
    assert found.confirmed and found.limit is None and found.over == 3
    assert found.ratio == pytest.approx((6 - 4.2) / 6)
    assert "低于下限 30%" in found.sentence and "不适用百分比阈值" in found.sentence
    assert "range-without-threshold" in _codes(found)
    inside = _confirm([7.1, 8.8, 7.3], baseline=base, direction="range")
    assert not inside.confirmed and "在基线范围之内" in inside.sentence


def test_a_range_of_samples_has_two_limits() -> None:
    base = _control(
        [7.1, 7.3, 7.2, 7.5, 7.4], unit="", statistic="percentile", method="linear", share=0.9
    )
    found = _confirm([5.0, 5.2], baseline=base, direction="range")
    # numpy's linear: positions 0.4 and 3.6 of 7.1 7.2 7.3 7.4 7.5.
    assert found.bounds == pytest.approx((7.14, 7.46))
    with pytest.raises(InputError, match="均值、中位数不是范围"):
        _confirm([5.0, 5.2], baseline=_control(), direction="range")


def test_biota_confirm_by_difference_too() -> None:
    base = _control([20, 21, 19, 20.5, 19.5], unit="尾/m^2")
    worse = {"baseline": base, "direction": "lower"}
    affected = [17, 17.5, 16.8, 17.2, 17.1]
    assert _confirm(affected, indicator_kind="biota", **worse).confirmed
    found = _confirm(affected, **worse)
    assert not found.confirmed and "significant-below-threshold" in _codes(found)


def test_over_the_threshold_without_significance_is_said() -> None:
    found = _confirm([0.3, 0.4, 2.0], baseline=_control([0.5, 0.9, 0.1, 0.7, 0.4]))
    assert found.confirmed and not found.significant
    assert "not-significant" in _codes(found)


def test_a_conclusion_that_depends_on_values_below_detection_is_said() -> None:
    base = _control(["<0.5", "<0.5", "<0.5", 0.55, 0.52])
    found = _confirm([0.6, 0.58, 0.62, 0.61, 0.59], baseline=base, non_detects="half")
    assert found.confirmed and "conclusion-depends" in _codes(found)
    assert {each.treatment: each.confirmed for each in found.alternatives}["limit"] is False
    assert "several-limits" not in _codes(found)


def test_each_rule_has_its_day_and_standing() -> None:
    first, last = _confirm(on="2018-03-01"), _confirm()
    assert first.threshold is not None and last.threshold is not None
    assert (first.threshold.found.standing, last.threshold.found.standing) == (
        "secondary",
        "unverified",
    )
    assert "环办政法〔2016〕67号" in first.sentence and "据二手资料" in first.sentence
    with pytest.raises(ParameterNotFound, match="基线的先后顺序.*2015-01-01 没有已知的值"):
        _confirm(on="2015-01-01")
    with pytest.raises(ParameterNotFound, match="damage-threshold-biota"):
        _confirm(on="2018-03-01", indicator_kind="biota")
    assert len(rules_in_force("2024-06-01")) == 4


def test_an_expert_overrules_with_a_reason_that_is_printed() -> None:
    found = _confirm(threshold="300 %", overrule={"threshold": "方案第 5 节"})
    assert not found.confirmed and found.limit == 3 and found.threshold is None
    assert "未超过 300% 的阈值（由专家确定，理由：方案第 5 节）" in found.sentence
    found = _confirm(test="welch", overrule={"test": "样品量相差悬殊"})
    assert found.comparison is not None and found.comparison.named
    assert "由专家指定，理由：样品量相差悬殊" in found.sentence
    found = _confirm(baseline=_control(CONTROL[:3]), overrule={"minimum": "只有三处可采"})
    assert "overruled" in _codes(found)


def test_a_named_t_test_on_what_is_not_normal_is_said() -> None:
    skew = [0.148, 0.154, 0.158, 0.160, 0.161, 0.162, 0.166, 0.170, 0.182, 0.195, 0.236]
    found = _confirm(baseline=_control(skew), test="t", overrule={"test": "惯例"})
    assert "not-normal" in _codes(found)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"direction": "up"}, "没有这个选项.*higher（数值升高为损害）"),
        ({"indicator_kind": "water"}, "concentration（污染物浓度等环境指标）"),
        ({"statistic": "max"}, "mean（算术平均值）.*worst（最不利值）"),
        ({"non_detects": "dl"}, "half（未检出值按检出限的一半计）"),
        ({"unit": "mg/kg"}, "受影响区以 mg/kg 计，基线以 mg/L 计，单位不同"),
        ({"threshold": 0.3}, "由专家确定阈值，须写明理由"),
        ({"threshold": 30, "overrule": {"threshold": "x"}}, "阈值应为比例.*30 % 或 0.3"),
        ({"test": "t"}, "由专家确定检验方法，须写明理由"),
        ({"overrule": {"test": "x"}}, "写了理由而没有给检验方法"),
        ({"overrule": {"minimun": "x"}}, "没有可推翻的 minimun.*minimum"),
        ({"overrule": {"minimum": " "}}, "须写明理由"),
        ({"overrule": {"minimum": "x"}}, "样品数已够"),
        ({"on": "1 June"}, "应为日期"),
    ],
)
def test_a_bad_option_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        _confirm(**options)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"unavailable": {}}, "基线取对照区数据，须说明为何没有历史数据"),
        ({"unavailable": {"history": " "}}, "须说明为何没有历史数据"),
        ({"unavailable": {**NO_HISTORY, "study": "x"}}, "对照区数据之前没有 study"),
        ({"minimum": 0}, "最少样品数应为正整数，所给为 0"),
        ({"minimum_basis": ""}, "须写明最少样品数以何为据"),
        ({"statistic_basis": ""}, "须写明以何为据取这一统计量"),
        (
            {"values": ["<0.05"] * 5, "non_detects": "half"},
            "对照区的 5 个样品全部未检出.*另行给定基线",
        ),
        ({"values": ["<0.05", *CONTROL]}, "对照区有 1 个未检出值，须指明如何取值"),
        ({"values": [0.0] * 5}, "基线不大于零，不能求相对变化"),
    ],
)
def test_a_bad_baseline_is_refused(more: dict[str, Any], words: str) -> None:
    treatment = more.pop("non_detects", None)
    with pytest.raises(InputError, match=words):
        _confirm(baseline=_control(more.pop("values", CONTROL), **more), non_detects=treatment)


def test_a_statistic_that_the_samples_do_not_bear_is_said() -> None:
    few = _control(statistic="percentile", share=0.9, method="weibull")
    # 0.9 × (5 + 1) = 5.4 lies beyond the fifth of five values.
    found = _confirm(baseline=few)
    assert found.bounds[1] == 0.7 and "percentile-at-edge" in _codes(found)
    assert "percentile-at-edge" not in _codes(
        _confirm(baseline=_control(statistic="percentile", share=0.6, method="weibull"))
    )
    skew = [0.148, 0.154, 0.158, 0.160, 0.161, 0.162, 0.166, 0.170, 0.182, 0.195, 0.236]
    limit = {"statistic": "limit", "confidence": 0.95, "method": "t"}
    assert "limit-not-normal" in _codes(_confirm(baseline=_control(skew, **limit)))
    assert "limit-not-normal" not in _codes(_confirm(baseline=_control(CONTROL, **limit)))


def test_an_affected_area_below_detection_confirms_nothing() -> None:
    with pytest.raises(InputError, match="受影响区的 5 个样品全部未检出，没有值可以确认损害.*复测"):
        _confirm(["<0.05"] * 5, non_detects="half")


def test_too_few_samples_are_out_of_scope() -> None:
    with pytest.raises(
        OutOfScope, match="对照区只有 3 个样品，少于要求的 5 个（鉴定方案 3.2）.*overrule"
    ):
        _confirm(baseline=_control(CONTROL[:3]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"value": "0.3 mg/L", "basis": " "}, "须写明基线值的出处"),
        ({"basis": "x"}, "须给一个值（value），或给下限与上限"),
        ({"value": 1, "low": 1, "high": 2, "basis": "x"}, "须给一个值"),
        ({"low": 9, "high": 6, "basis": "x"}, "下限应小于上限"),
        ({"value": "<0.3", "basis": "x"}, "基线须为确定的数"),
    ],
)
def test_a_bad_stated_baseline_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ev.baseline.standard(unit="mg/L", **given)


def test_a_stated_baseline_fits_its_direction_and_is_not_compared() -> None:
    one = ev.baseline.study(
        "0.3 mg/L", unit="mg/L", basis="模型", unavailable={**_PASSED, "standard": "无"}
    )
    found = _confirm(baseline=one)
    assert found.comparison is None and "no-comparison" in _codes(found)
    with pytest.raises(InputError, match="基线须给下限与上限"):
        _confirm(baseline=one, direction="range")
    with pytest.raises(InputError, match="没有两组可比"):
        _confirm(baseline=one, test="t", overrule={"test": "x"})


_AMOUNTS = st.lists(st.integers(1, 5000).map(lambda n: n / 1000), min_size=5, max_size=8)


@settings(deadline=None, max_examples=20)
@given(_AMOUNTS, _AMOUNTS)
def test_the_unit_changes_nothing(affected: list[float], control: list[float]) -> None:
    milli = _confirm(affected, baseline=_control(control))
    micro = _confirm(
        [f"{value * 1000:.12g}" for value in affected],
        baseline=_control([f"{value * 1000:.12g}" for value in control], unit="μg/L"),
    )
    assert micro.ratio == pytest.approx(milli.ratio, rel=1e-9, abs=1e-12)
    assert micro.confirmed == milli.confirmed
    if milli.comparison and micro.comparison and milli.comparison.test == micro.comparison.test:
        assert micro.comparison.p == pytest.approx(milli.comparison.p, rel=1e-6)


@settings(deadline=None, max_examples=20)
@given(_AMOUNTS, st.floats(1.1, 10))
def test_more_of_it_is_more_over_the_baseline(affected: list[float], times: float) -> None:
    less, more = (_confirm([value * by for value in affected]) for by in (1.0, times))
    assert more.ratio > less.ratio
    assert more.confirmed or not less.confirmed


def test_a_result_shows_itself() -> None:
    found = _confirm()
    assert str(found).startswith("氨氮（mg/L）：数值升高为损害（浙江省金华市，2024-06-01）")
    assert repr(found) == f"<Confirmation 氨氮 confirmed {found.fingerprint}>"
    html = found._repr_html_()
    assert "<math" in html and "<table" in html and found.fingerprint in html
    table = found.table()
    assert list(table.columns) == ["项目", "取值", "全精度"]
    assert repr(found.ratio) in set(table["全精度"])
    held = json.loads(json.dumps(found.as_dict(), ensure_ascii=False))
    assert held["ratio"] == found.ratio and held["threshold"] == 0.2
    assert held["comparison"]["p"] == found.comparison.p  # type: ignore[union-attr]
    assert re.fullmatch("[0-9a-f]{12}", found.fingerprint)
    assert _confirm().fingerprint == found.fingerprint
    assert _confirm([*AFFECTED[:4], 2.3]).fingerprint != found.fingerprint


def test_jupyter_sees_what_each_baseline_takes() -> None:
    assert {"statistic", "minimum_basis", "share"} <= set(
        inspect.signature(ev.baseline.control).parameters
    )
    assert list(inspect.signature(ev.baseline.standard).parameters)[:3] == [
        "value",
        "unit",
        "basis",
    ]


def test_a_title_is_escaped() -> None:
    found = confirm(
        "<b>氨氮", affected=AFFECTED, baseline=_control(), indicator_kind="concentration",
        direction="higher", on="2024-06-01",
    )  # fmt: skip
    assert "<b>氨氮" not in found._repr_html_()


def test_the_figure_has_its_marks_and_no_boxes() -> None:
    found = _confirm(
        ["<1.0", *AFFECTED], baseline=_control(["<0.01", *CONTROL]), non_detects="half"
    )
    figure = found.plot()
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    marked = axes.get_legend_handles_labels()[1]
    assert set(marked) == {"检出值", "未检出（标于检出限）", "均值", "基线", "基线+20%"}
    assert _confirm().plot().axes[0].get_xscale() == "linear"
    # A glyph that is missing is a warning, and a warning an error.
    figure.canvas.draw()


def test_without_a_chinese_font_there_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    confirmation_plot.chinese_font.cache_clear()
    monkeypatch.setattr(confirmation_plot, "_FONTS", ("No Such Font",))
    with pytest.raises(OutputError, match="没有找到含中文的字体.*Noto Sans CJK SC"):
        _confirm().plot()
    confirmation_plot.chinese_font.cache_clear()


def test_several_indicators_have_a_line_each() -> None:
    other = confirm(
        "总磷", affected=[0.12, 0.13, 0.11, 0.15, 0.14], baseline=_control([0.11, 0.13, 0.12, 0.1, 0.14]),
        indicator_kind="concentration", direction="higher", on="2024-06-01", jurisdiction="330700",
    )  # fmt: skip
    both = Confirmations([_confirm(), other])
    assert both.confirmed == ("氨氮",)
    assert both.conclusion == "2 项指标中，氨氮可以确认损害；总磷未能确认。"
    assert list(both.table()["确认"]) == ["是", "否"]
    assert both["总磷"] is other and len(both) == 2
    assert both.sentence.endswith(both.conclusion) and both.conclusion in str(both)
    assert "<table" in both._repr_html_() and "1 confirmed" in repr(both)
    assert Confirmations([other]).conclusion == "1 项指标（总磷）均未能确认损害。"
    with pytest.raises(InputError, match="没有这个指标.*氨氮、总磷"):
        both["COD"]
    with pytest.raises(InputError, match="没有指标"):
        Confirmations([])
    with pytest.raises(InputError, match="同一指标有两个结果"):
        Confirmations([other, other])


def test_the_page_is_written_in_every_kind(tmp_path: Path) -> None:
    found = _confirm(["<1.0", *AFFECTED], non_detects="half")
    word = write_confirmation(found, tmp_path / "x.docx")
    document = Document(str(word))
    assert any(found.sentence == paragraph.text for paragraph in document.paragraphs)
    assert document.inline_shapes[0]._inline.docPr.get("descr").startswith("氨氮各样品值的散点图")
    assert len(document.element.body.findall(".//{*}oMath")) == 1
    page = write_confirmation(found, tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<img alt="氨氮各样品值的散点图' in page and "data:image/png;base64," in page
    assert (
        "<math" in page
        and found.fingerprint in page
        and "http" not in page.replace("http://www.w3.org", "")
    )
    held = json.loads(write_confirmation(found, tmp_path / "x.json").read_text(encoding="utf-8"))
    assert held["fingerprint"] == found.fingerprint
    with pytest.raises(OutputError, match="文件已存在"):
        write_confirmation(found, word)
    write_confirmation(Confirmations([found]), word, force=True)
    with pytest.raises(OutputError, match=r"不能写成这种文件，所给为 \.xlsx"):
        write_confirmation(found, tmp_path / "x.xlsx")
    with pytest.raises(OutputError, match="不能写入：路径不存在"):
        write_confirmation(found, tmp_path / "none" / "x.html")


@pytest.mark.skipif(writing.office() is None, reason="LibreOffice is not installed")
def test_an_indicator_fits_a_page(tmp_path: Path) -> None:
    found = _confirm(
        ["<1.0", *AFFECTED], baseline=_control(["<0.05", *CONTROL]), non_detects="half"
    )
    pdf = write_confirmation(found, tmp_path / "x.pdf")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) == 1


HEADER = "指标,组别,点位,值,单位,检出限\n"
SHEET = HEADER + "".join(
    [f"氨氮,对照区,D{n},{value},mg/L,\n" for n, value in enumerate(CONTROL, 1)]
    + [f"氨氮,受影响区,S{n},{value * 1000:g},μg/L,\n" for n, value in enumerate(AFFECTED, 1)]
)
SETTINGS = {
    "indicator_kind": "concentration",
    "direction": "higher",
    "baseline": {"from": "control", "statistic": "mean", "unavailable": NO_HISTORY, **PLAN},
}


def _csv(directory: Path, text: str) -> Path:
    path = directory / "samples.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sheet_gives_what_python_gives(tmp_path: Path) -> None:
    made = confirm_samples(
        _csv(tmp_path, SHEET), options(SETTINGS), on="2024-06-01", place="330700"
    )
    assert made["氨氮"].ratio == pytest.approx(_confirm().ratio, rel=1e-12)


def test_excel_gives_what_csv_gives(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "samples.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(SHEET.splitlines()):
            for column, cell in enumerate(line.split(",")):
                sheet.write(row, column, float(cell) if row and column == 3 else cell)
    assert read_samples(path) == {
        name: _moved(groups, str(path))
        for name, groups in read_samples(_csv(tmp_path, SHEET)).items()
    }
    (tmp_path / "bad.xlsx").write_bytes(b"no book")
    with pytest.raises(ContentError, match=r"bad\.xlsx：不是可读的 Excel 文件"):
        read_samples(tmp_path / "bad.xlsx")
    with pytest.raises(ContentError, match="文件不存在"):
        read_samples(tmp_path / "none.xlsx")


def _moved(groups: Any, path: str) -> Any:
    groups.where = re.sub(r"^\S+", path, groups.where)
    return groups


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "缺少列 指标、组别、值、单位"),
        (HEADER, r"samples\.csv：没有样品"),
        ("指标,组别,点位,值\n", "第 1 行：缺少列 单位"),
        ("指标,组别,点位,数值,单位\n", "第 1 行：未知的列，所给为 数值"),
        ("指标,指标,组别,值,单位\n", "表头有同名的列，所给为 指标"),
        (HEADER + "氨氮,对照区,D1,0.4,mg/L,,多\n", "第 2 行：比表头多出一列"),
        (HEADER + "\n,对照区,D1,0.4,mg/L,\n", "第 3 行 指标列：指标为空"),
        (
            HEADER + "氨氮,对照,D1,0.4,mg/L,\n",
            "第 2 行 组别列：没有这个组别，所给为 对照。是否指 对照区",
        ),
        (HEADER + "氨氮,对照区,D1,abc,mg/L,\n", "第 2 行 值列：读不出数量"),
        (HEADER + "氨氮,对照区,D1,,mg/L,\n", "第 2 行 值列：缺少测定值"),
        (HEADER + "氨氮,对照区,D1,NaN,mg/L,\n", "第 2 行 值列：不是有限的数"),
        (HEADER + "氨氮,对照区,D1,未检出,mg/L,\n", "第 2 行 值列：未检出而没有检出限"),
        (HEADER + "氨氮,对照区,D1,0.4,毫克升,\n", "第 2 行 单位列：不认识的单位"),
        (
            HEADER + "氨氮,对照区,D1,0.4,mg/L,\n氨氮,对照区,D2,0.4,mg/kg,\n",
            r"第 3 行 单位列（本指标首见于 .*第 2 行，单位 mg/L）：单位须为 mg/L",
        ),
        (
            HEADER + "氨氮,对照区,D1,0.4,mg/L,\n氨氮,对照区,D2,0.4,,\n",
            "第 3 行 单位列：有的行有单位",
        ),
        (
            HEADER + "氨氮,对照区,D1,1,mg/L,\n氨氮,对照区,D1,2,mg/L,\n",
            "与第 2 行同一指标、同一组别、同一点位",
        ),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_samples(_csv(tmp_path, text))


TOML = f"""on = 2024-06-01
place = "330700"
samples = "samples.csv"

[[indicator]]
name = "氨氮"
indicator_kind = "concentration"
direction = "higher"
[indicator.baseline]
from = "control"
statistic = "mean"
statistic_basis = "鉴定方案 3.2"
minimum = 5
minimum_basis = "鉴定方案 3.2"
unavailable = {{ history = "该河段此前没有监测" }}

[[indicator]]
name = "pH"
indicator_kind = "concentration"
direction = "range"
unit = ""
affected = [4.1, 4.3, 4.2]
[indicator.baseline]
from = "standard"
low = 6
high = 9
basis = "某标准表1"
unavailable = {{ history = "没有监测", control = "没有可比的区域" }}

[[indicator]]
name = "溶解氧"
indicator_kind = "concentration"
direction = "lower"
unit = "mg/L"
affected = {[4.9, 5.2, 5.0]}
[indicator.baseline]
from = "history"
values = [7.8, 8.1, "8000 μg/L", 7.9, 8.2]
statistic = "limit"
method = "t"
confidence = 0.95
statistic_basis = "鉴定方案 3.2"
minimum = 5
minimum_basis = "鉴定方案 3.2"
"""


def _toml(directory: Path, text: str = TOML) -> Path:
    _csv(directory, SHEET)
    path = directory / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_toml_has_options_of_its_own_for_each_indicator(tmp_path: Path) -> None:
    made = confirm_file(_toml(tmp_path))
    assert made.confirmed == ("氨氮", "pH", "溶解氧")
    # t(0.95, 4) = 2.1318, mean 8, deviation √0.025 = 0.158114: 8 − 2.1318 × 0.158114 ÷ √5.
    assert made["溶解氧"].bounds[0] == pytest.approx(7.84926, abs=1e-5)
    assert "均值的 95% 单侧置信下限（t 分布）" in made["溶解氧"].sentence


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'indicator_kind = "concentration"',
            'indicator_knd = "concentration"',
            r"第 7 行：indicator\[1\]\.indicator_knd 未知的键.*indicator_kind",
        ),
        ("on = 2024-06-01\n", "", "on 缺少必填项"),
        ('name = "氨氮"', 'name = "氨"', "第 5 行 氨：没有受影响区的值.*是否指 氨氮"),
        ('unit = ""\n', "", "第 17 行 pH：缺少 unit"),
        ("minimum = 5\n", "", "第 5 行 氨氮 minimum：须写明最少样品数"),
        ('statistic = "mean"\n', "", "须指明取什么统计量"),
        ('from = "control"', 'from = "history"', "第 5 行 氨氮 baseline：没有历史数据的样品"),
        ("low = 6", "low = 6\nminimum = 3", "给定的基线没有 minimum"),
        ('statistic = "mean"\n', 'statistic = "mean"\nvalue = 3\n', "由样品计算的基线没有 value"),
        ("[4.9, 5.2, 5.0]", "[4.9, nan]", "第 30 行 溶解氧 受影响区 2号：不是有限的数"),
    ],
)
def test_a_bad_toml_is_named_by_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        confirm_file(_toml(tmp_path, TOML.replace(old, new, 1)))


def _run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "ecoval", "baseline", *arguments]
    return subprocess.run(
        command, cwd=directory, capture_output=True, check=False, encoding="utf-8"
    )


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    _toml(tmp_path)
    done = _run(tmp_path, "case.toml", "-o", "x.docx")
    assert done.returncode == 0, done.stderr
    assert (
        "3 项指标中，氨氮、pH、溶解氧可以确认损害。" in done.stdout and "已写 x.docx" in done.stdout
    )
    done = _run(
        tmp_path, "samples.csv", "--on", "2024-06-01", "--in", "330700", "--from", "control",
        "--indicator-kind", "concentration", "--direction", "higher", "--statistic", "mean",
        "--statistic-basis", "鉴定方案 3.2", "--minimum", "5", "--minimum-basis", "鉴定方案 3.2",
        "--unavailable", "history=该河段此前没有监测", "--json",
    )  # fmt: skip
    assert json.loads(done.stdout)["confirmed"] == ["氨氮"], done.stderr
    done = _run(tmp_path, "samples.csv")
    assert done.returncode == 1 and "缺少选项 --on、--in、--from" in done.stderr
    done = _run(tmp_path, "case.toml", "--on", "2024-06-01")
    assert done.returncode == 1 and "TOML 文件自带选项" in done.stderr


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    # pint imports the bare scipy; what takes the time is scipy.stats.
    script = (
        "import sys, ecoval.valuation.baseline, ecoval.valuation.sample_files\n"
        "print([name for name in ('scipy.stats', 'matplotlib', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_a_column_of_exceedances_is_that_of_its_scalars() -> None:
    held = ev.baseline.exceedance.column(
        observed=ev.Q_(np.array([1.0, 2.0, 3.0]), "mg/L"), baseline="2 mg/L", on="2024-06-01"
    )
    assert held.exact.tolist() == [-0.5, 0.0, 0.5]


DOCS = (Path(__file__).parent.parent / "docs" / "baseline.md").read_text(encoding="utf-8")


def test_what_the_page_shows_runs(tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "docs"}
    first, into = re.findall(r"```python\n(.*?)```", DOCS, flags=re.DOTALL)
    exec(first, names)
    assert names["found"].confirmed
    names["case"] = ev.Case(title="某案", place="330700", on="2024-06-01", route="full")
    exec(into, names)
    assert names["case"].facts.damage.text == names["found"].sentence
    path = _toml(tmp_path, re.findall(r"```toml\n(.*?)```", DOCS, flags=re.DOTALL)[0])
    assert confirm_file(path).confirmed == ("氨氮", "pH")
    line = next(
        line for line in DOCS.splitlines() if line.startswith("    ecoval baseline samples")
    )
    words = [word.replace('"', "") for word in re.findall(r'(?:[^\s"]|"[^"]*")+', line)]
    done = _run(tmp_path, *words[2:])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "result.docx").is_file()
