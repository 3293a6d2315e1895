"""Results as a Parquet file: the input's columns as they were, the results behind them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..valuation.noise import cleared
from .books import Block, listed
from .faults import Fault
from .layout import SheetPlan
from .results import ResultColumn, _cannot_write, _cells, result_columns
from .running import DONE, Outcome
from .sidesheets import Side

# How many rows tell how a column is best written.
_PART = 4096
# What must be left of a column at most for compressing it to be worth the time it takes, which is
# more than that of all other encoding.
_WORTH = 0.5


@dataclass
class _Table:
    plan: SheetPlan
    name: str
    columns: list[ResultColumn]


class ParquetResults:
    """Write the results of one sheet block by block."""

    def __init__(self, path: Path, plans: Iterable[SheetPlan]) -> None:
        self.path = path
        self._partial = path.with_name(f"{path.name}.partial")
        self.sheets = [
            _Table(plan, plan.sheet.name, result_columns(plan, live=False)) for plan in plans
        ]
        if sum(sheet.plan.is_valued for sheet in self.sheets) > 1:
            raise OutputError("Parquet 只放得下一张表", where=str(path), hint="请写成 .xlsx。")
        self._writer: Any = None
        self._queue: queue.Queue[Any] = queue.Queue(maxsize=2)
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def begin(self, sheet: _Table, faults: Iterable[Fault] = ()) -> None:
        """Do nothing: the header is the schema of the first block."""

    def write(self, sheet: _Table, block: Block, outcome: Outcome) -> None:
        """Write the rows of *block* with their results."""
        if not sheet.plan.is_valued:
            return
        self._check()
        self._queue.put(with_results(sheet.plan, sheet.columns, block, outcome, encoded=True))

    def _write(self) -> None:
        """Write what stands in the queue; encoding runs beside the calculation."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        while (table := self._queue.get()) is not None:
            if self._failed is not None:
                continue
            try:
                if self._writer is None:
                    self._writer = parquet.ParquetWriter(
                        self._partial,
                        table.schema,
                        use_dictionary=_repeating(table),
                        compression=_codecs(table),
                        store_schema=False,
                    )
                self._writer.write_table(table.cast(self._writer.schema))
            except (pa.ArrowInvalid, OSError) as error:
                self._failed = error

    def _check(self) -> None:
        if isinstance(self._failed, OSError):
            raise _cannot_write(self.path, self._failed)
        if self._failed is not None:
            raise OutputError(
                "各段的列类型不同，写不进 Parquet", where=str(self.path), got=str(self._failed)
            )

    def _stop(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def end(self, sheet: _Table) -> None:
        """Do nothing: there is one table."""

    def finish(self, side: Side) -> None:
        """Write what the results come to, and put the file in its place."""
        self._stop()
        self._check()
        if self._writer is None:
            raise OutputError("没有数据行，没有写出 Parquet", where=str(self.path))
        said = {
            "facts": side.facts,
            "total_fen": side.summary.total.fens,
            "used": [[*key, count] for key, count in side.summary.used.items()],
        }
        try:
            self._writer.add_key_value_metadata({"ecoval": json.dumps(said, ensure_ascii=False)})
            self._writer.close()
            os.replace(self._partial, self.path)
        except OSError as error:
            raise _cannot_write(self.path, error) from None

    def abandon(self) -> None:
        """Leave nothing behind of a file that is not whole."""
        self._failed = self._failed or OSError("abandoned")
        self._stop()
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()
        self._partial.unlink(missing_ok=True)


def _repeating(table: Any) -> list[str]:
    """Return the columns of texts that repeat: only those gain by a dictionary."""
    import pyarrow as pa
    import pyarrow.compute as pc

    part = table.slice(0, _PART)

    def repeats(field: Any) -> bool:
        if pa.types.is_string(field.type):
            return bool(pc.count_distinct(part[field.name]).as_py() * 4 < len(part))
        return bool(pa.types.is_dictionary(field.type))

    return [field.name for field in table.schema if repeats(field)]


def _codecs(table: Any) -> dict[str, str]:
    """Return the codec of each column: Snappy is tried on its first rows, and kept where it pays."""
    import pyarrow as pa

    made = {}
    for field in table.schema:
        made[field.name] = "snappy"
        cells = table[field.name].chunk(0).slice(0, _PART).drop_null()
        if pa.types.is_floating(field.type):
            held = cells.to_numpy().tobytes()
        elif pa.types.is_string(field.type):
            held = "".join(cells.to_pylist()).encode("utf-8")
        else:
            continue
        if held and pa.compress(held, "snappy").size > _WORTH * len(held):
            made[field.name] = "none"
    return made


def with_results(
    plan: SheetPlan,
    columns: list[ResultColumn],
    block: Block,
    outcome: Outcome,
    *,
    encoded: bool = False,
) -> Any:
    """Return *block* with the result *columns* and what is wrong with each row, as one table.

    Texts that few rows differ in are dictionaries where they may be *encoded*.
    """
    import pyarrow as pa

    done = outcome.status.are(DONE)
    made: dict[str, Any] = {}
    shares = _shares(plan, block)
    for at, cells in enumerate(block.columns):
        if at in shares:
            cells = _in_percent(cells, shares[at])
        name = plan.headers[at].text if at < len(plan.headers) else ""
        own = name or f"列{at + 1}"
        while own in made:
            own += "_"
        if isinstance(cells, list):
            cells = pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
        made[own] = cells
    for column in columns:
        cells = _cells(column, outcome, done, encoded=encoded)
        made[f"{column.header}（结果）" if column.header in made else column.header] = cells
    texts: dict[int, list[str]] = {}
    for fault in outcome.faults:
        texts.setdefault(fault.row, []).append(str(fault))
    rows = block.rows.tolist() if texts else []
    wrong = ["\n".join(texts[row]) if row in texts else None for row in rows]
    made["错误"] = pa.array(wrong, pa.string()) if texts else pa.nulls(len(block), pa.string())
    return pa.table(made)


def _shares(plan: SheetPlan, block: Block) -> dict[int, set[int]]:
    """Return the rows of each column of per cent that a workbook shows as such: 0.3 as 30 %."""
    columns = {
        found.column
        for layout in plan.layouts.values()
        for found in layout.found.values()
        if found.unit == "%"
    }
    return {at: rows for at, rows in block.percents_by_column.items() if at in columns}


def _in_percent(cells: Any, rows: set[int]) -> Any:
    """Return *cells* with the number of each of *rows* as it was shown; a table has no such format."""
    made = list(listed(cells))
    for row in rows:
        if isinstance(made[row], (int, float)) and not isinstance(made[row], bool):
            made[row] = float(cleared(made[row] * 100))
    if isinstance(cells, list):
        return made
    import pyarrow as pa

    return pa.array(made, cells.type)
