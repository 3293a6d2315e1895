"""Not starting or ending a claim, and ending negotiation: which limb of which rule holds or fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..errors import nearest
from ..findings import Finding, Level
from ..numerals import grouped
from ..rules.jurisdictions import Place, as_place
from ..rules.parameters import InForce, all_in_force, parameter
from ..rules.sources import STANDINGS
from .entries import Attested
from .model import Case

Verdict = Literal["may-end", "may-not", "undetermined"]

VERDICTS: dict[Verdict, str] = {
    "may-end": "可以不启动或者终止索赔",
    "may-not": "不具备不启动或者终止索赔的条件",
    "undetermined": "能否不启动或者终止索赔尚不能确定",
}

_CONDITIONS, _BARS = "ending-conditions", "ending-bars"
# Each is a ground of its own, all of whose limbs must hold.
_WHOLE = ("ending-corrected", "ending-wildlife", "ending-other-slight")
# Each limb is a ground of its own.
_ANY = ("ending-national", "ending-restored")
_SLIGHT, _SLIGHT_GROUND = "ending-slight", "slight_no_compensation"
_TIME = "ending-correction-time"


@dataclass(frozen=True)
class RuleTest:
    """One rule applied: the limbs that hold, fail, or are not yet known."""

    rule: InForce
    needs: Literal["all", "any", "none"]
    limbs: Mapping[str, Attested]

    def _titles(self, met: bool | None) -> tuple[str, ...]:
        choices = self.rule.parameter.choices
        return tuple(choices[code] for code, said in self.limbs.items() if said.met is met)

    @property
    def holding(self) -> tuple[str, ...]:
        """The limbs that hold, as printed."""
        return self._titles(True)

    @property
    def failed(self) -> tuple[str, ...]:
        """The limbs that stand in the way, as printed."""
        return self.holding if self.needs == "none" else self._titles(False)

    @property
    def open(self) -> tuple[str, ...]:
        """The limbs of which nothing is attested, as printed."""
        return self._titles(None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The limbs of which nothing is attested, each with the key that attests it."""
        choices = self.rule.parameter.choices
        return tuple(f"{choices[c]}（{c}）" for c, said in self.limbs.items() if said.met is None)

    @property
    def met(self) -> bool | None:
        """Whether the rule is satisfied; None where it hangs on what is not attested."""
        values = [said.met for said in self.limbs.values()]
        if self.needs == "all":
            return False if False in values else None if None in values else True
        found = True if True in values else None if None in values else False
        return found if self.needs == "any" else None if found is None else not found


@dataclass(frozen=True)
class Ending:
    """Whether one jurisdiction's rules allow a claim to be ended, and every rule applied."""

    place: Place
    on: date
    verdict: Verdict
    tests: tuple[RuleTest, ...]

    @property
    def failed(self) -> tuple[tuple[str, str], ...]:
        """Each limb that failed, with its clause."""
        return tuple((limb, test.rule.citation) for test in self.tests for limb in test.failed)

    @property
    def grounds(self) -> tuple[tuple[str, str], ...]:
        """What the claim may be ended on, as printed, each with its clause."""
        return tuple(
            (limb, test.rule.citation)
            for test in self.tests
            if test.rule.name in (*_WHOLE, *_ANY)
            for limb in _holding(test, self.tests)
        )


def endings(
    facts: Mapping[str, Attested],
    *,
    on: date,
    jurisdiction: str | Place,
    hours_to_clear: float | None = None,
) -> tuple[Ending, ...]:
    """Return for each jurisdiction, from the place up, whether a claim may be ended on *facts*.

    The rules are permissive: where they hold, the claim *may* be ended. Zhejiang (ten) asks for two
    conditions and one of three grounds; the nation has a list of grounds (management provisions,
    18) and, for slight damage, exceptions under which it must be claimed all the same (opinion of
    2025, four). *hours_to_clear* answers the limb on 24 hours where it is known.

    Returns
    -------
    An empty tuple where no rule is known there and then.
    """
    at = as_place(jurisdiction)
    found: list[Ending] = []
    for step in at.way_up:
        tests = tuple(_tests(step, at, on, facts, hours_to_clear))
        if any(test.rule.name in (*_WHOLE, *_ANY) for test in tests):
            found.append(Ending(step, on, _verdict(tests), tests))
    return tuple(found)


def _tests(
    step: Place, at: Place, on: date, facts: Mapping[str, Attested], hours: float | None
) -> Iterator[RuleTest]:
    needs: tuple[tuple[str, Literal["all", "any", "none"]], ...] = (
        (_CONDITIONS, "all"),
        *((name, "all") for name in _WHOLE),
        *((name, "any") for name in _ANY),
        (_SLIGHT, "any"),
        (_BARS, "none"),
    )
    for name, need in needs:
        for rule in all_in_force(name, on=on, jurisdiction=at):
            if rule.found.jurisdiction != step.code:
                continue
            limbs = {code: facts.get(code, Attested()) for code in rule.chosen}
            limit = next(iter(all_in_force(_TIME, on=on, jurisdiction=at)), None)
            if "cleared_in_time" in limbs and hours is not None and limit is not None:
                said = f"案发至清除 {grouped(hours)} 小时"
                limbs["cleared_in_time"] = Attested(met=hours <= limit.number, note=said)
            yield RuleTest(rule, need, limbs)


def _ground(test: RuleTest, code: str, tests: Sequence[RuleTest]) -> bool | None:
    """Weigh one ground of a list; slight damage by what qualifies it and what bars it."""
    said = test.limbs[code].met
    if code != _SLIGHT_GROUND or said is not True:
        return said
    qualified = [each.met for each in tests if each.rule.name in (_SLIGHT, _BARS)]
    return False if False in qualified else None if None in qualified else True


def _holding(test: RuleTest, tests: Sequence[RuleTest]) -> tuple[str, ...]:
    """Return the limbs of *test* that carry it, as printed."""
    if test.needs == "all":
        return test.holding if test.met else ()
    choices = test.rule.parameter.choices
    return tuple(choices[code] for code in test.limbs if _ground(test, code, tests))


def _verdict(tests: Sequence[RuleTest]) -> Verdict:
    conditions = [test.met for test in tests if test.rule.name == _CONDITIONS]
    grounds = [test.met for test in tests if test.rule.name in _WHOLE]
    for test in tests:
        if test.rule.name in _ANY:
            grounds += [_ground(test, code, tests) for code in test.limbs]
    if False in conditions or all(ground is False for ground in grounds):
        return "may-not"
    return "may-end" if None not in conditions and True in grounds else "undetermined"


def negotiation_ends(case: Case) -> tuple[RuleTest, ...]:
    """Return the grounds on which negotiation may end, from the place up, on what *case* says.

    Three meetings without agreement are counted from the dates where nothing is attested.
    """
    on = case.dates.when("negotiation_ended") or case.dates.when("negotiation_started") or case.on
    signed = any(case.dates.when(f"agreement_{how}") for how in ("signed", "effective"))
    tests = []
    for rule in all_in_force("negotiation-end", on=on, jurisdiction=case.jurisdiction):
        limbs = {code: case.negotiation.get(code, Attested()) for code in rule.chosen}
        meetings = all_in_force("deadline-meetings", on=on, jurisdiction=case.jurisdiction)
        held = len(case.dates.negotiation_meetings)
        if "meetings_passed" in limbs and held and "meetings_passed" not in case.negotiation:
            enough = bool(meetings) and held >= meetings[0].number and not signed
            limbs["meetings_passed"] = Attested(met=enough, note=f"已磋商 {held} 次")
        tests.append(RuleTest(rule, "any", limbs))
    return tuple(tests)


def ending_findings(case: Case) -> Iterator[Finding]:
    """Yield what the rules on ending a claim and ending negotiation say of *case*."""
    yield from _unknown(case)
    if case.ending:
        yield from _of_claim(case)
    if case.negotiation or case.dates.when("negotiation_ended") is not None:
        yield from _of_negotiation(case)
    yield from _of_suit(case)


def _of_claim(case: Case) -> Iterator[Finding]:
    hours = case.dates.hours_to_clear
    found = endings(case.ending, on=case.on, jurisdiction=case.jurisdiction, hours_to_clear=hours)
    said = case.ending.get("cleared_in_time")
    if found and hours is not None and said is not None and said.met is not None:
        limit = all_in_force(_TIME, on=case.on, jurisdiction=case.jurisdiction)
        if limit and said.met != (hours <= limit[0].number):
            text = f"cleared_in_time 与案发、清除的时刻不符：相隔 {grouped(hours)} 小时"
            yield Finding("ending-contradiction", "warning", text, "ending", limit[0].citation)
    if not found:
        listed = [parameter(name) for name in (*_WHOLE, *_ANY)]
        known = "；".join(
            dict.fromkeys(
                f"{as_place(value.jurisdiction).name} {value.span}"
                for held in listed
                for value in held.values
            )
        )
        text = (
            f"未见 {case.jurisdiction.name} {case.on} 关于不启动或者终止索赔的规定。已知：{known}"
        )
        yield Finding("ending-no-rule", "warning", text, "ending")
    for ending in found:
        yield _told(ending)
        unread = {
            test.rule.citation: STANDINGS[test.rule.found.standing]
            for test in ending.tests
            if test.rule.found.standing != "verified"
        }
        for clause, standing in unread.items():
            text = f"终止索赔的依据{standing}"
            yield Finding("ending-standing", "note", text, "ending", clause)


def _told(ending: Ending) -> Finding:
    """Return what one jurisdiction's rules come to: the limbs with their own clauses, no others."""
    tests, verdict = ending.tests, ending.verdict
    text = f"按{ending.place.name}的规定，{VERDICTS[verdict]}"
    if verdict == "may-end":
        grounds = "；".join(dict.fromkeys(limb for limb, _ in ending.grounds))
        conditions = [test.rule.citation for test in tests if test.rule.name == _CONDITIONS]
        text += f"（{grounds}）；规定写的是“可以”，由赔偿权利人决定"
        cited = [*conditions, *(clause for _, clause in ending.grounds)]
    elif all(said.met is None for test in tests for said in test.limbs.values()):
        keys = dict.fromkeys(code for test in tests for code in test.limbs)
        text += f"：各项均未说明（{'、'.join(keys)}）"
        cited = [test.rule.citation for test in tests]
    else:
        failed = [test for test in tests if test.failed]
        waiting = [test for test in tests if test.asked and not test.failed]
        for test in failed:
            word = "存在" if test.needs == "none" else "不符合"
            text += f"。{word} {test.rule.found.clause}：{'；'.join(test.failed)}"
        for test in waiting if verdict == "undetermined" else ():
            text += f"。待说明 {test.rule.found.clause}：{'；'.join(test.asked)}"
        cited = [test.rule.citation for test in failed or waiting]
    level: Level = "note" if verdict == "undetermined" else "warning"
    clauses = "；".join(dict.fromkeys(cited))
    return Finding(f"claim-{verdict}", level, text, "ending", clauses)


def _of_negotiation(case: Case) -> Iterator[Finding]:
    tests = negotiation_ends(case)
    for test in tests[:1]:
        clause = test.rule.citation
        if test.met:
            text = f"可以终止磋商：{'；'.join(test.holding)}"
            yield Finding("negotiation-may-end", "note", text, "negotiation", clause)
        elif case.dates.when("negotiation_ended") is not None:
            open_limbs = "；".join(test.asked)
            text = "已终止磋商，而没有一项终止磋商的情形得到说明"
            text += f"，待说明：{open_limbs}" if test.met is None else ""
            yield Finding("negotiation-ended-without-ground", "warning", text, "dates", clause)


def _of_suit(case: Case) -> Iterator[Finding]:
    """Yield where a suit was brought before negotiation failed or was shown to be impossible."""
    filed = case.dates.when("suit_filed")
    if filed is None:
        return
    for rule in all_in_force("suit-precondition", on=filed, jurisdiction=case.jurisdiction):
        said = [case.negotiation.get(code) for code in rule.chosen]
        ended = case.dates.when("negotiation_ended")
        if any(each is not None and each.met for each in said) or (ended and ended <= filed):
            continue
        text = f"{filed} 起诉之前，未见磋商未达成一致或者无法磋商的说明"
        yield Finding("suit-before-negotiation", "warning", text, "dates.suit_filed", rule.citation)


def _unknown(case: Case) -> Iterator[Finding]:
    names = {
        "ending": (_CONDITIONS, *_WHOLE, *_ANY, _SLIGHT, _BARS),
        "negotiation": ("negotiation-end", "suit-precondition"),
    }
    known = {
        table: list(dict.fromkeys(code for name in each for code in parameter(name).choices))
        for table, each in names.items()
    }
    for table, codes in known.items():
        for code in getattr(case, table):
            if code not in codes:
                listed = f"可写：{'、'.join(codes)}；含义见 ecoval rules ending"
                text = f"没有 {code} 这一情形，未予考虑。{nearest(code, codes)}{listed}"
                yield Finding(f"{table}-unknown", "warning", text, f"{table}.{code}")
