"""A run over partitions of Parquet files on the workers of Dask: the same figures, bit for bit.

Each partition is some row groups of a file, and becomes one Parquet file of results. What a failed
worker was at is tried again; what an earlier run finished is not done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import InputError, OutputError, reason
from .faults import Fault
from .flat import ParquetSheet
from .gathering import Settings
from .journal import run_key
from .layout import SheetPlan, plan_sheet
from .mapping import Mapping as Mapped
from .mapping import read_mapping
from .parquet import with_results
from .results import _cannot_write, result_columns
from .running import value_block
from .runs import Report, check_settings, header_faults
from .summary import Line, Summary

ROWS = 250_000
# How long a scheduler may take to answer.
PATIENCE = "20s"
_MOST_FAULTS = 1000
_KEY = b"ecoval"
_DONE = b"ecoval.done"


@dataclass(frozen=True)
class Partition:
    """Some row groups of a file: the number of their first row, and where their results go."""

    path: str
    groups: tuple[int, ...]
    first: int
    target: str


@dataclass
class Done:
    """What a partition came to."""

    rows: int = 0
    summary: Summary = field(default_factory=Summary)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[tuple[str, int, str, str], tuple[int, int]] = field(default_factory=dict)


def partitions_of(source: Path, target: Path, rows: int = ROWS) -> list[Partition]:
    """Return the partitions of the Parquet file, or of the folder of them, *source*.

    Row groups of a file are taken together until they have *rows* rows.

    Raises
    ------
    InputError
        There is no Parquet file, or one cannot be read.
    """
    paths = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not paths or any(path.suffix.lower() != ".parquet" for path in paths):
        raise InputError(
            "分区计算只读 .parquet 文件，或装有它们的文件夹", got=str(source),
            hint="其他文件不加 --scheduler、--workers 计算。",
        )  # fmt: skip
    made: list[Partition] = []
    for path in paths:
        meta = ParquetSheet(path).file.metadata
        groups: list[int] = []
        first, held = 2, 0
        for group in range(meta.num_row_groups):
            groups.append(group)
            held += meta.row_group(group).num_rows
            if held >= rows or group == meta.num_row_groups - 1:
                name = f"{path.stem}-{groups[0]:05d}.parquet"
                made.append(Partition(str(path), tuple(groups), first, str(target / name)))
                first, held, groups = first + held, 0, []
    return made


@contextmanager
def cluster(scheduler: str = "", workers: int = 0) -> Iterator[Any]:
    """Give a client of Dask: of the *scheduler* at an address, or of *workers* on this machine.

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers at the address.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise InputError(
            "没有安装 Dask", hint='请运行 pip install "ecoval[distributed]"。'
        ) from None
    if scheduler:
        try:
            client = dask.Client(scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError("连不上调度器", got=scheduler, hint=str(error)) from None
        with client:
            yield client
        return
    count = workers or os.cpu_count() or 1
    with (
        dask.LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=":0") as local,
        dask.Client(local, set_as_default=False) as client,
    ):
        yield client


def value_partitions(
    source: str | Path, target: str | Path, *, map_file: str | Path | None = None, method: str = "",
    place: str = "", on: str = "", scheduler: str = "", workers: int = 0, client: Any = None,
    rows: int = ROWS, retries: int = 3, force: bool = False,
    progress: Callable[[int, float | None], None] | None = None,
) -> Report:  # fmt: skip
    """Value the Parquet file or folder *source* on Dask; *target* is a folder with a file a partition.

    The workers must see both under the same paths. A partition whose worker fails is tried again
    *retries* times; results that an earlier run of the same input left are kept.

    Raises
    ------
    InputError
        The input cannot be read or valued, or there is no cluster.
    OutputError
        The results cannot be written, or a partition failed each time.
    """
    source, target = Path(source), Path(target)
    settings = Settings(place, on)
    check_settings(settings)
    mapping = read_mapping(Path(map_file)) if map_file else None
    parts = partitions_of(source.resolve(), target.resolve(), rows)
    said = {"mapping": mapping.model_dump() if mapping else None, "method": method, "place": place}
    files = list(dict.fromkeys(part.path for part in parts))
    key = run_key([Path(path) for path in files], {**said, "on": on, "rows": rows})
    report = Report(target)
    for path in files:
        plan = _plan(ParquetSheet(Path(path)), mapping, method, settings)
        if wrong := header_faults(plan):
            raise InputError("；".join(str(fault) for fault in wrong), where=path)
    _prepare(target, parts, key, force=force)
    work = _Work(key, mapping, method, settings)
    if client is None:
        with cluster(scheduler, workers) as own:
            done = _run(own, work, parts, retries, progress)
    else:
        done = _run(client, work, parts, retries, progress)
    for part in parts:
        _count(report, done[part.target])
    report.faults.sort(key=lambda fault: (fault.sheet, fault.row, fault.column))
    return report


@dataclass(frozen=True)
class _Work:
    """Value one partition; it is sent to the workers."""

    key: str
    mapping: Mapped | None
    method: str
    settings: Settings

    def __call__(self, part: Partition) -> Done:
        kept = finished(Path(part.target), self.key)
        if kept is not None:
            return kept
        sheet = ParquetSheet(Path(part.path), part.groups, part.first)
        plan = _plan(sheet, self.mapping, self.method, self.settings)
        columns, tables, done = result_columns(plan, live=False), [], Done()
        for block in sheet.blocks(1, len(plan.headers)):
            outcome = value_block(plan, block, self.settings)
            tables.append(with_results(plan, columns, block, outcome))
            done.rows += len(block)
            done.summary.add(outcome)
            done.faults += outcome.faults[: _MOST_FAULTS - len(done.faults)]
            for (column, header, text), (first, count) in outcome.notes.items():
                own = (plan.sheet.name, column, header, text)
                known, before = done.notes.get(own, (first, 0))
                done.notes[own] = (min(known, first), before + count)
        _write(Path(part.target), tables, self.key, done)
        return done


def _plan(
    sheet: ParquetSheet, mapping: Mapped | None, method: str, settings: Settings
) -> SheetPlan:
    mapped = mapping.of(sheet.name) if mapping else None
    if mapped is None and mapping is not None and len(mapping.sheets) == 1:
        mapped = mapping.sheets[0]  # what is said of one file holds for all
    plan = plan_sheet(sheet, mapped, method)
    if plan.method is not None and plan.header_row:
        plan.layout(plan.method, place=settings.place, on=settings.on)
    if not plan.is_valued:
        raise InputError("看不出用哪个方法", where=sheet.name, hint="请用 --method 或 --map 说明。")
    return plan


def finished(path: Path, key: str) -> Done | None:
    """Return what the results in *path* came to, None where they are not those of the run *key*."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        held = parquet.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    if held.get(_KEY, b"").decode("utf-8") != key:
        return None
    return _unpacked(held[_DONE])


def _write(path: Path, tables: Sequence[Any], key: str, done: Done) -> None:
    """Write the results of a partition whole, or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    table = pa.concat_tables(tables)
    table = table.replace_schema_metadata({_KEY: key, _DONE: _packed(done)})
    try:
        parquet.write_table(table, partial)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _cannot_write(path, error) from None


def _run(
    client: Any, work: _Work, parts: Sequence[Partition], retries: int,
    progress: Callable[[int, float | None], None] | None,
) -> Mapping[str, Done]:  # fmt: skip
    as_completed: Any = import_module("distributed").as_completed
    futures = {client.submit(work, part, pure=False, retries=retries): part for part in parts}
    done: dict[str, Done] = {}
    failed: dict[str, BaseException] = {}
    rows = 0
    for future in as_completed(futures, loop=client.loop):
        part = futures[future]
        if future.status == "error":
            failed[part.target] = future.exception()
            continue
        done[part.target] = future.result()
        rows += done[part.target].rows
        if progress is not None:
            progress(rows, len(done) / len(parts))
    if failed:
        name, error = min(failed.items())
        raise OutputError(
            f"{len(failed)} 个分区没有算成（试了 {retries + 1} 次）", where=name, got=str(error),
            hint="已算成的分区留下了，再次运行同一命令只算其余的。",
        )  # fmt: skip
    return done


def _prepare(target: Path, parts: Sequence[Partition], key: str, *, force: bool) -> None:
    """Make the folder; nothing that is not of this run may stand in it."""
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"建不了文件夹（{reason(error)}）", where=str(target)) from None
    names = {Path(part.target).name for part in parts}
    for path in sorted(target.iterdir()):
        if path.suffix == ".partial" or (path.name in names and finished(path, key) is not None):
            continue
        if not force or path.suffix != ".parquet":
            raise OutputError(
                "文件夹中有别的文件",
                where=str(path),
                hint="请另给一个文件夹；要覆盖结果，请加 --force。",
            )
        path.unlink()


def _count(report: Report, done: Done) -> None:
    report.rows += done.rows
    report.summary.merge(done.summary)
    report.faults += done.faults
    for (sheet, column, header, text), (first, count) in done.notes.items():
        report.notes.append(Fault(sheet, first, column, header, text, f"自此共 {count:,} 处"))


def _packed(done: Done) -> str:
    summary = done.summary
    said = {
        "rows": done.rows,
        "statuses": summary.statuses,
        "lines": {
            dimension: {name: [line.count, line.fens] for name, line in lines.items()}
            for dimension, lines in summary.lines.items()
        },
        "total": [summary.total.count, summary.total.fens],
        "used": [[*key, count] for key, count in summary.used.items()],
        "faults": [fault.as_list() for fault in done.faults],
        "notes": [[*key, *counted] for key, counted in done.notes.items()],
    }
    return json.dumps(said, ensure_ascii=False)


def _unpacked(held: bytes) -> Done:
    said = json.loads(held)
    summary = Summary(
        said["statuses"],
        {
            dimension: {name: Line(*counted) for name, counted in lines.items()}
            for dimension, lines in said["lines"].items()
        },
        Line(*said["total"]),
        {tuple(each[:-1]): each[-1] for each in said["used"]},
    )
    faults = [Fault(*each) for each in said["faults"]]
    notes = {tuple(each[:4]): tuple(each[4:]) for each in said["notes"]}
    return Done(said["rows"], summary, faults, notes)
