"""Find the cards, the data, the templates and the golden cases, in a wheel and in a checkout."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any, Literal

from .errors import ContentError, reason

Kind = Literal["methods", "data", "templates", "cases"]

# Where a kind stands in a checkout, if not in a folder of its own name.
_IN_CHECKOUT = {"cases": "tests/cases"}

_PACKAGE = Path(__file__).resolve().parent


def folder(kind: Kind) -> Path:
    """Return the folder that holds *kind*: inside the package, else beside it in a checkout.

    An editable install does not map ``ecoval.methods`` onto the top-level folder, so the folder
    beside the package counts, but only where ``setup.cfg`` shows that this is the checkout.

    Raises
    ------
    ContentError
        Neither place has it.
    """
    inside = _PACKAGE / kind
    if inside.is_dir():
        return inside
    beside = _PACKAGE.parent / _IN_CHECKOUT.get(kind, kind)
    if beside.is_dir() and (_PACKAGE.parent / "setup.cfg").is_file():
        return beside
    raise ContentError(
        f"找不到 {kind} 文件夹", where=str(_PACKAGE), hint="安装不完整，请重新安装 ecoval。"
    )


def read_text(path: Path) -> str:
    """Return the UTF-8 text of *path*, with or without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ContentError("文件不存在", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise ContentError(
            f"不是 UTF-8 文本（第 {error.start} 字节）",
            where=str(path),
            hint="请在编辑器中另存为 UTF-8 编码。",
        ) from None
    except OSError as error:
        raise ContentError(f"无法读取：{reason(error)}", where=str(path)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the TOML file *path* as a dictionary; broken TOML is an error that names the line."""
    return parse_toml(read_text(path), where=str(path))


def parse_toml(text: str, *, where: str) -> dict[str, Any]:
    """Return TOML *text* as a dictionary; *where* names it in the error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContentError(
            _toml_fault(text, str(error)),
            where=where,
            hint="检查该行的引号、方括号、等号是否成对，同一键是否写了两次。",
        ) from None


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of the CSV file *path*, each a dictionary of the header's names."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    header = next(reader, [])
    if len(set(header)) < len(header):
        raise ContentError("表头有同名的列", where=str(path), got=",".join(header))
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            raise ContentError("列数与表头不符", where=f"{path} 第 {reader.line_num} 行")
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


# What tomllib and json say, and what is said for it; what is not here is told by its place alone.
_SAID = {
    "Cannot overwrite a value": "同一键写了两次",
    "Escaped character is not a Unicode scalar value": "反斜线后的字符编号无效",
    "Expected '=' after a key": "键后缺少等号",
    "Expected ']' at the end of a table": "表头缺少右方括号 ]",
    "Expected ']]' at the end of an array": "表头缺少右方括号 ]]",
    "Expected newline or end of document": "一行只能写一个键，后面有多余的内容",
    "Invalid date or datetime": "日期或时刻无效",
    "Invalid hex value": "反斜线后的字符编号无效",
    "Invalid initial character for a key": "键的写法无效",
    "Invalid statement": "不是键、表头或注释",
    "Invalid value": "值的写法无效（文字须加引号）",
    "Unclosed array": "列表缺少右方括号 ]",
    "Unclosed inline table": "表缺少右花括号 }",
    "Unescaped '\\' in a string": "文字中的反斜线须写两个，或用单引号",
    "Unterminated string": "文字缺少右引号",
    "Cannot declare": "同一个表写了两次",
    "Cannot mutate immutable namespace": "不能在写成一行的表或列表之外再加键",
    "Cannot redefine namespace": "同一个键已经是表",
    "Duplicate inline table key": "同一键写了两次",
    "Found invalid character": "文字中有不能用的字符，或缺少右引号",
    "Illegal character": "有不能用的字符，或缺少右引号",
    "Expecting ',' delimiter": "缺少逗号或右括号",
    "Expecting ':' delimiter": "缺少冒号",
    "Expecting property name": "缺少加双引号的键，或多了逗号",
    "Illegal trailing comma": "多了逗号",
    "Expecting value": "缺少值",
    "Extra data": "末尾有多余的内容",
    "Invalid control character": "文字中有换行等控制字符，或缺少右引号",
    "Invalid \\": "反斜线的写法无效",
}


def in_chinese(message: str) -> str:
    """Return in Chinese what a parser says of a broken file, empty where it is not known."""
    return next((said for head, said in _SAID.items() if message.startswith(head)), "")


def broken(kind: str, text: str, line: int, column: int, message: str) -> str:
    """Return what is wrong in *text*: its place, why if that is known, and the line as it stands."""
    lines = text.splitlines()
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    parts = [part for part in (in_chinese(message), f"该行：{shown}" if shown else "") if part]
    why = f"（{'；'.join(parts)}）" if parts else ""
    return f"{kind} 写法有误：第 {line} 行第 {column} 列{why}"


def _toml_fault(text: str, message: str) -> str:
    head, found, tail = message.partition(" (at line ")
    if found:
        line, _, column = tail.rstrip(")").partition(", column ")
        return broken("TOML", text, int(line), int(column), head)
    head = message.removesuffix(" (at end of document)")
    lines = text.splitlines() or [""]
    return broken("TOML", text, len(lines), len(lines[-1]) + 1, head)
