"""A picture in a document: its bytes, its width, and the words for whoever cannot see it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.shared import Cm

from ..errors import ContentError

# How the kinds that Word and browsers both show begin.
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"BM": "bmp"}


def kind_of(held: bytes) -> str:
    """Return what kind of picture *held* is, empty if it is none that is known here."""
    return next((kind for start, kind in _KINDS.items() if held.startswith(start)), "")


@dataclass(frozen=True)
class Picture:
    """A picture, *width* centimetres wide; *alt* says in words what it shows.

    A page shows it where it stands in the template; a Word document takes it in when it is
    rendered.

    Raises
    ------
    ContentError
        The bytes are no picture.
    """

    held: bytes
    width: float
    alt: str

    def __post_init__(self) -> None:
        if not kind_of(self.held):
            raise ContentError("不是图片（PNG、JPEG、GIF、BMP）", where=self.alt)

    def __html__(self) -> str:
        data = b64encode(self.held).decode("ascii")
        source = f"data:image/{kind_of(self.held)};base64,{data}"
        return f'<img src="{source}" alt={quoteattr(self.alt)} style="width:{self.width}cm">'


class _InWord:
    """A picture bound to the Word document that is being rendered."""

    def __init__(self, template: Any, picture: Picture) -> None:
        self.template, self.picture = template, picture

    def __html__(self) -> str:
        part = self.template.current_rendering_part
        inline = part.new_pic_inline(BytesIO(self.picture.held), width=Cm(self.picture.width))
        inline.docPr.set("descr", self.picture.alt)
        return (
            f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r>"
            '<w:t xml:space="preserve">'
        )

    __str__ = __html__


def in_word(value: Any, template: Any) -> Any:
    """Return *value* with every picture in it bound to the Word document of *template*."""
    if isinstance(value, Picture):
        return _InWord(template, value)
    if isinstance(value, dict):
        return {key: in_word(part, template) for key, part in value.items()}
    if isinstance(value, list):
        return [in_word(part, template) for part in value]
    return value
