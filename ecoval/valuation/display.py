"""An item shows itself: as text, as HTML and as LaTeX, from one set of rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .. import money
from ..findings import Finding
from .gathering import EDITION
from .item import Item
from .printing import derivation, looked_up, printed_amount
from .tabled import input_rows, sheets


def heading(item: Item) -> str:
    """Return the title of *item*, its day and place."""
    return f"{item.title or item.card.title}（{item.place.name}，{item.on.isoformat()}）"


def amount_line(item: Item) -> str:
    """Return the printed amount with its rounding where it was rounded."""
    amount = f"{item.card.result.title} {printed_amount(item)}"
    if item.fens is not None and not money.is_exact(item.exact, item.fens):
        amount += f"（{item.rounding}）"
    return amount


def overrule_lines(item: Item) -> list[str]:
    """Return what the expert overruled, and why."""
    lines = [line for part in item.parts for line in overrule_lines(part)]
    names = item.card.titles | EDITION
    lines += [f"超出规定（{names[name]}），理由：{why}" for name, why in item.overrule.items()]
    return list(dict.fromkeys(lines))


def as_text(item: Item) -> str:
    """Return *item* in plain text: title, derivation, amount, sources and findings."""
    lines = [heading(item), f"依据：{item.card.cited()}"]
    for row in input_rows(item):
        standing = f"〔{row.standing}〕" if row.standing else ""
        lines.append(f"  {row.symbol}  {row.title} {row.value}  {row.basis}{standing}")
    for sheet in sheets(item):
        lines += [f"  {sheet.title}"] if sheet.title else []
        for line in sheet.rows:
            cells = (
                f"{title} {cell}" for title, cell in zip(sheet.titles, line.cells, strict=True)
            )
            said = (f"{line.place}.", line.name, "，".join(cells), line.note)
            lines.append(f"  {' '.join(part for part in said if part)}")
        lines += [f"  {note}" for note in sheet.notes]
    lines += [f"  {sentence}" for sentence in looked_up(item)]
    lines += [f"  {equation.text}" for equation in derivation(item)]
    lines.append(amount_line(item))
    lines += item.remarks
    lines += overrule_lines(item)
    lines += [str(finding) for finding in item.findings]
    lines.append(f"校验码 {item.fingerprint}")
    return "\n".join(lines)


def as_html(item: Item) -> str:
    """Return *item* as HTML for Jupyter."""
    parts = [f"<p><b>{escape(heading(item))}</b><br>{escape(item.card.cited())}</p>"]
    rows = [(row.symbol, row.title, row.value, row.basis, row.standing) for row in input_rows(item)]
    if rows:
        parts.append(_table(("符号", "名称", "取值", "依据", "可信度"), rows))
    for sheet in sheets(item):
        parts.append(f"<p>{escape(sheet.title)}</p>" if sheet.title else "")
        titles = ("序号", "名称", *sheet.titles, "凭证与说明")
        listed = [(str(row.place), row.name, *row.cells, row.note) for row in sheet.rows]
        parts.append(_table(titles, listed))
        parts += [f"<p>{escape(note)}</p>" for note in sheet.notes]
    parts += [f"<p>{escape(sentence)}</p>" for sentence in looked_up(item)]
    parts += [equation.mathml for equation in derivation(item)]
    parts.append(f"<p><b>{escape(amount_line(item))}</b></p>")
    parts += [f"<p>{escape(remark)}</p>" for remark in item.remarks]
    parts += [f"<p>{escape(line)}</p>" for line in overrule_lines(item)]
    parts += [finding_html(finding) for finding in item.findings]
    parts.append(f"<p><small>校验码 {item.fingerprint}</small></p>")
    return "".join(parts)


def as_latex(item: Item) -> str:
    """Return the derivation of *item* as one LaTeX display."""
    lines = r" \\ ".join(equation.latex for equation in derivation(item))
    return rf"$$\begin{{gathered}}{lines}\end{{gathered}}$$"


def finding_html(finding: Finding) -> str:
    """Return *finding* as a paragraph."""
    return f"<p>{escape(str(finding))}</p>"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
