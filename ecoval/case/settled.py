"""A settlement worked out: lines that add up to the total, plans, deposit, order, destination."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from .. import money
from ..findings import Finding
from ..rules.parameters import InForce
from .balance import Line
from .deposit import Deposited
from .instalments import Instalments
from .ranks import Rank

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Due:
    """What one obligor bears, performs otherwise, and pays in money; None what all owe jointly."""

    name: str
    borne: int | None
    otherwise: int | None
    punitive: int | None

    @property
    def cash(self) -> int | None:
        """What he pays of the compensation in money."""
        if self.borne is None or self.otherwise is None:
            return None
        return self.borne - self.otherwise

    @property
    def payable(self) -> int | None:
        """All the money that he pays: compensation and punitive damages."""
        if self.cash is None or self.punitive is None:
            return None
        return self.cash + self.punitive

    def row(self) -> tuple[str, ...]:
        """Return name, part, performed otherwise, money, punitive damages, all money, as printed."""
        sums = (self.borne, self.otherwise, self.cash, self.punitive, self.payable)
        return (self.name, *("连带" if fens is None else money.printed(fens) for fens in sums))


DUE_COLUMNS = (
    "赔偿义务人",
    "应承担（元）",
    "以其他方式履行（元）",
    "货币赔付（元）",
    "惩罚性赔偿（元）",
    "须支付货币（元）",
)


@dataclass(frozen=True)
class Settlement:
    """A settlement: lines that add up to the total to the fen, the last of them money."""

    on: date
    total: int
    lines: tuple[Line, ...]
    punitive: int
    dues: tuple[Due, ...]
    plans: tuple[Instalments, ...]
    deposit: Deposited | None
    ranks: tuple[Rank, ...]
    destination: str
    note: str
    rules: tuple[InForce, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def cash(self) -> int:
        """The part of the total that is paid in money by the obligor, in fen."""
        return money.total(line.fens for line in self.lines if line.form == "cash")

    @property
    def payable(self) -> int:
        """The money to pay: what is left of the total, and punitive damages where included."""
        return self.cash + self.punitive

    def due_rows(self) -> list[tuple[str, ...]]:
        """Return the row of each obligor under `DUE_COLUMNS`, and below them that of all."""
        if not self.dues:
            return []
        whole = Due("合计", self.total, self.total - self.cash, self.punitive)
        return [due.row() for due in (*self.dues, whole)]

    @property
    def open_points(self) -> list[str]:
        """What the settlement leaves open."""
        return [f"{line.title}：{line.open}" for line in self.lines if line.open]

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return form, how it is computed, rule and printed amount of each line."""
        return [
            (line.title, line.text, line.basis, money.printed(line.fens)) for line in self.lines
        ]

    def table(self) -> pd.DataFrame:
        """Return the lines as a DataFrame: 履行方式, 计算, 依据, 义务人, 金额（元） as Decimal."""
        import pandas as pd

        return pd.DataFrame(
            {
                "履行方式": [line.title for line in self.lines],
                "计算": [line.text for line in self.lines],
                "依据": [line.basis for line in self.lines],
                "义务人": [line.obligor for line in self.lines],
                "金额（元）": [money.yuan(line.fens) for line in self.lines],
            }
        )

    def as_dict(self) -> dict[str, object]:
        """Return the settlement as plain JSON data."""
        return {
            "on": self.on.isoformat(),
            "total": str(money.yuan(self.total)),
            "lines": [line.as_dict() for line in self.lines],
            "cash": str(money.yuan(self.cash)),
            "punitive": str(money.yuan(self.punitive)),
            "payable": str(money.yuan(self.payable)),
            "obligors": [
                {
                    "name": due.name,
                    "borne": _plain(due.borne),
                    "cash": _plain(due.cash),
                    "punitive": _plain(due.punitive),
                    "payable": _plain(due.payable),
                }
                for due in self.dues
            ],
            "instalments": [plan.as_dict() for plan in self.plans],
            "deposit": self.deposit.as_dict() if self.deposit else None,
            "order": [
                {
                    "claim": rank.title,
                    "due": str(money.yuan(rank.due)),
                    "paid": str(money.yuan(rank.paid)),
                }
                for rank in self.ranks
            ],
            "destination": self.destination,
        }

    def __str__(self) -> str:
        lines = [f"履行方案（{self.on.isoformat()}）"]
        lines += [f"  {title}　{amount} 元　{text}" for title, text, _, amount in self.rows()]
        lines.append(f"合计 {money.printed(self.total)} 元")
        if self.punitive:
            lines.append(
                f"另付惩罚性赔偿 {money.printed(self.punitive)} 元，共须支付货币 {money.printed(self.payable)} 元"
            )
        for plan in self.plans:
            parts = "；".join(f"{on} {amount} 元" for on, amount, _ in plan.rows())
            lines.append(f"{plan.kind}：{parts}")
        if self.deposit:
            lines.append(self.deposit.text)
        lines += [
            f"清偿顺序 {rank.title}：应付 {money.printed(rank.due)} 元，可付 {money.printed(rank.paid)} 元"
            for rank in self.ranks
        ]
        lines.append(f"资金去向：{self.destination}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        return (
            "<table><thead><tr><th>履行方式</th><th>计算</th><th>依据</th><th>金额（元）</th></tr>"
            f"</thead><tbody>{rows}</tbody></table><p><b>合计 {money.printed(self.total)} 元</b></p>"
        )


def _plain(fens: int | None) -> str | None:
    return None if fens is None else str(money.yuan(fens))
