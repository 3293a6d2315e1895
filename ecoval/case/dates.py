"""The dates of a case's procedure, as its file gives them, and the order they must stand in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator

from ..reading import Model
from .entries import AttestedField

EVENTS = {
    "clue_found": "发现线索",
    "clue_received": "接到线索",
    "preliminary_checked": "完成初步核查",
    "investigation_started": "启动损害调查",
    "appraisal_commissioned": "鉴定评估委托书生效",
    "appraisal_finished": "完成鉴定评估",
    "investigation_ended": "调查结束",
    "conclusion_made": "形成调查结论",
    "procuratorate_informed": "告知同级检察机关",
    "negotiation_notice_served": "磋商告知书送达",
    "negotiation_started": "磋商开始",
    "agreement_signed": "签订赔偿协议",
    "agreement_effective": "赔偿协议生效",
    "negotiation_ended": "终止磋商",
    "confirmation_applied": "申请司法确认",
    "announcement_started": "法院公告协议",
    "announcement_ended": "公告期满",
    "damage_and_obligor_known": "知道损害和责任人",
    "tort_ended": "侵权行为结束",
    "limitation_interrupted": "时效中断",
    "suit_filed": "提起诉讼",
    "enforcement_applied": "申请强制执行",
    "procuratorate_enforcement_told": "将强制执行材料通报检察机关",
    "case_closed": "办结",
    "procuratorate_told": "将处理情况函告检察机关",
    "procuratorate_closed": "检察机关办结",
    "procuratorate_replied": "检察机关函告处理情况",
    "refund_asked": "申请退还鉴定费用",
    "refund_ruled": "对退还鉴定费用作出裁定",
}

# The first cannot come after the second.
_ORDER = (
    ("clue_found", "preliminary_checked"),
    ("clue_received", "preliminary_checked"),
    ("appraisal_commissioned", "appraisal_finished"),
    ("investigation_started", "investigation_ended"),
    ("investigation_ended", "conclusion_made"),
    ("negotiation_notice_served", "negotiation_started"),
    ("negotiation_notice_served", "agreement_signed"),
    ("negotiation_started", "agreement_signed"),
    ("negotiation_started", "agreement_effective"),
    ("negotiation_started", "negotiation_ended"),
    ("agreement_signed", "agreement_effective"),
    ("agreement_effective", "confirmation_applied"),
    ("confirmation_applied", "announcement_started"),
    ("announcement_started", "announcement_ended"),
    ("damage_and_obligor_known", "limitation_interrupted"),
    ("damage_and_obligor_known", "suit_filed"),
    ("enforcement_applied", "procuratorate_enforcement_told"),
    ("case_closed", "procuratorate_told"),
    ("procuratorate_closed", "procuratorate_replied"),
    ("refund_asked", "refund_ruled"),
)


_FIRST_YEAR, _LAST_YEAR = 1979, 2099


class Day(Model):
    """A day of the procedure with the material that shows it; *open* says why it is not known."""

    on: date | None = None
    evidence: str = ""
    note: str = ""
    open: str = ""

    @field_validator("on")
    @classmethod
    def _within_reach(cls, given: date | None) -> date | None:
        if given is not None:
            _reachable(given)
        return given


def _reachable(day: date) -> None:
    """Refuse a year that no procedure can have; a slip of the hand would run past the calendar."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"年份应在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间，所给为 {day}")


def _as_day(given: object) -> object:
    return {"on": given} if isinstance(given, (date, str)) else given


DayField = Annotated[Day, BeforeValidator(_as_day)]


class Dates(Model):
    """When each step of the procedure was taken; a step not taken is left out."""

    clue_found: DayField | None = None
    clue_received: DayField | None = None
    preliminary_checked: DayField | None = None
    investigation_started: DayField | None = None
    appraisal_commissioned: DayField | None = None
    appraisal_finished: DayField | None = None
    investigation_ended: DayField | None = None
    conclusion_made: DayField | None = None
    procuratorate_informed: DayField | None = None
    negotiation_notice_served: DayField | None = None
    negotiation_started: DayField | None = None
    negotiation_meetings: tuple[date, ...] = ()
    agreement_signed: DayField | None = None
    agreement_effective: DayField | None = None
    negotiation_ended: DayField | None = None
    confirmation_applied: DayField | None = None
    announcement_started: DayField | None = None
    announcement_ended: DayField | None = None
    damage_and_obligor_known: DayField | None = None
    tort_ended: DayField | None = None
    limitation_interrupted: DayField | None = None
    suit_filed: DayField | None = None
    enforcement_applied: DayField | None = None
    procuratorate_enforcement_told: DayField | None = None
    case_closed: DayField | None = None
    procuratorate_told: DayField | None = None
    procuratorate_closed: DayField | None = None
    procuratorate_replied: DayField | None = None
    refund_asked: DayField | None = None
    refund_ruled: DayField | None = None
    incident_at: datetime | None = None
    cleared_at: datetime | None = None
    complex_case: AttestedField | None = Field(default=None)
    clue_from_procuratorate: AttestedField | None = Field(default=None)

    def when(self, event: str) -> date | None:
        """Return the day of *event*, None where it is not given."""
        day: Day | None = getattr(self, event)
        return day.on if day is not None else None

    def given(self) -> Iterator[tuple[str, Day]]:
        """Yield the events that the file names, with their days."""
        for event in EVENTS:
            day: Day | None = getattr(self, event)
            if day is not None:
                yield event, day

    @property
    def hours_to_clear(self) -> float | None:
        """The hours from the incident to the end of correction or clearing."""
        if self.incident_at is None or self.cleared_at is None:
            return None
        return (self.cleared_at - self.incident_at).total_seconds() / 3600

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        for first, second in _ORDER:
            one, other = self.when(first), self.when(second)
            if one is not None and other is not None and other < one:
                raise ValueError(
                    f"{EVENTS[second]}（{second}）{other} 早于{EVENTS[first]}（{first}）{one}"
                )
        for day in self.negotiation_meetings:
            _reachable(day)
        for place, (one, other) in enumerate(
            zip(self.negotiation_meetings, self.negotiation_meetings[1:], strict=False), start=2
        ):
            if other < one:
                raise ValueError(
                    f"第 {place} 次磋商（negotiation_meetings）{other} 早于前一次 {one}"
                )
        started = self.when("negotiation_started")
        if started and self.negotiation_meetings and self.negotiation_meetings[0] < started:
            raise ValueError(
                f"第一次磋商（negotiation_meetings）{self.negotiation_meetings[0]} 早于磋商开始"
                f"（negotiation_started）{started}"
            )
        if (self.incident_at is None) != (self.cleared_at is None):
            raise ValueError("incident_at（案发时刻）与 cleared_at（清除完成时刻）须一并填写")
        if self.incident_at is not None and self.cleared_at is not None:
            if (self.incident_at.tzinfo is None) != (self.cleared_at.tzinfo is None):
                raise ValueError("incident_at 与 cleared_at 须同样写或者不写时区")
            if self.cleared_at < self.incident_at:
                raise ValueError(
                    f"清除完成（cleared_at）{self.cleared_at} 早于案发（incident_at）{self.incident_at}"
                )
        return self


def months_later(day: date, months: int) -> date:
    """Return the same day *months* later, or the last day of that month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        raise ValueError(year)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
