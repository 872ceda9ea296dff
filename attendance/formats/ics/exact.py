"""What a calendar has of a case beyond events: X-ATTENDANCE properties, in the language of case files, as JSON."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from attendance.formats.document import DocumentError, Node, Place, Source, shown
from attendance.formats.ics.components import Component
from attendance.formats.ics.content import Findings, Line
from attendance.formats.ics.events import PARTSTATS
from attendance.formats.json import read_json
from attendance.model.words import fold

PREFIX = "X-ATTENDANCE-"
VERSION = "1"
ORDER = "X-ORDER"
"""The parameter with the place of a gathering, or of a statement, in the case: programs put events in any order."""
_ELSEWHERE = re.compile(r"line 1, column (\d+)")
LAST = 10**9
"""The place of what has none: after all others."""
SECTIONS = {"PARTICIPANT": "participants", "GROUP": "groups", "FACT": "facts", "SCENARIO": "scenarios"}
"""Properties of a calendar that have a thing of that section each, with its id."""
_OF_CALENDARS = (*SECTIONS, "RULE", "EXPECT", "TITLE")
_OF_EVENTS = ("GATHERING", "STATEMENT", "VERDICT")


Written = tuple[str, frozenset[str]]
"""The PARTSTAT that was written of somebody, and whom they sent."""


@dataclass(frozen=True, slots=True)
class Pinned(Node):
    """A value that a property says in other words: all of it stands where that does."""

    def at(self, offset: int) -> Place:
        """Where the property is."""
        return self.place


@dataclass(frozen=True, slots=True)
class Quoted(Node):
    """A value in the JSON of a property: it knows its place through escapes and folds."""

    around: "Places | None" = None
    inner: Node | None = None

    def at(self, offset: int) -> Place:
        """The place in the file of the character number `offset`, from 0, of a scalar's content."""
        assert self.around is not None
        assert self.inner is not None
        return self.around.of(self.inner.at(offset))


class Places:
    """Where the JSON of a property stands in its file, through escapes and folds."""

    def __init__(self, line: Line) -> None:
        self.line, self.escapes = line, line.escapes

    def of(self, place: Place) -> Place:
        """The place in the file of a place in the JSON, which is all in one line."""
        offset = place.column - 1
        return self.line.at(offset + bisect_left(self.escapes, offset))


def pinned(value: Any, place: Place) -> Node:
    """A value as a node that stands where a property does."""
    match value:
        case dict():
            return Pinned({key: pinned(item, place) for key, item in value.items()}, place, place)
        case list() | tuple():
            return Pinned([pinned(item, place) for item in value], place, place)
        case _:
            return Pinned(value, place, place, value if isinstance(value, str) else str(value), plain=False)


def read(line: Line, findings: Findings) -> Node | None:
    """What the JSON of a property says; what is none is noted."""
    source, places = Source(line.text.replace("\n", " ")), Places(line)
    try:
        node = read_json(source)
        source.check()
    except DocumentError as error:
        for fault in error.problems:
            message = _ELSEWHERE.sub(lambda found: _elsewhere(places, found, findings), fault.message)
            findings.fault(f"{line.name}: {message}", places.of(fault.place))
        return None
    return _within(places, node)


def _elsewhere(places: Places, found: re.Match[str], findings: Findings) -> str:
    """A place that a message on the JSON names, as a place of the file."""
    place = places.of(Place(1, int(found[1])))
    return f"{findings.line(place, place)}, column {place.column}"


def _within(places: Places, node: Node) -> Node:
    """The node with the places of the property's file."""
    value = node.value
    match value:
        case dict():
            value = {key: _within(places, item) for key, item in value.items()}
        case list():
            value = [_within(places, item) for item in value]
    key = None if node.key is None else places.of(node.key)
    return Quoted(value, places.of(node.place), key, node.text, plain=False, around=places, inner=node)


@dataclass
class Exact:
    """The sections of a case that a calendar has word by word."""

    sections: dict[str, dict[str, Node]] = field(default_factory=lambda: {key: {} for key in SECTIONS.values()})
    title: Node | None = None
    rules: list[Node] = field(default_factory=list)
    expect: dict[str, Node] = field(default_factory=dict)
    statements: list[tuple[int, Node]] = field(default_factory=list)
    orders: dict[str, int] = field(default_factory=dict)
    """The place of each gathering among the others."""
    taken: set[int] = field(default_factory=set)
    spoken: list[tuple[int, Node, str | None]] = field(default_factory=list)
    """Statements with their place, and the gathering of whose event they are."""

    def take(self, calendar: Component, findings: Findings) -> None:
        """Takes what the calendar itself has."""
        for line in calendar.lines:
            if not line.name.startswith(PREFIX) or (kind := line.name.removeprefix(PREFIX)) == "VERSION":
                continue
            node = _known(line, kind, _OF_CALENDARS, findings)
            if node is None:
                continue
            if kind == "TITLE":
                self.title = node
            elif kind == "RULE":
                self.rules.append(node)
            elif not isinstance(node.value, dict):
                findings.fault(f"{line.name} has keys and values in braces", node.place)
            elif kind == "EXPECT":
                self.expect.update(node.value)
            else:
                named(node, self.sections[SECTIONS[kind]], line, findings)

    def of_event(
        self, event: Component, gatherings: dict[str, Node], findings: Findings
    ) -> tuple[str | None, dict[str, Written]]:
        """Takes what an event has; returns the id of its gathering, and what was written of each."""
        own: str | None = None
        written: dict[str, Written] = {}
        spoken: list[tuple[int, Node]] = []
        for line in event.lines:
            if not line.name.startswith(PREFIX):
                continue
            kind = line.name.removeprefix(PREFIX)
            node = _known(line, kind, _OF_EVENTS, findings)
            if node is None:
                continue
            if not isinstance(node.value, dict):
                findings.fault(f"{line.name} has keys and values in braces", node.place)
            elif kind == "GATHERING":
                own = named(node, gatherings, line, findings)
                if own is not None:
                    self._place(own, line, findings)
            elif kind == "STATEMENT":
                spoken.append((_order(line), node))
            else:
                self._verdict(node.value, written, line, findings)
        self.spoken += [(order, node, own) for order, node in spoken]
        return own, written

    def _verdict(self, body: dict[str, Node], written: dict[str, Written], line: Line, findings: Findings) -> None:
        """Takes what was written of somebody, or notes what is wrong with it."""
        who, partstat, sends = (body.get(key) for key in ("who", "partstat", "sends"))
        if not (who and partstat and isinstance(who.value, str) and isinstance(partstat.value, str)):
            findings.fault(f"{line.name} has a who and a partstat", line.place)
        elif who.value not in self.sections["participants"]:
            findings.fault(f"{line.name}: unknown participant {shown(who.value)}", who.place)
        elif partstat.value not in PARTSTATS:
            findings.fault(f"{line.name}: the partstat is none: {shown(partstat.value)}", partstat.place)
        else:
            sent = sends.value if sends and isinstance(sends.value, list) else []
            written[who.value] = (partstat.value, frozenset(str(item.value) for item in sent))

    def _place(self, gathering: str, line: Line, findings: Findings) -> None:
        """Keeps the place of a gathering among the others."""
        order = _order(line)
        if order == LAST:
            findings.fault(f"{line.name} has no {ORDER} that says its place among the gatherings", line.place)
        elif order in self.taken:
            findings.fault(f"the {ORDER} {order} is given twice", line.place)
        self.orders[gathering] = order
        self.taken.add(order)

    def settle(self, place: Place, findings: Findings) -> None:
        """Sees to it that each statement is of the gathering in whose event it stands.

        One that names no gathering is of the main one; so without that nothing can be read rightly.
        """
        main = next((gathering for gathering, order in self.orders.items() if order == 0), None)
        if main is None:
            message = f"the event of the main gathering ({ORDER}=0) is not here: what names no gathering is said of it"
            findings.fault(message, place)
        for order, node, own in self.spoken:
            assert isinstance(node.value, dict)
            at = node.value.get("at")
            named = main if at is None or not isinstance(at.value, str) else at.value
            if main is not None and own is not None and fold(str(named)) != fold(own):
                message = f"this statement is of {str(named)[:60]}, and stands in the event of {own}: put it there"
                findings.fault(message, node.place)
            self.statements.append((order, node))


def _order(line: Line) -> int:
    order = line.parameter(ORDER) or ""
    return int(order) if order.isdecimal() and len(order) < 10 else LAST


def named(node: Node, section: dict[str, Node], line: Line, findings: Findings) -> str | None:
    """Puts what has an id into its section; returns the id."""
    assert isinstance(node.value, dict)
    name = node.value.get("id")
    if name is None or not isinstance(name.value, str):
        findings.fault(f"{line.name} has no id", node.place)
        return None
    if name.value in section:
        findings.fault(f"the id {shown(name.value)} is given twice", name.place)
        return None
    body = {key: item for key, item in node.value.items() if key != "id"}
    section[name.value] = Pinned(body, node.place, name.place)
    return name.value


def _known(line: Line, kind: str, known: tuple[str, ...], findings: Findings) -> Node | None:
    """What a property says, if it is one that is known there."""
    if kind in known:
        return read(line, findings)
    here = ", ".join(PREFIX + kind for kind in known)
    findings.fault(f"{line.name[:60]} is not known here: known are {here}", line.place)
    return None
