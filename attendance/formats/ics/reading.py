"""Calendars to a case: invitations, replies, and what this library has written itself."""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from os import PathLike

from attendance.errors import CaseError, InputError, Problem, visible
from attendance.formats.casefile import case_of
from attendance.formats.decoding import file_text
from attendance.formats.document import Fault, Place
from attendance.formats.files import path_of
from attendance.formats.ics.assembly import Assembly
from attendance.formats.ics.components import Component, components
from attendance.formats.ics.content import Findings, content_lines
from attendance.model.bulk import collector_paused
from attendance.model.case import Case
from attendance.model.values import shown

_BEGINS = re.compile(r"^[ \t\ufeff]*+(?:BEGIN|END)[:;]", re.IGNORECASE | re.MULTILINE)
MOST_NOTES = 100
"""More are counted, and not told."""


class CalendarWarning(UserWarning):
    """Something in a calendar that a case has no place for, or that was taken in a way worth a look."""


@dataclass(frozen=True)
class Calendars:
    """The case that calendars make, and what is to be told of them, each with file, line and column."""

    case: Case
    notes: tuple[Problem, ...]


def from_ics(*calendars: str | PathLike[str]) -> Case:
    """The case in calendars, read together: each the path of a file, or the text of a calendar.

    What a case has no place for is told by a CalendarWarning. Raises CaseError with every problem.
    """
    found = read_calendars([_source(calendar, number) for number, calendar in enumerate(calendars, 1)])
    for note in found.notes:
        warnings.warn(str(note), CalendarWarning, stacklevel=2)
    return found.case


def _source(calendar: str | PathLike[str], number: int) -> tuple[str, str]:
    """The name and the text of a calendar. A text has more than one line, a path has not."""
    if isinstance(calendar, str) and not calendar.strip():
        raise InputError("expected the path of a calendar or its text, and this is empty")
    if isinstance(calendar, str) and ("\n" in calendar or "\r" in calendar):
        return f"<text {number}>" if number > 1 else "<text>", calendar
    if not isinstance(calendar, str | PathLike):
        raise InputError(f"expected the path of a calendar or its text, not {shown(calendar)}")
    return str(calendar), file_text(path_of(calendar), folded=True)


def read_calendars(sources: Iterable[tuple[str, str]]) -> Calendars:
    """The case in calendars, of which each has a name and a text. Raises CaseError with every problem."""
    findings = Findings()
    calendars: list[Component] = []
    first = 1
    with collector_paused():
        for file, text in sources:
            findings.files.append((first, file))
            if _BEGINS.search(text):
                calendars += components(content_lines(text, first, findings), findings)
            else:
                findings.fault("there is no calendar here: it begins with BEGIN:VCALENDAR", Place(first, 1))
            first += text.count("\n") + text.count("\r") + 2
        if not findings.faults:
            tree = Assembly(findings).tree(calendars)
        if findings.faults:
            raise CaseError(_located(fault, findings) for fault in _in_order(findings.faults))
        try:
            case = case_of(tree, "", "")
        except CaseError as error:
            raise CaseError(_relocated(problem, findings) for problem in error.problems) from None
    notes = _in_order(findings.notes)
    if len(notes) > MOST_NOTES:
        further = Fault(f"and {len(notes) - MOST_NOTES:,} more are not told", notes[MOST_NOTES].place)
        notes = [*notes[:MOST_NOTES], further]
    return Calendars(case, tuple(_located(note, findings) for note in notes))


def _in_order(found: Sequence[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(found), key=lambda fault: (fault.place.line, fault.place.column))


def _located(fault: Fault, findings: Findings) -> Problem:
    return _relocated(Problem(visible(fault.message), line=fault.place.line, column=fault.place.column), findings)


def _relocated(problem: Problem, findings: Findings) -> Problem:
    """The problem with the file that its line is in, and the line there."""
    line = problem.line or 1
    first, file = findings.file(Place(line, 1))
    return replace(problem, file=file, line=line - first + 1)
