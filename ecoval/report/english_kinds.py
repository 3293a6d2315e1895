"""How each kind of text of a document is put into English."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..rules.parameters import parameter
from ..valuation.item import ORIGINS
from .catalogue import (
    NoEnglish,
    clause,
    destination,
    english,
    english_date,
    english_markup,
    label,
    listed,
    value_text,
)


def _either(text: str) -> str:
    """Return the English of a label of ours, and a text of somebody else's as it is."""
    return label(text) or (english_date(text) if re.match(r"\d+年\d+月\d+日（", text) else text)


def _open(text: str) -> str:
    """Return that no rule was seen in English, and what somebody left open as he wrote it."""
    return english(text) if re.fullmatch(r"\S+ \d{4}-\d\d-\d\d 未见.*的规定", text) else text


def _rule(text: str) -> str:
    """Return what a rule says: what it lists and its numbers in English, its words as they are."""
    return label(text) or listed(text, "；") or text


def _told(text: str) -> str:
    title, _, said = text.partition("：")
    words, bracket, cited = said.rpartition("（")
    # The citation may hold brackets itself: it begins where the title of the source does.
    words, bracket, cited = said.partition("（《") if "（《" in said else (words, bracket, cited)
    put = "; ".join(_rule(part) for part in words.split("；"))
    return f"{english(title)}: {put} ({bracket[1:]}{cited.removesuffix('）')})"


def _fine(text: str) -> str:
    found = re.fullmatch(r"(.*) ([\d,.]+) 元：(.*)", text, re.DOTALL)
    if found is None:
        return english(text)
    return f"{_either(found[1])} CNY {found[2]}: {_either(found[3])}"


def _support(text: str) -> str:
    """Return what a condition of punitive damages rests on: cases of the lists, note, material."""
    known = {
        title
        for name in ("punitive-intent-presumed", "punitive-serious")
        for title in parameter(name).choices.values()
    }
    parts = (english(part) if part in known else _material(part) for part in text.split("；"))
    return "; ".join(parts)


def _signer(text: str) -> str:
    role, colon, name = text.partition("：")
    return f"{english(role)}: {name.strip()}" if colon else english(role)


def _material(text: str) -> str:
    """Return what stands behind a value with our own words in it in English."""
    said = ORIGINS["given"]
    if text == said:
        return english(said)
    put = re.sub(r"材料 (\S+?) 第 (\S+) 页", r"Material \1, p. \2", text)
    put = re.sub(r"(?:^|(?<=；))材料 (?=\S)", "Material ", put)
    put = re.sub(r"(?:^|(?<=；))价格基准 ", "price base ", put)
    put = re.sub(r"按“([^”]*)”计算", lambda by: f"by the method “{_sheet(by[1])}”", put)
    return re.sub(r"(?:^|(?<=；))待定：", "open: ", put).replace("；", "; ")


def _sheet(text: str) -> str:
    """Return the title of a table of a part: what somebody named it, and the method in English."""
    name, colon, title = text.partition("：")
    try:
        return english(text)
    except NoEnglish:
        return f"{name}: {_sheet(title)}" if colon else text


def _row(text: str) -> str:
    """Return the name of a line: a year of a table in English, another as somebody wrote it."""
    year = re.fullmatch(r"(\d{4}) 年", text)
    if year:
        return year[1]
    return english(text) if _YEAR.fullmatch(text) else text


_YEAR = re.compile(
    r"(?:直接损失 |第 \d+ 代 )?(?:\d{4} 年（[^）]*(?:年|基准前)）|(?:基准前)?第 \d+ 年(?:起，永续)?|\d{4} 年起，永续)"
)


def _value(text: str) -> str:
    """Return a value with its unit, or how a path and conventions are read, in English."""
    return label(text) or listed(text, "，") or value_text(text, "en")


def _looked_up(text: str) -> str:
    found = re.fullmatch(r"由 (.*?) 查(.*)，得 (.*)。", text, re.DOTALL)
    if found is None:
        return english(text)
    by = "; ".join(_classed(part) for part in found[1].split("、"))
    values = value_text(found[3].replace("，", ", "), "en")
    return f"Read off by {by} from {found[2]}: {values}."


def _classed(text: str) -> str:
    """Return a choice and what was chosen, the title in English and the class as the table has it."""
    title, _, chosen = text.partition(" ")
    try:
        return f"{english(title)} {chosen}"
    except NoEnglish:
        return value_text(text, "en")


WAYS: dict[str, Callable[[str], str]] = {
    "ours": english,
    "either": _either,
    "open": _open,
    "rule": _rule,
    "told": _told,
    "fine": _fine,
    "support": _support,
    "signer": _signer,
    "destination": destination,
    "clause": clause,
    "value": _value,
    "markup": lambda text: type(text)(english_markup(text)),
    "material": _material,
    "looked up": _looked_up,
    "row": _row,
    "sheet": _sheet,
    "as written": lambda text: text,
}
