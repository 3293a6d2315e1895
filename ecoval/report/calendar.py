"""The time limits of a case as a calendar file that any calendar programme reads."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..case import Case, Deadline, Deadlines
from ..case.dates import EVENTS
from ..errors import InputError, OutputError, reason
from ..numerals import grouped
from ..rules.sources import STANDINGS
from ..version import VERSION


def calendar_of(case: Case, found: Deadlines) -> bytes:
    """Return *found* as iCalendar: an entry for each day on which something is due.

    The same case gives the same bytes. An entry keeps its identity when its day moves, so that a
    calendar which has it already moves it.

    Raises
    ------
    InputError
        No limit has a day.
    """
    # Imported here: only this command writes a calendar.
    from icalendar import Calendar

    rows = [row for row in found.rows if row.due is not None]
    if not rows:
        raise InputError("没有可写入日历的期限", where="dates")
    calendar = Calendar()
    calendar.add("prodid", f"-//ecoval//{VERSION}//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", case.title)
    for row in rows:
        calendar.add_component(_event(case, row))
    written: bytes = calendar.to_ical()
    return written


def write_calendar(case: Case, found: Deadlines, path: Path, *, force: bool = False) -> None:
    """Write *found* as an iCalendar file.

    Raises
    ------
    OutputError
        The file exists and *force* is not given, or it cannot be written.
    InputError
        No limit has a day.
    """
    written = calendar_of(case, found)
    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    except OSError as error:
        raise OutputError(f"不能写入：{reason(error)}", where=str(path)) from None


def _event(case: Case, row: Deadline) -> Any:
    from icalendar import Event

    assert row.due is not None
    event = Event()
    rule = row.rule.found
    parts = [case.id or case.title, case.jurisdiction.code, row.name, row.start_event]
    key = "\n".join([*parts, rule.jurisdiction, rule.since.isoformat()])
    event.add("uid", f"{hashlib.sha256(key.encode('utf-8')).hexdigest()[:32]}@ecoval")
    # The standard asks for a stamp; that of the moment of writing would differ each time.
    start = datetime(row.start.year, row.start.month, row.start.day, tzinfo=UTC)
    event.add("dtstamp", start)
    event.add("dtstart", row.due)
    event.add("dtend", row.due + timedelta(days=1))
    done = f"（{EVENTS[row.done_event]} {row.done}）" if row.done else ""
    # Of two periods, one of which applies, the title says which one this is.
    span = f"{grouped(row.rule.number)} {row.rule.parameter.unit}" if row.contested else ""
    event.add("summary", f"{case.title}：{row.step}{span}{done}")
    standing = STANDINGS[row.rule.found.standing]
    said = f"自{row.counted_from} 起{row.rule.text}。{row.text}。{row.rule.citation}〔{standing}〕"
    event.add("description", said)
    event.add("transp", "TRANSPARENT")
    return event
