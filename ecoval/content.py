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
            f"TOML 写法有误：{_in_chinese(str(error))}",
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


def _in_chinese(message: str) -> str:
    """Put tomllib's ``(at line 3, column 5)`` into Chinese and keep its own words."""
    head, found, tail = message.partition(" (at line ")
    if not found:
        return message.replace("(at end of document)", "（在文件末尾）")
    line, _, column = tail.rstrip(")").partition(", column ")
    return f"第 {line} 行第 {column} 列（{head}）"
