"""Check a Word template: variables that do not exist, variables it leaves out, control words."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes

from ..errors import ContentError, OutputError, nearest, reason
from .known_variables import known_variables
from .rendering import check_package
from .writing import convert, office

_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
# What jinja itself brings.
_OWN = frozenset({"loop", "range", "dict", "lipsum", "cycler", "joiner", "namespace", "caller"})


@dataclass(frozen=True)
class Unknown:
    """A variable that does not exist: the paragraph it stands in, and its page where that is known."""

    name: str
    paragraph: str
    page: int | None
    hint: str

    def __str__(self) -> str:
        where = f"第 {self.page} 页" if self.page else "（未知页）"
        return f"{where}：没有变量 {self.name}　{self.paragraph}　{self.hint}".rstrip()


@dataclass(frozen=True)
class TemplateCheck:
    """What a check of a template found; *unused* are the variables it could also show."""

    path: Path
    unknown: tuple[Unknown, ...]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.path.name}：{len(self.unknown)} 个不存在的变量"]
        lines += [f"  {each}" for each in self.unknown]
        if self.unused:
            lines.append(f"  未用的变量：{'、'.join(self.unused)}")
        return "\n".join(lines)


def check_template(path: Path) -> TemplateCheck:
    """Return what a check of the Word template *path* finds.

    The page of a variable is found through LibreOffice; without it the paragraph's text says where.

    Raises
    ------
    ContentError
        The file cannot be read, is no Word template, has macros, or its control words do not pair.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        raise ContentError(f"无法读取模板：{reason(error)}", where=str(path)) from None
    check_package(path, held)
    try:
        template = DocxTemplate(BytesIO(held))
        template.init_docx()
    except (KeyError, ValueError, PackageNotFoundError):
        raise ContentError("不是 Word 模板（.docx）", where=str(path)) from None
    texts = list(_paragraphs(template))
    try:
        trees = [_parsed(template.patch_xml(source)) for source in _sources(template)]
    except TemplateSyntaxError as error:
        raise ContentError(
            f"模板写法有误：{error.message}", where=f"{path} {_beside(error, texts)}".strip()
        ) from None
    unknown: dict[str, str] = {}
    used: set[str] = set()
    for tree in trees:
        for name, within in _names(tree, {}):
            if within is None:
                used.add(name)
            else:
                unknown[name] = within
    pages = _pages(path) if unknown else []
    listed = [
        place for name, within in unknown.items() for place in _places(name, within, texts, pages)
    ]
    every = known_variables()[""]
    return TemplateCheck(path, tuple(listed), tuple(sorted(every - used)))


def _sources(template: DocxTemplate) -> Iterator[str]:
    yield template.get_xml()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)


def _parsed(source: str) -> nodes.Template:
    return Environment().parse(source)


def _paragraphs(template: DocxTemplate) -> Iterator[str]:
    section = template.docx.sections[0]
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for root in (template.docx.element, section.header._element, section.footer._element):
        for paragraph in root.iter(f"{word}p"):
            text = "".join(part.text or "" for part in paragraph.iter(f"{word}t"))
            if _TAG.search(text):
                yield text


def _names(node: nodes.Node, scope: dict[str, str | None]) -> Iterator[tuple[str, str | None]]:
    """Yield each variable under *node* with None, or the path that has nothing of that name.

    *scope* has what a loop or a macro named: the dotted path of its rows, None where nobody knows.
    """
    if isinstance(node, nodes.For):
        yield from _names(node.iter, scope)
        inside = {**scope, "loop": None}
        inside |= dict.fromkeys(_targets(node.target))
        if isinstance(node.target, nodes.Name):
            inside[node.target.name] = _path(node.iter, scope)
        for part in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _names(part, inside)
        return
    if isinstance(node, nodes.Macro):
        inside = {**scope, **dict.fromkeys(name for arg in node.args for name in _targets(arg))}
        for part in node.body:
            yield from _names(part, inside)
        return
    if isinstance(node, (nodes.Assign, nodes.AssignBlock)):
        scope |= dict.fromkeys(_targets(node.target))
    if isinstance(node, nodes.Getattr) and (whole := _dotted(node)) is not None:
        yield from _attribute(whole, scope)
        return
    if isinstance(node, nodes.Name) and node.ctx == "load":
        known = node.name in scope or node.name in known_variables()[""] or node.name in _OWN
        yield node.name, None if known else ""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Macro):
            scope[child.name] = None
    for child in node.iter_child_nodes():
        yield from _names(child, scope)


def _attribute(names: list[str], scope: dict[str, str | None]) -> Iterator[tuple[str, str | None]]:
    first = names[0]
    if first in scope:
        path = scope[first]
        if path is None:
            return
    elif first in known_variables()[""]:
        path = first
        yield first, None
    else:
        yield first, None if first in _OWN else ""
        return
    shown = first
    for name in names[1:]:
        inside = known_variables().get(path)
        shown = f"{shown}.{name}"
        if inside is None:
            return
        if name not in inside:
            yield shown, path
            return
        path = f"{path}.{name}"


def _dotted(node: nodes.Node) -> list[str] | None:
    if isinstance(node, nodes.Name):
        return [node.name]
    if isinstance(node, nodes.Getattr):
        above = _dotted(node.node)
        return None if above is None else [*above, node.attr]
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return _dotted(node.node) if isinstance(node.arg.value, int) else None
    return None


def _path(node: nodes.Node, scope: dict[str, str | None]) -> str | None:
    """Return the dotted path of what a loop goes over."""
    names = _dotted(node)
    if names is None:
        return None
    first = scope[names[0]] if names[0] in scope else names[0]
    return None if first is None else ".".join([first, *names[1:]])


def _targets(node: nodes.Node) -> list[str]:
    return [each.name for each in node.find_all(nodes.Name)] + (
        [node.name] if isinstance(node, nodes.Name) else []
    )


def _places(name: str, within: str, texts: list[str], pages: list[str]) -> list[Unknown]:
    word = re.compile(rf"(?<![\w.]){re.escape(name)}\b")
    hint = nearest(name.rpartition(".")[2], known_variables()[within])
    found = [text for text in texts if any(word.search(tag) for tag in _TAG.findall(text))]
    return [
        Unknown(name, text, _page_of(text, pages), hint) for text in found or ["（不在正文段落中）"]
    ]


def _page_of(text: str, pages: list[str]) -> int | None:
    bare = re.sub(r"\s", "", text)
    return next((number for number, page in enumerate(pages, start=1) if bare in page), None)


def _pages(path: Path) -> list[str]:
    """Return the text of each page of the template itself, without spaces; none without LibreOffice."""
    if office() is None:
        return []
    from pypdf import PdfReader

    try:
        with tempfile.TemporaryDirectory(prefix="ecoval-") as made:
            pdf = PdfReader(convert(path, "pdf", Path(made)))
            return [re.sub(r"\s", "", page.extract_text()) for page in pdf.pages]
    except OutputError:
        return []


def _beside(error: TemplateSyntaxError, texts: list[str]) -> str:
    """Return the paragraphs whose control words open or close what is not paired."""
    opened: list[tuple[str, str]] = []
    for text in texts:
        for word, end in re.findall(r"\{%[pr]?r?\s*(?:(for|if|macro)\b|end(for|if|macro)\b)", text):
            if word:
                opened.append((word, text))
            elif opened and opened[-1][0] == end:
                opened.pop()
            else:
                return f"“{text}”"
    return f"“{opened[-1][1]}”" if opened else f"第 {error.lineno} 行"
