"""An opinion for each case of a workbook, written by several processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import EcovalError, OutputError
from ..rules.cards import HEADS
from ..valuation.registry import method as find
from .books import Block
from .cleaning import clean_numbers
from .fields import CASE, ITEM, OVERRULE
from .layout import Found, Layout, SheetPlan
from .running import DONE, FAULTY, Outcome

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class CaseRows:
    """The rows of a run by case number; a case with a row at fault gets no opinion."""

    def __init__(self) -> None:
        self.cases: dict[str, list[dict[str, Any]]] = {}
        self.refused: dict[str, str] = {}
        self.nameless = 0

    def listen(self, plan: SheetPlan, block: Block, outcome: Outcome) -> None:
        """Take the rows of *block*."""
        if not plan.is_valued or not plan.layouts:
            return
        found = next(iter(plan.layouts.values())).found.get(CASE)
        cases = [None] * len(block) if found is None else _cells(found, block)
        # A sheet of several methods has a layout for each; a row's own tells what it gives.
        entries = {id: list(_entries(each, block, outcome)) for id, each in plan.layouts.items()}
        for row in range(len(block)):
            id = outcome.method[row] or (plan.method.id if plan.method else "")
            entry = entries[id][row] if id in entries else None
            case = "" if cases[row] is None else str(cases[row]).strip()
            if outcome.status[row] not in (DONE, FAULTY):
                continue
            if not case:
                self.nameless += 1
                continue
            number = int(block.rows[row])
            if outcome.status[row] != DONE:
                self.refused.setdefault(case, f"工作表“{plan.sheet.name}”第 {number} 行有误")
            elif entry is not None and not entry["head"]:
                allowed = "、".join(HEADS[head] for head in find(id).card.heads)
                self.refused.setdefault(
                    case, f"第 {number} 行没有写赔偿科目（可填 {allowed or '无'}）"
                )
            elif entry is not None:
                self.cases.setdefault(case, []).append(entry)

    def write(self, folder: Path, *, force: bool, pdf: bool = False) -> list[str]:
        """Write the opinions into *folder*, one folder a case, and say what was written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError("建不了文件夹", where=str(folder), got=str(error)) from None
        names: dict[str, str] = {}
        for case in self.cases:
            if case in self.refused:
                continue
            name = _FORBIDDEN.sub("_", case).strip(". ")[:80] or "case"
            names[case] = name if name not in names.values() else f"{name}_{len(names)}"
        tasks = [
            (case, self.cases[case], str(folder / name), force, pdf) for case, name in names.items()
        ]
        failed, drafts = dict(self.refused), 0
        with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, max(len(tasks), 1))) as pool:
            for case, said, draft in pool.map(_write_one, tasks, chunksize=8):
                drafts += draft
                if said:
                    failed[case] = said
        done = len(tasks) - sum(case in failed for case in names)
        lines = [
            f"已写 {done:,} 份专家意见（其中草稿 {drafts:,} 份：签名席位或须处理的事项未齐）于 {folder}"
        ]
        if self.nameless:
            lines.append(f"  未写：{self.nameless:,} 行没有案号")
        return lines + [f"  未写 {case}：{why}" for case, why in failed.items()]


def _entries(layout: Layout, block: Block, outcome: Outcome) -> Iterator[dict[str, Any] | None]:
    """Yield each row as an item of a case file."""
    columns: dict[str, Any] = {}
    for name, found in layout.found.items():
        if found.column < 0 or found.column >= len(block.columns):
            continue
        if found.field.kind == "number":
            named = 0 <= found.unit_column < len(block.columns)
            units = block.columns[found.unit_column] if named else None
            columns[name] = clean_numbers(
                block.columns[found.column], {}, of=found.unit, units=units
            )
        else:
            columns[name] = _cells(found, block)
    heads = {title: head for head, title in HEADS.items()}
    for row in range(len(block)):
        if outcome.status[row] != DONE:
            yield None
            continue
        inputs: dict[str, Any] = {}
        for name, found in layout.found.items():
            if found.field.kind == "number" and name in columns:
                cleaned = columns[name]
                if not cleaned.blank[row]:
                    inputs[name] = (
                        f"{float(cleaned.numbers[row])!r} {cleaned.units.at(row) or ''}".strip()
                    )
            elif found.field.kind == "text" and name in columns and columns[name][row] is not None:
                inputs[name] = str(columns[name][row]).strip()
            elif found.value is not None and found.field.kind in ("number", "text"):
                inputs[name] = f"{found.value} {found.unit}".strip()
        title = columns[ITEM][row] if ITEM in columns else None
        reasons = columns[OVERRULE][row] if OVERRULE in columns else None
        yield {
            "method": layout.method.id,
            "head": heads.get(outcome.head[row], ""),
            "title": str(title) if title else "",
            "inputs": inputs,
            "place": outcome.place[row],
            "on": date.fromordinal(int(outcome.on[row])).isoformat(),
            "overrule": _overrule(layout, reasons),
        }


def _cells(found: Found, block: Block) -> list[Any]:
    """Return the cells of a column, or what the mapping says of every row."""
    if found.column < 0:
        return [found.value] * len(block)
    return block.cells(found.column)


def _overrule(layout: Layout, text: Any) -> dict[str, str]:
    from .reasons import read_reasons

    return read_reasons(layout, str(text)) if text else {}


def _write_one(task: tuple[str, list[dict[str, Any]], str, bool, bool]) -> tuple[str, str, bool]:
    """Write the opinion on one case; return the case, why it was not written, and if it is a draft."""
    from ..case import Case
    from ..report import write_opinion

    case, entries, folder, force, pdf = task
    places = list(dict.fromkeys(entry["place"] for entry in entries))
    if len(places) > 1:
        return case, f"各行地点不同（{'、'.join(places)}）", False
    try:
        items = [
            {name: each for name, each in entry.items() if name != "place" and each}
            for entry in entries
        ]
        for item in items:
            find(item["method"])
        made = Case.model_validate(
            {"title": case, "place": places[0], "on": min(entry["on"] for entry in entries),
             "id": case, "route": "quick", "item": items}
        )  # fmt: skip
        assessment = made.assess()
        draft = bool(assessment.stops)
        write_opinion(assessment, Path(folder), name="opinion", force=force, pdf=pdf, draft=draft)
    except (EcovalError, ValueError) as error:
        return case, str(error), False
    return case, "", draft
