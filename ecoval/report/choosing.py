"""Which template: one of ours by name, a person's own by name or by file."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ..content import folder
from ..errors import ContentError, InputError, nearest, reason

Language = Literal["zh", "en"]

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}

TEMPLATES = {
    "opinion": "专家意见",
    "report": "鉴定评估报告",
    "determination": "综合认定",
    "settlement": "磋商方案",
    "score-sheet": "打分表",
}
FOLDER_VARIABLE = "ECOVAL_TEMPLATES"


@dataclass(frozen=True)
class Chosen:
    """A Word template and, where there is one, the HTML template of the same name."""

    name: str
    language: Language
    word: Path
    page: Path | None

    @property
    def digest(self) -> str:
        """Twelve hex digits over the bytes of the Word template."""
        return _digest(self.word, self.word.stat().st_mtime_ns)

    def as_dict(self) -> dict[str, str]:
        """Return what a document says of its template: name, language and digest."""
        return {"template": self.name, "language": self.language, "digest": self.digest}


@cache
def _digest(path: Path, changed: int) -> str:
    """Return the digest of *path*; *changed* is its time stamp, so that an edit is seen."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def own_folders() -> Iterator[Path]:
    """Yield where a person's own templates are looked for, the first place first."""
    named = os.environ.get(FOLDER_VARIABLE, "")
    if named:
        yield Path(named).expanduser()
    try:
        home = Path.home()
    except RuntimeError:
        return
    if sys.platform == "win32":
        settings = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        settings = home / "Library" / "Application Support"
    else:
        settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    yield settings / "ecoval" / "templates"


def names() -> dict[str, str]:
    """Return every template by its name, with the title of ours; a person's own has none."""
    found = dict(TEMPLATES)
    for place in own_folders():
        if place.is_dir():
            own = (path.stem for path in sorted(place.glob("*.docx")))
            found |= {name: "" for name in own if name.removesuffix("-en") not in found}
    return found


def choose(asked: str | Path = "opinion", language: Language = "zh") -> Chosen:
    """Return the template that *asked* names in *language*: a name, a Chinese title, or a file.

    A file whose name ends in ``-en`` is the English one of its name. A person's folder
    (``ECOVAL_TEMPLATES``, then that of the platform's settings) comes before ours.

    Raises
    ------
    InputError
        There is no template of that name, or none in that language.
    ContentError
        The file is missing.
    """
    if language not in LANGUAGES:
        raise InputError("没有这种语言的模板", got=language, hint=f"可用：{'、'.join(LANGUAGES)}。")
    text = str(asked)
    if isinstance(asked, Path) or text.lower().endswith((".docx", ".docm", ".dotx")):
        return _file(Path(asked), language)
    name = next((known for known, title in TEMPLATES.items() if title == text), text)
    stem = name if language == "zh" else f"{name}-{language}"
    places = [*own_folders(), folder("templates")]
    word = next((path for place in places if (path := place / f"{stem}.docx").is_file()), None)
    if word is None:
        known = names()
        if name in known:
            raise InputError(f"模板 {name} 没有{LANGUAGES[language]}版", where="--template")
        listed = "、".join(f"{each}（{title}）" if title else each for each, title in known.items())
        hint = nearest(name, known) or f"可用：{listed}，或一个 .docx 文件。"
        raise InputError("没有这个模板", where="--template", got=text, hint=hint)
    page = next((path for place in places if (path := place / f"{stem}.html").is_file()), None)
    return Chosen(name, language, word, page)


def _file(path: Path, language: Language) -> Chosen:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ContentError(f"无法读取模板：{reason(error)}", where=str(path)) from None
    page = folder("templates") / (
        "opinion.html" if language == "zh" else f"opinion-{language}.html"
    )
    return Chosen(path.stem, language, path, page if page.is_file() else None)
