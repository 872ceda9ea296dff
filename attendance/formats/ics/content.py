"""Text of a calendar to content lines: unfolded, cut into name, parameters and value, each with its place."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from attendance.formats.document import (
    LONGEST_WRITTEN,
    MOST_FAULTS,
    DocumentError,
    Fault,
    Place,
    Source,
    shown,
)
from attendance.model.words import possessive

MOST_LINES = 500_000  # content lines of a file; one that is folded counts once
MOST_VALUES = 100_000  # of a parameter
MOST_ATTENDEES = 100_000  # of one event

_LINE = re.compile(r"[^\n]++" + possessive(r"\n[ \t][^\n]*+"))
_STARTS = re.compile(r"^[^ \t\n]", re.MULTILINE)
_ATTENDEES = re.compile(r"^(?:(BEGIN:VEVENT)|ATTENDEE[;:])", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9-]++")
_VALUES = r'(?:"[^"\n]*+"|[^",;:\n]*+)' + possessive(r',(?:"[^"\n]*+"|[^",;:\n]*+)')
_PARAMETER = re.compile(rf";([A-Za-z0-9-]++)=({_VALUES})(?=[;:])")
_QUOTE = re.compile(';[A-Za-z0-9-]++="')
_STRAY = re.compile(';[A-Za-z0-9-]++=[^",;:]++"')
_VALUE = re.compile(r'"([^"]*+)"|([^",]*+)')
_MARKED = re.compile('[",^]')
_CARET = re.compile(r"\^[n'^]")  # as RFC 6868 has it
_MEANT = {"^n": "\n", "^'": '"', "^^": "^"}
_ESCAPE = re.compile(r"\\[^\n]")


@dataclass
class Findings:
    """What is wrong with the calendars, and what is only told of; each with its place among all lines read."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    files: list[tuple[int, str]] = field(default_factory=list)
    """The number that the first line of each file has among all lines read, and what the file is called."""

    @property
    def full(self) -> bool:
        """Whether so much is wrong that no more is looked for."""
        return len(self.faults) >= MOST_FAULTS

    def fault(self, message: str, place: Place) -> None:
        """Notes what is wrong; no more than can be read."""
        if not self.full:
            self.faults.append(Fault(message, place))

    def note(self, message: str, place: Place) -> None:
        """Notes what is told of, and taken as it is said there."""
        self.notes.append(Fault(message, place))

    def line(self, place: Place, beside: Place) -> str:
        """A place as a message of another place names it: its line, and its file if that is another one."""
        (first, file), (_, here) = self.file(place), self.file(beside)
        return f"line {place.line - first + 1}" + ("" if file == here else f" of {file}")

    def file(self, place: Place) -> tuple[int, str]:
        """The file that a place is in, with the number of its first line."""
        return next(((n, file) for n, file in reversed(self.files) if n <= place.line), (1, ""))


@dataclass(frozen=True, slots=True)
class Line:
    """A content line: `value` is as written, without its folds and with its escapes."""

    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str
    start: int  # of the value, in the unfolded line
    place: Place
    ends: tuple[int, ...] = ()  # where each line of the file but the last ends, in the unfolded line

    def parameter(self, name: str) -> str | None:
        """The first value of a parameter, if it has one that says anything."""
        values = self.parameters.get(name, ())
        return values[0] if values and values[0] else None

    def at(self, offset: int) -> Place:
        """The place of a character of the value."""
        index = self.start + offset
        down = bisect_right(self.ends, index)
        if not down:
            return Place(self.place.line, self.place.column + index)
        return Place(self.place.line + down, index - self.ends[down - 1] + 2)

    @property
    def text(self) -> str:
        """The value as text, its escapes read."""
        return _ESCAPE.sub(_unescaped, self.value) if "\\" in self.value else self.value

    @property
    def escapes(self) -> list[int]:
        """Which characters of the text are written as two."""
        return [found.start() - before for before, found in enumerate(_ESCAPE.finditer(self.value))]


def _unescaped(piece: re.Match[str]) -> str:
    sign = piece[0][1]
    return "\n" if sign in "nN" else sign


def content_lines(text: str, first: int, findings: Findings) -> Iterator[Line]:
    """The content lines of a file whose first line has that number; what is none is noted."""
    try:
        source = Source(text)
    except DocumentError as error:
        faults = error.problems
    else:
        faults = source.faults
    for fault in faults:
        findings.fault(fault.message, Place(fault.place.line + first - 1, fault.place.column))
    if not faults:
        yield from _lines(source.text, first, findings)


def _one_too_many(text: str) -> int | None:
    """Where an event has an attendee too many: seen before the first of them is taken apart, as that is slow."""
    many = 0
    for found in _ATTENDEES.finditer(text) if text.count("\n") > MOST_ATTENDEES else ():
        many = 0 if found[1] else many + 1
        if many > MOST_ATTENDEES:
            return found.start()
    return None


def _lines(text: str, first: int, findings: Findings) -> Iterator[Line]:
    crowded = _one_too_many(text)
    if crowded is not None:
        place = Place(first + text.count("\n", 0, crowded), 1)
        findings.fault(f"an event has at most {MOST_ATTENDEES:,} attendees: split it", place)
        return
    if text.count("\n") > MOST_LINES:
        beyond = next(islice(_STARTS.finditer(text), MOST_LINES, None), None)
        if beyond is not None:
            place = Place(first + text.count("\n", 0, beyond.start()), 1)
            findings.fault(f"a calendar has at most {MOST_LINES:,} lines: split it", place)
            return
    number = at = 0
    for found in _LINE.finditer(text):
        if findings.full:
            return
        number += text.count("\n", at, found.start())
        at = found.start()
        place = Place(first + number, 1)
        if found.end() - at > LONGEST_WRITTEN:
            findings.fault(f"this line has more than {LONGEST_WRITTEN:,} characters, folds included", place)
        elif found[0].strip():
            line = _line(found[0], place, findings)
            if line is not None:
                yield line


def _line(raw: str, place: Place, findings: Findings) -> Line | None:
    """The content line that is written there; None, and noted, if it is none."""
    ends: list[int] = []
    if "\n" in raw:
        pieces = raw.split("\n")
        raw = "".join([pieces[0], *(piece[1:] for piece in pieces[1:])])
        ends = [len(pieces[0])]
        for piece in pieces[1:-1]:
            ends.append(ends[-1] + len(piece) - 1)
    name = _NAME.match(raw)
    if name is None:
        findings.fault("a line starts with the name of a property, as in SUMMARY:Talks", place)
        return None
    at, parameters, twice = name.end(), dict[str, tuple[str, ...]](), set[str]()
    while parameter := _PARAMETER.match(raw, at):
        key, values = parameter[1].upper(), parameter[2]
        amiss = f"the parameter {shown(key)} is given twice: remove one of them" if key in parameters else None
        if values.count(",") >= MOST_VALUES:
            amiss = f"a parameter has at most {MOST_VALUES:,} values"
        if amiss is None:
            parameters[key] = tuple(_values(values)) if _MARKED.search(values) else (values,)
        elif key not in twice:
            findings.fault(amiss, Line("", {}, "", at + 1, place, tuple(ends)).at(0))
            twice.add(key)
        at = parameter.end()
    if raw[at : at + 1] != ":":
        message, at = _amiss(raw, at)
        findings.fault(message, Line("", {}, "", at, place, tuple(ends)).at(0))
        return None
    return Line(name[0].upper(), parameters, raw[at + 1 :], at + 1, place, tuple(ends))


def _amiss(raw: str, at: int) -> tuple[str, int]:
    """What is wrong with a line that breaks off there, and where."""
    quote = _QUOTE.match(raw, at)
    if quote is not None and '"' not in raw[quote.end() :]:
        return "the quote that opens here is never closed: close it with another one", quote.end() - 1
    stray = _STRAY.match(raw, at)
    if stray is not None:
        return "a quote stands within this value: leave it out, or write ^' for it (RFC 6868)", stray.end() - 1
    message = f"after {shown(raw[:at])} comes a parameter, as in ;CN=Anna, or ':' and a value"
    if raw[at : at + 1] == " ":
        message += "; a line that goes on from the one before begins with a space"
    return message, at


def _values(text: str) -> Iterator[str]:
    """The values of a parameter, without quotes."""
    at = 0
    while at <= len(text):
        found = _VALUE.match(text, at)
        assert found, "it matches an empty value too"
        value = found[1] if found[1] is not None else found[2]
        yield _CARET.sub(lambda sign: _MEANT[sign[0]], value) if "^" in value else value
        at = found.end() + 1
