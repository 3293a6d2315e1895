"""What the columns of a sheet can be: the terms of a method, and what every row may say of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..rules.cards import HEADS, Card, Term
from ..rules.tables import table
from ..units import display
from ..valuation import Method
from ..valuation.lookups import computable

Kind = Literal["number", "text", "place", "day", "mark", "unit"]

CASE, ITEM, HEAD, PLACE, DAY, METHOD, OVERRULE, NOTE = (
    "case",
    "item",
    "head",
    "place",
    "on",
    "method",
    "overrule",
    "note",
)


@dataclass(frozen=True)
class Field:
    """A column that a sheet may have: the name that a mapping uses, its title, what stands in it.

    ``term`` is the term it gives, of the method itself or of one that computes a term of it; the
    *optional* may be left blank.
    """

    name: str
    title: str
    kind: Kind
    optional: bool = False
    term: Term | None = None
    choices: tuple[str, ...] = ()
    note: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the card; an open one is left out."""
        return (
            () if self.term is None else tuple(text for text in self.term.unit if "[" not in text)
        )

    @property
    def is_open(self) -> bool:
        """Whether the card leaves the unit, or a part of it, to whoever gives the number."""
        return self.term is not None and any("[" in text for text in self.term.unit)

    @property
    def needs_unit(self) -> bool:
        """Whether a bare number says nothing."""
        return self.term is not None and not {"", "%"} & set(self.units) and bool(self.units)


COMMON = (
    Field(
        CASE,
        "案号",
        "mark",
        True,
        synonyms=("案件编号", "案件号", "案件名称", "案名", "编号", "序号"),
    ),
    Field(ITEM, "项目", "mark", True, synonyms=("项目名称", "损害项目", "损害事项", "事项")),
    Field(HEAD, "赔偿科目", "mark", True, choices=tuple(HEADS.values()), synonyms=("费用类别",)),
    Field(
        PLACE,
        "地点",
        "place",
        True,
        synonyms=(
            "行政区划",
            "损害发生地",
            "发生地",
            "所在地",
            "地区",
            "区县",
            "行政区划代码",
            "属地",
        ),
    ),
    Field(
        DAY,
        "日期",
        "day",
        synonyms=(
            "损害发生日期",
            "损害发生之日",
            "发生日期",
            "发生时间",
            "事发日期",
            "案发时间",
            "时间",
        ),
    ),
    Field(METHOD, "方法", "mark", True, synonyms=("评估方法", "计算方法")),
    Field(OVERRULE, "推翻理由", "mark", True, note="写作 项目：理由；… 项目用列名或名称"),
    Field(NOTE, "备注", "mark", True, synonyms=("说明",)),
)

# What offices call a term in their own sheets, beside the title that the standard prints.
_SYNONYMS = {
    "discharge": (
        "排放量",
        "排污量",
        "倾倒量",
        "废水量",
        "污染物量",
        "排放数量",
        "数量",
        "排放总量",
    ),
    "unit_cost": (
        "单价",
        "治理单价",
        "处理单价",
        "单位处理成本",
        "治理成本",
        "单位成本",
        "处置单价",
    ),
    "hazard": ("危害系数", "毒性系数", "α", "危害系数α"),
    "exceedance": ("超标系数", "τ", "超标系数τ"),
    "function": ("环境功能系数", "功能系数", "功能区系数", "ω", "环境功能系数ω"),
    "area": ("面积", "受损面积", "破坏面积", "林地面积", "占地面积"),
    "unit_price": ("单价", "综合单价"),
    "number": ("数量", "只数", "头数", "株数"),
    "stems": ("株数", "补植株数"),
    "species": ("物种", "种类", "树种", "动物名称"),
    "protection_class": ("保护级别", "保护等级", "级别"),
    "actual_price": ("交易价格", "实际交易价格", "销售金额", "实际价格"),
    "depth": ("深度", "平均深度", "污染深度"),
    "rate": ("折现率", "贴现率"),
    "years": ("年限", "年数", "影响年限"),
    "price": ("价格", "单价", "市场价格"),
}


@lru_cache(maxsize=256)
def fields_of(method: Method) -> tuple[Field, ...]:
    """Return the columns of *method*: the common ones, its choices, its terms, those of its parts."""
    return (*COMMON, *_own(method.card, optional=False), *_of_parts(method))


def _of_parts(method: Method) -> Iterator[Field]:
    own = set(method.card.titles)
    for part in computable(method.card).values():
        for field in (*_own(part.card, optional=True), *_of_parts(part)):
            if field.name not in own:
                own.add(field.name)
                yield field


def _own(card: Card, *, optional: bool) -> Iterator[Field]:
    for choice in card.choices:
        yield Field(
            choice.name,
            choice.title,
            "text",
            True,
            choices=_classes(card, choice.name),
            synonyms=_SYNONYMS.get(choice.name, ()),
        )
    for term in card.terms:
        found = term.lookup is not None or bool(term.parameter or term.method)
        yield Field(
            term.name,
            term.title,
            "number",
            optional or found,
            term,
            note=term.asks,
            synonyms=(*_SYNONYMS.get(term.name, ()), term.symbol.replace("_", "")),
        )


def _classes(card: Card, name: str) -> tuple[str, ...]:
    """Return the texts that the tables of *card* know for the choice *name*, in their order."""
    known: dict[str, None] = {}
    for term in card.terms:
        for rule in (term.lookup, term.range):
            if rule is None or not rule.table:
                continue
            for column, key in rule.keys.items():
                if key == name:
                    known.update(dict.fromkeys(row.texts[column] for row in table(rule.table).rows))
    return tuple(known)


_UNIT = re.compile(
    r"^(.*?)\s*(?:\[([^\[\]]*)\]|【([^【】]*)】|[(（]([^()（）]*(?:\([^()]*\))?[^()（）]*)[)）])\s*$"
)


@dataclass(frozen=True)
class Header:
    """A header: all of its text, the name in it, and the unit in brackets, None where there is none."""

    text: str
    name: str
    unit: str | None
    bracket: str = ""

    @classmethod
    def of(cls, text: str) -> Header:
        """Read *text*: ``排放数量 [t]``, ``面积（亩）``.

        Square brackets always hold a unit; what stands in round ones may be a remark.
        """
        whole = " ".join(str(text).split())
        found = _UNIT.match(whole)
        if found is None:
            return cls(whole, whole.strip("*＊ "), None)
        unit = next(part for part in found.groups()[1:] if part is not None)
        bracket = "[" if found[4] is None else "("
        return cls(whole, found[1].strip("*＊ "), unit.strip(), bracket)


def heading(field: Field) -> str:
    """Return the header of *field* in a form: ``排放数量 [t]``."""
    return (
        f"{field.title} [{display(field.units[0])}]"
        if field.units and field.units[0]
        else field.title
    )
