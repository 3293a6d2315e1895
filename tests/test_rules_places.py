"""Places: by code, by name, by part of a name; the way up; what is said of an unknown one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoval.content import folder, read_csv
from ecoval.errors import ContentError, EcovalError, InputError
from ecoval.rules.jurisdictions import Place, place

ROWS = {row["code"]: row["name"] for row in read_csv(folder("data") / "jurisdictions.csv")}
# What a code carries between the levels people name.
BETWEEN = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("320600", "320600"),
        (" 320600 ", "320600"),
        ("江苏省南通市", "320600"),
        ("江苏省 南通市", "320600"),
        ("南通市", "320600"),
        ("南通", "320600"),
        ("浙江省金华市金东区", "330703"),
        ("浙江省金东区", "330703"),
        ("金华市金东区", "330703"),
        ("金东区", "330703"),
        ("北京", "110000"),
        ("北京市东城区", "110101"),
        ("重庆市江北区", "500105"),
        ("内蒙古", "150000"),
        ("内蒙古自治区", "150000"),
        ("新疆", "650000"),
        ("香港", "810000"),
        ("济源市", "419001"),  # no city above it
        ("CN", "CN"),
        ("全国", "CN"),
        ("中国", "CN"),
        ("100000", "CN"),
        ("000000", "CN"),
    ],
)
def test_a_place_is_found_by_code_by_name_and_by_part_of_its_name(written, code):
    assert place(written).code == code


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("330703", ["330703", "330700", "330000", "CN"]),
        ("320600", ["320600", "320000", "CN"]),
        ("320000", ["320000", "CN"]),
        ("110101", ["110101", "110100", "110000", "CN"]),
        ("429004", ["429004", "429000", "420000", "CN"]),
        ("CN", ["CN"]),
    ],
)
def test_the_way_up_is_the_place_its_city_its_province_and_the_nation(code, above):
    assert [step.code for step in place(code).way_up] == above


def test_a_place_prints_its_name_in_full_and_its_code():
    assert str(place("金东区")) == "浙江省金华市金东区（330703）"
    assert str(place("500105")) == "重庆市江北区（500105）"
    assert str(place("CN")) == "全国"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("江北区", ("浙江省宁波市江北区（330205）", "重庆市江北区（500105）")),
        ("朝阳区", ("北京市朝阳区（110105）", "吉林省长春市朝阳区（220104）")),
        ("通州区", ("北京市通州区（110112）", "江苏省南通市通州区（320612）")),
        ("吉林", ("吉林省（220000）", "吉林省吉林市（220200）")),
    ],
)
def test_a_name_that_several_places_have_is_refused_and_they_are_listed(name, named):
    with pytest.raises(InputError) as caught:
        place(name)
    message = str(caught.value)
    assert message.startswith(f"同名的行政区划不止一个，所给为 {name}。请写全称或代码：")
    for each in named:
        assert each in message


@pytest.mark.parametrize(("name", "code"), [("吉林省", "220000"), ("吉林市", "220200")])
def test_a_name_in_full_is_not_ambiguous(name, code):
    assert place(name).code == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [("江书省", "江苏省"), ("江苏南通", "江苏省南通市"), ("南京市玄武", "南京市玄武区")],
)
def test_an_unknown_name_is_answered_with_the_nearest(written, meant):
    with pytest.raises(InputError) as caught:
        place(written)
    message = str(caught.value)
    assert message.startswith(f"没有这个行政区划，所给为 {written}。是否指 ")
    assert meant in message


@pytest.mark.parametrize("written", ["ZZ", "", "  ", "Jiangsu"])
def test_what_is_near_to_nothing_is_answered_with_what_would_do(written):
    with pytest.raises(InputError, match="请写全称或六位代码"):
        place(written)


@pytest.mark.parametrize("code", ["999999", "320699", "3206", "0", "３２０６００"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(InputError, match=f"没有这个行政区划代码，所给为 {code}。请用 GB/T 2260"):
        place(code)


@pytest.mark.parametrize("written", sorted(BETWEEN))
def test_a_level_between_two_names_is_no_place(written):
    with pytest.raises(InputError, match="没有这个行政区划"):
        place(written)


def test_every_code_is_six_digits_and_stands_under_its_province():
    for code in ROWS:
        assert re.fullmatch(r"\d{6}", code)
        assert code[:2] + "0000" in ROWS


def test_every_code_leads_to_itself_and_up_to_the_nation():
    for code in ROWS:
        above = place(code).way_up
        assert (above[0].code, above[-1].code) == (code, "CN")
        assert [step.code for step in above[:-1]] == sorted(
            (step.code for step in above[:-1]), reverse=True
        )


def test_a_name_in_full_leads_to_its_place():
    # 北京市 is 110000 and 110100 alike, 河南省 is 410000 and 419000: there the province counts.
    astray = []
    for code, own in ROWS.items():
        try:
            found = place(place(code).name).code
        except EcovalError as error:
            found = str(error)
        if found != code and not (own in BETWEEN and found == code[:2] + "0000"):
            astray.append((code, found))
    assert astray == []


def test_the_list_of_places_has_no_code_twice():
    codes = [row["code"] for row in read_csv(folder("data") / "jurisdictions.csv")]
    assert len(codes) == len(set(codes))


def test_a_row_of_another_length_than_the_header_is_refused_with_its_line(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("code,name\n110000,北京市\n120000\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"places\.csv 第 3 行：列数与表头不符"):
        read_csv(path)


def test_a_place_is_equal_to_itself_and_frozen():
    one, other = place("320600"), place("南通市")
    assert one == other == Place("320600", "江苏省南通市")
    with pytest.raises(AttributeError):
        one.code = "CN"


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_place_or_a_chinese_input_error(text):
    try:
        found = place(text)
    except InputError as error:
        assert "行政区划" in str(error)
    else:
        assert found.code == "CN" or found.code in ROWS
