"""What attendees answered, as statements: PARTSTAT, delegations, and which reply stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from attendance.formats.document import Node
from attendance.formats.ics.content import Findings
from attendance.formats.ics.events import Attendee, Event
from attendance.formats.ics.exact import Exact, pinned
from attendance.formats.ics.people import People
from attendance.model.draft import instant, utc
from attendance.model.values import parse_moment
from attendance.model.words import quote

Attending = tuple[str, str]
"""Who attends what."""
LAST = 10**9
"""The place of statements that have none among the others: after them."""
SAYS = {"ACCEPTED": "attends", "DECLINED": "declines", "TENTATIVE": "might attend"}


@dataclass
class Answers:
    """The statements that answers make, and who sends whom to which gathering."""

    exact: Exact
    people: People
    findings: Findings
    zone: tzinfo
    main: str
    sends: dict[Attending, tuple[tuple[str, ...], Attendee]] = field(default_factory=dict)
    open: dict[tuple[str, str, datetime | None], list[str]] = field(default_factory=dict)
    number: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for _, node in self.exact.statements:
            self._keep(node)

    def delegates(self, attendee: Attendee) -> tuple[str, ...]:
        """Whom an attendee sends."""
        found = (self.people.called(address, attendee) for address in attendee.delegated_to)
        return tuple(dict.fromkeys(who for who in found if who is not None))

    def take(self, who: str, gathering: str, event: Event, attendee: Attendee, source: str, note: str = "") -> None:
        """Adds the statement that an answer makes, if it makes one; it ends what they said there before."""
        place, sent = attendee.line.place, self.delegates(attendee)
        if attendee.partstat == "NEEDS-ACTION":
            self.sends.pop((who, gathering), None)
            return
        says = SAYS.get(attendee.partstat, "declines")
        if attendee.partstat == "DELEGATED" and sent:
            says = f"sends {', '.join(map(quote, sent))}"
            self.sends[who, gathering] = (sent, attendee)
        else:
            self.sends.pop((who, gathering), None)
            self._amiss(attendee, sent)
        deputy = attendee.line.parameter("SENT-BY")
        note = "\n".join(filter(None, (note, f"sent by {deputy}" if deputy else "")))
        said = None if event.stamp is None else event.stamp.isoformat()
        ended = self.ended(who, gathering, event.stamp)
        body: dict[str, object] = {
            "id": self.fresh(who),
            "who": who,
            "at": None if gathering == self.main else gathering,
            "says": says,
            "said": said,
            "source": source,
        }
        body |= {"note": note or None, "supersedes": ended or None}
        kept = {key: value for key, value in body.items() if value is not None}
        node = pinned(kept, place)
        self.exact.statements.append((LAST, node))
        self._keep(node)

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
        while f"{who}.{number}" in self.taken:
            number += 1
        return f"{who}.{number}"

    def ended(self, who: str, gathering: str, stamp: datetime | None) -> list[str]:
        """The ids of what somebody said of an attendance that an answer ends, and that no date ends.

        That is what has no date, and what is of the same moment.
        """
        found: list[str] = []
        for moment in dict.fromkeys((None, stamp)):
            found += self.open.pop((who, gathering, moment), ())
        return found

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
        self.open.setdefault((who, _of(node, "at") or self.main, moment), []).append(name)

    def circles(self) -> None:
        """Notes whoever is sent, by way of others, in their own place."""
        done: set[Attending] = set()
        for start in self.sends:
            way: list[tuple[Attending, list[Attending]]] = [(start, self._next(start))]
            on = {start}
            while way and start not in done:
                here, rest = way[-1]
                if not rest:
                    way.pop()
                    on.discard(here)
                    done.add(here)
                    continue
                following = rest.pop()
                if following in on:
                    attendee = self.sends[following][1]
                    message = f"{attendee.address} is sent in their own place: the delegations go in a circle"
                    self.findings.fault(message, attendee.line.place)
                elif following not in done:
                    on.add(following)
                    way.append((following, self._next(following)))

    def _next(self, whose: Attending) -> list[Attending]:
        """Whom somebody sends, as far as they send others."""
        sent = ((who, whose[1]) for who in self.sends[whose][0])
        return [attending for attending in sent if attending in self.sends]

    def senders(self, who: str, gathering: str, attendee: Attendee) -> None:
        """Notes a DELEGATED-FROM whose other half is missing."""
        for address in attendee.delegated_from:
            sender = self.people.names.known(address)
            if sender is None or who not in self.sends.get((sender, gathering), ((), attendee))[0]:
                message = f"{attendee.address} has DELEGATED-FROM {address}, who is not said to send them"
                self.findings.note(message, attendee.line.place)


def standing(replies: Sequence[Event], findings: Findings) -> list[Event]:
    """The replies of one attendee to one event, oldest first: each stands until the next one.

    A reply to an older version that was given later is left out, and noted: its date would end the one that
    stands. One that is there twice counts once.
    """
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


def _equal(first: Event, second: Event) -> bool:
    """Whether two replies are the same one, kept twice."""
    told = [(e.age, e.attendees[0].partstat, e.attendees[0].delegated_to, e.comment) for e in (first, second)]
    return told[0] == told[1]


def _of(node: Node, key: str) -> str | None:
    """A text of a statement."""
    value = node.value.get(key) if isinstance(node.value, dict) else None
    return value.value if value is not None and isinstance(value.value, str) else None
