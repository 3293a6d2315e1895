"""The English of what documents print: labels and sentences of ours, titles of cards, units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..content import folder, read_toml
from ..errors import ContentError, InputError
from ..rules.cards import Card
from ..rules.parameters import parameter, topics
from ..valuation.registry import methods
from .choosing import Language

# A Chinese character, or a sign of Chinese print.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_WORDS = re.compile(r"[\u3400-\u9fff]+")
_PLACE = re.compile(r"\{([=!#*,~%@^?+&]?)(\w+)\}")
# A day, a number or a name: it holds no sign that sets texts apart.
_WORD = "[^，；：（）]"
_DATE = re.compile(r"(\d+)年(\d+)月(\d+)日")
_MONTHS = "January February March April May June July August September October November December"


class NoEnglish(InputError):
    """A text of ours that has no English yet."""


class _Sentence(NamedTuple):
    pattern: re.Pattern[str]
    kinds: dict[str, str]
    english: str


def in_language(text: str, language: Language) -> str:
    """Return *text*, a text of ours, in *language*."""
    return text if language == "zh" else english(text)


def english(text: str) -> str:
    """Return the English of *text*, a text of ours.

    A whole text is looked up among the labels and the titles of cards, then matched against the
    sentences; a number with its unit is written with the unit's English. What stands in a sentence
    as ``{=name}`` was written by somebody else and stays as it is.

    Raises
    ------
    NoEnglish
        It has none.
    """
    found = _english(text)
    if found is None:
        raise NoEnglish(
            f"没有英文：{text}", where="templates/english.toml", hint="请补入该文件，或出具中文本。"
        )
    return found


def label(text: str) -> str:
    """Return the English of *text* where it is one of our labels as a whole, else nothing."""
    return _catalogue()["labels"].get(text, "")


def value_text(text: str, language: Language) -> str:
    """Return a value with its unit in *language*: ``8.3 元/t`` is ``8.3 CNY/t``.

    A value in other words, such as the class of a table, stays as the table has it.
    """
    return text if language == "zh" else (_with_units(text) or text)


def title_of(of: Any, language: Language) -> str:
    """Return the title of a card, a term, a choice or a parameter in *language*.

    Raises
    ------
    NoEnglish
        It has no English title.
    """
    if language == "zh":
        return str(of.title)
    if not of.title_en:
        raise NoEnglish(f"没有英文名称：{of.title}", where=getattr(of, "id", ""))
    return str(of.title_en)


def english_date(text: str) -> str:
    """Return *text* with its first date as English writes it: 30 December 2024."""

    def written(found: re.Match[str]) -> str:
        return f"{int(found[3])} {_MONTHS.split()[int(found[2]) - 1]} {found[1]}"

    return _DATE.sub(written, text, count=1)


def english_markup(markup: str) -> str:
    """Return an equation (Office Math, MathML or text) with its units in English.

    Symbols stay the standard's.
    """
    labels, units = _catalogue()["labels"], _catalogue()["units"]
    longest = _unit_pattern()
    return longest.sub(lambda found: units.get(found[0]) or labels[found[0]], markup)


@lru_cache(maxsize=1)
def _unit_pattern() -> re.Pattern[str]:
    known = sorted([*_catalogue()["units"], "其他"], key=len, reverse=True)
    # Between Chinese characters it is part of a symbol, such as U_固土.
    return re.compile(
        rf"(?<![\u3400-\u9fff_])(?:{'|'.join(map(re.escape, known))})(?![\u3400-\u9fff])"
    )


def _english(text: str) -> str | None:
    if not CHINESE.search(text):
        return text
    for known in (_catalogue()["labels"], _titles()):
        if text in known:
            return known[text]
    dated = english_date(text)
    if not CHINESE.search(dated):
        return dated
    for sentence in _sentences():
        matched = sentence.pattern.fullmatch(text)
        if matched and (filled := _filled(sentence, matched)) is not None:
            return filled
    return _with_units(text)


def _filled(sentence: _Sentence, matched: re.Match[str]) -> str | None:
    parts = {}
    for name, kind in sentence.kinds.items():
        part = matched[name]
        found = _WAYS[kind](part)
        if found is None:
            return None
        parts[name] = found
    return sentence.english.format_map(parts)


def listed(text: str, signs: str = "；、") -> str | None:
    """Return the English of a list of texts of ours set apart by one of *signs*, None if one has none.

    A text of ours may hold such a sign itself: the longest that is known is taken.
    """
    pieces = re.split(f"([{signs}])", text)
    found: list[str] = []
    at = 0
    while at < len(pieces):
        for end in range(len(pieces), at, -2):
            put = _english("".join(pieces[at:end]))
            if put is not None:
                break
        else:
            return None
        found.append(put)
        at = end + 1
    return "; ".join(part for part in found if part)


def clause(text: str) -> str:
    """Return a clause cited as it is written, our own words about it in English."""
    return "; ".join(_clause(part) for part in text.split("；"))


def _clause(text: str) -> str:
    labels = _catalogue()["labels"]
    found = labels.get(text) or (_NO_RULE.fullmatch(text) and _english(text))
    return found or _MARK.sub(lambda mark: f" [{labels[mark[1]]}]", text)


def _bases(text: str) -> str | None:
    """Return bases of punitive damages, each with its amount and the rules that set it."""
    put = []
    for part in re.split("(?<=）)；", text):
        found = re.fullmatch(r"(.*?) ([\d,.]+) 元（(.*)）", part)
        if found is None or (title := _english(found[1])) is None:
            return None
        put.append(f"{title} CNY {found[2]} ({clause(found[3])})")
    return "; ".join(put)


def destination(text: str) -> str:
    """Return where money goes: the treasury in English, its name and the clause as written."""
    found = _TREASURY.fullmatch(text)
    if found is None or (known := _english(found[1])) is None:
        return text
    named, cited = found[2] or "", found[3] or ""
    return known + (f" ({named[1:-1]})" if named else "") + (f", {cited[1:]}" if cited else "")


_NO_RULE = re.compile("未见[^，；]*的规定")
_MARK = re.compile("〔(已核对原文|据二手资料|待核实)〕")
_TREASURY = re.compile("([^（，]+)(（[^（）]*）)?(，.*)?", re.DOTALL)


def _with_units(text: str) -> str | None:
    """Return *text* with each Chinese word put into English as a unit, None if one is no unit."""
    units = _catalogue()["units"]
    if any(word not in units for word in _WORDS.findall(text)):
        return None
    put = _WORDS.sub(lambda found: units[found[0]], text)
    return None if CHINESE.search(put) else put


def _titled_or_own(text: str) -> str:
    return label(text) or _titles().get(text, text)


_WAYS: dict[str, Callable[[str], str | None]] = {
    "": _english,
    "=": lambda text: text,
    "!": lambda text: text,
    "?": _titled_or_own,
    "#": _with_units,
    "~": lambda text: value_text(text, "en"),
    "%": lambda text: english_markup(text).replace("；", "; "),
    "*": listed,
    ",": lambda text: listed(text, "，"),
    "+": lambda text: re.sub(r"(?:^|(?<=，))材料 (?=\S+$)", "material ", text),
    "&": _bases,
    "@": clause,
    "^": destination,
}


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, dict[str, str]]:
    path = folder("templates") / "english.toml"
    held = read_toml(path)
    for table in ("labels", "sentences", "units"):
        if not isinstance(held.get(table), dict):
            raise ContentError(f"缺少表 {table}", where=str(path))
    return held


@lru_cache(maxsize=1)
def _sentences() -> tuple[_Sentence, ...]:
    """Return the sentences, those with more words of their own first."""

    def own(chinese: str) -> int:
        return len(_PLACE.sub("", chinese))

    listed = sorted(_catalogue()["sentences"].items(), key=lambda pair: -own(pair[0]))
    return tuple(_compiled(chinese, said) for chinese, said in listed)


def _compiled(chinese: str, said: str) -> _Sentence:
    pattern, kinds, at = "", {}, 0
    for found in _PLACE.finditer(chinese):
        kinds[found[2]] = found[1]
        pattern += (
            re.escape(chinese[at : found.start()])
            + f"(?P<{found[2]}>{_WORD if found[1] == '!' else '.'}*?)"
        )
        at = found.end()
    return _Sentence(re.compile(pattern + re.escape(chinese[at:]), re.DOTALL), kinds, said)


@cache
def _titles() -> dict[str, str]:
    """Return the English title of every card, term, choice, step and parameter by the Chinese one."""
    known: dict[str, str] = {}
    for method in methods().values():
        for part in _titled(method.card):
            if part.title_en:
                known.setdefault(part.title, part.title_en)
    for names in topics().values():
        for name in names:
            of = parameter(name)
            if of.title_en:
                known.setdefault(of.title, of.title_en)
    return known


def _titled(card: Card) -> Iterator[Any]:
    yield card
    yield from (*card.terms, *card.settings, *card.choices, *card.steps, card.result)
    if card.lines:
        yield card.lines


def template_text(text: str) -> str:
    """Return the English of a text of a template, variables and all.

    Raises
    ------
    NoEnglish
        ``templates/english.toml`` has none.
    """
    if not CHINESE.search(_TAG.sub("", text)):
        return text.replace("'；'", "'; '")
    if text in _catalogue()["labels"]:
        return _label(text)
    stripped = text.strip("\u3000 ")
    numbered = _NUMBERED.fullmatch(stripped)
    if numbered:
        number, heading = numbered[1] or numbered[2], numbered[3]
        return f"{number}{'.' if numbered[1] else ''} {_label(heading)}"
    return text.replace(stripped, _label(stripped))


def _label(text: str) -> str:
    labels = _catalogue()["labels"]
    if text not in labels:
        raise NoEnglish(f"没有英文：{text}", where="templates/english.toml")
    return labels[text]


_TAG = re.compile(r"\{[{%].*?[%}]\}")
_NUMBERED = re.compile(
    r"(?:(\{\{ (?:section|contents)\(\) \}\})、|（(\{\{ section\.part\(\) \}\})）)(.*)"
)


__all__ = [
    "CHINESE",
    "NoEnglish",
    "clause",
    "destination",
    "english",
    "english_date",
    "english_markup",
    "in_language",
    "label",
    "listed",
    "template_text",
    "title_of",
    "value_text",
]
