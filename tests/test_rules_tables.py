"""Tables of a standard: bands with their ends, classes however written, what spoils a table."""

import re

import pytest

from ecoval.content import folder
from ecoval.errors import ContentError, EcovalError, InputError, OutOfScope
from ecoval.rules.sources import STANDINGS, source
from ecoval.rules.tables import read_table, table

SHIPPED = sorted(path.stem for path in (folder("data") / "tables").glob("*.toml"))

HEADING = """\
title = "系数"
number = "表9"
source = "civil-code"
clause = "表9"
standing = "secondary"
band = "倍数"

[columns.above]
title = "大于"
unit = ""

[columns.up_to]
title = "不大于"
unit = ""

[columns.coefficient]
title = "系数"
unit = ""
"""
ROWS = "above,up_to,coefficient\n,0,1\n0,10,1.25\n10,,2\n"
CLASSES = """\
title = "系数"
source = "civil-code"
standing = "secondary"
classes = ["water"]

[columns.water]
title = "水体类别"

[columns.coefficient]
title = "系数"
unit = ""
"""


@pytest.fixture
def made(tmp_path):
    """Read a table from the text of its heading and of its rows."""

    def write(heading=HEADING, rows=ROWS):
        path = tmp_path / "made.toml"
        path.write_text(heading, encoding="utf-8")
        if rows is not None:
            path.with_suffix(".csv").write_text(rows, encoding="utf-8")
        return read_table(path)

    return write


@pytest.fixture
def spoiled(made):
    """Return the error that reading a spoiled table raises."""

    def write(heading=HEADING, rows=ROWS):
        with pytest.raises(ContentError) as caught:
            made(heading, rows)
        return str(caught.value)

    return write


# Looking a row up.


@pytest.mark.parametrize(
    ("multiple", "coefficient"),
    [
        # GB/T 39793.2-2020, table 3 as public calculators have it: upper ends belong to the band.
        (-1, 1),
        (0, 1),
        (1e-9, 1.25),
        (1.7, 1.25),
        (10, 1.25),
        (10.000001, 1.5),
        (100, 1.5),
        (100.000001, 1.75),
        (1000, 1.75),
        (1000.000001, 2),
        (1e9, 2),
    ],
)
def test_a_band_has_its_upper_end_and_not_its_lower(multiple, coefficient):
    assert table("water-exceedance-2020").row({}, multiple).number("coefficient") == coefficient


@pytest.mark.parametrize("multiple", [None, float("nan"), float("inf"), float("-inf")])
def test_a_band_needs_a_finite_number(multiple):
    with pytest.raises(InputError, match="查GB/T 39793.2-2020 表3 超标系数需要 超标倍数 κ"):
        table("water-exceedance-2020").row({}, multiple)


@pytest.mark.parametrize(
    ("written", "coefficient"),
    [
        ("Ⅰ", 2.5),
        ("Ⅱ", 2.25),
        ("Ⅲ", 2),
        ("Ⅳ", 1.75),
        ("Ⅴ", 1.5),
        ("III", 2),
        ("iii", 2),
        ("Ⅲ类", 2),
        (" III类 ", 2),
        ("ＩＶ", 1.75),
    ],
)
def test_a_class_is_read_however_it_is_written(written, coefficient):
    found = table("water-function-2020").row({"water_class": written})
    assert found.number("coefficient") == coefficient
    assert found.standing == "unverified"


@pytest.mark.parametrize("written", ["Ⅵ", "3", "劣Ⅴ类", ""])
def test_a_class_that_the_table_has_not_is_refused_with_those_it_has(written):
    with pytest.raises(InputError) as caught:
        table("water-function-2020").row({"water_class": written})
    message = str(caught.value)
    assert (
        "地表水水域环境功能类别（water_class）不在GB/T 39793.2-2020 表5 环境功能系数中" in message
    )
    assert f"所给为 {written or '空'}" in message
    assert "Ⅴ" in message


@pytest.mark.parametrize(
    ("medium", "of_class", "low", "high"),
    [
        ("地表水", "Ⅲ", 4.5, 6),
        ("地表水", "Ⅱ", 6, 8),
        ("地表水", "Ⅳ", 3, 4.5),
        ("地表水", "Ⅴ", 1.5, 3),
        ("环境空气", "Ⅱ", 3, 5),
    ],
)
def test_the_multiples_of_2014_are_a_range_for_each_class(medium, of_class, low, high):
    row = table("multiples-2014").row({"medium": medium, "medium_class": of_class})
    assert (row.number("low"), row.number("high")) == (low, high)


def test_the_highest_class_is_above_its_number():
    row = table("multiples-2014").row({"medium": "地表水", "medium_class": "Ⅰ"})
    assert (row.number("above"), row.number("low"), row.number("high")) == (8, None, None)


def test_a_multiple_for_soil_is_not_made_up():
    with pytest.raises(InputError, match="受污染的环境介质（medium）不在"):
        table("multiples-2014").row({"medium": "土壤", "medium_class": "Ⅰ"})


def test_a_number_between_two_bands_is_never_moved_to_the_nearest(made):
    gapped = made(rows="above,up_to,coefficient\n0,5,1\n10,,2\n")
    with pytest.raises(OutOfScope, match="没有对应的行，所给为 7"):
        gapped.row({}, 7)


def test_a_band_may_be_from_its_lower_end_to_below_its_upper(made):
    heading = HEADING.replace("columns.above", "columns.from").replace("up_to", "below")
    turned = made(heading, "from,below,coefficient\n0,10,1\n10,,2\n")
    assert [turned.row({}, at).number("coefficient") for at in (0, 9.999, 10)] == [1, 1, 2]


def test_a_row_says_where_it_stands(made):
    row = made().row({}, 5)
    assert row.place == 2
    assert row.as_dict() == {
        "table": "made",
        "row": 2,
        "cells": {"above": "0", "up_to": "10", "coefficient": "1.25"},
        "source": "civil-code",
        "standing": "secondary",
        "note": "",
    }


def test_an_unknown_table_is_refused_and_the_nearest_offered():
    with pytest.raises(ContentError, match="没有表 water-function-202。是否指 water-function-2020"):
        table("water-function-202")


# What is shipped.


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_table_loads_and_no_row_lacks_source_or_standing(id):
    shipped = table(id)
    assert shipped.rows
    for row in shipped.rows:
        assert source(row.source).title
        assert row.standing in STANDINGS
        for name, column in shipped.heading.columns.items():
            if column.unit is not None:
                row.number(name)


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_row_is_no_firmer_than_the_reading_of_its_source(id):
    for row in table(id).rows:
        assert row.standing != "verified" or source(row.source).read in ("text", "excerpt")


@pytest.mark.parametrize("id", SHIPPED)
def test_every_shipped_row_is_found_by_what_it_says(id):
    shipped = table(id)
    for row in shipped.rows:
        classes = {column: row.texts[column] for column in shipped.heading.classes}
        band = None
        if shipped.heading.band:
            bounds = {name: row.number(name) for name in row.texts if name in BANDS}
            inside = [bounds.get("up_to"), bounds.get("from")]
            outside = [(bounds.get("above"), 1.0), (bounds.get("below"), -1e-6)]
            reached = [end for end in inside if end is not None]
            reached += [end + step for end, step in outside if end is not None]
            band = reached[0] if reached else 1.0
        assert shipped.row(classes, band) is row


BANDS = ("above", "up_to", "from", "below")

# Every way to spoil a table.


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('source = "civil-code"\n', "", None, "source 缺少必填项"),
        ('title = "系数"\nnumber', "number", None, "title 缺少必填项"),
        ('"civil-code"', '"civil-cod"', None, "没有来源 civil-cod。是否指 civil-code？"),
        ('number = "表9"', 'nmuber = "表9"', 2, "nmuber 未知的键。是否指 number？"),
        ('title = "大于"', 'titel = "大于"', 9, "columns.above.titel 未知的键。是否指 title？"),
        ('"secondary"', '"sure"', 5, "standing 只能取 'verified'、'secondary'、'unverified'"),
        ('number = "表9"', 'number = "表9', 2, "TOML 写法有误"),
        ('number = "表9"', 'number = "表9"\nnumber = "表8"', 3, "同一键是否写了两次"),
        ("[columns.coefficient]", "[columns.coeficient]", None, "CSV 中没有列 coeficient"),
        ('title = "大于"\nunit = ""', 'title = "大于"\nunit = "tt"', None, "不认识的单位"),
        ('title = "大于"\nunit = ""', 'title = "大于"\nunit = "mu"', None, "单位 mu 有歧义"),
    ],
)
def test_a_spoiled_heading_is_refused_with_file_and_line(spoiled, old, new, line, words):
    assert old in HEADING
    message = spoiled(HEADING.replace(old, new))
    assert "made.toml" in message
    assert words in message
    if line is not None:
        assert re.search(rf"made\.toml[^\n]*第 {line} 行", message), message


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (ROWS.replace("0,10,1.25", "0,20,1.25"), 4),  # bands overlap
        (ROWS + "10,,3\n", 5),  # the same band twice
        (ROWS.replace("0,10,1.25", "10,0,1.25"), 3),  # a band upside down
        (ROWS.replace("1.25", "一"), 3),
        (ROWS.replace("1.25", "nan"), 3),
        (ROWS.replace("1.25", "inf"), 3),
        (ROWS.replace("1.25", "1_25"), 3),
        (ROWS + "10,\n", 5),
        (ROWS + "10,,2,3\n", 5),
        ("above,up_to,coefficient,standing\n,0,1,secondary\n0,,2,sure\n", 3),
        ("above,up_to,coefficient,source\n,0,1,civil-code\n0,,2,civil-cod\n", 3),
    ],
)
def test_a_spoiled_row_is_refused_with_file_and_line(spoiled, rows, line):
    message = spoiled(rows=rows)
    assert f"made.csv 第 {line} 行" in message, message
    assert "could not convert" not in message


def test_a_row_without_standing_is_refused(spoiled):
    message = spoiled(HEADING.replace('standing = "secondary"\n', ""))
    assert "made.csv 第 2 行：该行没有可信度 standing" in message


def test_a_class_twice_is_refused(spoiled):
    assert "made.csv 第 4 行" in spoiled(CLASSES, "water,coefficient\nⅠ,1\nⅡ,2\nI类,3\n")


def test_a_class_twice_is_never_looked_up_silently(made):
    try:
        twice = made(CLASSES, "water,coefficient\nⅠ,1\nⅡ,2\nI类,3\n")
    except ContentError:
        return
    with pytest.raises(OutOfScope):
        twice.row({"water": "Ⅰ"})


def test_a_class_that_is_no_column_is_refused(spoiled):
    heading = CLASSES.replace('classes = ["water"]', 'classes = ["watre"]')
    message = spoiled(heading, "water,coefficient\nⅠ,1\n")
    assert "watre" in message


@pytest.mark.parametrize("rows", ["", "above,up_to,coefficient\n"])
def test_a_table_without_rows_is_refused(spoiled, rows):
    assert "made" in spoiled(rows=rows)


def test_a_table_without_its_rows_file_is_refused(spoiled):
    assert "made.csv：文件不存在" in spoiled(rows=None)


@pytest.mark.parametrize("cell", ["", "nan", "一"])
def test_a_cell_that_is_no_number_never_becomes_a_coefficient(made, cell):
    try:
        number = made(rows=ROWS.replace("1.25", cell)).row({}, 5).number("coefficient")
    except (EcovalError, ValueError):
        return
    assert number is None
