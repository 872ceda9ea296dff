"""Events of a calendar with those whom they ask: what RFC 5545 and 5546 say of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from attendance.formats.document import Place, shown
from attendance.formats.ics.components import Component
from attendance.formats.ics.content import Findings, Line
from attendance.formats.ics.values import duration, in_a_line, moment, number, same, single
from attendance.formats.ics.zones import Described, described
from attendance.model.draft import zone
from attendance.model.participants import parse_address

METHODS = ("", "PUBLISH", "REQUEST", "REPLY", "CANCEL")
"""What is read; a calendar without a method is one that was kept, or exported."""
PARTSTATS = ("ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION", "DELEGATED")
STATUSES = ("CONFIRMED", "TENTATIVE")
_NO_PEOPLE = {"ROOM": "a room", "RESOURCE": "a resource"}
_RECURRING = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")
KEPT = frozenset(
    "UID DTSTAMP DTSTART DTEND DURATION SUMMARY LOCATION ATTENDEE SEQUENCE STATUS COMMENT METHOD "
    "CREATED LAST-MODIFIED TRANSP CLASS PRIORITY REQUEST-STATUS".split()
)
"""Properties that are read, or that say nothing of what a case is about."""


@dataclass(frozen=True)
class Attendee:
    """One ATTENDEE: who it is, and what they answered."""

    line: Line
    address: str  # as written
    name: str | None
    partstat: str
    role: str
    kind: str  # person, group, room or resource
    delegated_to: tuple[str, ...]
    delegated_from: tuple[str, ...]
    member: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells one address from another."""
        return same(self.address)


@dataclass(frozen=True)
class Around:
    """What the calendar of an event says of time zones: its own one, and those that it describes."""

    zone: str | None
    described: Mapping[str, Described]


@dataclass(frozen=True)
class Event:
    """One VEVENT, as one version of an event or as one reply to it."""

    component: Component
    method: str
    uid: str
    sequence: int
    stamp: datetime | None
    start: Line | None
    end: Line | None
    times: tuple[date | datetime | None, date | datetime | None]
    attendees: tuple[Attendee, ...]
    cancelled: Line | None
    ours: bool
    around: "Around"
    long: Line | None
    length: tuple[int, int] | None  # days, and seconds beside them

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.component.place

    @property
    def age(self) -> tuple[int, datetime]:
        """What decides which of two versions, or of two replies, stands: SEQUENCE, then DTSTAMP."""
        return self.sequence, self.stamp or datetime.min.replace(tzinfo=UTC)

    @property
    def comment(self) -> str:
        """The comments as one text."""
        return "\n".join(filter(None, (line.text.strip() for line in self.component.all("COMMENT"))))


def events(calendar: Component, ours: bool, findings: Findings) -> Iterator[Event]:
    """The events of a calendar. What is no event is noted, and so is what cannot be read."""
    named = calendar.one("METHOD", findings)
    method = named.value.strip().upper() if named else ""
    if named and method not in METHODS:
        known = "REQUEST, REPLY, CANCEL, PUBLISH or none"
        findings.fault(
            f"a calendar with METHOD {shown(method)} is not read: it has {known}; leave this one out", named.place
        )
        return
    shown_in = next((line.text for line in calendar.all("X-WR-TIMEZONE") if zone(line.text) is not None), None)
    around = Around(shown_in, described(calendar, findings))
    if not any(component.name == "VEVENT" for component in calendar.inner):
        findings.note("there is no event in this calendar", calendar.place)
    for component in calendar.inner:
        if component.name == "VEVENT":
            for inner in component.inner:
                if inner.name != "VALARM":
                    findings.note(f"a case has no place for {inner.name[:40]} in an event: left out", inner.place)
            event = _event(component, method, ours, around, findings)
            if event is not None:
                yield event
        elif component.name not in ("VTIMEZONE", "VALARM"):
            findings.note(f"{component.name[:40]} is no event: it is left out", component.place)


def _event(component: Component, method: str, ours: bool, around: Around, findings: Findings) -> Event | None:
    recurring = next((line for line in component.lines if line.name in _RECURRING), None)
    if recurring is not None:
        message = f"{recurring.name}: an event that recurs is not read: make each time an event of its own"
        findings.fault(message, recurring.place)
        return None
    uid = component.one("UID", findings)
    if uid is None or not uid.value.strip():
        findings.fault("the event has no UID, by which replies find it", component.place)
        return None
    stamp = component.one("DTSTAMP", findings)
    if stamp is None and method == "REPLY":
        findings.fault("the reply has no DTSTAMP, which says when it was given", component.place)
    start, end = component.one("DTSTART", findings), component.one("DTEND", findings)
    times = (moment(start, findings) if start else None, moment(end, findings) if end else None)
    long = component.one("DURATION", findings)
    return Event(
        component,
        method,
        uid.text.strip(),
        number(component.one("SEQUENCE", findings), findings),
        _stamp(stamp, findings),
        start,
        end,
        times,
        tuple(_attendees(component, method, findings)),
        _cancelled(component, method, findings),
        ours,
        around,
        long,
        _length(long, start, end, times[0], findings),
    )


def _stamp(line: Line | None, findings: Findings) -> datetime | None:
    """When a version or a reply was made, which is said in UTC."""
    when = moment(line, findings) if line else None
    if line is not None and when is not None and (not isinstance(when, datetime) or when.tzinfo is None):
        findings.fault(f"DTSTAMP is a time in UTC like 20250510T080000Z, not {shown(line.value)}", line.at(0))
    return when if isinstance(when, datetime) and when.tzinfo is not None else None


def _length(
    long: Line | None, start: Line | None, end: Line | None, begins: date | datetime | None, findings: Findings
) -> tuple[int, int] | None:
    """What DURATION says, which is another way to say the end."""
    if long is None:
        return None
    if end is not None or start is None:
        what = "beside DTEND: remove one of them" if end else "without DTSTART"
        findings.fault(f"DURATION stands {what}", long.place)
        return None
    found = duration(long, findings)
    if found is not None and found[1] and begins is not None and not isinstance(begins, datetime):
        findings.fault("DURATION has hours, minutes or seconds, and DTSTART is a day: say days or weeks", long.at(0))
        return None
    return found


def _cancelled(component: Component, method: str, findings: Findings) -> Line | None:
    """The line that says that the event is cancelled, if one does."""
    status = component.one("STATUS", findings)
    if status is not None and status.value.strip().upper() == "CANCELLED":
        return status
    if status is not None and status.value.strip().upper() not in STATUSES:
        message = f"STATUS is {', '.join(STATUSES)} or CANCELLED, not {shown(status.value)}: left out"
        findings.note(message, status.place)
    if method == "CANCEL":
        message = "this CANCEL takes the invitation from some alone (it has no STATUS:CANCELLED), which is not read"
        findings.fault(f"{message}: leave it out, and take them from the invitation", component.place)
    return None


# --- attendees --------------------------------------------------------------------------------------


def _attendees(component: Component, method: str, findings: Findings) -> Iterator[Attendee]:
    first: dict[str, Line] = {}
    for line in component.all("ATTENDEE"):
        attendee = _attendee(line, findings)
        if attendee is None:
            continue
        if method == "REPLY" and first:
            findings.fault("a reply has one ATTENDEE, who replies, and this is a second one", line.place)
        known = first.setdefault(attendee.key, line)
        if known is not line:
            where = findings.line(known.place, line.place)
            message = f"{attendee.address} is an ATTENDEE twice, first in {where}: remove one of them"
            findings.fault(message, line.place)
        else:
            yield attendee
    if method == "REPLY" and not first:
        findings.fault("a reply has one ATTENDEE, who replies, and this has none", component.place)


def _attendee(line: Line, findings: Findings) -> Attendee | None:
    address = line.value.strip()
    for name in ("DELEGATED-TO", "DELEGATED-FROM", "MEMBER"):
        for given in filter(None, line.parameters.get(name, ())):
            if not _is_address(given):
                findings.fault(f'{name} has addresses in quotes like "mailto:anna@example.org"', line.place)
                return None
    if not _is_address(address):
        findings.fault(f"ATTENDEE has an address like mailto:anna@example.org, not {shown(line.value)}", line.at(0))
        return None
    cutype = (single(line, "CUTYPE", findings) or "INDIVIDUAL").upper()
    partstat = (single(line, "PARTSTAT", findings) or "NEEDS-ACTION").upper()
    if partstat not in PARTSTATS:
        message = f"PARTSTAT is {', '.join(PARTSTATS[:-1])} or DELEGATED, not {shown(partstat)}"
        findings.fault(message, line.place)
        return None
    return Attendee(
        line,
        address,
        in_a_line(line.parameter("CN") or "") or None,
        partstat,
        (single(line, "ROLE", findings) or "REQ-PARTICIPANT").upper(),
        "group" if cutype == "GROUP" else _NO_PEOPLE.get(cutype, "person"),
        tuple(filter(None, line.parameters.get("DELEGATED-TO", ()))),
        tuple(filter(None, line.parameters.get("DELEGATED-FROM", ()))),
        tuple(filter(None, line.parameters.get("MEMBER", ()))),
    )


def _is_address(text: str) -> bool:
    try:
        return parse_address(text) == text
    except ValueError:
        return False
