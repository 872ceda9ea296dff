"""Those whom the events of calendars ask: participants and groups with readable ids, and who counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from attendance.formats.document import Node
from attendance.formats.ics.content import Findings
from attendance.formats.ics.events import Attendee
from attendance.formats.ics.exact import Exact, Pinned, pinned
from attendance.formats.ics.names import Names, addresses
from attendance.formats.ics.showing import shown_name
from attendance.formats.ics.values import id_in, same

ROLES = {"CHAIR": "chair", "OPT-PARTICIPANT": "optional"}
"""Roles that a tag keeps; REQ-PARTICIPANT is what everybody is."""


@dataclass
class People:
    """Participants and groups by id, as nodes of a case file."""

    exact: Exact
    findings: Findings
    names: Names = field(default_factory=Names)
    made: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    """What those were called whose name was changed."""
    aside: dict[tuple[str, str], str] = field(default_factory=dict)
    """What those are who attend nothing, or ("", address) no gathering: replies do not say it again."""
    parts: dict[str, dict[str, None]] = field(default_factory=dict)
    """The groups that belong to a group."""

    def know(self, gatherings: Iterable[str]) -> None:
        """Takes the names that are given already, with the addresses that they are written with."""
        sections = self.exact.sections
        for name in (*gatherings, *sections["facts"]):
            self.names.keep(name)
        people = [(name, _text(node, "address")) for name, node in sections["participants"].items()]
        tagged = [
            tag for node in sections["participants"].values() for key in ("of", "tags") for tag in _texts(node, key)
        ]
        groups = dict.fromkeys([*sections["groups"], *tagged])
        for name, address in addresses(people, groups).items():
            self.names.keep(name, address)

    def set_aside(self, gathering: str, attendee: Attendee) -> None:
        """Remembers who attends nothing: a room or a resource, or here alone a NON-PARTICIPANT."""
        if attendee.kind not in ("group", "person"):
            self.aside["", attendee.key] = f"is {attendee.kind}, and nobody who attends"
        elif attendee.kind == "person" and attendee.role == "NON-PARTICIPANT":
            self.aside[gathering, attendee.key] = "is told of it as a NON-PARTICIPANT"

    def apart(self, gathering: str, address: str) -> str | None:
        """Why somebody does not attend a gathering, if they are no participant of it."""
        return self.aside.get(("", same(address))) or self.aside.get((gathering, same(address)))

    def counts(self, attendee: Attendee, gathering: str) -> bool:
        """Whether an attendee is one of those who attend; who is not is noted."""
        self.set_aside(gathering, attendee)
        if attendee.kind == "group":
            return False
        why = self.apart(gathering, attendee.address)
        if why is not None:
            self.findings.note(f"{attendee.address} {why}: left out", attendee.line.place)
        return why is None

    def group(self, address: str, name: str | None, line_of: Attendee) -> str:
        """The id of the group with that address."""
        known = self.names.known(address)
        if known is not None and known in self.exact.sections["participants"]:
            self.findings.fault(f"{address} is a participant, and no group", line_of.line.place)
            return known
        found = self.names.of(address, name)
        groups = self.exact.sections["groups"]
        if known is None:
            body = {"name": pinned(name, line_of.line.place)} if name else {}
            groups[found] = Pinned(body, line_of.line.place, line_of.line.place)
        return found

    def whole_group(self, attendee: Attendee, written: bool) -> None:
        """Takes a group that is asked as such, with the groups that it belongs to; its answer is nobody's."""
        found, place = self.group(attendee.address, attendee.name, attendee), attendee.line.place
        if attendee.partstat != "NEEDS-ACTION":
            self.findings.note(f"{found} is a group, and {attendee.partstat} says nothing of its members", place)
        for parent in () if written else attendee.member:
            self.parts.setdefault(self.group(parent, None, attendee), {})[found] = None

    def settle(self) -> None:
        """Gives groups the groups that belong to them."""
        for group, parts in self.parts.items():
            node = self.exact.sections["groups"].get(group)
            if node is not None and isinstance(node.value, dict):
                members, told = _list(node, "members"), _texts(node, "members")
                new = [pinned(part, node.place) for part in parts if part not in told]
                node.value["members"] = Pinned([*members, *new], node.place, node.place)

    def person(self, attendee: Attendee, edited: bool = False) -> str:
        """The id of an attendee, who is made a participant if they were none; `edited` in what we wrote."""
        place = attendee.line.place
        known = self.names.known(attendee.address)
        people = self.exact.sections["participants"]
        if known is not None and known in people:
            self._rename(known, attendee, edited)
            self._more(known, attendee)
            return known
        if known is not None:
            self.findings.fault(f"{attendee.address} is a group, and nobody who attends", place)
            return known
        found = self.names.of(attendee.address, attendee.name)
        body: dict[str, object] = {}
        if attendee.name and attendee.name not in (found, attendee.address.partition(":")[2]):
            body["name"] = attendee.name
        if id_in(attendee.address) != found:
            body["address"] = attendee.address
        if attendee.member:
            body["of"] = list(dict.fromkeys(self.group(address, None, attendee) for address in attendee.member))
        if attendee.role in ROLES:
            body["tags"] = [ROLES[attendee.role]]
        people[found] = pinned(body, place)
        self.made.add(found)
        return found

    def _more(self, who: str, attendee: Attendee) -> None:
        """Takes further groups and roles of somebody who is in no calendar that we wrote."""
        node = self.exact.sections["participants"][who]
        if who not in self.made or not isinstance(node.value, dict):
            return
        groups = [self.group(address, None, attendee) for address in attendee.member]
        for key, new in (("of", groups), ("tags", [ROLES[attendee.role]] if attendee.role in ROLES else [])):
            old = [item.value for item in _list(node, key)]
            if set(new) - set(old):
                node.value[key] = pinned(list(dict.fromkeys([*old, *new])), attendee.line.place)

    def called(self, address: str, attendee: Attendee) -> str | None:
        """The id of somebody whom an attendee's parameter names, who is made a participant if they were none."""
        known = self.names.known(address)
        if known is None:
            found = self.names.of(address, None)
            own = {} if id_in(address) == found else {"address": address}
            self.exact.sections["participants"][found] = pinned(own, attendee.line.place)
            self.made.add(found)
            return found
        if known not in self.exact.sections["participants"]:
            self.findings.fault(f"{address} is nobody who attends, and cannot be sent", attendee.line.place)
            return None
        return known

    def _rename(self, who: str, attendee: Attendee, edited: bool) -> None:
        """Takes a name where there is none, or one that was changed in what this library wrote."""
        body = self.exact.sections["participants"][who].value
        assert isinstance(body, dict)
        old, place = _text(self.exact.sections["participants"][who], "name"), attendee.line.place
        address = attendee.address.partition(":")[2]
        called = (shown_name(old, who), attendee.address, address, self.renamed.get(who))
        if not attendee.name or attendee.name in called:
            return  # programs call those by their address whose name they do not know
        taken = old is None or (edited and who not in self.renamed)
        if taken:
            self.renamed[who] = shown_name(old, who)
            body["name"] = pinned(attendee.name, place)
        if old is not None:
            kept = "taken as it is here" if taken else "the name that came first is kept"
            self.findings.note(f"{who} is called {attendee.name} here, and not {old}: {kept}", place)


def _text(node: Node, key: str) -> str | None:
    value = node.value.get(key) if isinstance(node.value, dict) else None
    return value.value if value is not None and isinstance(value.value, str) else None


def _texts(node: Node, key: str) -> list[str]:
    return [item.value for item in _list(node, key) if isinstance(item.value, str)]


def _list(node: Node, key: str) -> list[Node]:
    value = node.value.get(key) if isinstance(node.value, dict) else None
    if value is None:
        return []
    return value.value if isinstance(value.value, list) else [value]
