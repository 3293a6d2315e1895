"""The variables of one template: those that every document has, and those that it alone asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateError, meta

from ..case.assessment import Assessment
from ..content import read_text
from .appraisal import appraisal, missing_parts, restoration_rows
from .charts import charts
from .choosing import Language
from .context import Numbering, context
from .determination import claimants, officers
from .english import in_english
from .fingerprint_code import fingerprint_code
from .score_sheets import questions, score_sheets
from .wording import clean

# What takes time, or belongs to one kind of document, is prepared only where a template names it.
_ON_DEMAND: dict[str, Callable[[Assessment, Language], Any]] = {
    "appraisal": appraisal,
    "charts": charts,
    "claimants": claimants,
    "officers": officers,
    "qr": lambda assessment, _: fingerprint_code(assessment),
    "questions": questions,
    "score_sheets": score_sheets,
}
_FRESH = ("section", "contents")

NAMES = (*_ON_DEMAND, *_FRESH)


def variables(
    assessment: Assessment, *templates: Path, language: Language = "zh"
) -> dict[str, Any]:
    """Return the variables of *templates* (Word or HTML) for *assessment* in *language*.

    Numbers and amounts are the same in every language and in every document.

    Raises
    ------
    InputError
        A text of ours has no English.
    """
    asked = names_used(*templates)
    also_open = missing_parts(assessment) if "appraisal" in asked else []
    prepared = context(assessment, also_open)
    if "appraisal" in asked:
        prepared["restoration"] += restoration_rows(assessment)
    if language == "en":
        prepared = in_english(prepared, assessment, asked)
    for name, prepare in _ON_DEMAND.items():
        if name in asked:
            prepared[name] = prepare(assessment, language)
    prepared = clean(prepared)
    return renumbered(prepared, language)


def names_used(*templates: Path) -> frozenset[str]:
    """Return the names of the variables that *templates* use."""
    return frozenset().union(*(used_by(path, path.stat().st_mtime_ns) for path in templates))


def renumbered(prepared: dict[str, Any], language: Language = "zh") -> dict[str, Any]:
    """Return *prepared* with its counters at the start, for one more document."""
    return prepared | {name: Numbering(language) for name in _FRESH}


@cache
def used_by(path: Path, changed: int) -> frozenset[str]:
    """Return the names that the template *path* uses; *changed* is its time stamp.

    A faulty template uses none: rendering says what is wrong with it.
    """
    try:
        if path.suffix.lower() in (".html", ".htm"):
            return frozenset(meta.find_undeclared_variables(Environment().parse(read_text(path))))
        return frozenset(DocxTemplate(str(path)).get_undeclared_template_variables())
    except (TemplateError, PackageNotFoundError, BadZipFile, OSError, ValueError, KeyError):
        return frozenset()
