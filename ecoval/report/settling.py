"""Write the settlement sheet for the negotiation."""

from __future__ import annotations

import json
from pathlib import Path

from ..case.assessment import Assessment
from .choosing import Language, choose
from .rendering import render_word
from .variables import variables
from .writing import fits, write_one


def write_settlement(
    assessment: Assessment,
    path: Path,
    *,
    force: bool = False,
    template: str | Path | None = None,
    language: Language = "zh",
) -> None:
    """Write the settlement sheet of *assessment* to the Word file *path*, the case inside.

    *template* is a name or a Word file, as for `write_opinion`.

    Raises
    ------
    InputError
        The case has neither settlement nor obligors nor punitive damages, there is no such template,
        or a text of ours has no English.
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    ContentError
        The template is missing or faulty.
    """
    chosen = choose(template or "settlement", language)
    fits(assessment, "settlement")
    inside = json.dumps(assessment.as_dict() | {"document": chosen.as_dict()})
    prepared = variables(assessment, chosen.word, language=language)
    write_one(path, render_word(chosen.word, prepared, inside), force=force)
