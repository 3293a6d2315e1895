"""A data frame valued like a sheet: columns with units in, result columns out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, nearest
from ..units import unit
from ..valuation.registry import method as find
from .books import Block
from .gathering import Settings
from .layout import plan_sheet
from .mapping import ColumnMap, SheetMap
from .parquet import with_results
from .results import result_columns
from .running import value_block
from .runs import check_settings, header_faults

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 65_536


class _FrameSheet:
    hidden = False
    is_1904 = False

    def __init__(self, frame: pd.DataFrame, units: Mapping[str, str]) -> None:
        from .flat import plain_columns

        self.name = "frame"
        self._names = [str(name) for name in frame.columns]
        self._rows = len(frame)
        self._units = units
        self._columns: list[Any] = []
        for at in range(len(self._names)):
            cells = _column(frame.iloc[:, at])
            self._columns += [cells] if isinstance(cells, list) else plain_columns([cells])

    def top(self) -> list[list[Any]]:
        """Return the names of the columns, with their units where they do not have one."""
        units = {name: unit for name, unit in self._units.items() if not _in_brackets(name)}
        return [[f"{name} [{units[name]}]" if units.get(name) else name for name in self._names]]

    def blocks(self, after: int, width: int) -> Iterator[Block]:
        """Yield the rows, numbered from 2 as in a sheet; blank ones are kept."""
        for start in range(0, self._rows, _ROWS):
            stop = min(start + _ROWS, self._rows)
            numbers = np.arange(start + 2, stop + 2, dtype=np.int64)
            yield Block(numbers, [each[start:stop] for each in self._columns])


def _column(cells: pd.Series[Any]) -> Any:
    """Return a column as Arrow has it, or as a list where its cells are of several types."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(cells.dtype, pd.PeriodDtype):
        cells = cells.dt.to_timestamp()
    try:
        made = pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        plain = (each.item() if isinstance(each, np.generic) else each for each in cells)
        return [None if pd.api.types.is_scalar(each) and pd.isna(each) else each for each in plain]
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def value_frame(
    frame: Any,
    *,
    method: str,
    on: str | date = "",
    place: str = "",
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return *frame* with the results of *method* beside its columns.

    A column is a term by its Chinese title or its name; *columns* maps a term to a column that is
    called otherwise, with its unit or without. Units stand in brackets behind a column's name (``排放数量 [t]``), in *units*, or
    in ``frame.attrs["units"]`` by column. ``attrs`` of the result has the ``units`` of its columns,
    and ``faults``: what is wrong with each row that has no result, the row counted from 2 as below a
    header. A column of *frame* that is called like a result keeps its place; the result is then
    called ``金额 [元]（结果）``.

    Raises
    ------
    InputError
        The method is unknown, or a column is missing, stands twice or is in a wrong unit.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        if not hasattr(frame, "to_pandas"):
            raise InputError("应为数据框（DataFrame）", got=type(frame).__name__)
        frame = frame.to_pandas()
    if len(set(frame.columns)) < len(frame.columns):
        twice = frame.columns[frame.columns.duplicated()]
        raise InputError("数据框中有同名的列", got="、".join(dict.fromkeys(map(str, twice))))
    settings = Settings(place, on.isoformat() if isinstance(on, date) else on)
    check_settings(settings)
    if not isinstance(method, str):
        raise InputError("method 须为一个方法的编号", got=repr(method))
    known = find(method)
    written = {**frame.attrs.get("units", {}), **(units or {})}
    _check_units(frame, written)
    sheet = _FrameSheet(frame, {str(name): of for name, of in written.items()})
    texts = _texts(sheet.top()[0], frame)
    for column in (columns or {}).values():
        if column not in texts:
            hint = nearest(str(column), [str(name) for name in frame.columns])
            raise InputError("columns 所列的列不在数据框中", got=str(column), hint=hint)
    mapped = SheetMap(
        name=sheet.name,
        method=method,
        header=1,
        columns={term: ColumnMap(column=texts[column]) for term, column in (columns or {}).items()},
    )
    plan = plan_sheet(sheet, mapped)
    plan.layout(known, place=settings.place, on=settings.on)
    if wrong := header_faults(plan):
        raise InputError("；".join(str(fault) for fault in wrong))
    shown, tables, faults = result_columns(plan, live=False), [], []
    for block in sheet.blocks(1, len(frame.columns)):
        outcome = value_block(plan, block, settings)
        faults += outcome.faults
        tables.append(with_results(plan, shown, block, outcome).to_pandas())
    if not tables:
        raise InputError("数据框没有行")
    found = pd.concat(tables, ignore_index=True)
    result: pd.DataFrame = frame.copy()
    for name in found.columns[len(frame.columns) :]:
        result[name] = found[name].to_numpy()
    own = {column.header: _in_brackets(column.header) for column in shown}
    result.attrs["units"] = {**written, **{name: unit for name, unit in own.items() if unit}}
    result.attrs["faults"] = sorted(faults, key=lambda each: (each.row, each.column))
    return result


def _in_brackets(header: str) -> str:
    from .fields import Header

    return Header.of(header).unit or ""


def _check_units(frame: pd.DataFrame, written: Mapping[str, str]) -> None:
    """Refuse a unit of a column that is not there, or that has another in its name."""
    for name, of in written.items():
        if name not in frame.columns:
            raise InputError("units 所列的列不在数据框中", got=name)
        own = _in_brackets(str(name))
        if own and unit(own) != unit(of):
            raise InputError(
                f"列名中的单位（{own}）与 units 所写的不同", where=str(name), got=of,
                hint="请只在一处写单位。",
            )  # fmt: skip


def _texts(headers: Sequence[str], frame: pd.DataFrame) -> dict[Any, str]:
    """Return the header of each column, by its name and, where only one is so called, without its unit."""
    from .fields import Header

    bare = [Header.of(header).name for header in headers]
    texts: dict[Any, str] = {
        name: header for name, header in zip(bare, headers, strict=True) if bare.count(name) == 1
    }
    return texts | dict(zip(frame.columns, headers, strict=True))
