"""A whole run: from a book of cases to the results, block by block."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from .. import money
from ..errors import InputError, OutputError
from ..valuation.registry import method as find
from ..version import VERSION
from .books import Block, Book, open_book
from .faults import Fault
from .flat import CsvSheet
from .gathering import Settings
from .guards import check_target, is_open_elsewhere
from .journal import Journal, rules_key, run_key
from .layout import SheetPlan, plan_sheet
from .mapping import Mapping
from .repeats import Repeats
from .results import Results
from .running import DONE, EXAMPLE, FAULTY, SKIPPED, Outcome, value_block
from .sidesheets import Side
from .summary import Summary

# Told after each block: rows done so far, and what share of the book that is, if it is known.
Progress = Callable[[int, float | None], None]
Listener = Callable[[SheetPlan, Block, Outcome], None]


@dataclass
class Report:
    """What a run came to."""

    target: Path
    summary: Summary = field(default_factory=Summary)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    rows: int = 0
    resumed: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many rows were valued."""
        return self.summary.statuses.get(DONE, 0)

    @property
    def text(self) -> str:
        """What is said at the end."""
        counts = self.summary.statuses
        said = "，".join(
            f"{name} {counts[name]:,} 行"
            for name in (DONE, FAULTY, EXAMPLE, SKIPPED)
            if name in counts
        )
        total = money.printed(self.summary.total.fens)
        return f"共 {self.rows:,} 行：{said or '没有数据'}；金额合计 {total} 元"


def plans_of(
    book: Book, mapping: Mapping | None, method: str, settings: Settings
) -> list[SheetPlan]:
    """Return what each sheet of *book* is, and lay its columns out.

    Raises
    ------
    InputError
        No sheet is one to value, or the mapping names a sheet that is not there.
    """
    if method:
        find(method)
    names = [sheet.name for sheet in book.sheets]
    for mapped in mapping.sheets if mapping else ():
        if mapped.name not in names:
            hint = f"工作簿中有：{'、'.join(names)}。"
            raise InputError("映射文件所列的工作表不在工作簿中", got=mapped.name, hint=hint)
    plans = []
    for sheet in book.sheets:
        plan = plan_sheet(sheet, mapping.of(sheet.name) if mapping else None, method)
        if plan.mapped is None and not method and sheet.name in Side.NAMES:
            plan.faults, plan.is_valued = [], False  # a sheet of earlier results
        if plan.method is not None and plan.header_row:
            plan.layout(plan.method, place=settings.place, on=settings.on)
        plans.append(plan)
    if not any(plan.is_valued for plan in plans):
        raise InputError(
            "没有可计算的工作表" if any(sheet.top() for sheet in book.sheets) else "工作簿是空的",
            where=str(book.path),
            hint="表单由 ecoval form 方法编号 -o 文件 生成；自备的表由 ecoval map 说明。",
        )
    return plans


def header_faults(plan: SheetPlan) -> list[Fault]:
    """Return what keeps the whole sheet of *plan*, or else one method of it, from being valued."""
    return [*plan.faults] or [fault for layout in plan.layouts.values() for fault in layout.faults]


def run(
    source: str | Path, target: str | Path, *, mapping: Mapping | None = None, method: str = "",
    place: str = "", on: str = "", live: bool = False, force: bool = False,
    progress: Progress | None = None, listener: Listener | None = None,
    finish: Callable[[Side], None] | None = None, filling: Any = None,
) -> Report:  # fmt: skip
    """Value every row of the book *source* and write the results to *target*.

    A run that was cut off is taken up where it was, if nothing changed; *listener* sees each block
    with its outcome, *finish* what the side sheets are to show before they are written; *filling*
    takes the results in place of a workbook of their own.

    Raises
    ------
    InputError
        The book cannot be read, or has nothing to value.
    OutputError
        The results cannot be written.
    """
    source, target = Path(source), Path(target)
    settings = Settings(place, on)
    check_settings(settings)
    check_target(target, force=force)
    if target.resolve() == source.resolve():
        raise OutputError("结果不能写到输入的文件上", where=str(target), hint="请另起文件名。")
    began = _written_at(source)
    book = open_book(source)
    try:
        return _run(
            book,
            source,
            began,
            target,
            mapping,
            method,
            settings,
            live,
            progress,
            listener,
            finish,
            filling,
        )
    finally:
        book.close()


def _run(
    book: Book, source: Path, began: tuple[int, int] | None, target: Path, mapping: Mapping | None,
    method: str, settings: Settings, live: bool, progress: Progress | None, listener: Listener | None,
    finish: Callable[[Side], None] | None, filling: Any,
) -> Report:  # fmt: skip
    plans = plans_of(book, mapping, method, settings)
    place, on = settings.place, settings.on
    said = {
        "mapping": mapping.model_dump() if mapping else None,
        "method": method,
        "place": place,
        "on": on,
    }
    rules_key()  # of the rules as they are now: this run goes by no later ones

    def key() -> str | None:
        """Return what the run hangs on; nobody can tell once the source was written anew."""
        try:
            made = run_key([source], said)
            return made if _written_at(source) == began else None
        except OSError:
            return None

    journal = Journal(target.with_name(f"{target.name}.journal"), key)
    report = Report(target, resumed=journal.finished)
    if is_open_elsewhere(source):
        report.notes.append(
            Fault(
                source.name, 0, -1, "", "该文件正在 Excel 或 WPS 中打开，所读为最后一次保存的内容"
            )
        )
    results = _results(target, plans, live, source) if filling is None else filling.load(plans)
    try:
        for place_of, (plan, sheet) in enumerate(zip(plans, results.sheets, strict=True)):
            _run_sheet(
                place_of, plan, sheet, results, journal, settings, report, progress, listener
            )
        side = _side(source, report, plans, results)
        if live:
            side.facts.append(
                ("汇总与校验码", "写出时的数；改动单元格后，各行重算，汇总与校验码不变")
            )
        if finish is not None:
            finish(side)
        results.finish(side)
    except BaseException:
        results.abandon()
        journal.close(done=False)
        raise
    journal.close(done=True)
    return report


def _written_at(source: Path) -> tuple[int, int] | None:
    """Return the size and the time of writing of *source*, None where there is no such file."""
    try:
        known = source.stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime_ns


def check_settings(settings: Settings) -> None:
    """Make sure that the day and the place of a run can be read, before anything is."""
    from ..rules.jurisdictions import place
    from ..valuation.definition import as_day

    if settings.on:
        as_day(settings.on)
    if settings.place:
        place(settings.place)


def _results(target: Path, plans: list[SheetPlan], live: bool, source: Path) -> Any:
    made_at = datetime.fromtimestamp(int(source.stat().st_mtime))
    if target.suffix.lower() == ".parquet":
        from .parquet import ParquetResults

        return ParquetResults(target, plans)
    if target.suffix.lower() != ".xlsx":
        raise OutputError("结果写成 .xlsx 或 .parquet", where=str(target))
    return Results(target, plans, live=live, made_at=made_at)


def _run_sheet(
    at: int, plan: SheetPlan, sheet: Any, results: Any, journal: Journal, settings: Settings,
    report: Report, progress: Progress | None, listener: Listener | None,
) -> None:  # fmt: skip
    faults = header_faults(plan)
    report.faults += faults
    for layout in plan.layouts.values():
        report.notes += [Fault(plan.sheet.name, 0, -1, "", said) for said in layout.notes]
    results.begin(sheet, faults)
    sizes = [getattr(each.plan.sheet, "size", 0) for each in results.sheets]
    before, total = sum(sizes[:at]), sum(sizes)
    rows, seen, repeats = 0, set(faults), Repeats(plan)
    tidied: dict[tuple[int, str, str], tuple[int, int]] = {}
    for block, outcome in valued(at, plan, journal, settings):
        results.write(sheet, block, outcome)
        rows += len(block)
        if plan.is_valued:
            repeats.look(block, outcome)
            report.rows += len(block)
            report.summary.add(outcome)
            for key, (first, count) in outcome.notes.items():
                known, so_far = tidied.get(key, (first, 0))
                tidied[key] = (known, so_far + count)
            for fault in outcome.faults:
                if fault not in seen or fault.row != plan.header_row:
                    report.faults.append(fault)
                if fault.row == plan.header_row:
                    seen.add(fault)
        if listener is not None:
            listener(plan, block, outcome)
        if progress is not None:
            progress(report.rows, _share(before, plan.sheet, total))
    report.faults += [fault for fault in header_faults(plan) if fault not in seen]
    report.notes += repeats.notes()
    for (column, header, text), (first, count) in tidied.items():
        report.notes.append(
            Fault(plan.sheet.name, first, column, header, text, f"自此共 {count:,} 处")
        )
    if plan.is_valued and not rows:
        report.notes.append(Fault(plan.sheet.name, 0, -1, "", "只有列名，没有数据行"))
    results.end(sheet)


def valued(
    at: int, plan: SheetPlan, journal: Journal, settings: Settings
) -> Iterator[tuple[Block, Outcome]]:
    """Yield each block of a sheet with its outcome, taken from the journal where it is there.

    The next block is valued while the results of one are written: most of it is done in kernels
    that leave the interpreter free.
    """
    textual = isinstance(plan.sheet, CsvSheet)

    def value(number: int, block: Block) -> tuple[Block, Outcome]:
        known = journal.outcome(at, number) if plan.is_valued else None
        if known is not None and np.array_equal(known.rows, block.rows):
            return block, known
        outcome = value_block(plan, block, settings, textual=textual)
        if plan.is_valued:
            journal.add(at, number, outcome)
        return block, outcome

    blocks = enumerate(ahead(plan.sheet.blocks(plan.header_row, len(plan.headers))))
    # Which methods a sheet of several has is found out block by block, so one after the other.
    yield from in_turn(blocks, value, threads=1 if plan.method is None else 2)


def in_turn(tasks: Iterator[Any], work: Callable[..., Any], threads: int) -> Iterator[Any]:
    """Yield what *work* makes of each of *tasks*, in their order, as many at once as *threads*."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting: deque[Any] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(work, *task))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def _share(before: int, sheet: Any, total: int) -> float | None:
    """Return which share of the whole book has been read, None where nobody knows."""
    if not total:
        return None
    return min((before + sheet.share * sheet.size) / total, 1.0) or None


def _side(source: Path, report: Report, plans: list[SheetPlan], results: Any) -> Side:
    names = {plan.sheet.name: sheet.name for plan, sheet in zip(plans, results.sheets, strict=True)}
    order = {plan.sheet.name: at for at, plan in enumerate(plans)}
    for faults in (report.faults, report.notes):
        faults.sort(key=lambda each: (order.get(each.sheet, -1), each.row, each.column))
    facts = [
        ("输入文件", source.name),
        ("ecoval 版本", VERSION),
        ("错误", f"{len(report.faults):,} 处"),
    ]
    return Side("批量计算结果", facts, report.summary, report.faults, report.notes, names)


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield *blocks*, the next ones read while one is worked on.

    The reader runs in a thread of its own: unpacking and parsing leave the interpreter free.
    """
    held: queue.Queue[Block | BaseException | None] = queue.Queue(maxsize=2)
    stopped = threading.Event()

    def hand(over: Block | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                held.put(over, timeout=0.2)
                return
            except queue.Full:
                continue

    def read() -> None:
        try:
            for block in blocks:
                hand(block)
                if stopped.is_set():
                    return
            hand(None)
        except BaseException as error:
            hand(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        while (block := held.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        stopped.set()
        thread.join()
