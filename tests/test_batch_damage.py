"""A workbook with every kind of damage: each bad cell is named, and every healthy row is right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from ecoval import water
from ecoval.batch import value_book
from ecoval.batch.runs import Report

from . import batch_books

HEADERS = [*batch_books.HEADERS, "推翻理由", "赔偿科目"]
GOOD = ["A", *batch_books.GOOD[1:], None, None]
CASE = 0
PLACE, DAY, DISCHARGE, COST, HAZARD, EXCEEDANCE, FUNCTION, OVERRULE, HEAD = range(1, 10)

# What stands in the cell, its column, and the words its error must have.
DAMAGE: list[tuple[int, object, str]] = [
    (DISCHARGE, None, "缺少"),
    (DISCHARGE, -1, "应大于零"),
    (DISCHARGE, 0, "应大于零"),
    (DISCHARGE, "abc", "应为数"),
    (DISCHARGE, "约500", "应为数"),
    (DISCHARGE, "500左右", "应为数"),
    (DISCHARGE, "500-600", "应为数"),
    (DISCHARGE, "1,23,4", "应为数"),
    (DISCHARGE, "1.234,56", "应为数"),
    (DISCHARGE, "1 234", "应为数"),
    (DISCHARGE, "①", "应为数"),
    (DISCHARGE, "½", "应为数"),
    (DISCHARGE, "(500)", "应为数"),
    (DISCHARGE, "五百", "应为数"),
    (DISCHARGE, "-", "应为数"),
    (DISCHARGE, "无", "应为数"),
    (DISCHARGE, "N/A", "应为数"),
    (DISCHARGE, "500 kWh", "单位须为"),
    (DISCHARGE, "500 ton", "有歧义"),
    (DISCHARGE, "500 某", "不认识的单位"),
    (DISCHARGE, "1e400", "不是有限的数"),
    (DISCHARGE, "nan", "应为数"),
    (DISCHARGE, "inf", "应为数"),
    (DISCHARGE, True, "真假值"),
    (DISCHARGE, dt.date(2024, 1, 1), "日期或时间"),
    (DISCHARGE, dt.time(12, 30), "日期或时间"),
    (DISCHARGE, "#REF!", "错误值"),
    (DISCHARGE, "#DIV/0!", "错误值"),
    (DISCHARGE, "#N/A", "错误值"),
    (DISCHARGE, "#NAME?", "错误值"),
    (DISCHARGE, "#VALUE!", "错误值"),
    (DISCHARGE, "#NUM!", "错误值"),
    (DISCHARGE, "#NULL!", "错误值"),
    (DISCHARGE, "=1+1", "从未计算"),
    (DISCHARGE, "¥500", "货币符号"),
    (DISCHARGE, "500%", "单位须为"),
    (DISCHARGE, 1e308, "过大"),
    (DISCHARGE, "1e300", "过大"),
    (DISCHARGE, 5e-324, "过小"),
    (DISCHARGE, "9" * 32_000, "不是有限的数"),
    (DISCHARGE, "500 t 600 t", "不认识的单位"),
    (DISCHARGE, "500、600", "应为数"),
    (DISCHARGE, "500吨左右", "应为数"),
    (DISCHARGE, "500~600吨", "应为数"),
    (DISCHARGE, "—", "应为数"),
    (DISCHARGE, "待定", "应为数"),
    (DISCHARGE, "\u00a0\u3000", "缺少"),
    (DISCHARGE, "@500", "应为数"),
    (DISCHARGE, "+", "应为数"),
    (DISCHARGE, "5_x0000_00", "应为数"),
    (HAZARD, "150 %%", "应为数"),
    (COST, "8.3 t", "单位须为"),
    (COST, "8.3 元/m³", "单位治理成本须以"),
    (COST, None, "缺少"),
    (COST, "#REF!", "错误值"),
    (HAZARD, 9, "超出"),
    (HAZARD, 0.5, "超出"),
    (HAZARD, "1.5 元", "单位须为"),
    (EXCEEDANCE, 99, "超出"),
    (FUNCTION, 77, "超出"),
    (FUNCTION, "高", "应为数"),
    (PLACE, None, "缺少地点"),
    (PLACE, "330799", "没有这个行政区划代码"),
    (PLACE, "某某市", "没有这个行政区划"),
    (PLACE, "鼓楼区", "不止一个"),
    (PLACE, "#REF!", "错误值"),
    (DAY, None, "缺少日期"),
    (DAY, "2023", "不完整"),
    (DAY, 2023, "不完整"),
    (DAY, 2023.5, "不完整"),
    (DAY, "2023.5", "不完整"),
    (DAY, "2023年5月", "不完整"),
    (DAY, "5/1/2023", "有歧义"),
    (DAY, "2023-02-30", "没有这一天"),
    (DAY, "昨天", "应为日期"),
    (DAY, dt.date(1900, 5, 1), "不合常理"),
    (DAY, dt.date(2019, 1, 1), "不在其内"),
    (DAY, True, "真假值"),
    (DAY, dt.time(1, 2), "只有时间"),
    (DAY, dt.date(2099, 1, 1), "将来"),
    (DAY, -5, "应为日期"),
    (DAY, 1e9, "应为日期"),
    (DAY, "2024-06-01 至 2024-07-01", "应为日期"),
    (DAY, "二〇二四年六月一日", "应为日期"),
    (PLACE, "—", "没有这个行政区划"),
    (PLACE, 330700.5, "没有这个行政区划"),
    (PLACE, "浙江省金华市婺城区某路 5 号", "没有这个行政区划"),
    (CASE, "#REF!", "错误值"),
    (CASE, "合 计", "合计行"),
    (CASE, "小计：", "合计行"),
    (CASE, "=A1", "从未计算"),
    (OVERRULE, "#N/A", "错误值"),
    (OVERRULE, "危害系数", "推翻理由应写作"),
    (OVERRULE, "危害系数：", "推翻理由应写作"),
    (OVERRULE, "=1", "从未计算"),
    (DAY, "#VALUE!", "错误值"),
    (DAY, "=TODAY()", "从未计算"),
    (OVERRULE, "随便写写", "推翻理由应写作"),
    (OVERRULE, "没有的列：理由", "推翻理由应写作"),
    (HEAD, "精神损害", "没有这个赔偿科目"),
    (HEAD, "调查、鉴定评估等费用", "不能计入"),
]  # fmt: skip

# What is tidied and noted, not refused: the cell, and what it must be read as.
TIDIED: list[tuple[int, object, dict[str, object]]] = [
    (DISCHARGE, "500", {}),
    (DISCHARGE, "１，２００．５", {"discharge": "1200.5 t"}),
    (DISCHARGE, " 1,200 ", {"discharge": "1200 t"}),
    (DISCHARGE, "'500", {}),
    (DISCHARGE, "500 kg", {"discharge": "500 kg"}),
    (DISCHARGE, "0.05万", {}),
    (COST, "0.00083 万元/t", {"unit_cost": "0.00083 万元/t"}),
    (COST, "¥8.3", {}),
    (DAY, "2023.5.1", {"on": "2023-05-01"}),
    (DAY, "2023年5月1日", {"on": "2023-05-01"}),
    (DAY, "2023/5/1 12:30", {"on": "2023-05-01"}),
    (DAY, "20230501", {"on": "2023-05-01"}),
    (DAY, 20230501, {"on": "2023-05-01"}),
    (DAY, "45000", {"on": "2023-03-15"}),
    (DAY, 45000, {"on": "2023-03-15"}),
    (PLACE, 330700, {}),
    (PLACE, "浙江省金华市", {}),
    (HAZARD, "１．５", {}),
    (HAZARD, "150 %", {"hazard": "150 %"}),
    (DISCHARGE, "\u00a0500\u00a0", {}),
    (DISCHARGE, "\ufeff500", {}),
    (DISCHARGE, "５００ｔ", {}),
    (DISCHARGE, "+500", {}),
    (PLACE, "３３０７００", {}),
    (OVERRULE, "危害系数：检验报告；见第 12 页", {}),
]


def _item(changed: dict[str, object]):
    terms = {"discharge": "500 t", "unit_cost": "8.3 元/t", "hazard": 1.5, "exceedance": 1.25}
    terms |= {"function": 2, "on": "2024-06-01", **changed}
    return water.virtual_treatment(jurisdiction="330700", **terms)


@pytest.fixture(scope="module")
def rows() -> list[list[object]]:
    made = []
    for column, cell, _ in DAMAGE:
        made += [list(GOOD), [*GOOD[:column], cell, *GOOD[column + 1 :]]]
    for column, cell, _ in TIDIED:
        made.append([*GOOD[:column], cell, *GOOD[column + 1 :]])
    return made


@pytest.fixture(scope="module")
def damaged(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("damage")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "它's 一张表"
    sheet.append(["方法", "water-virtual-treatment"])
    sheet.append(HEADERS)
    for row in rows:
        sheet.append(row)
    book.save(folder / "damaged.xlsx")
    return value_book(folder / "damaged.xlsx", folder / "results.xlsx"), folder / "results.xlsx"


def test_every_bad_cell_is_named_and_no_other(damaged) -> None:
    report, _ = damaged
    found = {(fault.row, fault.column): fault for fault in report.faults}
    assert len(found) == len(report.faults)
    for place, (column, cell, words) in enumerate(DAMAGE):
        fault = found.pop((2 * place + 4, column), None)
        assert fault is not None, (cell, words)
        assert words in fault.what, (cell, fault)
        assert fault.sheet == "它's 一张表"
        assert fault.header == HEADERS[column]
    assert not found


def test_no_row_and_no_cell_is_lost(damaged, rows) -> None:
    _, target = damaged
    sheet = openpyxl.load_workbook(target)["它's 一张表"]
    assert sheet.max_row == len(rows) + 2
    for number, row in enumerate(rows, start=3):
        for at, cell in enumerate(row, start=1):
            held = sheet.cell(number, at).value
            if isinstance(held, dt.datetime):
                held = held.date()
            if isinstance(cell, str) and cell.startswith("="):
                assert held == "公式从未计算"  # there was no value to keep
            else:
                assert held == cell, (number, at)


def test_every_healthy_row_is_right(damaged, rows) -> None:
    _, target = damaged
    sheet = openpyxl.load_workbook(target)["它's 一张表"]
    headers = [cell.value for cell in sheet[2]]
    status, amount, mark = (headers.index(name) + 1 for name in ("状态", "金额 [元]", "校验码"))
    item = _item({})
    for place in range(len(DAMAGE)):
        number = 2 * place + 3
        assert sheet.cell(number, status).value == "正常"
        assert sheet.cell(number, amount).value == float(item.amount)
        assert sheet.cell(number, mark).value == item.fingerprint
        assert sheet.cell(number + 1, status).value == "有误"
        assert sheet.cell(number + 1, amount).value is None
    for place, (_, cell, changed) in enumerate(TIDIED):
        number = 2 * len(DAMAGE) + 3 + place
        assert sheet.cell(number, amount).value == float(_item(changed).amount), cell
        assert sheet.cell(number, mark).value == _item(changed).fingerprint, cell


def test_a_bad_cell_is_marked_and_linked(damaged) -> None:
    report, target = damaged
    book = openpyxl.load_workbook(target)
    sheet, errors = book["它's 一张表"], book["错误"]
    links = {link.ref: link.location for row in errors for cell in row if (link := cell.hyperlink)}
    for fault in report.faults:
        assert sheet[fault.cell].fill.fgColor.rgb == "FFFFC7CE", fault
    assert len(links) == len(report.faults)
    assert f"'它''s 一张表'!{report.faults[0].cell}" in links.values()


def test_what_was_tidied_is_noted(damaged) -> None:
    report, _ = damaged
    said = " ".join(note.what for note in report.notes)
    for words in ("文字按数读取", "全角", "千分位", "单元格中的单位", "文字按日期读取", "日期序号"):
        assert words in said


CLASSES = ["案号", "日期", "保护级别", "来源", "物种", "数量 [只]", "实际交易价格 [元]"]


def test_a_wrong_class_is_marked_where_it_stands(tmp_path: Path) -> None:
    good = ["A", dt.date(2024, 6, 1), "国家一级", "野外", "穿山甲", 2, 0]
    wrong = [(2, "国家九级"), (2, 1), (2, True), (2, dt.date(2024, 1, 1)), (2, "#N/A"),
             (3, "家养"), (4, "麒麟"), (4, "穿山甲、虎")]  # fmt: skip
    fine = [(2, " 国家一级 "), (2, "国家\u3000一级"), (3, "野外\u00a0")]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "wildlife-land"
    sheet.append(CLASSES)
    for column, cell in [*wrong, *fine]:
        sheet.append([*good[:column], cell, *good[column + 1 :]])
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    marked = [(fault.row, fault.column) for fault in report.faults]
    assert marked == [(row, column) for row, (column, _) in enumerate(wrong, start=2)]
    assert report.done == len(fine)


def test_rows_that_are_no_items(tmp_path: Path) -> None:
    headers, good = HEADERS[:8], GOOD[:8]
    rows = [
        good,
        ["合计", None, None, 500, None, None, None, None],
        ["注：数据由某局提供", *[None] * 7],
        headers,
        good,
        [*good[:1], "小　计", *good[2:]],
        ["示例", *[None] * 7],
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "water-virtual-treatment"
    for row in [headers, *rows]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    said = {(fault.row, fault.column): fault.what for fault in report.faults}
    assert said == {
        (3, 0): "这是合计行，不是一项，未计入",
        (4, 0): "这一行只有说明文字，不是一项",
        (5, 0): "列名在数据中重复出现",
        (7, 1): "这是合计行，不是一项，未计入",
    }
    assert report.done == 2
    assert report.summary.statuses["示例"] == 1


def test_rows_that_repeat_an_earlier_one_are_noted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "water-virtual-treatment"
    for row in (HEADERS, GOOD, [*GOOD[:3], 600, *GOOD[4:]], GOOD, GOOD):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    report = value_book(tmp_path / "a.xlsx", tmp_path / "r.xlsx")
    (note,) = [note for note in report.notes if "相同" in note.what]
    assert (note.row, note.what) == (4, "与第 2 行案号、项目和各项输入均相同")
    assert note.got == "自此共 2 行"
    assert report.done == 4
