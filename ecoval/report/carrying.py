"""The assessment inside a document: put into Word and HTML, and taken out again."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from io import BytesIO
from typing import Any

from ..errors import InputError

ATTACHMENT = "ecoval-assessment.json"
NAMESPACE = "urn:ecoval:assessment:1"
SCRIPT = "ecoval-assessment"
# What a document may unpack to, and no more: nobody writes an opinion of this size.
LARGEST = 64 * 1024 * 1024


def as_part(data: str) -> bytes:
    """Return the JSON text *data* as an XML part of a Word document.

    JSON writes every control character in ASCII, so that the text is good XML whatever it holds.
    """
    escaped = data.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessment xmlns="{NAMESPACE}">{escaped}'
        "</assessment>"
    ).encode()


def as_script(data: str) -> str:
    """Return the JSON text *data* in a script element: no tag of the text ends it."""
    escaped = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="{SCRIPT}">{escaped}</script>'


def carried_by_word(held: bytes, *, where: str) -> dict[str, Any]:
    """Return the assessment that the Word document *held* carries.

    Raises
    ------
    InputError
        It is no Word document, carries none, or more than one.
    """
    try:
        with zipfile.ZipFile(BytesIO(held)) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST:
                raise InputError("文件解开后过大，不予读取", where=where)
            parts = [
                package.read(name)
                for name in package.namelist()
                if re.fullmatch(r"customXml/item\d+\.xml", name)
            ]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        raise InputError("不是完整的 Word 文件，不能读取", where=where) from None
    return _only([text for part in parts if (text := _text_of(part)) is not None], where)


def carried_by_page(page: str, *, where: str) -> dict[str, Any]:
    """Return the assessment that the HTML *page* carries.

    Raises
    ------
    InputError
        It carries none, or more than one.
    """
    pattern = rf'<script[^>]*\bid="{SCRIPT}"[^>]*>(.*?)</script>'
    return _only(re.findall(pattern, page, re.DOTALL), where)


def with_assessment(pdf: bytes, data: str) -> bytes:
    """Return *pdf* with the JSON text *data* attached."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.add_attachment(ATTACHMENT, data.encode("utf-8"))
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def carried_by_pdf(held: bytes, *, where: str) -> dict[str, Any]:
    """Return the assessment that the PDF *held* carries.

    Raises
    ------
    InputError
        It is no PDF, is locked, carries none, or more than one.
    """
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(BytesIO(held))
        if reader.is_encrypted:
            raise InputError("PDF 已加密，不能读取", where=where)
        attached = [file.content for file in reader.attachment_list if file.name == ATTACHMENT]
    except InputError:
        raise
    except (PdfReadError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise InputError("不是完整的 PDF 文件，不能读取", where=where) from None
    if any(len(each) > LARGEST for each in attached):
        raise InputError("文件解开后过大，不予读取", where=where)
    return _only([each.decode("utf-8", "replace") for each in attached], where)


def _text_of(part: bytes) -> str | None:
    """Return the text of our part, None for a part that is somebody else's."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag != f"{{{NAMESPACE}}}assessment":
        return None
    return "".join(str(text) for text in root.itertext())


def _only(texts: list[str], where: str) -> dict[str, Any]:
    if not texts:
        raise InputError(
            "文件中没有案卷，不能复核",
            where=where,
            hint="它不是 ecoval 出具的，或案卷已被删去。",
        )
    if len(texts) > 1:
        raise InputError(f"文件中有 {len(texts)} 份案卷，不能确定是哪一份", where=where)
    try:
        data = json.loads(texts[0] if texts[0].lstrip().startswith("{") else unescape(texts[0]))
    except json.JSONDecodeError:
        raise InputError("文件中的案卷已残缺", where=where) from None
    if not isinstance(data, dict) or not isinstance(data.get("case"), dict):
        raise InputError("文件中的案卷已残缺", where=where)
    return data
