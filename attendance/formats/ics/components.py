"""Content lines to components: what stands between BEGIN and END, and the properties of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from attendance.formats.document import Place, shown
from attendance.formats.ics.content import Findings, Line

DEEPEST = 8  # components in each other; calendars need three


@dataclass
class Component:
    """A calendar, an event or another component: its lines and the components in it."""

    name: str
    place: Place
    lines: list[Line] = field(default_factory=list)
    inner: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Line]:
        """Every property of that name."""
        return (line for line in self.lines if line.name == name)

    def one(self, name: str, findings: Findings) -> Line | None:
        """The property of that name, if there is one; a second one is noted."""
        first: Line | None = None
        for line in self.all(name):
            if first is None:
                first = line
            else:
                where = findings.line(first.place, line.place)
                message = f"{name} is given twice, first in {where}: remove one of them"
                findings.fault(message, line.place)
        return first


def components(lines: Iterable[Line], findings: Findings) -> list[Component]:
    """The calendars that the lines make. What is not opened, not closed or outside of all is noted."""
    calendars: list[Component] = []
    opened: list[Component] = []
    for line in lines:
        if line.name == "BEGIN":
            if not _begin(line, opened, calendars, findings):
                return calendars
        elif line.name == "END":
            if not _end(line, opened, findings):
                return calendars
        elif opened:
            opened[-1].lines.append(line)
        else:
            findings.fault(f"{line.name} stands outside of a calendar: begin with BEGIN:VCALENDAR", line.place)
            return calendars
    for component in opened if not findings.faults else ():
        name = component.name[:40]
        findings.fault(f"{name} is begun here and never ended: add END:{name}", component.place)
    return calendars


def _begin(line: Line, opened: list[Component], calendars: list[Component], findings: Findings) -> bool:
    """Opens a component; whether what follows can be read."""
    made = Component(line.value.strip().upper(), line.place)
    if not opened and made.name != "VCALENDAR":
        findings.fault(f"{shown(made.name)} stands outside of a calendar: begin with BEGIN:VCALENDAR", line.place)
        return False
    if opened and made.name == "VCALENDAR":
        findings.fault("a calendar begins here in another one: add END:VCALENDAR before it", line.place)
        return False
    if opened and made.name == "VEVENT" and opened[-1].name == "VEVENT":
        findings.fault("an event begins here in another one: add END:VEVENT before it", line.place)
        return False
    if len(opened) == DEEPEST:
        findings.fault(f"components are in each other here in more than {DEEPEST} levels", line.place)
        return False
    (opened[-1].inner if opened else calendars).append(made)
    opened.append(made)
    return True


def _end(line: Line, opened: list[Component], findings: Findings) -> bool:
    """Closes a component; whether what follows can be read."""
    name = line.value.strip().upper()
    if not opened:
        findings.fault(f"END:{name[:40]} ends what was never begun: remove it", line.place)
        return False
    if opened[-1].name != name:
        begun = opened[-1]
        where = findings.line(begun.place, line.place)
        message = f"END:{name[:40]} stands where {begun.name[:40]} of {where} is open: end that first"
        findings.fault(message, line.place)
        return False
    opened.pop()
    return True
