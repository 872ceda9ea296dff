"""What attendees answered, as statements: PARTSTAT, delegations, and which reply stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from attendance.errors import LanguageError
from attendance.formats.document import Node
from attendance.formats.ics.content import Findings
from attendance.formats.ics.events import Attendee, Event
from attendance.formats.ics.exact import LAST, Exact, pinned
from attendance.formats.ics.people import People
from attendance.formats.ics.values import same
from attendance.model.draft import instant, utc
from attendance.model.language import parse_saying
from attendance.model.sayings import Sends
from attendance.model.values import parse_moment
from attendance.model.words import MAX_NAME, quote

Attending = tuple[str, str]
"""Who attends what."""
Sent = tuple[dict[str, None], Attendee | None]
"""Whom somebody sends, and the answer that says so; None, if the case says it."""
Made = tuple[str, datetime | None, dict[datetime | None, list[str]], Attendee]
"""The statement of an answer: its id and date, what it ends, and the answer."""
SAYS = {"ACCEPTED": "attends", "DECLINED": "declines", "TENTATIVE": "might attend"}


@dataclass
class Answers:
    """The statements that answers make, and who sends whom to which gathering."""

    exact: Exact
    people: People
    findings: Findings
    zone: tzinfo
    main: str
    sends: dict[Attending, Sent] = field(default_factory=dict)
    open: dict[tuple[str, str, datetime | None], list[str]] = field(default_factory=dict)
    newest: dict[Attending, datetime] = field(default_factory=dict)
    """The newest date of what somebody said themselves of an attendance."""
    own: set[Attending] = field(default_factory=set)
    """Of whom the case says something already."""
    made: dict[Attending, list[Made]] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    """The ids of statements that were taken back."""
    number: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for _, node in self.exact.statements:
            self._keep(node)
        self.own = {(who, gathering) for who, gathering, _ in self.open}
        stand = {
            name
            for (who, gathering, moment), names in self.open.items()
            if moment in (None, self.newest.get((who, gathering)))
            for name in names
        }
        stand -= {name for _, node in self.exact.statements for name in listed(node, "supersedes")}
        for _, node in self.exact.statements:
            if _of(node, "id") in stand:
                self._sent(node)

    def delegates(self, attendee: Attendee, gathering: str) -> tuple[str, ...]:
        """Whom an attendee sends."""
        found: dict[str, None] = {}
        for address in attendee.delegated_to:
            why = self.people.apart(gathering, address)
            if why is not None:
                self.findings.note(f"{address} {why}: nobody is sent by that", attendee.line.place)
                continue
            who = self.people.called(address, attendee)
            if who is not None:
                found[who] = None
        return tuple(found)

    def take(
        self, who: str, gathering: str, event: Event, attendee: Attendee, source: str, note: str = ""
    ) -> Sequence[str]:
        """Adds the statement that an answer makes, if it makes one, which ends what they said there before.

        Returns whom it sends.
        """
        if attendee.partstat == "NEEDS-ACTION":
            return ()
        place, sent = attendee.line.place, self.delegates(attendee, gathering)
        says = SAYS.get(attendee.partstat, "declines")
        if attendee.partstat == "DELEGATED" and sent:
            says = f"sends {', '.join(map(quote, sent))}"
        else:
            self._amiss(attendee, sent)
            sent = ()
        stamp, newest = event.stamp, self.newest.get((who, gathering))
        if source == "calendar" and newest is not None and (stamp is None or stamp < newest):
            stamp = _after(newest)
        if newest is None or stamp is None or stamp >= newest:
            self.sends.pop((who, gathering), None)
            if sent:
                self.sends[who, gathering] = (dict.fromkeys(sent), attendee)
        deputy = attendee.line.parameter("SENT-BY")
        note = "\n".join(filter(None, (note, f"sent by {deputy}" if deputy else "")))
        ended = self.ended(who, gathering, stamp)
        body: dict[str, object] = {
            "id": self.fresh(who),
            "who": who,
            "at": None if gathering == self.main else gathering,
            "says": says,
            "said": None if stamp is None else stamp.isoformat(),
            "source": source,
        }
        body |= {"note": note or None, "supersedes": [name for names in ended.values() for name in names] or None}
        kept = {key: value for key, value in body.items() if value is not None}
        node = pinned(kept, place)
        self.exact.statements.append((LAST, node))
        self.made.setdefault((who, gathering), []).append((str(body["id"]), stamp, ended, attendee))
        self._keep(node)
        return sent

    def gone(self, node: Node) -> bool:
        """Whether a statement was taken back."""
        return bool(self.back) and _of(node, "id") in self.back

    def take_back(self, who: str, gathering: str, reply: Event) -> None:
        """Takes back what calendars say that somebody answered until then; what the case said before stands."""
        made, place = self.made.pop((who, gathering), []), reply.attendees[0].line.place
        for name, stamp, ended, attendee in made:
            if stamp is not None and reply.stamp is not None and stamp > reply.stamp:
                self.made.setdefault((who, gathering), []).append((name, stamp, ended, attendee))
                continue
            self.back.add(name)
            for moment, names in ended.items():
                self.open.setdefault((who, gathering, moment), []).extend(names)
            self.open[who, gathering, stamp].remove(name)
            if self.sends.get((who, gathering), ({}, None))[1] is attendee:
                del self.sends[who, gathering]
            self.findings.note(f"{who} takes this answer back later: left out", attendee.line.place)
        if (who, gathering) in self.own:
            self.findings.note(f"PARTSTAT of {who} is NEEDS-ACTION: what the case says of them stands", place)

    def _amiss(self, attendee: Attendee, sent: Sequence[str]) -> None:
        """Notes a delegation that is only half told."""
        if attendee.partstat == "DELEGATED":
            message = f"{attendee.address} is DELEGATED, and not said to whom: taken as declined"
            self.findings.note(message, attendee.line.place)
        elif sent:
            message = f"{attendee.address} has DELEGATED-TO, and is {attendee.partstat}: taken as that alone"
            self.findings.note(message, attendee.line.place)

    def fresh(self, who: str) -> str:
        """An id for the next statement about somebody."""
        number = self.number.get(who, 0) + 1
        while (found := f"{who[: MAX_NAME - len(str(number)) - 1]}.{number}") in self.taken:
            number += 1
        self.number[who] = number - 1  # and counted with the statement
        return found

    def ended(self, who: str, gathering: str, stamp: datetime | None) -> dict[datetime | None, list[str]]:
        """The ids of what somebody said of an attendance that an answer ends, and that no date ends.

        That is what has no date, and what is of the same moment.
        """
        return {moment: self.open.pop((who, gathering, moment), []) for moment in dict.fromkeys((None, stamp))}

    def _keep(self, node: Node) -> None:
        """Remembers a statement, by when it was said."""
        who, says = _of(node, "who") or "", (_of(node, "says") or "").lower().lstrip()
        name, said = _of(node, "id") or "", _of(node, "said")
        self.taken.add(name)
        self.number[who] = self.number.get(who, 0) + 1
        if says.startswith("waits") or (_of(node, "by") or who) != who:
            return
        try:
            moment = None if said is None else utc(instant(parse_moment(said), self.zone))
        except ValueError:  # which is told with the statement
            return
        whose = (who, _of(node, "at") or self.main)
        self.open.setdefault((*whose, moment), []).append(name)
        if moment is not None:
            self.newest[whose] = max(moment, self.newest.get(whose, moment))

    def _sent(self, node: Node) -> None:
        """Remembers whom a statement of the case sends, if it stands and nothing else is its condition."""
        whose = (_of(node, "who") or "", _of(node, "at") or self.main)
        if "sends" not in (_of(node, "says") or "").lower():
            return
        try:
            says = parse_saying(_of(node, "says") or "")
        except LanguageError:  # which is told with the statement
            return
        if isinstance(says, Sends) and says.condition is None:
            sent, _ = self.sends.setdefault(whose, ({}, None))
            sent.update(dict.fromkeys(says.delegates))

    def circles(self) -> None:
        """Notes whoever is sent, by way of others, in their own place: once for each circle that an answer closes."""
        part = _parts({whose: self._next(whose) for whose in self.sends})
        told: set[Attending] = set()
        for whose, (_, attendee) in self.sends.items():
            round_here = any(part[other] == part[whose] for other in self._next(whose))
            if attendee is not None and round_here and part[whose] not in told:
                told.add(part[whose])
                message = f"{attendee.address} is sent in their own place: the delegations go in a circle"
                self.findings.fault(message, attendee.line.place)

    def _next(self, whose: Attending) -> list[Attending]:
        """Whom somebody sends, as far as they send others."""
        sent = ((who, whose[1]) for who in self.sends[whose][0])
        return [attending for attending in sent if attending in self.sends]

    def senders(self, who: str, gathering: str, attendee: Attendee) -> None:
        """Notes a DELEGATED-FROM whose other half is missing."""
        for address in attendee.delegated_from:
            sender = self.people.names.known(address)
            if sender is None or who not in self.sends.get((sender, gathering), ({}, None))[0]:
                message = f"{attendee.address} has DELEGATED-FROM {address}, who is not said to send them"
                self.findings.note(message, attendee.line.place)


def _after(moment: datetime) -> datetime:
    try:
        return moment + timedelta(microseconds=1)
    except OverflowError:  # at the end of all dates: an answer of that moment ends what was said then
        return moment


def _parts(ways: Mapping[Attending, Sequence[Attending]]) -> dict[Attending, Attending]:
    """The strongly connected part of each, by one of it (Kosaraju's two passes)."""
    back: dict[Attending, list[Attending]] = {}
    for here, there in ways.items():
        for other in there:
            back.setdefault(other, []).append(here)
    order, seen = list[Attending](), set[Attending]()
    for start in ways:
        work = [] if start in seen else [(start, iter(ways[start]))]
        seen.add(start)
        while work:
            following = next((other for other in work[-1][1] if other not in seen), None)
            if following is None:
                order.append(work.pop()[0])
            else:
                seen.add(following)
                work.append((following, iter(ways[following])))
    found: dict[Attending, Attending] = {}
    for start in reversed(order):
        wave = [start]
        while wave:
            here = wave.pop()
            if here not in found:
                found[here] = start
                wave += back.get(here, ())
    return found


def standing(replies: Sequence[Event], findings: Findings) -> list[Event]:
    """The replies of one attendee to one event, oldest first: each stands until the next one.

    A reply to an older version that was given later is left out, and noted: its date would end the one that
    stands. One that is there twice counts once.
    """
    _contradictions(replies, findings)
    found: list[Event] = []
    newest: Event | None = None  # of those to later versions
    later: list[Event] = []
    for reply in sorted(replies, key=lambda reply: reply.age, reverse=True):
        if later and later[-1].sequence > reply.sequence:
            newest = max(filter(None, (newest, *later)), key=lambda other: other.age[1])
            later = []
        if newest is not None and newest.age[1] <= reply.age[1]:
            message = (
                f"this reply is to version {reply.sequence}, and one to version {newest.sequence} stands: left out"
            )
            findings.note(message, reply.place)
            continue
        later.append(reply)
        if not (found and _equal(reply, found[-1])):
            found.append(reply)
    return found[::-1]


def _contradictions(replies: Sequence[Event], findings: Findings) -> None:
    """Notes replies of one attendee that differ, and of which none is newer."""
    first: dict[tuple[int, datetime], Event] = {}
    for reply in replies:
        other = first.setdefault(reply.age, reply)
        if other is not reply and not _equal(reply, other):
            message = "of two replies of {} with the same SEQUENCE and DTSTAMP this one is {}: keep one of them"
            for one in (other, reply):
                findings.fault(message.format(one.attendees[0].address, _told(one)), one.place)


def _told(reply: Event) -> str:
    attendee = reply.attendees[0]
    to = ", ".join(attendee.delegated_to)
    return f"{attendee.partstat}{f' to {to[:60]}' if to else ''}{f' ({reply.comment[:60]})' if reply.comment else ''}"


def _equal(first: Event, second: Event) -> bool:
    """Whether two replies are the same one, kept twice."""
    told = [
        (e.age, e.attendees[0].partstat, frozenset(map(same, e.attendees[0].delegated_to)), e.comment)
        for e in (first, second)
    ]
    return told[0] == told[1]


def listed(node: Node, key: str) -> list[str]:
    """The texts in a list of a statement, or its one text."""
    value = node.value.get(key) if isinstance(node.value, dict) else None
    items = [] if value is None else value.value if isinstance(value.value, list) else [value]
    return [item.value for item in items if isinstance(item.value, str)]


def _of(node: Node, key: str) -> str | None:
    """A text of a statement."""
    value = node.value.get(key) if isinstance(node.value, dict) else None
    return value.value if value is not None and isinstance(value.value, str) else None
