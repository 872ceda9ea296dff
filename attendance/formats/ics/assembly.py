"""Puts what calendars say together as the sections of a case file, each value with its place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from attendance.formats.document import Node, Place
from attendance.formats.ics.answers import Answers, standing
from attendance.formats.ics.components import Component
from attendance.formats.ics.content import Findings, Line
from attendance.formats.ics.events import KEPT, Attendee, Event, events
from attendance.formats.ics.exact import LAST, PREFIX, VERSION, Exact, Pinned, Written, pinned
from attendance.formats.ics.people import People
from attendance.formats.ics.showing import Moment, alike, shown_times, shown_title
from attendance.formats.ics.values import ORGANIZER, in_case, in_lines, later, zone_of
from attendance.formats.ics.zones import agrees
from attendance.model.draft import zone
from attendance.model.values import parse_moment

NOTHING: Written = ("NEEDS-ACTION", frozenset())
"""What is told of those who have not answered."""


class Assembly:
    """A case file's tree in the making: gatherings from events, participants and statements from attendees."""

    def __init__(self, findings: Findings) -> None:
        self.findings, self.exact = findings, Exact()
        self.people = People(self.exact, findings)
        self.gatherings: dict[str, Node] = {}
        self.own: dict[str, str] = {}  # the gathering of each UID
        self.written: dict[str, dict[str, Written]] = {}  # of each attendee, by UID
        self.invited: dict[str, dict[str, None] | None] = {}
        self.cancelled: dict[str, Line] = {}
        self.zone = "UTC"

    def tree(self, calendars: Sequence[Component]) -> Node:
        """The tree of the case that the calendars make, read together."""
        several = self._ours(calendars)
        if len(several) > 1:
            return Pinned({}, Place(1, 1))
        ours = several[0] if several else None
        if ours is not None:
            self.exact.take(ours, self.findings)
        found = [event for calendar in calendars for event in events(calendar, calendar is ours, self.findings)]
        self.zone = self._zone([*several, *(calendar for calendar in calendars if calendar is not ours)], found)
        for event in found:
            if event.ours:
                self._exact_event(event)
        if ours is not None:
            if found:
                self.exact.settle(ours.place, self.findings)
            in_order = sorted(self.gatherings, key=lambda name: self.exact.orders.get(name, LAST))
            self.gatherings = {name: self.gatherings[name] for name in in_order}
        self.people.know(self.gatherings)
        versions = self._versions(found)
        for uid, event in versions.items():
            if uid not in self.own:
                self._new_gathering(event)
        for uid, event in versions.items():
            for attendee in () if event.method == "REPLY" else event.attendees:
                self.people.set_aside(self.own[uid], attendee)
        main = next(iter(self.gatherings), "meeting")
        answers = Answers(self.exact, self.people, self.findings, zone(self.zone) or UTC, main)
        for uid, event in versions.items():
            self._event(self.own[uid], event, answers)
        self._replies([event for event in found if event.method == "REPLY"], versions, answers)
        answers.circles()
        return self._whole(ours, answers)

    # --- what calendars say of themselves ---

    def _ours(self, calendars: Sequence[Component]) -> list[Component]:
        """The calendars that this library wrote. There is one case in them at most, or it is noted."""
        ours: list[Component] = []
        for calendar in calendars:
            version = calendar.one(f"{PREFIX}VERSION", self.findings)
            if not self._may_be_ours(calendar, version):
                continue
            if version is not None and version.value.strip() != VERSION:
                message = f"this calendar is written in version {version.value[:20]}, and version {VERSION} is read"
                self.findings.fault(f"{message}: use a newer version of attendance", version.place)
            elif version is not None:
                ours.append(calendar)
            if version is not None and len(ours) > 1:
                where = self.findings.line(ours[0].place, version.place)
                message = f"a second case is here, the first is in {where}: read one at a time"
                self.findings.fault(message, version.place)
        return ours

    def _may_be_ours(self, calendar: Component, version: Line | None) -> bool:
        """Whether a calendar has properties of this library only where it may; those that it may not are noted."""
        method = next((line.value.strip().upper() for line in calendar.all("METHOD")), "")
        why, allowed = "stands in a component that has none", [calendar.lines]
        allowed += [inner.lines for inner in calendar.inner if inner.name == "VEVENT"]
        if method not in ("", "REQUEST", "PUBLISH"):
            why, allowed = f"stands in a {method[:20]}, which speaks for its one attendee alone", []
        elif version is None:
            why, allowed = f"stands in a calendar without {PREFIX}VERSION", []
        may = set(map(id, allowed))
        work, found = [calendar], list[Line]()
        while work:
            component = work.pop()
            work += component.inner
            if id(component.lines) not in may:
                found += (line for line in component.lines if line.name.startswith(PREFIX))
        for line in found:
            self.findings.fault(f"{line.name[:60]} {why}: remove it", line.place)
        return not found

    def _zone(self, calendars: Sequence[Component], found: Iterable[Event]) -> str:
        """The time zone of the case: that of a calendar, or that of an event."""
        for calendar in calendars:
            named = calendar.one("X-WR-TIMEZONE", self.findings)
            if named is not None:
                if zone(named.text) is not None:
                    return named.text
                self.findings.fault(
                    f"unknown time zone {named.text[:60]!r}: use a name like Europe/Istanbul", named.place
                )
        ours_first = sorted(found, key=lambda event: not event.ours)
        lines = (line for event in ours_first for line in (event.start, event.end) if line is not None)
        return next(filter(None, (zone_of(line, self.findings) for line in lines)), "UTC")

    def _exact_event(self, event: Event) -> None:
        gathering, written = self.exact.of_event(event.component, self.gatherings, self.findings)
        if event.uid in self.own:
            self.findings.fault(f"the UID {event.uid[:60]!r} is given twice", event.place)
        elif gathering is not None:
            self.own[event.uid] = gathering
            self.written[event.uid] = written

    def _versions(self, found: Sequence[Event]) -> dict[str, Event]:
        """The version of each event that stands, in the order of the files."""
        versions: dict[str, Event] = {}
        for event in found:
            if event.method in ("REPLY", "CANCEL"):
                continue
            before = versions.setdefault(event.uid, event)
            if before is not event and before.age == event.age:
                where = self.findings.line(before.place, event.place)
                message = f"this event is there twice, first in {where}, and neither is newer"
                self.findings.fault(f"{message}: remove one of them", event.place)
            elif before is not event:
                older = min(before, event, key=lambda version: version.age)
                self.findings.note("a newer version of this event is there: this one is left out", older.place)
                versions[event.uid] = max(before, event, key=lambda version: version.age)
        for event in found:
            if event.method == "CANCEL" or event.method == "REPLY":
                versions.setdefault(event.uid, event)
            if event.method == "CANCEL" and event.age >= versions[event.uid].age and event.cancelled:
                self.cancelled[event.uid] = event.cancelled
        return versions

    # --- gatherings ---

    def _new_gathering(self, event: Event) -> None:
        """Gives an event that is not known an id, and whom it invites."""
        summary = event.component.one("SUMMARY", self.findings)
        name = self.people.names.fresh(summary.text if summary else None, "meeting")
        self.own[event.uid] = name
        self.gatherings[name] = Pinned({}, event.place, event.place)

    def _event(self, name: str, event: Event, answers: Answers) -> None:
        """Takes what a version of an event says: when and where, who is asked, and what they answered."""
        body = dict(_members(self.gatherings[name]))
        known = event.uid in self.written
        self._title(body, name, event, "SUMMARY", "name")
        self._title(body, name, event, "LOCATION", "place")
        self._moments(body, event)
        cancelled = self.cancelled.get(event.uid) or event.cancelled
        if cancelled is not None:
            self.findings.note(f"{name} is cancelled: it is not held", cancelled.place)
            body["held_if"] = pinned("never", cancelled.place)
        self.gatherings[name] = Pinned(body, event.place, event.place)
        asked = _names(body.get("invited"))
        self.invited[name] = None if asked is None else dict.fromkeys(asked)
        if event.method == "REPLY":
            self.findings.note(f"the invitation to {name} is not here: whom it asks is not known", event.place)
        elif event.method != "PUBLISH" or event.attendees:
            self._attendees(name, event, answers, known)
        self._not_taken(event)

    def _title(self, body: dict[str, Node], name: str, event: Event, prop: str, key: str) -> None:
        """Takes a text of an event, unless what is written exactly is shown so."""
        line = event.component.one(prop, self.findings)
        shown = in_lines(line.text) if line is not None else ""
        own = name if key == "name" else ""
        if key in body:
            exact = body[key].value
            if shown == shown_title(exact if isinstance(exact, str) else None, own):
                return
            self.findings.note(f"{prop} was changed: it is taken as it is here", line.place if line else event.place)
        body.pop(key, None)
        if line is not None and shown and shown != shown_title(None, own):
            body[key] = pinned(shown, line.place)

    def _moments(self, body: dict[str, Node], event: Event) -> None:
        """Takes start and end, unless what is written exactly is shown so."""
        here = (self._moment(event, event.start, event.times[0]), self._end(event))
        exact = (_exact(body, "start", here[0]), _exact(body, "end", here[1]))
        pairs = zip(shown_times(exact[0], exact[1], self.zone), here, strict=True)
        if all(alike(shown, there, self.zone) for shown, there in pairs):
            here = exact
        elif "start" in body or "end" in body:
            self.findings.note("DTSTART or DTEND was changed: both are taken as they are here", event.place)
            body.pop("start", None)
            body.pop("end", None)
        for key, value in zip(("start", "end"), here, strict=True):
            if value is not None and key not in body:
                line = event.start if key == "start" else event.end
                body[key] = pinned(value.isoformat(), line.place if line else event.place)

    def _moment(self, event: Event, line: Line | None, value: date | datetime | None) -> Moment:
        """A moment as the case has it. Without a zone it is in that of its calendar."""
        if line is None or value is None:
            return None
        named = zone_of(line, self.findings)
        self._described(event, line, value, named)
        try:
            return in_case(value, named or event.around.zone, self.zone)
        except OverflowError:
            self.findings.fault(f"{line.name}: there is no such time as {line.value.strip()} in UTC", line.at(0))
            return None

    def _end(self, event: Event) -> Moment:
        """The end of an event, perhaps by its length: that is in the zone of the start."""
        begins, line = event.times[0], event.start
        if event.length is None or event.long is None or begins is None or line is None:
            return self._moment(event, event.end, event.times[1])
        named = zone_of(line, self.findings) or event.around.zone or self.zone
        try:
            return in_case(later(begins, event.length, zone(named) or UTC), named, self.zone)
        except OverflowError:
            message = f"DURATION: there is no such time as {event.long.value[:40]} after the start"
            self.findings.fault(message, event.long.at(0))
            return None

    def _described(self, event: Event, line: Line, value: date | datetime, named: str | None) -> None:
        """Notes a time that the calendar's own description of its zone puts elsewhere than the database."""
        own, there = line.parameter("TZID") or "", zone(named or "")
        if own not in event.around.described or there is None or not isinstance(value, datetime) or value.tzinfo:
            return
        description = event.around.described[own]
        if description is None:
            message = f"the VTIMEZONE {own[:60]} is not compared with the time zone database, which is taken"
            self.findings.note(message, line.place)
        elif not agrees(description, value, there):
            message = f"the VTIMEZONE {own[:60]} of this file has other clocks then than the time zone database"
            self.findings.fault(f"{message}: write the time in UTC, like 20250515T070000Z", line.place)

    def _attendees(self, name: str, event: Event, answers: Answers, known: bool) -> None:
        """Takes who is asked, and what they answered."""
        written = self.written.get(event.uid, {})
        for attendee in event.attendees:
            if attendee.kind == "group":
                self.people.whole_group(attendee, known)
        asked = {self.people.person(a, known): a for a in event.attendees if self.people.counts(a, name)}
        invited = self.invited[name]
        strangers = [who for who in asked if who not in written]
        if not known:
            self.invited[name] = dict.fromkeys(asked) if event.attendees else None
        elif strangers:
            self.invited[name] = dict.fromkeys([*(written if invited is None else invited), *strangers])
        for who in written:
            if who not in asked:
                self.findings.note(f"{who} is no ATTENDEE of {name} any more: what was said stands", event.place)
        source = "calendar" if known else "invitation"
        for who, attendee in asked.items():
            told = (attendee.partstat, frozenset(answers.delegates(attendee, name)))
            if written.get(who, NOTHING) != told:
                self._answer(who, name, event, attendee, source, answers)
                if attendee.partstat == "NEEDS-ACTION":
                    message = f"PARTSTAT of {who} was put back to NEEDS-ACTION: what was said stands"
                    self.findings.note(message, attendee.line.place)
        for who, attendee in asked.items():
            if not known:
                answers.senders(who, name, attendee)

    def _answer(
        self, who: str, name: str, event: Event, attendee: Attendee, source: str, answers: Answers, note: str = ""
    ) -> None:
        """Takes an answer; whoever is sent is invited."""
        sent, invited = answers.take(who, name, event, attendee, source, note), self.invited.get(name)
        if invited is not None:
            invited.update(dict.fromkeys(sent))

    def _replies(self, replies: Sequence[Event], versions: Mapping[str, Event], answers: Answers) -> None:
        """Takes the replies, of each attendee to each event those that stand or stood."""
        of: dict[tuple[str, str], list[Event]] = {}
        for reply in replies:
            if reply.attendees:
                of.setdefault((reply.uid, reply.attendees[0].key), []).append(reply)
        for (uid, _), several in of.items():
            name, stood = self.own[uid], standing(several, self.findings)
            last = max((n for n, reply in enumerate(stood) if reply.attendees[0].partstat == "NEEDS-ACTION"), default=0)
            for reply in stood[:last]:
                self.findings.note("a newer reply with NEEDS-ACTION takes this one back: left out", reply.place)
            for reply in stood[last:]:
                self._reply(name, reply, versions[uid], answers)

    def _reply(self, name: str, reply: Event, version: Event, answers: Answers) -> None:
        """Takes a reply to a version of an event."""
        attendee = reply.attendees[0]
        if reply.sequence < version.sequence:
            message = f"this reply is to version {reply.sequence} of {name}, which is now {version.sequence}"
            self.findings.note(message, reply.place)
        if not self.people.counts(attendee, name):
            return
        who, invited = self.people.person(attendee), self.invited.get(name)
        if invited is not None and who not in invited:
            self.findings.note(f"{attendee.address} replies, and was not invited to {name}", attendee.line.place)
            invited[who] = None
        if attendee.partstat == "NEEDS-ACTION":
            answers.take_back(who, name, reply)
        self._answer(who, name, reply, attendee, "reply", answers, reply.comment)

    def _not_taken(self, event: Event) -> None:
        """Notes properties that a case has no place for."""
        left: dict[str, Line] = {}
        for line in event.component.lines:
            technical = line.name.startswith("X-") or (line.name == "ORGANIZER" and line.value == ORGANIZER)
            ours = event.uid in self.written and f"{PREFIX}OF" in line.parameters
            own = line.name != "COMMENT" or event.method == "REPLY" or ours
            if not technical and not (line.name in KEPT and own):
                left.setdefault(line.name[:40], line)
        if left:
            message = f"a case has no place for {', '.join(left)}: left out"
            self.findings.note(message, next(iter(left.values())).place)

    # --- the whole ---

    def _whole(self, ours: Component | None, answers: Answers) -> Node:
        top = Place(1, 1)
        self.people.settle()
        for name, invited in self.invited.items():
            body = _members(self.gatherings[name])
            if invited is not None and [*invited] != _names(body.get("invited")):
                body["invited"] = pinned([*invited], self.gatherings[name].place)
        tree: dict[str, Any] = {"timezone": pinned(self.zone, top)}
        if ours:
            tree["title"] = self._calendar_title(ours)
        tree["gatherings"] = Pinned(dict(self.gatherings), top, top)
        for key, section in self.exact.sections.items():
            tree[key] = Pinned(dict(section), top, top)
        tree["rules"] = Pinned(self.exact.rules, top, top)
        in_order = sorted(self.exact.statements, key=lambda pair: pair[0])
        tree["statements"] = Pinned([node for _, node in in_order if not answers.gone(node)], top, top)
        tree["expect"] = Pinned(dict(self.exact.expect), top, top)
        return Pinned(tree, top, top)

    def _calendar_title(self, ours: Component) -> Node:
        """The title of the case: as it is written exactly, unless what is shown of it was changed."""
        line, exact = ours.one("NAME", self.findings), self.exact.title
        shown = line.text if line else ""
        if exact is not None and isinstance(exact.value, str) and in_lines(exact.value) == shown:
            return exact
        return pinned(shown, line.place if line else ours.place)


def _members(node: Node) -> dict[str, Node]:
    assert isinstance(node.value, dict)
    return node.value


def _names(node: Node | None) -> list[str] | None:
    """The ids in a list of a case file."""
    if node is None:
        return None
    items = node.value if isinstance(node.value, list) else [node]
    return [item.value for item in items if isinstance(item.value, str)]


def _exact(body: dict[str, Node], key: str, there: Moment) -> Moment:
    """A moment as it is written exactly, or as the event has it."""
    node = body.get(key)
    if node is None:
        return there
    try:
        return parse_moment(node.value)
    except ValueError:  # which is told with the gathering
        return there
