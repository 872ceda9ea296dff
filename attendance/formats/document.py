"""Text in, a tree of plain values with the place of every node out: YAML, JSON and TOML alike.

This room knows nothing of what a document is about, and it reads no file. Its limits are public, and
with them no document, however hostile, takes more than some seconds and some hundred megabytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NoReturn, Protocol, TypeAlias

MOST_BYTES = 40_000_000  # of a document, in UTF-8
MOST_NODES = 3_000_000  # keys and values; TOML is read more slowly and has less
DEEPEST = 64  # lists and mappings in each other
LONGEST_SCALAR = 100_000  # characters of one text, once its escapes are read
LONGEST_WRITTEN = 1_000_000  # characters that one text takes in the file, with escapes and indentation
MOST_DIGITS = 1_000  # of a number, written out
MOST_FAULTS = 100  # more are not collected

TOO_DEEP = f"lists and mappings are nested here in more than {DEEPEST} levels: make it flatter"
TOO_MANY_DIGITS = f"this number has more than {MOST_DIGITS:,} digits: shorten it"
TOO_LONG_WRITTEN = f"this text takes more than {LONGEST_WRITTEN:,} characters in the file: shorten it"

# Controls but tab and newline, directions of writing, halves of surrogate pairs.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column of a file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a document, and where."""

    message: str
    place: Place

    def __str__(self) -> str:
        return f"line {self.place.line}, column {self.place.column}: {self.message}"


class DocumentError(Exception):
    """A document that cannot be read: `.problems` has what was found, in the order of the file."""

    def __init__(self, problems: tuple[Fault, ...]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class Written(Protocol):
    """How a scalar stands in its file, where its content is not just what stands there."""

    @property
    def raw(self) -> str:
        """The scalar as it stands in the file, from its first character (the quote, if it has one)."""

    def index(self, offset: int) -> int:
        """Where in `raw` the character number `offset` of the content is written."""


@dataclass(frozen=True, slots=True)
class Escaped:
    """A scalar with escapes or line breaks: `special` finds them, `meaning` says what each stands for."""

    raw: str  # without the closing quote
    opening: int  # how long the opening quote is
    special: re.Pattern[str]
    meaning: Callable[[re.Match[str]], str]

    @property
    def content(self) -> str:
        """The text that is meant."""
        return self.special.sub(self.meaning, self.raw[self.opening :])

    def index(self, offset: int) -> int:
        """Where in `raw` the character number `offset` of the content is written."""
        at, seen = self.opening, 0
        for piece in self.special.finditer(self.raw, self.opening):
            if offset < seen + piece.start() - at:
                break
            seen, at = seen + piece.start() - at, piece.start()
            size = len(self.meaning(piece))
            if offset < seen + size:
                return at + (offset - seen if size == len(piece[0]) else 0)
            seen, at = seen + size, piece.end()
        return min(at + offset - seen, len(self.raw))


Value: TypeAlias = "str | int | bool | Decimal | list[Node] | dict[str, Node] | date | datetime | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. The scalars of YAML are all text, or None where nothing is said."""

    value: Value
    place: Place  # where the value starts: at the quote, if it has one
    key: Place | None = None  # where its key starts, for a member of a mapping
    text: str | None = None  # of a scalar: its content, as written
    plain: bool = True  # not in quotes
    written: Written | None = field(default=None, repr=False, compare=False)

    @property
    def missing(self) -> bool:
        """Whether this stands for the value of a key that has not even a ':', as `b` in `{a: x, b}`."""
        return self.text == "" and self.place == self.key

    def at(self, offset: int) -> Place:
        """The place in the file of the character number `offset`, from 0, of a scalar's content."""
        if self.text is None:
            return self.place
        offset = min(max(offset, 0), len(self.text))
        if self.written is None:
            return Place(self.place.line, self.place.column + offset + (not self.plain))
        before = self.written.raw[: self.written.index(offset)]
        breaks = before.count("\n")
        column = len(before) - before.rfind("\n") if breaks else self.place.column + len(before)
        return Place(self.place.line + breaks, column)


def with_line_feeds(text: str) -> str:
    """The text as it is read and counted in lines: ends of lines are line feeds, and there is no byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Source:
    """A document while it is read: its text, the places in it, and what is wrong with it so far."""

    def __init__(self, text: str) -> None:
        """Takes text as it came; `.text` has line feeds for ends of lines and no byte order mark."""
        self.text, self.nodes, self._faults = "", 0, dict[Place, Fault]()
        self._index, self._line, self._start = 0, 1, 0  # the last place asked for
        size = len(text)
        if size <= MOST_BYTES and not text.isascii():
            size = len(text.encode("utf-8", "surrogatepass"))
        if size > MOST_BYTES:
            self.stop(f"the document is longer than {MOST_BYTES:,} bytes: split it", 0)
        self.text = with_line_feeds(text)
        for found in _HIDDEN.finditer(self.text):
            if not self._room:
                break
            self.fault(hidden(found[0]), found.start())
        if self._faults:  # the rest can still be read, so that its faults are told as well
            self.text = _HIDDEN.sub("\ufffd", self.text)

    def place(self, index: int) -> Place:
        """The line and column of a character of `.text`; quick if asked in the order of the text."""
        if index >= self._index:
            breaks = self.text.count("\n", self._index, index)
            if breaks:
                self._start = self.text.rindex("\n", self._index, index) + 1
        else:
            breaks = -self.text.count("\n", index, self._index)
            if breaks:
                self._start = self.text.rfind("\n", 0, index) + 1
        self._index, self._line = index, self._line + breaks
        return Place(self._line, index - self._start + 1)

    @property
    def _room(self) -> bool:
        return len(self._faults) < MOST_FAULTS

    def fault(self, message: str, at: int | Place) -> None:
        """Notes what is wrong, once for a place."""
        if self._room:
            place = at if isinstance(at, Place) else self.place(at)
            self._faults.setdefault(place, Fault(message, place))

    def stop(self, message: str, at: int | Place) -> NoReturn:
        """Notes what is wrong and ends the reading there."""
        place = at if isinstance(at, Place) else self.place(at)
        self._faults.setdefault(place, Fault(message, place))
        raise DocumentError(self.faults)

    def fault_again(self, name: str, first: Place | None, again: int | Place) -> None:
        """Notes that a key is given twice, and where it is given first."""
        where = f" first in line {first.line}, column {first.column};" if first else ""
        self.fault(f"the key {shown(name)} is given twice:{where} remove one of them", again)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was noted, in the order of the text."""
        return tuple(sorted(self._faults.values(), key=lambda fault: (fault.place.line, fault.place.column)))

    def check(self) -> None:
        """Raises what was noted, in the order of the text."""
        if self._faults:
            raise DocumentError(self.faults)

    def count(self, at: int, most: int) -> None:
        """Takes note of one more key or value, which starts here; ends the reading if these are too many."""
        self.nodes += 1
        if self.nodes > most:
            self.stop(too_many(most), at)

    def scalar(
        self,
        value: Value,
        text: str,
        *,
        at: int | Place,
        key: Place | None = None,
        plain: bool = True,
        written: Written | None = None,
    ) -> Node:
        """A scalar that starts here; what its escapes hide, or that it is too long, is noted."""
        node = Node(value, at if isinstance(at, Place) else self.place(at), key, text, plain, written)
        if len(text) > LONGEST_SCALAR:
            self.fault(f"this text is longer than {LONGEST_SCALAR:,} characters: shorten it", node.place)
        if written and self._room and (found := _HIDDEN.search(text)):  # what was not escaped is known
            self.fault(hidden(found[0]), node.at(found.start()))
        return node

    def number(self, number: Decimal, text: str, at: int | Place) -> Decimal:
        """The number that stands here; one beyond the limits is noted, and is 0."""
        if not number.is_finite():
            self.fault(f"{shown(text)} is no number to reckon with: write it out, or leave it out", at)
        elif len(text) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
            self.fault(TOO_MANY_DIGITS, at)
        else:
            return number
        return Decimal(0)


def exact(text: str) -> Decimal:
    """The number that is written there; not a number if it is larger than any."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def too_many(most: int) -> str:
    """What is to be said of a document with more keys and values than its format may have."""
    return f"the document has more than {most:,} keys and values: split it"


def shown(text: str) -> str:
    """The text in quotes, fit for a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def hidden(character: str) -> str:
    """What is to be said of a character that may not be in a document."""
    code = f"U+{ord(character):04X}"
    if "\ud800" <= character <= "\udfff":
        return f"{code} is half a character (a lone surrogate): write the whole character"
    if character < "\xa0":
        return f"the control character {code} is not allowed: remove it"
    return f"the character {code} changes the direction of writing, unseen: remove it"
