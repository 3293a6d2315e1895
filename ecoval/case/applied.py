"""The rules that a part of the case is tested by: looked up once each, and kept for the annex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..findings import Finding
from ..rules.jurisdictions import Place, place
from ..rules.parameters import InForce, all_in_force, parameter
from ..rules.sources import STANDINGS


class Applied:
    """What holds at *at* on the day *on*; every rule asked for and found is remembered."""

    def __init__(self, at: Place, on: date) -> None:
        self.at, self.on = at, on
        self._found: dict[str, tuple[InForce, ...]] = {}

    def every(self, name: str) -> tuple[InForce, ...]:
        """Return the values of *name* in force, the most local first."""
        if name not in self._found:
            self._found[name] = all_in_force(name, on=self.on, jurisdiction=self.at)
        return self._found[name]

    def cite(self, *names: str) -> None:
        """Have the rules *names* cited, which decide no figure."""
        for name in names:
            self.every(name)

    def applied(self, name: str) -> tuple[InForce, ...]:
        """Return the values of *name* if it was asked for so far, else none."""
        return self._found.get(name, ())

    def first(self, name: str) -> InForce | None:
        """Return the most local value of *name* in force, None where no rule was seen."""
        return next(iter(self.every(name)), None)

    def cited(self, name: str) -> str:
        """Return source and clause of *name*, or that no rule on it was seen there and then."""
        found = self.first(name)
        return found.brief if found else f"未见{parameter(name).title}的规定"

    def unknown(self, name: str) -> str:
        """Return that no rule on *name* was seen there and then, and where and when one is known."""
        held = parameter(name)
        known = "；".join(f"{place(value.jurisdiction).name} {value.span}" for value in held.values)
        said = f"未见 {self.at.name} {self.on.isoformat()} 关于{held.title}的规定"
        return f"{said}。已知：{known or '无'}"

    def marked(self, name: str) -> str:
        """Return `cited`, marked where the text of the rule was not read."""
        found = self.first(name)
        if found is None or found.found.standing == "verified":
            return self.cited(name)
        return f"{found.brief}〔{STANDINGS[found.found.standing]}〕"

    @property
    def rules(self) -> tuple[InForce, ...]:
        """Every rule found so far."""
        return tuple(rule for found in self._found.values() for rule in found)

    def doubts(self, where: str) -> Iterator[Finding]:
        """Yield a finding for each rule applied whose text is remembered only."""
        for rule in self.rules:
            if rule.found.standing == "unverified":
                text = f"{rule.parameter.title}的依据待核实"
                yield Finding("unverified-rule", "warning", text, where, rule.citation)
