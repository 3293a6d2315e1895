"""Content files: found in the checkout, and refused by name, line and reason."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from ecoval import content
from ecoval.errors import ContentError

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("kind", ["methods", "data", "templates"])
def test_content_is_found_in_the_checkout(kind):
    assert content.folder(kind) == CHECKOUT / kind


def test_content_inside_the_package_comes_first(tmp_path, monkeypatch):
    package = tmp_path / "ecoval"
    (package / "data").mkdir(parents=True)
    (tmp_path / "methods").mkdir()
    monkeypatch.setattr(content, "_PACKAGE", package)
    assert content.folder("data") == package / "data"
    # A folder that only happens to stand beside an installed package is not ours.
    with pytest.raises(ContentError, match="找不到 methods 文件夹.*请重新安装"):
        content.folder("methods")
    (tmp_path / "setup.cfg").touch()
    assert content.folder("methods") == tmp_path / "methods"


def test_toml_is_read_with_and_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "card.toml"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + 'title = "水"\r\n'.encode())
        assert content.parse_toml(content.read_text(path), where=path.name) == {"title": "水"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a = 1\nb = "two\n', r"card\.toml：TOML 写法有误：第 2 行"),
        ("a = 1\na = 2\n", r"TOML 写法有误：第 2 行.*同一键是否写了两次"),
        ("a = 1\n\nb 2\n", r"第 3 行第 3 列"),
        ("a = [1,", "第 1 行第 8 列（(值的写法无效|列表缺少)"),
        ("[settlement\n", r"第 1 行第 12 列（表头缺少右方括号 \]；该行：\[settlement）"),
        ("on = 2024-02-30\n", "第 1 行第 6 列（日期或时刻无效；该行：on = 2024-02-30"),
        ("[a]\nx = 1\n[a]\n", r"第 3 行第 3 列（同一个表写了两次；该行：\[a\]"),
        ("a = {b = 1}\n[a.c]\n", "第 2 行"),
        ('a = "x\\q"\n', "反斜线"),
        ("a = 1 b = 2\n", "一行只能写一个键"),
        ("= 1\n", "不是键、表头或注释"),
    ],
)
def test_broken_toml_is_named_with_its_line(tmp_path, text, words):
    path = tmp_path / "card.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=words):
        content.parse_toml(content.read_text(path), where=path.name)


def test_a_parser_s_words_are_put_into_chinese_or_left_out():
    """No English of a parser is printed; a message of a later Python is told by its place."""
    assert content.in_chinese("Something new") == ""
    said = content.broken("TOML", "a = 1\nb ?\n", 2, 3, "Something new")
    assert said == "TOML 写法有误：第 2 行第 3 列（该行：b ?）"
    source = inspect.getsource(tomllib._parser)
    words = re.findall(
        r'(?:suffixed_err|TOMLDecodeError)\(\s*(?:src, pos, )?f?"([A-Z][^"{]+)', source
    )
    assert len(words) > 10
    for word in words:
        assert content.in_chinese(word.replace("\\\\", "\\")), word


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "card.toml"
    path.write_bytes(b"title = '" + "水污染".encode("gbk") + b"'\n")
    with pytest.raises(ContentError, match=r"card\.toml：不是 UTF-8 文本（第 1?[0-9] 字节）"):
        content.parse_toml(content.read_text(path), where=path.name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ContentError, match=r"none\.toml：文件不存在"):
        content.read_text(tmp_path / "none.toml")
    with pytest.raises(ContentError, match="无法读取"):
        content.read_text(tmp_path)


def test_a_csv_row_that_does_not_fit_the_header_is_named(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("名称,系数\n甲,1\n乙\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"table\.csv 第 3 行：列数与表头不符"):
        content.read_csv(path)
    path.write_text("名称,系数\n\n甲,1,2\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"table\.csv 第 3 行"):
        content.read_csv(path)


def test_a_csv_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('名称,系数\n"甲,乙",1\n"丙\n丁",2\n', encoding="utf-8")
    rows = [{"名称": "甲,乙", "系数": "1"}, {"名称": "丙\n丁", "系数": "2"}]
    assert content.read_csv(path) == rows


def test_a_csv_that_names_a_column_twice_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("名称,系数,系数\n甲,1,2\n", encoding="utf-8")
    with pytest.raises(ContentError, match="系数"):
        content.read_csv(path)
