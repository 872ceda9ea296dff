"""Values of calendar properties: moments and their zones, numbers, addresses."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from attendance.errors import QuestionError
from attendance.formats.document import shown
from attendance.formats.ics.content import Findings, Line
from attendance.model.draft import instant, utc, zone
from attendance.model.words import possessive

HOST = "attendance.invalid"
"""Where nobody has a mailbox (RFC 2606): the addresses of those who have none are made there."""
ORGANIZER = f"mailto:organizer@calendar.{HOST}"
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_LARGEST = 2**31 - 1
_DURATION = re.compile(
    r"\+?P(?=[\dT])(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?)", re.ASCII
)
LEAP_SECOND = 60
_UNSAFE = re.compile("[^A-Za-z0-9._-]++")
_PERCENT = re.compile(possessive("%[0-9A-Fa-f]{2}", "+"))
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


def single(line: Line, name: str, findings: Findings) -> str | None:
    """The value of a parameter that has one at most; a second one is noted."""
    if len(line.parameters.get(name, ())) > 1:
        findings.fault(f"{name} has one value, and here {len(line.parameters[name])}", line.place)
    return line.parameter(name)


def moment(line: Line, findings: Findings) -> date | datetime | None:
    """The date or time of a property, as it is there: with its zone, or without one. What is none is noted."""
    found = _MOMENT.fullmatch(line.value.strip())
    if found is None:
        example = "a date like 20250515 or a time like 20250515T100000Z"
        findings.fault(f"{line.name} has {example}, not {shown(line.value)}", line.at(0))
        return None
    kind, value = single(line, "VALUE", findings), line.value.strip()
    if kind is not None and kind.upper() != ("DATE" if found[4] is None else "DATE-TIME"):
        findings.fault(f"{line.name} has VALUE={kind[:40]}, which {value} is not", line.place)
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return day
        time = datetime(day.year, day.month, day.day, int(found[4]), int(found[5]), min(int(found[6]), 59))
        if int(found[6]) > LEAP_SECOND:
            raise ValueError
    except ValueError:
        findings.fault(f"{line.name}: there is no such date or time as {line.value.strip()}", line.at(0))
        return None
    return time.replace(tzinfo=UTC) if found[7] else time


def zone_of(line: Line, findings: Findings) -> str | None:
    """The time zone of a moment, by the name it has in the time zone database; one that is unknown is noted."""
    named = single(line, "TZID", findings)
    if named is None and "TZID" in line.parameters:
        findings.fault("TZID is empty: name a time zone, like Europe/Istanbul, or leave it out", line.place)
    if named is None or line.value.strip().endswith(("Z", "z")):
        return None
    name = named.removeprefix("/")
    if zone(name) is not None:
        return name
    known = _windows().get(name)
    if known is not None and zone(known) is not None:
        return known
    inner = name.partition("/")[2]
    for known in (inner, inner.partition("/")[2]) if named.startswith("/") else ():  # as some registries name zones
        if known and zone(known) is not None:
            findings.note(f"the time zone {shown(named)} is taken for {known}", line.place)
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


def duration(line: Line, findings: Findings) -> tuple[int, int] | None:
    """How many days something takes, and how many seconds beside them; what is no length of time is noted."""
    found = _DURATION.fullmatch(line.value.strip())
    if found is None:
        message = f"DURATION has a length from 0 up like PT1H30M, not {shown(line.value)}"
        findings.fault(message, line.at(0))
        return None
    weeks, days, hours, minutes, seconds = (int(piece or 0) for piece in found.groups())
    return weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds


def later(start: date | datetime, length: tuple[int, int], within: tzinfo) -> date | datetime:
    """The end of what begins then: days go by the calendar, and seconds are exact when the clocks change."""
    days, seconds = length
    end = start + timedelta(days=days)
    if not seconds or not isinstance(end, datetime):
        return end
    exact = utc(instant(end, within)) + timedelta(seconds=seconds)
    if end.tzinfo is not None:
        return exact
    wall = exact.astimezone(within).replace(tzinfo=None, fold=0)
    return wall if utc(instant(wall, within)) == exact else exact


def number(line: Line | None, findings: Findings) -> int:
    """A whole number from 0 up; 0 if there is none."""
    if line is None:
        return 0
    if _NUMBER.fullmatch(line.value.strip()) is None or int(line.value) > _LARGEST:
        findings.fault(f"{line.name} is a whole number from 0 up, not {shown(line.value)}", line.at(0))
        return 0
    return int(line.value)
