"""Ways of doing one thing side by side: nothing is dropped, and nothing is chosen for the expert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

from ..errors import EcovalError, InputError, nearest
from .item import Item

if TYPE_CHECKING:
    import pandas as pd

UNDECIDED = "本表只作比较，没有替专家选定任何一种；采用哪一种、理由为何，由专家写明。"


@dataclass(frozen=True)
class Compared:
    """One way: its printed cells and its plain values by column title, or why it cannot be had."""

    name: str
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    refused: EcovalError | None = None
    item: Item | None = None


@dataclass(frozen=True)
class Comparison:
    """What was compared, row by row, with its rule and its notes.

    It shows itself as text and as HTML, and as a DataFrame by `table`. ``comparison[name]`` is the
    item of a row, `choose` records the expert's choice with its reason.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Compared, ...]
    notes: tuple[str, ...] = ()
    chosen: str = ""
    reason: str = ""
    measured: Mapping[str, float] = field(default_factory=dict)
    undecided: str = UNDECIDED

    def __getitem__(self, name: str) -> Item:
        """Return the item that the row *name* was computed as.

        Raises
        ------
        InputError
            There is no such row, or it has no item; the nearest are offered.
        EcovalError
            The row could not be computed, with the reason.
        """
        row = self.row(name)
        if row.refused is not None:
            raise row.refused
        if row.item is None:
            raise InputError("该行不是由方法计算的", where=name)
        return row.item

    def row(self, name: str) -> Compared:
        """Return the row *name*.

        Raises
        ------
        InputError
            There is none; the nearest are offered.
        """
        for row in self.rows:
            if row.name == name:
                return row
        known = [row.name for row in self.rows]
        hint = nearest(name, known) or f"可用：{'、'.join(known)}。"
        raise InputError("比较表中没有这一行", got=name, hint=hint)

    @property
    def refused(self) -> dict[str, EcovalError]:
        """The rows that could not be computed, each with its reason."""
        return {row.name: row.refused for row in self.rows if row.refused is not None}

    def choose(self, name: str, *, reason: str) -> Comparison:
        """Return the comparison with the expert's choice of the row *name* and its *reason*.

        Raises
        ------
        InputError
            There is no such row, it could not be computed, or the reason is empty.
        """
        row = self.row(name)
        if row.refused is not None:
            raise InputError(f"不能选定，因为不能计算：{row.refused}", where=name)
        if not reason.strip():
            raise InputError("选定须写明理由", where=name)
        return replace(self, chosen=name, reason=reason.strip())

    @property
    def closing(self) -> tuple[str, ...]:
        """The notes, and who chose what, as they are printed below the table."""
        said = f"专家选定：{self.chosen}。理由：{self.reason}" if self.chosen else self.undecided
        return (*self.notes, said)

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as it stands in JSON."""
        return {
            "title": self.title,
            "rows": [
                {
                    "name": row.name,
                    **row.values,
                    "refused": str(row.refused) if row.refused is not None else None,
                }
                for row in self.rows
            ],
            "notes": list(self.closing),
            "chosen": self.chosen,
            "reason": self.reason,
        }

    def table(self) -> pd.DataFrame:
        """Return the rows as a DataFrame with plain numbers; what was refused has its reason."""
        import pandas as pd

        return pd.DataFrame(
            [
                {**row.values, "不能计算的原因": str(row.refused) if row.refused else ""}
                for row in self.rows
            ],
            index=pd.Index([row.name for row in self.rows], name="名称"),
        )

    def differences(self) -> pd.DataFrame:
        """Return by how much each computed row (down) exceeds each other (across)."""
        import pandas as pd

        names = list(self.measured)
        return pd.DataFrame(
            [[self.measured[one] - self.measured[other] for other in names] for one in names],
            index=names,
            columns=names,
        )

    def __str__(self) -> str:
        lines = [self.title]
        for place, row in enumerate(self.rows, start=1):
            lines.append(f"{place}. {row.name}")
            lines += [f"     {column}  {row.cells[column]}" for column in self._filled(row)]
            if row.refused is not None:
                lines.append(f"     不能计算：{row.refused}")
        return "\n".join([*lines, *self.closing])

    def _filled(self, row: Compared) -> list[str]:
        return [column for column in self.columns if row.cells.get(column)]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(title)}</th>" for title in ("名称", *self.columns))
        body = "".join(self._html_row(row) for row in self.rows)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.closing)
        return (
            f"<p><b>{escape(self.title)}</b></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
        )

    def _html_row(self, row: Compared) -> str:
        cells = [row.name, *(row.cells.get(column, "") for column in self.columns)]
        if row.refused is not None:
            reason = escape(f"不能计算：{row.refused}")
            return f'<tr><td>{escape(row.name)}</td><td colspan="{len(self.columns)}">{reason}</td></tr>'
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def differences_said(measured: Mapping[str, float], name: str, shown: Mapping[str, str]) -> str:
    """Return how the row *name* stands to each other: ``比 … 多 1.23（10.3%）``."""
    own, parts = measured[name], []
    for other, value in measured.items():
        if other == name:
            continue
        word = "多" if own >= value else "少"
        share = f"（{abs(own - value) / abs(value) * 100:.1f}%）" if value else ""
        parts.append(f"比{shown[other]}{word} {abs(own - value):,.3f}{share}")
    return "；".join(parts)


def check_keys(given: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Make sure that a table has no key but the *known*.

    Raises
    ------
    InputError
        It has; the nearest is offered.
    """
    for key in given:
        if key not in known:
            hint = nearest(str(key), known) or f"可用：{'、'.join(known)}。"
            raise InputError(f"未知的键 {key}", where=where, hint=hint)
