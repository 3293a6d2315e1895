"""Verify a document: take its case out, recompute it, compare what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..case import Case
from ..content import broken
from ..errors import EcovalError, InputError, reason
from ..reading import check
from ..report.carrying import carried_by_page, carried_by_pdf, carried_by_word
from .changes import Change
from .comparing import PRINTED, REMARKS, compare_print
from .signing import check_signature

Status = Literal["intact", "changed", "moved"]

STATUSES: dict[Status, str] = {
    "intact": "完好：案卷复算一致，所印文字和数值与复算逐字相同",
    "changed": "有改动：所印文字或数值与复算不同",
    "moved": "复算结果与案卷所载不同：规则、参数或方法已变，或案卷被改动",
}


@dataclass(frozen=True)
class Verification:
    """What a check found: the *changes* of the text, and the figures that *moved* in recomputing.

    ``unchecked`` says what could not be checked, and why; ``remarks`` what a check of this kind of
    document never covers. ``signature`` is None where no key was given, empty where the signature
    holds, and else says why it does not.
    """

    path: Path
    fingerprint: str
    version: str
    changes: tuple[Change, ...]
    moved: tuple[Change, ...]
    unchecked: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    signature: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is intact, nothing was left unchecked, and a signature that was asked for holds."""
        return self.status == "intact" and not self.unchecked and not self.signature

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
        lines += [f"  说明　{what}" for what in self.remarks]
        if self.signature is not None:
            lines.append(f"签名　{self.signature or '有效'}")
        return "\n".join(lines)


def carried_data(path: str | Path) -> dict[str, Any]:
    """Return the data that the document *path* carries: the case, its figures, its template.

    Raises
    ------
    InputError
        The file cannot be read, is of another kind, or carries no case, or two.
    """
    path = Path(path)
    return _carried(*_read(path), path)


def verify(
    path: str | Path,
    *,
    template: str | Path | None = None,
    public_key: str | Path | None = None,
) -> Verification:
    """Return what a check of the document *path* (docx, html, pdf, xlsx, json) finds.

    The case inside is assessed anew and printed anew; every text of the document is compared with
    that print, figures and words alike. The document names its template and language; *template* is
    the one it was written with, where that is not found by its name. With a *public_key* the
    signature beside the document is checked too.

    Raises
    ------
    InputError
        The file cannot be read, is of another kind, or carries no case, or two.
    """
    path = Path(path)
    kind, held = _read(path)
    data = _carried(kind, held, path)
    signed = check_signature(path, data, public_key) if public_key is not None else None
    named = data.pop("document", {})
    case = check(data["case"], Case, where=f"{path.name} 的案卷")
    try:
        assessment = case.assess()
    except EcovalError as error:
        said = f"案卷不能再算：{error}"
        return Verification(
            path,
            _word(data, "fingerprint"),
            _word(data, "version"),
            (),
            (),
            (said,),
            signature=signed,
        )
    again = json.loads(json.dumps(assessment.as_dict()))
    moved = tuple(_differences(data, again))
    unchecked = []
    changes: tuple[Change, ...] = ()
    if kind in PRINTED:
        if moved:
            unchecked.append("复算结果已不同，所印文字未与复算逐字比较")
        else:
            changes, beside = compare_print(kind, held, assessment, named, template)
            unchecked += beside
    return Verification(
        path,
        _word(data, "fingerprint"),
        _word(data, "version"),
        changes,
        moved,
        tuple(unchecked),
        REMARKS.get(kind, ()),
        signed,
    )


_KINDS = (*PRINTED, ".json")


def _read(path: Path) -> tuple[str, bytes]:
    """Return the kind of document and its bytes."""
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
            hint="可复核 docx、html、pdf、xlsx、json。",
        )
    return kind, held


def _word(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key, "—"))


def _carried(kind: str, held: bytes, path: Path) -> dict[str, Any]:
    if kind == ".docx":
        return carried_by_word(held, where=str(path))
    if kind == ".pdf":
        return carried_by_pdf(held, where=str(path))
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
