"""What moved since earlier results, and why: input, parameter, rule, method, version."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .. import money
from ..errors import InputError
from ..valuation.lookups import computable
from ..valuation.registry import method
from ..version import VERSION
from .books import Block, Book, listed, open_book
from .fields import Header
from .layout import SheetPlan, method_named, same
from .running import DONE, Outcome
from .sidesheets import Side

_RESULT = "校验码"
_STATUS = "状态"
_VALUE = re.compile(
    r"^(?P<symbol>[^=（]+)=(?P<value>[^（]*)（(?P<note>.*)）〔(?P<standing>[^〕]*)〕$"
)
_SAME_RULE = "规则与数值均未变，输入未变"


@dataclass
class _Row:
    sheet: str
    number: int
    case: str
    item: str
    cells: dict[str, Any]
    fens: int | None
    rule: str
    method: str


@dataclass
class _Before:
    """The rows of an earlier results workbook, and what it was made with."""

    rows: dict[tuple[str, str], _Row] = field(default_factory=dict)
    version: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    total: int = 0


class Comparison:
    """Compare the rows of a run, as they come, with those of the results in *path*."""

    def __init__(self, path: Path) -> None:
        self.before = _read(path)
        self.now: dict[tuple[str, str], _Row] = {}
        # What each column is, by sheet and header.
        self.titles: dict[tuple[str, str], str] = {}

    def listen(self, plan: SheetPlan, block: Block, outcome: Outcome) -> None:
        """Take the rows of *block*."""
        if not plan.is_valued:
            return
        headers = [header.text for header in plan.headers]
        for layout in plan.layouts.values():
            for found in layout.found.values():
                self.titles[plan.sheet.name, found.header.text] = same(found.field.title)
        done = [
            int(fens) if status == DONE and is_money else None
            for fens, status, is_money in zip(
                outcome.fens, outcome.status, outcome.is_money, strict=True
            )
        ]
        rules = list(zip(outcome.rule, outcome.method, strict=True))
        _collect(self.now, plan.sheet.name, headers, block, done, rules)

    def finish(self, side: Side) -> None:
        """Put the rows that moved on the sheet of the comparison."""
        self._explain(side)
        side.moved = self.moved
        side.moved_facts = [
            ("上次合计（元）", money.printed(self.before.total)),
            *[(name, money.printed(fens)) for name, fens in self.sums.items()],
            ("本次合计（元）", money.printed(side.summary.total.fens)),
            ("核对", "上次合计加各项变动等于本次合计" if self.reconciles else "合计对不上，请查"),
            ("上次版本", self.before.version or "未知"),
            ("本次版本", VERSION),
        ]

    def lines(self) -> list[str]:
        """Return what is said of the comparison at the end."""
        said = [f"与上次相比，变动 {len(self.moved):,} 行；" + (
            "合计可核对。" if self.reconciles else "合计对不上，请查。")]  # fmt: skip
        return said + [
            f"  {name}：{money.printed(fens)} 元" for name, fens in self.sums.items() if fens
        ]

    def _explain(self, side: Side) -> None:
        self.moved: list[list[Any]] = []
        self.sums = dict.fromkeys(
            (
                "新增的行",
                "删去的行",
                "输入改变",
                "参数改变",
                "规则或方法改变",
                "版本改变",
                "多种原因",
                "原因不明",
            ),
            0,
        )
        digests = {key[0]: key[2] for key in side.summary.used if key[1] == "公式"}
        for key, row in self.now.items():
            old = self.before.rows.get(key)
            if old is None:
                self._note("新增的行", row, None, row.fens, "上次结果中没有此行")
            elif old.fens != row.fens:
                kind, why = self._why(old, row, digests)
                self._note(kind, row, old.fens, row.fens, why)
        for key, old in self.before.rows.items():
            if key not in self.now:
                self._note("删去的行", old, old.fens, None, "本次输入中没有此行")
        total = self.before.total + sum(self.sums.values())
        self.reconciles = total == side.summary.total.fens

    def _note(self, kind: str, row: _Row, old: int | None, new: int | None, why: str) -> None:
        self.sums[kind] += (new or 0) - (old or 0)
        if old is None and new is None:
            return
        said = [None if fens is None else float(money.yuan(fens)) for fens in (old, new)]
        moved = float(money.yuan((new or 0) - (old or 0)))
        self.moved.append(
            [row.sheet, row.number, row.case, row.item, *said, moved, f"{kind}：{why}"]
        )

    def _why(self, old: _Row, new: _Row, digests: dict[str, str]) -> tuple[str, str]:
        kinds: dict[str, list[str]] = {}
        names = dict.fromkeys([*old.cells, *new.cells])
        for name in names:
            before, now = old.cells.get(name), new.cells.get(name)
            if before != now:
                said = f"{name}：{_shown(before)} → {_shown(now)}"
                kinds.setdefault("输入改变", []).append(said)
        if old.rule != new.rule and old.rule and new.rule:
            changed = {
                self.titles.get((new.sheet, name), same(Header.of(name).name))
                for name in names
                if old.cells.get(name) != new.cells.get(name)
            }
            _compare_rules(
                kinds, old.rule, new.rule, lambda symbol: led_by(new.method, symbol, changed)
            )
        if old.method and new.method and old.method != new.method:
            kinds.setdefault("规则或方法改变", []).append(f"方法 {old.method} → {new.method}")
        digest = self.before.digests.get(new.method, "")
        if digest and digests.get(new.method, digest) != digest:
            said = f"方法 {new.method} 的卡片或公式改变（{digest} → {digests[new.method]}）"
            kinds.setdefault("规则或方法改变", []).append(said)
        if (old.fens is None) != (new.fens is None) and not kinds:
            return (
                "原因不明",
                "上次有误的行本次算出" if old.fens is None else "上次算出的行本次有误",
            )
        if not kinds and self.before.version and self.before.version != VERSION:
            kinds["版本改变"] = [f"ecoval {self.before.version} → {VERSION}"]
        why = "；".join(text for texts in kinds.values() for text in texts)
        if not kinds:
            return "原因不明", _SAME_RULE
        return (next(iter(kinds)) if len(kinds) == 1 else "多种原因"), why


def led_by(id: str, symbol: str, changed: set[str]) -> bool:
    """Tell whether the term *symbol* of the method *id* follows from the *changed* inputs.

    It does where it was given itself, or is looked up or computed by one of them; and whatever is
    looked up follows from the place and the day.
    """
    if changed & {same("地点"), same("日期")}:
        return True
    card = method(id).card
    names: set[str] = set()
    for term in card.terms:
        if term.symbol == symbol:
            names |= {term.name, *term.method}
            for rule in (term.lookup, term.range):
                names |= set(rule.keys.values()) if rule is not None else set()
    titles = {card.titles[name] for name in names if name in card.titles}
    for part in computable(card).values():
        if part.card.id in names:
            titles |= set(part.card.titles.values())
    return bool(changed & {same(title) for title in titles})


def _compare_rules(
    kinds: dict[str, list[str]], old: str, new: str, follows: Callable[[str], bool]
) -> None:
    """Note what the rules of a row have otherwise; what *follows* from its input is the input's doing."""

    def note(symbol: str, said: str) -> None:
        kind = "输入改变" if "输入改变" in kinds and follows(symbol) else "参数改变"
        kinds.setdefault(kind, []).append(f"随之 {said}" if kind == "输入改变" else said)

    (first, *before), (second, *now) = old.split("；"), new.split("；")
    if first != second:
        kinds.setdefault("规则或方法改变", []).append(f"{first} → {second}")
    held = {found["symbol"]: found for text in before if (found := _VALUE.match(text))}
    for text in now:
        found = _VALUE.match(text)
        if found is None:
            continue
        known = held.pop(found["symbol"], None)
        if known is None or known["value"] != found["value"]:
            was = known["value"] if known is not None else "（未取用）"
            note(found["symbol"], f"{found['symbol']}：{was} → {found['value']}（{found['note']}）")
        elif known["note"] != found["note"]:
            said = f"{found['symbol']} 的出处：{known['note']} → {found['note']}"
            note(found["symbol"], said)
    for symbol, known in held.items():
        note(symbol, f"{symbol}：{known['value']} → （未取用）")


def _shown(cell: Any) -> str:
    return "空" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _plain(cell: Any) -> Any:
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    return None if cell in ("", None) else cell


def _collect(
    into: dict[tuple[str, str], _Row], sheet: str, headers: list[str], block: Block,
    fens: list[int | None], rules: list[tuple[str, str]],
) -> None:  # fmt: skip
    columns = [listed(column) for column in block.columns[: len(headers)]]
    wrong: dict[int, dict[str, str]] = {}
    for (place, column), said in block.errors.items():
        if column < len(headers):
            wrong.setdefault(place, {})[headers[column]] = said
    at = {same(Header.of(header).name): place for place, header in enumerate(headers)}
    case, item = at.get(same("案号")), at.get(same("项目"))
    for row, number in enumerate(block.rows.tolist()):
        cells = {
            header: _plain(column[row])
            for header, column in zip(headers, columns, strict=False)
            if header
        }
        cells |= wrong.get(row, {})
        names = [
            "" if place is None or columns[place][row] is None else str(columns[place][row])
            for place in (case, item)
        ]
        key = "|".join(names) if any(names) else f"#{number}"
        count = 1
        while (sheet, key) in into:
            count += 1
            key = f"{'|'.join(names)}|{count}"
        rule, method = rules[row]
        into[sheet, key] = _Row(sheet, number, names[0], names[1], cells, fens[row], rule, method)


def _read(path: Path) -> _Before:
    """Return the rows of the results workbook *path*.

    Raises
    ------
    InputError
        It is no results workbook.
    """
    book = open_book(path)
    try:
        return _rows_of(book)
    finally:
        book.close()


def _rows_of(book: Book) -> _Before:
    before, found = _Before(), False
    for sheet in book.sheets:
        top = sheet.top()
        if sheet.name in Side.NAMES:
            _facts(before, book, sheet.name)
            continue
        row = next(
            (at for at, cells in enumerate(top) if _RESULT in cells and _STATUS in cells), None
        )
        if row is None:
            continue
        found = True
        headers = ["" if cell is None else str(cell).strip() for cell in top[row]]
        start = headers.index(_STATUS)
        at = {header: place for place, header in enumerate(headers) if place >= start}
        marked = next(
            (str(cells[1]) for cells in top[:row] if len(cells) > 1 and cells[0] == "方法"), ""
        )
        for block in sheet.blocks(row + 1, len(headers)):
            listed = {
                name: block.cells(at[name])
                for name in (_STATUS, "金额 [元]", "依据", "所用方法")
                if name in at
            }
            amounts = listed.get("金额 [元]", [None] * len(block))
            fens = [None if amount is None else round(float(amount) * 100) for amount in amounts]
            methods = listed.get("所用方法", [marked or _named(sheet.name)] * len(block))
            rules = [
                (rule or "", method or "")
                for rule, method in zip(listed["依据"], methods, strict=True)
            ]
            _collect(before.rows, sheet.name, headers[:start], block, fens, rules)
    if not found:
        raise InputError(
            "不是 ecoval batch 写出的结果", where=str(book.path), hint="请给出上次的结果 .xlsx。"
        )
    before.total = sum(row.fens or 0 for row in before.rows.values())
    return before


def _named(sheet: str) -> str:
    known = method_named(sheet)
    return known.id if known is not None else ""


def _facts(before: _Before, book: Book, name: str) -> None:
    """Take version and digests of the cards from the side sheets."""
    sheet = next(each for each in book.sheets if each.name == name)
    for block in sheet.blocks(1, 4):
        columns = [block.cells(at) for at in range(4)]
        for cells in zip(*columns, strict=True):
            if cells[0] == "ecoval 版本":
                before.version = str(cells[1])
            elif cells[1] == "公式" and cells[2]:
                before.digests[str(cells[0])] = str(cells[2])
