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
    sends: dict[tuple[str, str], tuple[tuple[str, ...], Attendee]] = field(default_factory=dict)
    about: dict[str, list[Node]] = field(default_factory=dict)
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
            "at": gathering,
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
        number = len(self.about.get(who, ())) + 1
        while f"{who}.{number}" in self.taken:
            number += 1
        return f"{who}.{number}"

    def ended(self, who: str, gathering: str, stamp: datetime | None) -> list[str]:
        """The ids of what somebody said of an attendance, as far as it is not later than an answer."""
        found: list[str] = []
        for node in self.about.get(who, ()):
            name, said = _of(node, "id"), _of(node, "said")
            binds = not (_of(node, "says") or "").lower().lstrip().startswith("waits")
            there = (_of(node, "at") or self.main) == gathering
            if there and binds and name and (_of(node, "by") or who) == who and self._open(said, stamp):
                found.append(name)
        return found

    def _open(self, said: str | None, stamp: datetime | None) -> bool:
        """Whether a date does not decide which of two stands: one has none, or they are of one moment."""
        if said is None or stamp is None:
            return True
        try:
            return utc(instant(parse_moment(said), self.zone)) == stamp
        except ValueError:  # which is told with the statement
            return False

    def _keep(self, node: Node) -> None:
        self.about.setdefault(_of(node, "who") or "", []).append(node)
        self.taken.add(_of(node, "id") or "")

    def circles(self) -> None:
        """Notes everybody who is sent, by way of others, in their own place."""
        for (who, gathering), (sent, attendee) in self.sends.items():
            seen: set[str] = set()
            way = [*sent]
            while way:
                next_one = way.pop()
                if next_one == who:
                    message = f"{attendee.address} is sent in their own place: the delegations go in a circle"
                    self.findings.fault(message, attendee.line.place)
                    break
                if next_one not in seen:
                    seen.add(next_one)
                    way += self.sends.get((next_one, gathering), ((), attendee))[0]

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
