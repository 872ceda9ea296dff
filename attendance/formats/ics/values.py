"""Values of calendar properties: moments and their zones, numbers, addresses."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from attendance.errors import QuestionError
from attendance.formats.document import shown
from attendance.formats.ics.content import Findings, Line
from attendance.model.draft import zone

HOST = "attendance.invalid"
"""Where nobody has a mailbox (RFC 2606): the addresses of those who have none are made there."""
ORGANIZER = f"mailto:organizer@calendar.{HOST}"
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_UNSAFE = re.compile("[^A-Za-z0-9._-]++")
_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2})++")
_SEPARATORS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]++")
_MARK = "\ufeff"  # of the byte order, which some readers drop wherever it is
_BLANKS = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]++")


def in_lines(text: str) -> str:
    """The text with line feeds for all that anybody might take for the end of a line."""
    return _SEPARATORS.sub("\n", text.replace("\r\n", "\n").replace(_MARK, "")).strip()


def in_a_line(text: str) -> str:
    """The text in one line."""
    return _BLANKS.sub(" ", text.replace(_MARK, "")).strip()


def address_of(name: str) -> str:
    """The address of somebody, or of a group, with none: it has their id in it."""
    return f"mailto:{_UNSAFE.sub(_percent, name)}@{HOST}"


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def id_in(address: str) -> str | None:
    """The id in an address that was made for it."""
    scheme, _, mailbox = address.partition(":")
    local, _, host = mailbox.rpartition("@")
    if scheme.lower() != "mailto" or host.lower() != HOST:
        return None
    return _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), local)


def same(address: str) -> str:
    """What two ways of writing an address have in common."""
    return address.strip().casefold()


def moment(line: Line, findings: Findings) -> date | datetime | None:
    """The date or time of a property, as it is there: with its zone, or without one. What is none is noted."""
    found = _MOMENT.fullmatch(line.value.strip())
    if found is None:
        example = "a date like 20250515 or a time like 20250515T100000Z"
        findings.fault(f"{line.name} has {example}, not {shown(line.value)}", line.at(0))
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return day
        time = datetime(day.year, day.month, day.day, int(found[4]), int(found[5]), min(int(found[6]), 59))
    except ValueError:
        findings.fault(f"{line.name}: there is no such date or time as {line.value.strip()}", line.at(0))
        return None
    return time.replace(tzinfo=UTC) if found[7] else time


def zone_of(line: Line, findings: Findings) -> str | None:
    """The time zone of a moment, by the name it has in the time zone database; one that is unknown is noted."""
    named = line.parameter("TZID")
    if named is None or line.value.strip().endswith(("Z", "z")):
        return None
    name = named.removeprefix("/")
    if zone(name) is not None:
        return name
    for known in (_windows().get(name), name.partition("/")[2]):
        if known and zone(known) is not None:
            return known
    hint = "use a name like Europe/Istanbul, or a time in UTC like 20250515T070000Z"
    findings.fault(f"unknown time zone {shown(named)}: {hint}", line.place)
    return None


def _windows() -> dict[str, str]:
    """What time zones are called in Windows, and where those are."""
    try:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
    except ImportError:
        raise missing() from None
    return WINDOWS_TO_OLSON


def missing() -> QuestionError:
    """The error for calendars where icalendar is not installed."""
    return QuestionError("calendars need icalendar: pip install 'attendance[ics]'")


def in_case(value: date | datetime, named: str | None, within: str) -> date | datetime:
    """A moment as a case in a time zone has it: without a zone where it is that one."""
    if not isinstance(value, datetime) or value.tzinfo is not None or named in (None, within):
        return value
    there = zone(str(named))
    offset = value.replace(tzinfo=there).utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        return value.replace(tzinfo=there).astimezone(UTC)
    return value.replace(tzinfo=timezone(offset))


def duration(line: Line, findings: Findings) -> timedelta | None:
    """How long something takes; what is no length of time is noted."""
    try:
        from icalendar import vDuration
    except ImportError:
        raise missing() from None
    try:
        found: timedelta = vDuration.from_ical(line.value.strip()[:40])  # type: ignore[no-untyped-call]
        return found if found >= timedelta() else None
    except (ValueError, OverflowError):
        findings.fault(f"DURATION has a length like PT1H30M, not {shown(line.value)}", line.at(0))
        return None


def number(line: Line | None, findings: Findings) -> int:
    """A whole number from 0 up; 0 if there is none."""
    if line is None:
        return 0
    if _NUMBER.fullmatch(line.value.strip()) is None:
        findings.fault(f"{line.name} is a whole number from 0 up, not {shown(line.value)}", line.at(0))
        return 0
    return int(line.value)
