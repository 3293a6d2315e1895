"""Write the documents of a case: Word, HTML, PDF where LibreOffice is there, and JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..case.assessment import Assessment
from ..errors import InputError, OutputError, reason
from .appraisal import missing_parts
from .carrying import with_assessment
from .choosing import Language, choose
from .rendering import render_page, render_word
from .variables import names_used, renumbered, variables

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)


@dataclass(frozen=True)
class Written:
    """A document: where it was written, or why it was not."""

    kind: str
    path: Path | None
    reason: str = ""


def write_opinion(
    assessment: Assessment,
    directory: Path,
    *,
    name: str,
    force: bool = False,
    pdf: bool = True,
    draft: bool = False,
    final: bool = False,
    template: str | Path | None = None,
    language: Language = "zh",
) -> list[Written]:
    """Write the opinion on *assessment* as ``name.docx``, ``.html``, ``.pdf`` and ``.json``.

    *template* is a name (``opinion``, ``report``, ``determination``, ``settlement``,
    ``score-sheet``, or one of a person's own) or a Word file; the page is written where there is
    one of that name. Nothing is written unless everything can be: an existing file is kept unless
    *force*. An assessment with findings that forbid signing is written as a marked *draft* only; as *final*
    only one that leaves nothing open.

    Raises
    ------
    OutputError
        A file exists, the folder cannot be made or written, or a finding forbids signing.
    ContentError
        A template is missing or faulty.
    InputError
        There is no such template, the case is none for it, or a text of ours has no English.
    """
    chosen = choose(template or "opinion", language)
    fits(assessment, chosen.name)
    if assessment.stops and not draft:
        listed = "；".join(finding.text for finding in assessment.stops)
        raise OutputError(f"有须处理的事项，不能出具：{listed}", hint="可以 draft 写出草稿。")
    templates = [path for path in (chosen.word, chosen.page) if path is not None]
    also_open = missing_parts(assessment) if "appraisal" in names_used(chosen.word) else []
    barred = (*assessment.obstacles, *also_open)
    if final and (assessment.is_draft or barred):
        listed = "；".join(barred) or "适用条件尚未确定"
        raise OutputError(f"尚有待补事项，不能出具正式文书：{listed}")
    kinds = ("docx", "html", "json") if chosen.page else ("docx", "json")
    paths = {kind: directory / f"{name}.{kind}" for kind in kinds}
    old = directory / f"{name}.pdf"
    if pdf or old.exists():
        paths["pdf"] = old
    _ready(directory, paths, force)
    figures = assessment.as_dict()
    inside = json.dumps(figures | {"document": chosen.as_dict()})
    prepared = variables(assessment, *templates, language=language)
    contents = {"docx": render_word(chosen.word, prepared, inside)}
    if chosen.page:
        again = renumbered(prepared, language)
        contents["html"] = render_page(chosen.page, again, inside).encode("utf-8")
    data = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    contents["json"] = data.encode("utf-8")
    # An older PDF beside the new documents would show other figures.
    try:
        old.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"不能删去旧的 PDF：{reason(error)}", where=str(old), hint="文件可能正被阅读器打开。"
        ) from None
    save({paths[kind]: held for kind, held in contents.items()})
    written = [Written(kind, paths[kind]) for kind in contents]
    if pdf:
        written.insert(-1, _write_pdf(paths["docx"], paths["pdf"], inside))
    return written


def office() -> str | None:
    """Return the LibreOffice program of this machine, None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def convert(path: Path, kind: str, directory: Path) -> Path:
    """Return *path* converted to *kind* by LibreOffice, in *directory*.

    Raises
    ------
    OutputError
        LibreOffice is missing, failed, or did not end within two minutes.
    """
    program = office()
    if program is None:
        raise OutputError("未安装 LibreOffice")
    # A profile of its own: LibreOffice refuses to start twice on one, and a person may have it open.
    with tempfile.TemporaryDirectory(prefix="ecoval-") as profile:
        command = [
            program,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(directory),
            str(path),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutputError(f"LibreOffice 未能转换：{error}", where=str(path)) from None
    made = directory / f"{path.stem}.{kind}"
    if done.returncode or not made.is_file():
        said = done.stderr.decode("utf-8", "replace").strip()
        raise OutputError(f"LibreOffice 未能转换：{said}", where=str(path))
    return made


def fits(assessment: Assessment, kind: str) -> None:
    """Refuse a determination of a case that is to have an expert opinion, a sheet of no settlement.

    Raises
    ------
    InputError
        The case is none for a document of that *kind*.
    """
    case = assessment.case
    if kind == "settlement" and assessment.performance is None:
        raise InputError(
            "案件文件没有履行方案（settlement），也没有 [obligors] 和 [punitive]",
            where=case.title,
            hint="全部以货币赔付的，写一个空的 [settlement]。",
        )
    if kind == "determination" and case.route == "quick" and case.form == "expert_opinion":
        raise InputError(
            "案件的形式是专家意见，不出综合认定",
            where="form",
            got=case.form,
            hint='综合认定的案件写 form = "comprehensive_determination"。',
        )


def _write_pdf(word: Path, pdf: Path, inside: str) -> Written:
    if office() is None:
        return Written(
            "pdf", None, "未安装 LibreOffice，没有生成 PDF；可在 Word 或 WPS 中另存为 PDF"
        )
    try:
        with tempfile.TemporaryDirectory(prefix="ecoval-") as made:
            plain = convert(word, "pdf", Path(made))
            pdf.write_bytes(with_assessment(plain.read_bytes(), inside))
    except OutputError as error:
        return Written("pdf", None, str(error))
    except OSError as error:
        return Written("pdf", None, f"不能写入：{reason(error)}")
    return Written("pdf", pdf)


def _ready(directory: Path, paths: dict[str, Path], force: bool) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"不能建立文件夹：{reason(error)}", where=str(directory)) from None
    if not os.access(directory, os.W_OK):
        raise OutputError("文件夹不能写入", where=str(directory), hint="请换一个文件夹（--out）。")
    existing = [path for path in paths.values() if path.exists()]
    if existing and not force:
        listed = "、".join(path.name for path in existing)
        raise OutputError(
            f"文件已存在，未覆盖：{listed}",
            where=str(directory),
            hint="确需覆盖请加 --force，或以 --out 换一个文件夹。",
        )


def write_one(path: Path, held: bytes, *, force: bool) -> None:
    """Write *held* to *path*, whose folder is made if it is not there.

    Raises
    ------
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    """
    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"不能建立文件夹：{reason(error)}", where=str(path.parent)) from None
    save({path: held})


def save(contents: dict[Path, bytes]) -> None:
    """Write all of *contents* or nothing: first beside their places, then into them."""
    beside = {path: path.with_name(f".{path.name}.part") for path in contents}
    path = next(iter(contents))
    try:
        for path, held in contents.items():
            if path.exists():
                with path.open("r+b"):
                    pass
            beside[path].write_bytes(held)
        for path in contents:
            beside[path].replace(path)
    except OSError as error:
        raise OutputError(
            f"不能写入：{reason(error)}", where=str(path), hint="文件可能正被 Word 或 WPS 打开。"
        ) from None
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)
