"""The time limits of a case: from its dates to what is due when, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from ..errors import ContentError, ParameterNotFound
from ..findings import Finding, Level
from ..rules.jurisdictions import place as as_place
from ..rules.parameters import InForce, Parameter, Value, all_in_force, parameter, topics
from ..rules.sources import STANDINGS
from ..rules.workdays import add_working, is_holiday, is_working, next_working
from .dates import EVENTS, months_later
from .model import Case

State = Literal[
    "met", "late", "missed", "running", "between", "too-short", "unsettled", "uncountable"
]


# A step that the parties may take and need not.
_OPTIONAL = ("deadline-confirmation",)


@dataclass(frozen=True)
class Deadline:
    """One limit of one rule, counted from a day of the case.

    Of two rows that are ``contested`` only one applies, and which one was not seen.

    ``last`` is the last day as counted. ``due`` is that day, or the working day after the public
    holiday it falls on. ``until`` is later than ``due`` only where the last day is an ordinary
    weekend, of which the texts read do not say whether it carries the period over.
    """

    name: str
    rule: InForce
    start_event: str
    start: date
    last: date | None
    due: date | None
    until: date | None
    done_event: str
    done: date | None
    as_of: date | None
    remark: str = ""
    follows: str = ""
    contested: bool = False

    @property
    def step(self) -> str:
        """What is to be done."""
        return self.rule.parameter.title

    @property
    def counted_from(self) -> str:
        """The event and the day the limit is counted from."""
        return f"{EVENTS[self.start_event]} {self.start.isoformat()}"

    @property
    def state(self) -> State:
        """Where the step stands."""
        if self.due is None or self.until is None:
            return "uncountable"
        if self.rule.found.operator == ">=":
            if self.done is None:
                return "running"
            return "too-short" if self.done < self.due else "met"
        day = self.done or self.as_of
        if day is None:
            return "unsettled"
        if day <= self.due:
            return "met" if self.done else "running"
        if day <= self.until:
            return "between"
        return "late" if self.done else "missed"

    @property
    def overdue(self) -> int:
        """The days by which the step is late, zero if it is not."""
        day = self.done or self.as_of
        if self.until is None or day is None or self.state not in ("late", "missed"):
            return 0
        return (day - self.until).days

    @property
    def text(self) -> str:
        """How the step stands, as printed."""
        words = {
            "met": "按期完成",
            "late": f"逾期 {self.overdue} 日完成",
            "missed": f"截至 {self.as_of} 未完成，已逾期 {self.overdue} 日",
            "running": "期限未满",
            "between": f"末日 {self.due} 为周末，是否顺延至 {self.until} 待定",
            "too-short": "期间不足",
            "unsettled": "未填完成日",
            "uncountable": "不能推算",
        }
        if self.contested:
            unsaid = "，适用哪一期间未见规定"
            words["late"] = f"按此期间迟 {self.overdue} 日{unsaid}"
            words["missed"] = f"按此期间截至 {self.as_of} 已过 {self.overdue} 日{unsaid}"
        said = words[self.state]
        repeats = self.state == "between" or not self.remark
        return said if repeats else f"{said}；{self.remark}"

    def as_dict(self) -> dict[str, object]:
        """Return the row as plain data."""

        def day(of: date | None) -> str | None:
            return of.isoformat() if of else None

        return {
            "name": self.name,
            "step": self.step,
            "limit": self.rule.text,
            "from": self.start_event,
            "start": self.start.isoformat(),
            "due": day(self.due),
            "until": day(self.until),
            "done": day(self.done),
            "state": self.state,
            "overdue": self.overdue,
            "text": self.text,
            "clause": self.rule.citation,
            "standing": self.rule.found.standing,
        }


@dataclass(frozen=True)
class Deadlines:
    """The limits that run in a case, the steps whose limit has not begun, and what was found."""

    rows: tuple[Deadline, ...]
    waiting: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[Finding, ...]
    counting: InForce | None
    as_of: date | None


def deadlines_of(case: Case, as_of: date | None = None) -> Deadlines:
    """Return the time limits of *case*, each by the rule in force on the day it begins.

    *as_of* is the day on which an undone step is judged, else the day of the opinion; without
    either an undone step is neither late nor in time. A place's rule stands before the nation's,
    which is listed too where it says something else. Where a rule changes while a limit runs, both
    are listed.
    """
    as_of = as_of or case.opinion_on
    rows: list[Deadline] = []
    waiting: list[tuple[str, tuple[str, ...]]] = []
    findings: list[Finding] = []
    for name in topics()["deadlines"]:
        held = parameter(name)
        if not held.ends or not _applies(name, case):
            continue
        here = [value for value in held.values if _above(case, value)]
        found = _rows(name, held, here, case, as_of)
        rows += found
        findings += _findings(found)
        begun = _begun(held, case)
        if not found and begun is not None:
            findings.append(_no_rule(name, held, case, begun))
        elif not found and here:
            waiting.append((held.title, _nearest(here, case).starts))
    findings += _meetings(case)
    counting = all_in_force("period-counting", on=case.on, jurisdiction="CN")
    return Deadlines(
        tuple(rows), tuple(waiting), tuple(findings), counting[0] if counting else None, as_of
    )


def _applies(name: str, case: Case) -> bool:
    """Tell whether the limit is one for a case of this kind; where that is open, both are."""
    complex_case, sent = case.dates.complex_case, case.dates.clue_from_procuratorate
    if name == "deadline-appraisal":
        return complex_case is None or not complex_case.met
    if name == "deadline-appraisal-complex":
        return complex_case is not None and complex_case.met is not False
    if name == "deadline-procuratorate-letter":
        return sent is not None and sent.met is not False
    return True


def _above(case: Case, value: Value) -> bool:
    return value.jurisdiction in {step.code for step in case.jurisdiction.way_up}


def _nearest(here: list[Value], case: Case) -> Value:
    """Return the newest value of the most local place that has one."""
    codes = [step.code for step in case.jurisdiction.way_up]
    place = min(codes.index(value.jurisdiction) for value in here)
    return max(
        (value for value in here if value.jurisdiction == codes[place]),
        key=lambda value: value.since,
    )


def _start(value: Value, case: Case) -> tuple[str, date] | None:
    """Return the latest of the events that *value* is counted from."""
    given = [(case.dates.when(event), event) for event in value.starts]
    days = [(day, event) for day, event in given if day is not None]
    if not days:
        return None
    day, event = max(days, key=lambda each: each[0])
    return event, day


def _begun(held: Parameter, case: Case) -> date | None:
    """Return the day the limit would begin by any rule anywhere."""
    days = [start[1] for value in held.values if (start := _start(value, case)) is not None]
    return max(days, default=None)


def _rows(
    name: str, held: Parameter, here: list[Value], case: Case, as_of: date | None
) -> list[Deadline]:
    rows: list[Deadline] = []
    for step in case.jurisdiction.way_up:
        for value in here:
            start = _start(value, case)
            if value.jurisdiction != step.code or start is None or not value.holds(start[1]):
                continue
            rule = InForce(name, held, value, case.jurisdiction, start[1])
            row = _row(rule, *start, case, as_of)
            same = (row.start, rule.number, rule.found.operator)
            if any((r.start, r.rule.number, r.rule.found.operator) == same for r in rows):
                continue
            crossed = _crossed(row, here, case, as_of)
            rows += [replace(row, contested=bool(crossed)), *crossed]
    return rows


def _crossed(row: Deadline, here: list[Value], case: Case, as_of: date | None) -> list[Deadline]:
    """Return the limit by the rules that came into force at the same place while it ran."""
    return [
        replace(
            _row(
                replace(row.rule, found=value, on=value.since),
                row.start_event,
                row.start,
                case,
                as_of,
            ),
            follows=row.rule.citation,
            contested=True,
        )
        for value in here
        if value.jurisdiction == row.rule.found.jurisdiction
        and row.last is not None
        and row.start < value.since <= row.last
        and (value.value, value.operator) != (row.rule.found.value, row.rule.found.operator)
    ]


def _row(rule: InForce, event: str, start: date, case: Case, as_of: date | None) -> Deadline:
    ends = [(case.dates.when(end), end) for end in rule.parameter.ends]
    done = min(((day, end) for day, end in ends if day is not None), default=None)
    last, due, until, remark = None, None, None, ""
    try:
        last = _last(rule, start)
        due, until, remark = _carried(rule, last)
    except ParameterNotFound as error:
        remark = str(error).rstrip("。")
    return Deadline(
        rule.name,
        rule,
        event,
        start,
        last,
        due,
        until,
        done[1] if done else rule.parameter.ends[0],
        done[0] if done else None,
        as_of,
        remark,
    )


def _last(rule: InForce, start: date) -> date:
    """Return the last day of the period; the day it begins is not counted (Civil Code 201, 202)."""
    count, of = int(rule.number), rule.parameter.unit
    if of == "工作日":
        return add_working(start, count)
    if of == "年":
        return months_later(start, 12 * count)
    if of == "日":
        return start + timedelta(days=count)
    raise ContentError(f"期限的单位须为 日、工作日 或 年，所写为 {of}", where=rule.name)


def _carried(rule: InForce, last: date) -> tuple[date, date, str]:
    """Return the day due, the day it may be carried to, and a remark (Civil Code 203)."""
    if rule.found.operator == ">=" or rule.parameter.unit == "工作日":
        return last, last, ""
    try:
        if is_working(last):
            return last, last, ""
        following = next_working(last)
    except ParameterNotFound:
        return last, last, f"{last.year} 年放假安排未见，末日如为休假日未作顺延"
    if is_holiday(last):
        return following, following, f"末日 {last} 为法定休假日，顺延至 {following}"
    return last, following, f"末日 {last} 为周末，次一工作日为 {following}"


def _findings(rows: list[Deadline]) -> Iterator[Finding]:
    for row in rows:
        where, clause = f"dates.{row.start_event}", row.rule.citation
        said = f"{row.step}：自{row.counted_from} 起{row.rule.text}"
        if row.state in ("late", "missed"):
            text = f"{said}，至迟 {row.due}，{row.text}"
            level: Level = "note" if row.name in _OPTIONAL and row.done is None else "warning"
            code = "deadline-contested" if row.contested else "deadline-overdue"
            yield Finding(code, level, text, where, clause)
        elif row.state == "between":
            yield Finding("deadline-weekend", "note", f"{said}，{row.text}", where, clause)
        elif row.state == "too-short":
            text = f"{said}，至 {row.due} 才满，{EVENTS[row.done_event]} {row.done} 过早"
            yield Finding("deadline-too-short", "warning", text, where, clause)
        elif row.state == "uncountable":
            yield Finding("deadline-uncountable", "warning", f"{said}，{row.text}", where, clause)
        if row.follows:
            text = (
                f"{row.step}期间跨越规则变更：原按{row.follows}，{row.rule.found.since} 起"
                f"{row.rule.text}，如何衔接未见规定，两个日期均列出"
            )
            yield Finding("deadline-rule-changed", "warning", text, where, clause)
        if row.rule.found.standing != "verified":
            text = f"{row.step}的期限依据{STANDINGS[row.rule.found.standing]}"
            yield Finding("deadline-standing", "note", text, where, clause)


def _no_rule(name: str, held: Parameter, case: Case, begun: date) -> Finding:
    known = "；".join(f"{as_place(value.jurisdiction).name} {value.span}" for value in held.values)
    text = f"未见 {case.jurisdiction.name} {begun} 关于{held.title}期限的规定。已知：{known}"
    return Finding("deadline-no-rule", "note", text, "dates")


def _meetings(case: Case) -> Iterator[Finding]:
    """Yield where more meetings were held than the rule has in mind."""
    held = case.dates.negotiation_meetings
    if not held:
        return
    for rule in all_in_force("deadline-meetings", on=held[0], jurisdiction=case.jurisdiction)[:1]:
        if len(held) > rule.number:
            text = f"已磋商 {len(held)} 次，{rule.parameter.title}{rule.text}"
            yield Finding(
                "too-many-meetings", "note", text, "dates.negotiation_meetings", rule.citation
            )
