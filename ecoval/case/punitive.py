"""Punitive damages: conditions, base by each rule in force, multiplier or lump sum, who bears them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Literal

from ..errors import InputError, Spot, nearest
from ..findings import Finding
from ..money import printed, yuan
from ..rules.parameters import InForce, parameter
from .amounts import exact, fens_of, of_float, rounded, written
from .applied import Applied
from .factors import Factor, factor_sheet, sheet_findings
from .obligors import Apportionment, Obligors, apportion
from .punitive_entry import PunitiveEntry
from .punitive_terms import (
    Base,
    Condition,
    base_findings,
    condition_findings,
    conditions_of,
    cost_findings,
    fine_findings,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Punitive:
    """Punitive damages of a case: beside the total, never in it."""

    entry: PunitiveEntry
    on: date
    bases: tuple[Base, ...]
    chosen: Base | None
    cap: InForce | None
    conditions: tuple[Condition, ...]
    sheet: tuple[Factor, ...]
    apportionment: Apportionment | None
    rules: tuple[InForce, ...]
    findings: tuple[Finding, ...]

    @property
    def amount(self) -> int | None:
        """The sum in fen; None where two rules differ and none was chosen, or nothing was fixed."""
        return self.chosen.amount if self.chosen else None

    @property
    def measure(self) -> str:
        """Multiplier or lump sum, as printed."""
        if self.entry.multiplier is not None:
            return f"{written(exact(self.entry.multiplier))} 倍"
        if self.entry.lump_sum is not None:
            return f"酌定总额 {printed(fens_of(self.entry.lump_sum))} 元"
        return "未定"

    @property
    def sentence(self) -> str:
        """What is claimed, in a sentence."""
        if self.chosen is None or self.chosen.amount is None:
            return "惩罚性赔偿的数额未定"
        how = "" if self.entry.lump_sum else f"（{printed(self.chosen.fens)} 元 × {self.measure}）"
        return f"惩罚性赔偿 {printed(self.chosen.amount)} 元{how}，不在生态环境损害赔偿合计之内"

    def supports(self, name: Literal["presumed", "serious"]) -> list[str]:
        """Return the listed cases that the case relies on, as printed."""
        parameter_name = {"presumed": "punitive-intent-presumed", "serious": "punitive-serious"}[
            name
        ]
        choices = parameter(parameter_name).choices
        return [choices[code] for code in getattr(self.entry, name)]

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Return base, its amount, measure, sum and rule, one row for each base."""
        return [
            (
                base.title,
                printed(base.fens),
                self.measure,
                "未定" if base.amount is None else printed(base.amount),
                base.cited,
            )
            for base in self.bases
        ]

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain JSON data."""
        return {
            "on": self.on.isoformat(),
            "multiplier": self.entry.multiplier,
            "lump_sum": self.entry.lump_sum,
            "bases": [
                {
                    "base": base.code,
                    "amount": str(yuan(base.fens)),
                    "punitive": None if base.amount is None else str(yuan(base.amount)),
                    "rules": [rule.as_dict() for rule in base.rules],
                }
                for base in self.bases
            ],
            "chosen": self.chosen.code if self.chosen else None,
            "amount": None if self.amount is None else str(yuan(self.amount)),
            "conditions": {each.code: each.attested.met for each in self.conditions},
            "presumed": list(self.entry.presumed),
            "serious": list(self.entry.serious),
            "fines": [
                {"kind": fine.kind, "amount": str(yuan(fens_of(fine.amount)))}
                for fine in self.entry.fines
            ],
            "factors": [factor.as_dict() for factor in self.sheet],
            "obligors": self.apportionment.as_dict() if self.apportionment else None,
        }

    def table(self) -> pd.DataFrame:
        """Return the bases as a DataFrame: 计算基数, 基数（元）, 金额（元）, 依据."""
        import pandas as pd

        return pd.DataFrame(
            {
                "计算基数": [base.title for base in self.bases],
                "基数（元）": [yuan(base.fens) for base in self.bases],
                "金额（元）": [
                    None if base.amount is None else yuan(base.amount) for base in self.bases
                ],
                "依据": [base.cited for base in self.bases],
            }
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        return (
            f"<p>{escape(self.sentence)}</p><table><thead><tr><th>计算基数</th><th>基数（元）</th>"
            f"<th>倍数或总额</th><th>金额（元）</th><th>依据</th></tr></thead><tbody>{rows}</tbody></table>"
        )

    def __str__(self) -> str:
        lines = [self.sentence]
        lines += [
            f"  {title} {fens} 元，{measure}：{sum} 元（{cited}）"
            for title, fens, measure, sum, cited in self.rows()
        ]
        return "\n".join(lines)


def punitive_of(
    entry: PunitiveEntry,
    bases: Mapping[str, int],
    rules: Applied,
    obligors: Obligors | None,
    *,
    costs: int = 0,
) -> Punitive:
    """Return the punitive damages that *entry* asks for on *bases* (fen by the code of the base).

    *costs* are the appraisal and monitoring costs, of which a rule on the base may be silent.

    Raises
    ------
    InputError
        Both a multiplier and a lump sum; a multiplier below zero, or above the soft cap without
        reason and clause; a base that no rule in force sets, without reason; an unknown
        presumption; a factor sheet that will not do.
    """
    if entry.multiplier is not None and entry.lump_sum is not None:
        raise InputError(
            "倍数（multiplier）与酌定总额（lump_sum）只能写一个", where=_spot("lump_sum")
        )
    multiplier = None if entry.multiplier is None else exact(entry.multiplier)
    cited = rules.cited("punitive-cap")
    if multiplier is not None and multiplier < 0:
        raise InputError(
            f"倍数不得为负（{cited}）", where=_spot("multiplier"), got=entry.multiplier
        )
    found = _bases(entry, multiplier, bases, rules)
    chosen = _chosen(entry, found)
    cap = rules.first("punitive-cap")
    if cap is not None:
        _check_cap(entry, multiplier, found, cap)
    _check_codes(entry.presumed, "punitive-intent-presumed", "presumed")
    _check_codes(entry.serious, "punitive-serious", "serious")
    conditions = conditions_of(entry, rules)
    sheet = factor_sheet(entry.factors, rules)
    borne = None
    if obligors is not None and chosen is not None and chosen.amount is not None:
        borne = apportion(obligors, chosen.amount, rules, mode=obligors.punitive or obligors.mode)
    findings = [
        *condition_findings(entry, conditions, rules),
        *base_findings(found, chosen, entry),
        *cost_findings(found, costs, multiplier, rules),
        *fine_findings(entry, rules),
        *sheet_findings(sheet, multiplier, entry.reason, rules.cited("punitive-factors")),
    ]
    if cap is None:
        text = f"{rules.at.name} {rules.on.isoformat()} 未见惩罚性赔偿倍数上限的规定"
        findings.append(Finding("no-cap-rule", "note", text, "punitive.multiplier"))
    rules.cite("punitive-recourse", "punitive-use")
    return Punitive(
        entry, rules.on, found, chosen, cap, conditions, sheet, borne, rules.rules, tuple(findings)
    )


def _spot(*keys: int | str) -> Spot:
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return Spot("punitive" + text, ("punitive", *keys))


def _bases(
    entry: PunitiveEntry, multiplier: Fraction | None, bases: Mapping[str, int], rules: Applied
) -> tuple[Base, ...]:
    """Return each base that a rule in force sets, and the one the case chooses by its own reason."""
    by_code: dict[str, list[InForce]] = {}
    for rule in rules.every("punitive-base"):
        by_code.setdefault(rule.chosen[0], []).append(rule)
    if entry.base is None and not by_code:
        raise InputError(
            f"{rules.at.name} {rules.on.isoformat()} 未见惩罚性赔偿计算基数的规定，须写明基数及理由",
            where=_spot("base"),
            hint='base = "interim_permanent" 或 "actual_damage"，并写 base_reason。',
        )
    if entry.base is not None and entry.base not in by_code:
        if not entry.base_reason.strip():
            said = rules.cited("punitive-base")
            raise InputError(
                f"所写基数不是当时当地规定的基数（{said}），须写 base_reason",
                where=_spot("base"),
                got=entry.base,
            )
        by_code[entry.base] = []
    titles = parameter("punitive-base").choices
    lump = None if entry.lump_sum is None else fens_of(entry.lump_sum)
    if lump is not None and lump < 0:
        raise InputError("酌定总额不得为负", where=_spot("lump_sum"), got=entry.lump_sum)

    def amount(fens: int) -> int | None:
        return lump if multiplier is None else rounded(multiplier * fens)

    return tuple(
        Base(code, titles[code], bases[code], tuple(held), amount(bases[code]))
        for code, held in by_code.items()
    )


def _chosen(entry: PunitiveEntry, bases: Sequence[Base]) -> Base | None:
    if entry.base is not None:
        return next(base for base in bases if base.code == entry.base)
    if len(bases) == 1 or entry.lump_sum is not None:
        return bases[0]
    return None


def _check_cap(
    entry: PunitiveEntry, multiplier: Fraction | None, bases: Sequence[Base], cap: InForce
) -> None:
    limit = of_float(cap.number)
    field = "multiplier" if multiplier is not None else "lump_sum"
    if multiplier is not None:
        above, got = multiplier > limit, f"{written(multiplier)} 倍"
    else:
        # A lump sum has no multiplier; against a base of nothing there is none to compare it by.
        held = [base for base in bases if base.fens and base.amount is not None]
        above = any(base.amount is not None and base.amount > limit * base.fens for base in held)
        got = str(entry.lump_sum)
    if above and not (entry.reason.strip() and entry.clause.strip()):
        raise InputError(
            f"超过一般不超过基数 {written(limit)} 倍的上限（{cap.brief}），须写理由与所据条款",
            where=_spot(field),
            got=got,
            hint="理由写 reason，条款写 clause。",
        )


def _check_codes(codes: Sequence[str], name: str, field: str) -> None:
    known = parameter(name)
    for place, code in enumerate(codes):
        if code not in known.choices:
            hint = nearest(code, known.choices) or f"可用：{'、'.join(known.choices)}。"
            raise InputError(
                f"不是“{known.title}”所列的情形", where=_spot(field, place), got=code, hint=hint
            )
