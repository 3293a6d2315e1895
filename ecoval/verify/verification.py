"""Verify a document: take its case out, recompute it, compare what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from ..case import Case
from ..case.assessment import Assessment
from ..content import broken, folder
from ..errors import EcovalError, InputError, reason
from ..reading import check
from ..report.carrying import carried_by_page, carried_by_word
from ..report.context import context
from ..report.rendering import render_page, render_word
from .texts import Printed, of_page, of_word

Status = Literal["intact", "changed", "moved"]

STATUSES: dict[Status, str] = {
    "intact": "完好：案卷复算一致，所印文字和数值与复算逐字相同",
    "changed": "有改动：所印文字或数值与复算不同",
    "moved": "复算结果与案卷所载不同：规则、参数或方法已变，或案卷被改动",
}


@dataclass(frozen=True)
class Change:
    """A text that is not what the case comes to; one of the two is empty where it was put in or cut."""

    where: str
    printed: str
    recomputed: str

    def __str__(self) -> str:
        if not self.recomputed:
            return f"{self.where}：多出“{self.printed}”"
        if not self.printed:
            return f"{self.where}：缺少“{self.recomputed}”"
        return f"{self.where}：应为“{self.recomputed}”，印作“{self.printed}”"


@dataclass(frozen=True)
class Verification:
    """What a check found: the *changes* of the text, and the figures that *moved* in recomputing.

    ``unchecked`` says what could not be checked, and why.
    """

    path: Path
    fingerprint: str
    version: str
    changes: tuple[Change, ...]
    moved: tuple[Change, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Whether it is intact, changed, or computed otherwise now."""
        if self.moved:
            return "moved"
        return "changed" if self.changes else "intact"

    def __str__(self) -> str:
        lines = [f"{self.path.name}（校验码 {self.fingerprint}，ecoval {self.version}）"]
        lines.append(STATUSES[self.status])
        lines += [f"  改动　{change}" for change in self.changes]
        lines += [f"  复算　{change}" for change in self.moved]
        lines += [f"  未能核对　{what}" for what in self.unchecked]
        return "\n".join(lines)


def verify(path: str | Path, *, template: Path | None = None) -> Verification:
    """Return what a check of the document *path* (docx, html, xlsx, json) finds.

    The case inside is assessed anew and printed anew; every text of the document is compared with
    that print, figures and words alike. *template* is the Word template it was written with, if not
    the shipped one.

    Raises
    ------
    InputError
        The file cannot be read, is of another kind, or carries no case, or two.
    """
    path = Path(path)
    try:
        held = path.read_bytes()
    except OSError as error:
        raise InputError(f"不能读取：{reason(error)}", where=str(path)) from None
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise InputError(
            "不能复核这种文件",
            where=str(path),
            got=kind or "没有扩展名",
            hint="可复核 docx、html、xlsx、json。",
        )
    data = _carried(kind, held, path)
    case = check(data["case"], Case, where=f"{path.name} 的案卷")
    try:
        assessment = case.assess()
    except EcovalError as error:
        said = f"案卷不能再算：{error}"
        return Verification(
            path, _word(data, "fingerprint"), _word(data, "version"), (), (), (said,)
        )
    again = json.loads(json.dumps(assessment.as_dict()))
    moved = tuple(_differences(data, again))
    unchecked = []
    changes: tuple[Change, ...] = ()
    if kind in (".docx", ".html", ".htm"):
        if moved:
            unchecked.append("复算结果已不同，所印文字未与复算逐字比较")
        else:
            changes = _changes(kind, held, assessment, template)
    elif kind == ".xlsx":
        from .workbook import LOOKS, workbook_changes

        if moved:
            unchecked.append("复算结果已不同，工作簿的单元格未逐格比较")
        else:
            unchecked.append(LOOKS)
            changes = tuple(
                Change(f"{cell.where}（{cell.kind}）", cell.printed, cell.recomputed)
                for cell in workbook_changes(held, assessment)
            )
    return Verification(
        path, _word(data, "fingerprint"), _word(data, "version"), changes, moved, tuple(unchecked)
    )


_KINDS = (".docx", ".html", ".htm", ".xlsx", ".json")


def _word(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key, "—"))


def _carried(kind: str, held: bytes, path: Path) -> dict[str, Any]:
    if kind == ".docx":
        return carried_by_word(held, where=str(path))
    if kind == ".xlsx":
        from ..audit import carried

        return carried(path)
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("不是 UTF-8 文字", where=str(path)) from None
    if kind != ".json":
        return carried_by_page(text, where=str(path))
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        said = broken("JSON", text, error.lineno, error.colno, error.msg)
        raise InputError(said, where=str(path)) from None
    if not isinstance(data, dict) or not isinstance(data.get("case"), dict):
        raise InputError("文件中没有案卷，不能复核", where=str(path))
    return data


def _changes(
    kind: str, held: bytes, assessment: Assessment, template: Path | None
) -> tuple[Change, ...]:
    variables = context(assessment)
    if kind == ".docx":
        source = template or folder("templates") / "opinion.docx"
        return tuple(_compared(of_word(held), of_word(render_word(source, variables))))
    page = render_page(folder("templates") / "opinion.html", variables)
    return tuple(_compared(of_page(held.decode("utf-8-sig")), of_page(page)))


def _compared(printed: list[Printed], wanted: list[Printed]) -> Iterator[Change]:
    """Yield where the *printed* texts are not the *wanted* ones, text by text."""
    found, right = ([each.text for each in side] for side in (printed, wanted))
    for what, start, end, first, last in SequenceMatcher(
        None, found, right, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        for place in range(max(end - start, last - first)):
            one = printed[start + place] if start + place < end else None
            other = wanted[first + place] if first + place < last else None
            where = (one or other or Printed("", "")).where
            yield Change(where, one.text if one else "", other.text if other else "")


def _differences(old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """Yield where two trees of plain data are not alike, by their paths."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            inside = f"{path}.{key}" if path else str(key)
            yield from _differences(old.get(key), new.get(key), inside)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True), start=1):
            yield from _differences(one, other, f"{path}[{place}]")
    elif old != new:
        yield Change(path, _shown(old), _shown(new))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
