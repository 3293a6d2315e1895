"""Fill the Word and the HTML template; an unknown variable is an error that names it."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from functools import cache, lru_cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from ..content import read_text
from ..errors import ContentError, reason
from .carrying import LARGEST, as_part, as_script
from .pictures import in_word, kind_of


class _Remembering(ImmutableSandboxedEnvironment):
    """Compile each template text once: a batch fills the same one thousands of times.

    A template may come from anybody. In the sandbox it reaches the variables and nothing behind
    them: no attribute of Python's own, no file, no module.
    """

    def from_string(self, source: Any, *arguments: Any, **options: Any) -> Template:
        if arguments or options:
            return super().from_string(source, *arguments, **options)
        return _compiled(source)


_environment = _Remembering(
    undefined=StrictUndefined, autoescape=True, trim_blocks=False, keep_trailing_newline=True
)


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    return ImmutableSandboxedEnvironment.from_string(_environment, source)


class _WordTemplate(DocxTemplate):  # type: ignore[misc]
    """A template whose clean-up of Word's XML is done once for each text."""

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)

    def resolve_listing(self, xml: str) -> str:
        """Turn line breaks and tabs in values into Word's; most paragraphs have none."""
        resolve = super().resolve_listing

        def resolved(paragraph: re.Match[str]) -> str:
            text = paragraph[0]
            return str(resolve(text)) if _BREAK.search(text) else text

        return _PARAGRAPH.sub(resolved, xml)

    def map_tree(self, tree: Any) -> None:
        """Put the body *tree* in by its text: to move a tree into another takes far longer."""
        part = self.docx._part
        root = part._element
        for child in list(root.body):
            root.body.remove(child)
        shell = etree.tostring(root)
        place = _EMPTY_BODY.search(shell)
        assert place is not None
        whole = shell[: place.start()] + etree.tostring(tree) + shell[place.end() :]
        part._element = self.docx._element = parse_xml(whole)


_BREAK = re.compile("[\t\a\n\f]")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_EMPTY_BODY = re.compile(rb"<w:body\s*/>|<w:body>\s*</w:body>")


@lru_cache(maxsize=64)
def _patched(source: str) -> str:
    patched: str = DocxTemplate.patch_xml(DocxTemplate(None), source)
    return patched


@cache
def _template_bytes(path: Path, changed: int) -> bytes:
    """Return the bytes of *path*; *changed* is its time stamp, so that an edit is seen."""
    return path.read_bytes()


def render_word(path: Path, variables: dict[str, Any], carried: str = "") -> bytes:
    """Return the Word document that the template *path* makes of *variables*.

    The JSON text *carried* goes inside as a part of its own, which Word and LibreOffice keep.

    Raises
    ------
    ContentError
        The template is missing or not a Word file, uses a variable that does not exist, or its
        control words do not pair up.
    """
    try:
        held = _template_bytes(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise ContentError(f"无法读取模板：{reason(error)}", where=str(path)) from None
    check_package(path, held)
    document = _WordTemplate(BytesIO(held))
    try:
        document.render(in_word(variables, document), _environment, autoescape=True)
    except TemplateError as error:
        raise _template_error(path, error) from None
    except _SLIPS as error:
        raise ContentError(f"模板中的算式有误：{error}", where=str(path)) from None
    except (KeyError, PackageNotFoundError) as error:
        raise ContentError(f"不是 Word 模板（.docx）：{error}", where=str(path)) from None
    document.docx.core_properties.created = datetime.now(UTC).replace(tzinfo=None)
    document.docx.core_properties.modified = document.docx.core_properties.created
    if carried:
        _carry(document.docx, carried)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def check_package(path: Path, held: bytes) -> None:
    """Refuse what is no Word file, one with macros, and one that unpacks to no end."""
    try:
        with ZipFile(BytesIO(held)) as package:
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise ContentError("模板解开后过大，不予使用", where=str(path))
            shown = {
                entry.filename: package.read(entry)
                for entry in entries
                if entry.filename.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".bmp"))
            }
    except (BadZipFile, zlib.error):
        raise ContentError("不是 Word 模板（.docx）", where=str(path)) from None
    for name, picture in shown.items():
        if not kind_of(picture):
            raise ContentError(f"模板中的 {name} 不是图片", where=str(path))
    if any(entry.filename.endswith(("vbaProject.bin", "vbaData.xml")) for entry in entries):
        raise ContentError("模板中有宏，不予使用", where=str(path), hint="请另存为不带宏的 .docx。")


def _carry(document: Any, text: str) -> None:
    """Put *text* into the package as a custom XML part of the document."""
    package, main = document.part.package, document.part
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(place for place in count(1) if f"/customXml/item{place}.xml" not in taken)
    name = PackURI(f"/customXml/item{number}.xml")
    main.relate_to(
        Part(name, "application/xml", as_part(text), package), RELATIONSHIP_TYPE.CUSTOM_XML
    )


def render_page(path: Path, variables: dict[str, Any], carried: str = "") -> str:
    """Return the HTML page that the template *path* makes of *variables*.

    The JSON text *carried* stands at the end of its body, as data that is never run.

    Raises
    ------
    ContentError
        The template is missing, uses a variable that does not exist, or is badly written.
    """
    try:
        page = _environment.from_string(read_text(path)).render(variables)
    except TemplateError as error:
        raise _template_error(path, error) from None
    except _SLIPS as error:
        raise ContentError(f"模板中的算式有误：{error}", where=str(path)) from None
    if not carried:
        return page
    body, end, rest = page.rpartition("</body>")
    return f"{body}{as_script(carried)}\n{end}{rest}" if end else page + as_script(carried)


# What arithmetic or a wrong call in a person's template comes to.
_SLIPS = (TypeError, ArithmeticError, AttributeError, ValueError)


def _template_error(path: Path, error: TemplateError) -> ContentError:
    message = error.message or str(error)
    if isinstance(error, SecurityError):
        return ContentError(f"模板超出了允许的范围：{message}", where=str(path))
    named = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", message)
    if named:
        return ContentError(
            f"模板用了不存在的变量 {named[1] or named[2]}",
            where=str(path),
            hint="可用的变量见 docs/templates.md。",
        )
    line = f"第 {error.lineno} 行" if isinstance(error, TemplateSyntaxError) else ""
    return ContentError(f"模板写法有误：{message}", where=f"{path} {line}".strip())
