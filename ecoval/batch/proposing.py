"""Propose a mapping for an office's own sheets, from headers, synonyms and units."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import EcovalError, InputError, OutputError, reason
from ..units import same_kind, unit
from ..valuation import Method, methods
from ..valuation.registry import method as find
from .books import Sheet, open_book
from .cutting import letters
from .fields import METHOD, Field, Header, fields_of
from .layout import headers_of, plan_sheet, same, unit_column

_LEAST = 0.62


@dataclass(frozen=True)
class Proposal:
    """A field and the column that it may be, how sure that is, and why."""

    field: Field
    column: int
    header: Header
    score: float
    why: str


def write_mapping(book: Path, target: Path, *, method: str = "", force: bool = False) -> list[str]:
    """Write a mapping for *book* to *target*; return what is to be looked at by a person.

    Raises
    ------
    InputError
        The book cannot be read, the method is unknown, or no sheet looks like one of cases.
    OutputError
        The file is there already, or cannot be written.
    """
    if target.exists() and not force:
        raise OutputError("文件已存在", where=str(target), hint="要覆盖，请加 --force。")
    opened = open_book(book)
    known = find(method) if method else None
    text, said = ["# ecoval map 提出，须逐列核对；不用的行可删去。"], []
    try:
        for sheet in opened.sheets:
            if known is None and _names_methods(sheet):
                said.append(f"工作表“{sheet.name}”：各行在“方法”列写明方法，不须映射，未列入。")
                continue
            found = _propose(sheet, known)
            if found is None:
                said.append(
                    f"工作表“{sheet.name}”：看不出是哪个方法的数据，未列入；可用 --method 指定。"
                )
                continue
            chosen, row, proposals, headers = found
            text += ["", *_written(sheet, chosen, row, proposals, headers)]
            missing = [
                field.title
                for field in fields_of(chosen)
                if not field.optional and field.name not in {each.field.name for each in proposals}
            ]
            said.append(
                f"工作表“{sheet.name}”：{chosen.id}（{chosen.card.title}），列名在第 {row} 行"
            )
            said += [
                f"  {letters(each.column)} 列“{each.header.text}” → {each.field.title}（{each.why}）"
                for each in proposals
            ]
            if missing:
                said.append(f"  没有找到：{'、'.join(missing)}")
    finally:
        opened.close()
    if len(text) == 1:
        raise InputError(
            "没有一张表须要映射" if any("不须映射" in line for line in said)
            else "没有一张表看得出是案件数据",
            where=str(book), hint="可直接运行 ecoval batch；或用 --method 指定方法。",
        )  # fmt: skip
    try:
        target.write_text("\n".join(text) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"写不出映射文件（{reason(error)}）", where=str(target)) from None
    return said


def _names_methods(sheet: Sheet) -> bool:
    """Tell whether each row of *sheet* names its own method."""
    plan = plan_sheet(sheet, None)
    own = {same(header.name) for header in plan.headers}
    return plan.method is None and bool(plan.header_row) and same("方法") in own


def _propose(
    sheet: Sheet, method: Method | None
) -> tuple[Method, int, list[Proposal], tuple[Header, ...]] | None:
    """Return the method, the row of the header and the columns that fit best."""
    top = [["" if cell is None else str(cell).strip() for cell in row] for row in sheet.top()]
    plan = plan_sheet(sheet, None, method.id if method else "")
    chosen = [plan.method] if plan.method is not None else list(methods().values())
    best: tuple[float, Method, int, list[Proposal], tuple[Header, ...]] | None = None
    for row in range(min(len(top), 15)):
        if sum(1 for cell in top[row] if cell) < 3:
            continue
        headers = headers_of(top, row)
        for each in chosen:
            if each.formula.has_lines:
                continue
            proposals = match(each, headers)
            terms = [found for found in proposals if found.field.kind == "number"]
            needed = [
                field for field in fields_of(each) if field.kind == "number" and not field.optional
            ]
            if not terms:
                continue
            share = sum(not found.field.optional for found in terms) / max(len(needed), 1)
            score = sum(found.score for found in proposals) * share
            if best is None or score > best[0]:
                best = (score, each, row + 1, proposals, headers)
    if best is None or (best[0] < 1.5 and method is None):
        return None
    return best[1:]


def match(method: Method, headers: Sequence[Header]) -> list[Proposal]:
    """Return which column each field of *method* may be, each column and field at most once."""
    every = [
        found
        for field in fields_of(method)
        if field.name != METHOD
        for at, header in enumerate(headers)
        if header.name and (found := _likeness(field, at, header)) is not None
    ]
    every.sort(key=lambda found: -found.score)
    fields: set[str] = set()
    columns: set[int] = set()
    chosen = []
    for found in every:
        if found.field.name not in fields and found.column not in columns:
            fields.add(found.field.name)
            columns.add(found.column)
            chosen.append(found)
    return sorted(chosen, key=lambda found: found.column)


def _likeness(field: Field, at: int, header: Header) -> Proposal | None:
    name = same(header.name)
    if name in (same(field.title), same(field.name)) or same(header.text) == same(field.title):
        score, why = 1.0, "列名相同"
    elif name in (words := [same(word) for word in field.synonyms if word]):
        # Of two columns that would do, the one that is named first among the synonyms is meant.
        score, why = 0.9 - 0.001 * words.index(name), "同义"
    else:
        like = [field.title, *(word for word in field.synonyms if len(word) > 1)]
        score = max(difflib.SequenceMatcher(None, name, same(word)).ratio() for word in like)
        why = f"相近，{score:.0%}"
        if score < _LEAST:
            return None
        score *= 0.8
    if header.unit and field.kind == "number" and field.term is not None:
        fits = _fits(field, header.unit)
        if fits is False and header.bracket == "[":
            return None
        if fits is False:
            score *= 0.5
        elif fits:
            score, why = score + 0.05, f"{why}，单位 {header.unit}"
    return Proposal(field, at, header, score, why)


def _fits(field: Field, written: str) -> bool | None:
    """Tell whether the unit *written* measures what the term does, None if it is no unit."""
    try:
        of = unit(written)
    except EcovalError:
        return None
    assert field.term is not None
    if any("[" in text for text in field.term.unit):
        return True
    return any(same_kind(of, unit("" if text == "%" else text)) for text in field.term.unit)


def _written(
    sheet: Sheet, method: Method, row: int, proposals: Sequence[Proposal], headers: Sequence[Header]
) -> list[str]:
    lines = ["[[sheet]]", f"name = {_quoted(sheet.name)}", f"method = {_quoted(method.id)}"]
    lines += [f"header = {row}", "", "[sheet.columns]"]
    texts = [same(header.text) for header in headers]
    for each in proposals:
        text = each.header.text
        column = text if texts.count(same(text)) == 1 else letters(each.column)
        entry = f"column = {_quoted(column)}"
        if each.field.kind == "number":
            written = each.header.unit or ""
            if written and _fits(each.field, written) is not True:
                written = ""
            if written:
                entry += f", unit = {_quoted(written)}"
            elif (beside := unit_column(headers, each.field.title, each.column)) >= 0:
                entry += f", unit_column = {_quoted(letters(beside))}"
            elif each.field.needs_unit:
                entry += f', unit = "" # 须写单位，如 {each.field.units[0]}'
        remark = f"  # {each.field.title}：{each.why}"
        if "# 须写单位" in entry:
            entry, _, need = entry.partition(" # ")
            remark += f"；{need}"
        lines.append(f"{each.field.name} = {{ {entry} }}{remark}")
    for field in fields_of(method):
        if not field.optional and field.name not in {each.field.name for each in proposals}:
            lines.append(f'# {field.name} = {{ column = "" }}  # {field.title}：没有找到')
    taken = {each.column for each in proposals}
    taken |= {unit_column(headers, each.field.title, each.column) for each in proposals}
    rest = [
        f"{letters(at)} {header.text}"
        for at, header in enumerate(headers)
        if header.text and at not in taken
    ]
    if rest:
        lines.append(f"# 未用的列：{'；'.join(rest)}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
