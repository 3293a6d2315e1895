"""The batch command as a function: a run, and what may be asked of it beside its results."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from .books import Block
from .layout import SheetPlan
from .mapping import read_mapping
from .running import Outcome
from .runs import Listener, Progress, Report, run
from .sidesheets import Side


def value_book(
    source: str | Path, target: str | Path, *, map_file: str | Path | None = None, method: str = "",
    place: str = "", on: str = "", live: bool = False, fill: bool = False,
    against: str | Path | None = None, opinions: str | Path | None = None, force: bool = False,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Value the book *source*, write the results to *target*, and say what they come to.

    *live* writes formulas, *fill* writes the results into a copy of *source*, *against* compares
    with earlier results, *opinions* is the folder for an opinion on each case.

    Raises
    ------
    InputError
        A file cannot be read or has nothing to value, or two wishes exclude each other.
    OutputError
        Something cannot be written.
    """
    source, target = Path(source), Path(target)
    if fill and (live or source.suffix.lower() not in (".xlsx", ".xlsm")):
        raise InputError("--fill 只用于 .xlsx、.xlsm，且不能与 --live 同用", got=str(source))
    if live and target.suffix.lower() != ".xlsx":
        raise InputError("--live 只能写成 .xlsx", got=str(target))
    listeners: list[Listener] = []
    filling = comparing = gathering = None
    if fill:
        from .filling import Filling

        filling = Filling(source, target, force=force)
    if against is not None:
        from .comparing import Comparison

        comparing = Comparison(Path(against))
        listeners.append(comparing.listen)
    if opinions is not None:
        from .opinions import CaseRows

        gathering = CaseRows()
        listeners.append(gathering.listen)

    def listen(plan: SheetPlan, block: Block, outcome: Outcome) -> None:
        for each in listeners:
            each(plan, block, outcome)

    def finish(side: Side) -> None:
        if comparing is not None:
            comparing.finish(side)

    report = run(
        source, target, mapping=read_mapping(Path(map_file)) if map_file else None, method=method,
        place=place, on=on, live=live, force=force, progress=progress,
        listener=listen if listeners else None, finish=finish, filling=filling,
    )  # fmt: skip
    if comparing is not None:
        report.said += comparing.lines()
    if gathering is not None and opinions is not None:
        report.said += gathering.write(Path(opinions), force=force)
    return report
