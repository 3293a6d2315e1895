"""Case files: TOML and JSON are one model, and every way to spoil one is said with its place."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from ecoval.case import Case
from ecoval.errors import ContentError, InputError

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.toml"))

GOOD = """\
title = "某河道排污案"
place = "浙江省金华市"
on = 2024-06-01
route = "quick"

[eligibility]
facts_simple = { met = true, evidence = "M1" }

[facts]
act = { text = "排放废水", evidence = "M1" }

[[material]]
id = "M1"
title = "监测报告"

[[item]]
method = "cost-ledger"
head = "prevention"

[[item.inputs.lines]]
name = "应急监测"
quantity = "1 项"
unit_price = "1000 元/项"

[[item]]
method = "water-virtual-treatment"
head = "restoration"

[item.inputs]
discharge = { value = "500 t", evidence = "M1" }
unit_cost = "8.3 元/t"
hazard = 1.5
exceedance = 1.25
function = 2
"""

# What is wrong: the text replaced, what by, the piece in whose line the fault is said, the words.
SPOILT_KEYS = {
    "misspelt key at the top": ("place =", "plcae =", "plcae", "plcae 未知的键。是否指 place？"),
    "unknown key at the top": (
        'route = "quick"',
        'route = "quick"\nweather = "晴"',
        "weather",
        "weather 未知的键",
    ),
    "misspelt key in an item": (
        'method = "cost-ledger"',
        'method = "cost-ledger"\ncost_knd = "other"',
        "cost_knd",
        "item[1].cost_knd 未知的键。是否指 cost_kind？",
    ),
    "misspelt key in the second item": (
        'head = "restoration"',
        'head = "restoration"\nmediun = "surface-water"',
        "mediun",
        "item[2].mediun 未知的键。是否指 medium",
    ),
    "misspelt key in a material": (
        'title = "监测报告"',
        'title = "监测报告"\nissuser = "监测站"',
        "issuser",
        "material[1].issuser 未知的键。是否指 issuer？",
    ),
    "misspelt key in an inline table": (
        'text = "排放废水", evidence',
        'text = "排放废水", evidense',
        "evidense",
        "facts.act.evidense 未知的键",
    ),
    "missing required key of an item": (
        'method = "cost-ledger"\n',
        "",
        "[[item]]",
        "item[1].method 缺少必填项",
    ),
    "missing required key of a material": (
        'id = "M1"\n',
        "",
        "[[material]]",
        "material[1].id 缺少必填项",
    ),
    "rounding without its reason": (
        'head = "restoration"',
        'head = "restoration"\nround = { to = "元" }',
        "round =",
        "item[2].round.reason 缺少必填项",
    ),
    "number for a text": ('"某河道排污案"', "3", "title", "title 应为文字（加引号），所给为 3"),
    "bad date": (
        "on = 2024-06-01",
        'on = "六月一日"',
        "on =",
        "on 应为日期，如 2024-06-01，所给为 '六月一日'",
    ),
    "bad date of a material": (
        'title = "监测报告"',
        'title = "监测报告"\non = "去年"',
        'on = "去年"',
        "material[1].on 应为日期",
    ),
    "table for a list": (
        'title = "监测报告"',
        'title = "监测报告"\n[conclusion]\nlimits = "无"',
        "limits",
        "conclusion.limits 应为列表",
    ),
    "number for what is attested": (
        '{ met = true, evidence = "M1" }',
        "7",
        "facts_simple",
        "eligibility.facts_simple 应为表，所给为 7",
    ),
    "unknown place": (
        "浙江省金华市",
        "浙江省金花市",
        "place",
        "没有这个行政区划，所给为 浙江省金花市。是否指 浙江省金华市",
    ),
    "ambiguous place": ("浙江省金华市", "朝阳区", "place", "同名的行政区划不止一个"),
    "unknown code of a place": ("浙江省金华市", "339999", "place", "没有这个行政区划代码"),
    "unknown head": ('"prevention"', '"prevension"', "prevension", "item[1].head 只能取"),
    "unknown route": ('"quick"', '"quik"', "quik", "route 只能取 'quick'、'full'、'review'"),
    "unknown rounding place": (
        'head = "restoration"',
        'head = "restoration"\nround = { to = "毫", reason = "惯例" }',
        "round =",
        "item[2].round.to 只能取 '分'、'角'、'元'、'百元'、'万元'，所给为 '毫'",
    ),
}

SPOILT_ITEMS = {
    "misspelt term": (
        "unit_cost =",
        "unit_cots =",
        "unit_cots",
        "没有输入项 unit_cots。是否指 unit_cost、",
    ),
    "misspelt key beside a value": (
        'value = "500 t", evidence',
        'value = "500 t", evidense',
        "evidense",
        "排放数量（discharge）：未知的键 evidense。是否指 evidence？",
    ),
    "misspelt key of a line": (
        "quantity =",
        "quantty =",
        "quantty",
        "未知的键 quantty。是否指 quantity？",
    ),
    "wrong unit": ('"500 t"', '"500 kWh"', "kWh", "单位须为 t 或 m³，所给为 500 kWh"),
    "unknown method": (
        "cost-ledger",
        "cost-leger",
        "leger",
        "没有方法 cost-leger。是否指 cost-ledger？",
    ),
    "method without money": (
        "water-virtual-treatment",
        "water-exceedance-multiple",
        "multiple",
        "不产生金额，不能作为赔偿项",
    ),
    "head that the method does not serve": (
        '"restoration"',
        '"clearance"',
        "clearance",
        "水污染虚拟治理成本法不能计入清除污染费用，所给为 clearance。可计入：restoration（",
    ),
}


def _write(directory: Path, text: str, name: str = "case.toml") -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def _spoil(directory: Path, old: str, new: str) -> tuple[Path, str]:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    return _write(directory, text), text


def _line(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def _model(case: Case) -> dict[str, object]:
    # Equality of cases would also compare the path that each was read from.
    return case.model_dump()


def test_a_good_file_is_read_and_assessed(tmp_path: Path) -> None:
    # 500 t × 8.3 元/t × (1.5 × 1.25 × 2 = 3.75) = 15,562.50 元, and 1,000 元 of monitoring.
    assert Case.read(_write(tmp_path, GOOD)).assess().total == 1_556_250 + 100_000


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_toml_and_json_are_one_model(path: Path, tmp_path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    text = json.dumps(data, default=str, ensure_ascii=False)
    from_toml, from_json = Case.read(path), Case.read(_write(tmp_path, text, "case.json"))
    assert _model(from_toml) == _model(from_json)
    assert from_toml.assess().fingerprint == from_json.assess().fingerprint


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode("utf-8"))
    assert Case.read(path).title == "某河道排污案"


def test_dates_may_be_texts_as_json_has_them(tmp_path: Path) -> None:
    path, _ = _spoil(tmp_path, "on = 2024-06-01", 'on = "2024-06-01"')
    assert _model(Case.read(path)) == _model(Case.read(_write(tmp_path, GOOD, "good.toml")))


@pytest.mark.parametrize(("old", "new", "piece", "words"), SPOILT_KEYS.values(), ids=SPOILT_KEYS)
def test_a_spoilt_key_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, piece: str, words: str
) -> None:
    path, text = _spoil(tmp_path, old, new)
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        Case.read(path)
    assert f"{path} 第 {_line(text, piece)} 行" in str(caught.value)


@pytest.mark.parametrize(("old", "new", "piece", "words"), SPOILT_ITEMS.values(), ids=SPOILT_ITEMS)
def test_a_spoilt_item_is_said_with_file_and_place(
    tmp_path: Path, old: str, new: str, piece: str, words: str
) -> None:
    path, text = _spoil(tmp_path, old, new)
    place = text[: text.index(piece)].count("[[item]]")
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        Case.read(path).assess()
    assert f"{path} 第 {place} 项" in str(caught.value)


@pytest.mark.parametrize(("old", "new", "piece", "words"), SPOILT_ITEMS.values(), ids=SPOILT_ITEMS)
def test_a_spoilt_item_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, piece: str, words: str
) -> None:
    path, text = _spoil(tmp_path, old, new)
    with pytest.raises(InputError) as caught:
        Case.read(path).assess()
    assert f"第 {_line(text, piece)} 行" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ('text = "排放废水", evidence', 'text = "排放废水", evidense', "evidence"),
        ("met = true", "mett = true", "met"),
    ],
    ids=["a fact", "a condition"],
)
def test_a_misspelt_key_in_an_inline_table_offers_the_one_meant(
    tmp_path: Path, old: str, new: str, meant: str
) -> None:
    path, _ = _spoil(tmp_path, old, new)
    with pytest.raises(InputError, match=f"是否指 {meant}"):
        Case.read(path)


def test_a_missing_key_at_the_top_names_the_file(tmp_path: Path) -> None:
    path, _ = _spoil(tmp_path, 'title = "某河道排污案"\n', "")
    with pytest.raises(InputError, match=re.escape(f"{path}：title 缺少必填项")):
        Case.read(path)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD.replace("place =", "plcae =").replace('"quick"', '"quik"'))
    with pytest.raises(InputError) as caught:
        Case.read(path)
    for words in ("place 缺少必填项", "plcae 未知的键", "route 只能取"):
        assert words in str(caught.value)


def test_a_file_without_items_says_so(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD[: GOOD.index("[[item]]")])
    with pytest.raises(InputError, match=re.escape(f"{path}：案件没有任何赔偿项（item）")):
        Case.read(path).assess()


def test_broken_toml_names_line_and_column(tmp_path: Path) -> None:
    # The closing quotation mark of line 2 is missing; the line has 14 characters before its end.
    path = _write(tmp_path, 'title = "某案"\nplace = "北京市朝阳\n')
    with pytest.raises(ContentError, match=r"TOML 写法有误：第 2 行第 15 列") as caught:
        Case.read(path)
    assert str(path) in str(caught.value)


def test_a_key_written_twice_names_the_line(tmp_path: Path) -> None:
    path = _write(tmp_path, 'title = "甲"\ntitle = "乙"\n')
    with pytest.raises(ContentError, match="第 2 行.*同一键是否写了两次"):
        Case.read(path)


def test_a_day_that_does_not_exist_names_the_line(tmp_path: Path) -> None:
    path, _ = _spoil(tmp_path, "2024-06-01", "2024-06-31")
    with pytest.raises(ContentError, match="第 3 行"):
        Case.read(path)


@pytest.mark.parametrize("name", ["case.toml", "case.json"])
def test_a_file_that_is_not_utf8_says_how_to_save_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(GOOD.encode("gbk"))
    with pytest.raises(ContentError, match="不是 UTF-8 文本.*另存为 UTF-8") as caught:
        Case.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["none.toml", "none.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match="文件不存在") as caught:
        Case.read(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_broken_json_names_line_and_column(tmp_path: Path) -> None:
    path = _write(tmp_path, '{\n  "title": \n}', "case.json")
    with pytest.raises(InputError, match=r"JSON 写法有误：第 3 行第 1 列") as caught:
        Case.read(path)
    assert str(path) in str(caught.value)


def test_json_that_is_no_table_says_so(tmp_path: Path) -> None:
    path = _write(tmp_path, "[1, 2]", "case.json")
    with pytest.raises(InputError, match="案件文件应为一个表"):
        Case.read(path)


def test_a_spoilt_key_of_json_is_said_with_file_and_the_key_meant(tmp_path: Path) -> None:
    data = tomllib.loads(GOOD)
    data["titel"] = data.pop("title")
    path = _write(tmp_path, json.dumps(data, default=str), "case.json")
    with pytest.raises(InputError, match=re.escape(f"{path}：titel 未知的键。是否指 title")):
        Case.read(path)


def test_half_a_character_in_json_is_refused_in_words(tmp_path: Path) -> None:
    # A text cut in the middle of an emoji reaches JSON as a lone surrogate, which no file can hold.
    data = tomllib.loads(GOOD)
    data["item"][0]["inputs"]["lines"][0]["name"] = "监测\ud83d"
    path = _write(tmp_path, json.dumps(data, default=str), "case.json")
    with pytest.raises(InputError):
        assert Case.read(path).assess().fingerprint
