"""A case with its verdicts as calendars: events, attendees, and all the rest as properties of our own."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from attendance.errors import InputError
from attendance.formats.document import LONGEST_WRITTEN
from attendance.formats.ics.exact import ORDER, PREFIX, VERSION
from attendance.formats.ics.names import addresses
from attendance.formats.ics.people import ROLES
from attendance.formats.ics.showing import Moment, shown_name, shown_times, shown_title
from attendance.formats.ics.values import ORGANIZER, in_a_line, in_lines, missing
from attendance.formats.writing import fields, scenario_fields, texts
from attendance.model.case import Case
from attendance.model.draft import utc
from attendance.model.participants import Attendance, Gathering
from attendance.model.statements import Statement
from attendance.model.words import possessive

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event

Method = Literal["request", "publish"]
LAST_YEAR = 2100
"""Time zones are described until then."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The DTSTAMP of a case in which nothing has a date."""
_ESCAPED = re.compile(r"\r\n|[\\;,\r\n]")
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,"}
_LONE_RETURN = re.compile(r"(?<!\\)" + possessive(r"\\\\") + r"\\r(?!\\n)")  # in JSON
_SEPARATORS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Answer:
    """What a calendar says of an attendance: its PARTSTAT, and whom they send."""

    partstat: str
    sends: tuple[str, ...] = ()


def write_calendar(case: Case, answers: Mapping[Attendance, Answer], method: Method = "request") -> str:
    """The text of a calendar. As `request` it has the whole case, which reading it gives again.

    As `publish` it has events with time and place, and nothing else of the case. Raises QuestionError where
    icalendar is not installed.
    """
    try:
        import icalendar  # noqa: F401
    except ImportError:
        raise missing() from None
    writer = _Writer(case, answers)
    calendar = writer.published() if method == "publish" else writer.whole()
    return str(calendar.to_ical(sorted=False).decode())


@dataclass
class _Writer:
    case: Case
    answers: Mapping[Attendance, Answer]
    address: dict[str, str] = field(init=False)
    stamp: datetime = field(init=False)
    said: dict[str, list[tuple[int, Statement]]] = field(init=False)
    groups_of: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        people = ((p.id, p.address) for p in self.case.participants)
        self.address = addresses(people, self.case.roster.members)
        moments = [utc(m) for s in self.case.statements if (m := self.case.moment(s)) is not None]
        self.said = {g.id: [] for g in self.case.gatherings}
        for order, statement in enumerate(self.case.statements):
            self.said[statement.at or self.case.roster.main].append((order, statement))
        self.groups_of = {}
        for group, members in self.case.roster.members.items():
            for who in members:
                self.groups_of.setdefault(who, []).append(self.address[group])
        self.stamp = max(moments, default=EPOCH).replace(microsecond=0)

    # --- calendars ---

    def whole(self) -> "Calendar":
        """The calendar of the case."""
        calendar = self.calendar("REQUEST")
        if title := in_lines(self.case.title):
            calendar.add("NAME", _text(title))
            calendar.add("X-WR-CALNAME", _text(in_a_line(title)))
        calendar.add("X-WR-TIMEZONE", _text(self.case.timezone))
        _own(calendar, "VERSION", VERSION)
        if title != self.case.title:
            _own(calendar, "TITLE", _json(self.case.title))
        for kind, body in self.parts():
            _own(calendar, kind, _json(body))
        for zone in self.zones():
            calendar.add_component(zone)
        for order, gathering in enumerate(self.case.gatherings):
            calendar.add_component(self.event(gathering, order))
        return calendar

    def published(self) -> "Calendar":
        """What everybody may know: each event with its time and place."""
        calendar = self.calendar("PUBLISH")
        calendar.add("X-WR-TIMEZONE", _text(self.case.timezone))
        for component in (*self.zones(), *map(self.outline, self.case.gatherings)):
            calendar.add_component(component)
        return calendar

    def calendar(self, method: str) -> "Calendar":
        """A calendar with nothing in it."""
        from icalendar import Calendar

        calendar = Calendar()
        for name, text in (("VERSION", "2.0"), ("PRODID", "-//attendance//EN"), ("METHOD", method)):
            calendar.add(name, _text(text))
        return calendar

    def parts(self) -> Iterator[tuple[str, Any]]:
        """What is in no event: each part of the case with the property that has it."""
        for participant in self.case.participants:
            yield "PARTICIPANT", {"id": participant.id, **fields(participant)}
        for group in self.case.groups:
            yield "GROUP", {"id": group.id, **fields(group)}
        for fact in self.case.facts:
            yield "FACT", {"id": fact.id, **fields(fact)}
        for rule in self.case.rules:
            yield "RULE", {"id": rule.id, **fields(rule)}
        for scenario in self.case.scenarios:
            yield "SCENARIO", {"id": scenario.id, **scenario_fields(scenario)}
        for name in dict.fromkeys(e.scenario for e in self.case.expect):
            yield "EXPECT", {name: {e.about: e.text for e in self.case.expect if e.scenario == name}}

    def zones(self) -> Iterator["Component"]:
        """The rules of the case's time zone for the years of its gatherings, if a time is in it."""
        from icalendar import Timezone

        times = [m for g in self.case.gatherings for m in shown_times(g.start, g.end, self.case.timezone)]
        years = [m.year for m in times if isinstance(m, datetime) and m.tzinfo is None]
        if years and max(years) < LAST_YEAR:  # beyond that no description is better than a wrong one
            first, last = (date(max(year, 1970), 1, 1) for year in (min(years) - 1, max(years) + 2))
            found = Timezone.from_tzid(self.case.timezone, first_date=first, last_date=last)
            found.pop("COMMENT", None)  # for which years it is made
            yield found

    # --- events ---

    def outline(self, gathering: Gathering) -> "Event":
        """When and where: what an invitation and its replies share."""
        from icalendar import Event, vUri

        event = Event()
        told = sha256(f"{self.case.title}\0{gathering.id}".encode()).hexdigest()[:32]
        event.add("UID", _text(f"{told}@attendance.invalid"))
        event.add("DTSTAMP", self.stamp)
        event.add("SEQUENCE", 0)
        event.add("ORGANIZER", vUri(ORGANIZER))
        event.add("SUMMARY", _text(shown_title(gathering.name, gathering.id)))
        for name, moment in zip(("DTSTART", "DTEND"), self.times(gathering), strict=True):
            if moment is not None:
                event.add(name, self.moment(moment))
        if place := in_lines(gathering.place or ""):
            event.add("LOCATION", _text(place))
        return event

    def event(self, gathering: Gathering, order: int) -> "Event":
        """The event of a gathering: those who are asked, what they said, and what is written exactly."""
        event = self.outline(gathering)
        here = {a: answer for a, answer in self.answers.items() if a.gathering == gathering.id}
        for address in self.groups(gathering):
            event.add("ATTENDEE", address)
        senders: dict[str, list[str]] = {}
        for attendance, answer in here.items():
            for who in answer.sends:
                senders.setdefault(who, []).append(self.address[attendance.participant])
        for attendance, answer in here.items():
            event.add("ATTENDEE", self.attendee(attendance, answer, senders))
            sent = {"sends": list(answer.sends)} if answer.sends else {}
            told = {"who": attendance.participant, "partstat": answer.partstat, **sent}
            _own(event, "VERDICT", _json(told))
        _own(event, "GATHERING", _json(self.beside(gathering)), {ORDER: str(order)})
        for number, statement in self.said[gathering.id]:
            body = {"id": statement.id, **fields(statement)}
            _own(event, "STATEMENT", _json(body), {ORDER: str(number)})
            event.add("COMMENT", self.comment(statement))
        return event

    def groups(self, gathering: Gathering) -> Iterator[Any]:
        """The groups of whom somebody is counted there, as attendees that are told of it."""
        from icalendar import vCalAddress

        counted = set(self.case.counted[gathering.id])
        for group, members in self.case.roster.members.items():
            if counted.intersection(members):
                declared = self.case.roster.groups.get(group)
                name = shown_name(declared.name if declared else None, group)
                told = {"CN": name, "CUTYPE": "GROUP", "ROLE": "NON-PARTICIPANT"}
                yield vCalAddress(self.address[group], params=told)

    def attendee(self, attendance: Attendance, answer: Answer, senders: Mapping[str, list[str]]) -> Any:
        """Somebody who is asked, and the verdict on them."""
        from icalendar import vCalAddress

        who = self.case.roster.participants[attendance.participant]
        role = next((role for role, tag in ROLES.items() if tag in who.tags), "REQ-PARTICIPANT")
        told: dict[str, Any] = {"CN": shown_name(who.name, who.id), "CUTYPE": "INDIVIDUAL", "ROLE": role}
        told["PARTSTAT"] = answer.partstat
        if who.id in self.groups_of:
            told["MEMBER"] = self.groups_of[who.id]
        if answer.sends:
            told["DELEGATED-TO"] = [self.address[sent] for sent in answer.sends]
        if who.id in senders:
            told["DELEGATED-FROM"] = senders[who.id]
        return vCalAddress(self.address[who.id], params=told)

    def times(self, gathering: Gathering) -> tuple[Moment, Moment]:
        """Start and end as the calendar shows them."""
        return shown_times(gathering.start, gathering.end, self.case.timezone)

    def moment(self, moment: date | datetime) -> Any:
        """A moment as a property: a time without a zone is in that of the case."""
        from icalendar import vDDDTypes

        found = vDDDTypes(moment)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            found.params["TZID"] = self.case.timezone  # as it is: icalendar takes some zones for UTC
        return found

    def beside(self, gathering: Gathering) -> dict[str, Any]:
        """What of a gathering the properties of an event do not say exactly."""
        found = {"id": gathering.id, **fields(gathering)}
        start, end = self.times(gathering)
        shown = {"start": start, "end": end, "place": in_lines(gathering.place or "") or None}
        title = shown_title(gathering.name, gathering.id)
        shown["name"] = title if title != shown_title(None, gathering.id) else None
        for key, value in shown.items():
            own = getattr(gathering, key)
            alike = str(value) == str(own) and type(value) is type(own)  # of moments the zone counts as well
            if alike and value is not None:
                del found[key]
        return found

    def comment(self, statement: Statement) -> Any:
        """A statement as a sentence, for people."""
        who = self.case.roster.participants[statement.who]
        told = [] if statement.said is None else [statement.said.isoformat()]
        told += [] if statement.source is None else [statement.source]
        about = f" ({', '.join(told)})" if told else ""
        by = f", says {statement.by}" if statement.by is not None else ""
        text = in_a_line(f"{shown_name(who.name, who.id)} {statement.says}{by}{about}.")
        return _text(text, {f"{PREFIX}OF": in_a_line(str(statement.id))})


def _own(component: "Component", kind: str, text: str, parameters: Mapping[str, str] | None = None) -> None:
    """Adds a property of our own: always as text whose escapes are written out, or it could forge a line."""
    if len(text) > LONGEST_WRITTEN // 3:
        raise InputError(f"a text of {len(text):,} characters is too long for a calendar: {text[:60]}...")
    component.add(PREFIX + kind, _text(text, {"VALUE": "TEXT", **(parameters or {})}))


def _text(text: str, parameters: Mapping[str, str] | None = None) -> Any:
    """A text with its escapes, written here: vText takes a backslash before an N for the end of a line."""
    from icalendar.prop import vInline

    return vInline(_ESCAPED.sub(lambda found: _ESCAPES.get(found[0], "\\n"), text), params=dict(parameters or {}))


def _json(body: Any) -> str:
    text = json.dumps(texts(body), ensure_ascii=False, separators=(", ", ": "))
    if _LONE_RETURN.search(text):
        message = "has a carriage return (U+000D) without a line feed, which no calendar keeps: write \\n in its place"
        raise InputError(f"a text of this case {message}: {text[:60]}")
    return _SEPARATORS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
