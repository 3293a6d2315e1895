"""The factor sheet of punitive damages: what each expert makes of each factor, and what is agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from ..errors import InputError, Spot, nearest
from ..findings import Finding
from ..reading import Model
from ..rules.parameters import parameter
from .amounts import Number, exact, written
from .applied import Applied


class Score(Model):
    """One expert's score of one factor: the multiple that this factor by itself speaks for."""

    expert: str = Field(min_length=1)
    score: Number
    reason: str = ""


class FactorEntry(Model):
    """A factor with the scores of the panel and the value agreed on."""

    factor: str = Field(min_length=1)
    scores: tuple[Score, ...] = Field(alias="score", default=())
    agreed: Number | None = None
    reason: str = ""

    model_config = {"populate_by_name": True}


@dataclass(frozen=True)
class Factor:
    """A factor scored: each expert's score, the spread, the agreed value."""

    code: str
    title: str
    scores: tuple[tuple[str, Fraction, str], ...]
    agreed: Fraction | None
    reason: str

    @property
    def lowest(self) -> Fraction | None:
        """The lowest score."""
        return min((score for _, score, _ in self.scores), default=None)

    @property
    def highest(self) -> Fraction | None:
        """The highest score."""
        return max((score for _, score, _ in self.scores), default=None)

    @property
    def spread(self) -> str:
        """Lowest and highest score, as printed."""
        if self.lowest is None or self.highest is None:
            return "未评"
        if self.lowest == self.highest:
            return written(self.lowest)
        return f"{written(self.lowest)} 至 {written(self.highest)}"

    def as_dict(self) -> dict[str, object]:
        """Return the factor as plain JSON data."""
        scores = [
            {"expert": expert, "score": written(score), "reason": reason}
            for expert, score, reason in self.scores
        ]
        agreed = None if self.agreed is None else written(self.agreed)
        return {"factor": self.code, "scores": scores, "agreed": agreed, "reason": self.reason}


def asked_factors(rules: Applied) -> dict[str, str]:
    """Return the factors that the rules in force name, by code, the most local rule's first."""
    titles = parameter("punitive-factors").choices
    codes = [code for rule in rules.every("punitive-factors") for code in rule.chosen]
    return {code: titles[code] for code in dict.fromkeys(codes)}


def factor_sheet(entries: Sequence[FactorEntry], rules: Applied) -> tuple[Factor, ...]:
    """Return the factor sheet with every factor of the rules in force, scored or not.

    Raises
    ------
    InputError
        A factor is unknown or stands twice; an expert scores one twice, below zero or without a
        reason; the agreed value lies outside the spread and no reason is given.
    """
    asked, clause = asked_factors(rules), rules.cited("punitive-factors")
    titles = asked or parameter("punitive-factors").choices
    seen: dict[str, Factor] = {}
    for place, entry in enumerate(entries):
        where = _Where(place)
        if entry.factor not in titles:
            hint = nearest(entry.factor, titles) or f"可用：{'、'.join(titles)}。"
            raise InputError(
                f"不是应考虑的因素（{clause}）", where=where("factor"), got=entry.factor, hint=hint
            )
        if entry.factor in seen:
            raise InputError("同一因素列了两次", where=where("factor"), got=entry.factor)
        scores = tuple(_scores(entry, where, clause))
        agreed = None if entry.agreed is None else exact(entry.agreed)
        factor = Factor(entry.factor, titles[entry.factor], scores, agreed, entry.reason)
        _check_agreed(factor, where, clause)
        seen[entry.factor] = factor
    for code, title in asked.items():
        seen.setdefault(code, Factor(code, title, (), None, ""))
    return tuple(seen.values())


class _Where:
    def __init__(self, place: int) -> None:
        self.place = place

    def __call__(self, *keys: int | str) -> Spot:
        text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
        return Spot(
            f"punitive.factor[{self.place + 1}]{text}", ("punitive", "factor", self.place, *keys)
        )


def _scores(entry: FactorEntry, where: _Where, clause: str) -> Iterator[tuple[str, Fraction, str]]:
    experts = set()
    for at, said in enumerate(entry.scores):
        if said.expert in experts:
            raise InputError(f"专家 {said.expert} 对同一因素评了两次", where=where("score", at))
        experts.add(said.expert)
        score = exact(said.score)
        if score < 0:
            raise InputError(
                f"评分不得为负（{clause}）", where=where("score", at, "score"), got=said.score
            )
        if not said.reason.strip():
            raise InputError(
                f"专家 {said.expert} 的评分没有理由（{clause}）", where=where("score", at, "reason")
            )
        yield said.expert, score, said.reason


def _check_agreed(factor: Factor, where: _Where, clause: str) -> None:
    if factor.agreed is None:
        return
    if factor.agreed < 0:
        raise InputError(
            f"议定值不得为负（{clause}）", where=where("agreed"), got=written(factor.agreed)
        )
    if factor.reason.strip():
        return
    if factor.lowest is None or factor.highest is None:
        raise InputError(f"“{factor.title}”没有评分而有议定值，须写理由", where=where("reason"))
    if not factor.lowest <= factor.agreed <= factor.highest:
        raise InputError(
            f"“{factor.title}”的议定值在各专家评分之外，须写理由（{clause}）",
            where=where("agreed"),
            got=written(factor.agreed),
            hint=f"评分 {factor.spread}；理由写在 reason。",
        )


def sheet_findings(
    sheet: Sequence[Factor], multiplier: Fraction | None, reason: str, clause: str
) -> Iterator[Finding]:
    """Yield what the sheet leaves out, and a multiplier that lies outside what it supports."""
    scored = [factor for factor in sheet if factor.scores]
    if sheet and not scored:
        text = "没有因素评分表，倍数或数额的依据仅为所写理由"
        yield Finding("no-factor-sheet", "warning", text, "punitive.factor", clause)
        return
    for factor in sheet:
        if not factor.scores:
            text = f"应考虑的因素“{factor.title}”未评"
            yield Finding("factor-open", "warning", text, "punitive.factor", clause)
        elif factor.agreed is None:
            text = f"因素“{factor.title}”没有议定值"
            yield Finding("factor-not-agreed", "warning", text, "punitive.factor", clause)
    agreed = [factor.agreed for factor in scored if factor.agreed is not None]
    if multiplier is None or not agreed or reason.strip():
        return
    if not min(agreed) <= multiplier <= max(agreed):
        text = (
            f"倍数 {written(multiplier)} 在各因素议定值（{written(min(agreed))} 至 "
            f"{written(max(agreed))}）之外，未写理由"
        )
        yield Finding("multiplier-outside-sheet", "warning", text, "punitive.multiplier", clause)
