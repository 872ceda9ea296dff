"""What can be said of an attendance: the kinds of statement, and the bounds each one makes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, assert_never

from attendance.model.bulk import tuple_of
from attendance.model.conditions import ALWAYS, NEVER, Condition, Name, Not, negation


class Reading(StrEnum):
    """How statements are heard: as people mean them, or to the letter."""

    CONVERSATIONAL = "conversational"
    LITERAL = "literal"


class Inclination(StrEnum):
    """What somebody does between their bounds: attend if they may, stay away unless they must, or either."""

    INCLINED = "inclined"
    DISINCLINED = "disinclined"
    OPEN = "open"


class Link(StrEnum):
    """The word that ties a condition to what is said."""

    IF = "if"
    ONLY_IF = "only if"
    IF_AND_ONLY_IF = "if and only if"
    UNLESS = "unless"


IF, ONLY_IF = Link.IF, Link.ONLY_IF


class Said:
    """What every kind of saying shares: `str` gives its text."""

    __slots__ = ()

    def __str__(self) -> str:
        from attendance.model.printing import print_saying

        return print_saying(self)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Attends(Said):
    """`attends`, plain or with a link and a condition."""

    link: Link | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Declines(Said):
    """`declines`, plain or with `if` or `unless` and a condition."""

    link: Link | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Might(Said):
    """`might attend`, plain or with a link and a condition."""

    link: Link | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Sends(Said):
    """`sends Y, Z`: the speaker stays away and they come instead; with `if C`, under that condition."""

    delegates: tuple[str, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class WaitsFor(Said):
    """`waits for A, B`: they decide first. It binds nobody, and is no part of a position."""

    targets: tuple[Name, ...]


Saying = Attends | Declines | Might | Sends | WaitsFor


class Bounds(NamedTuple):
    """A lower bound (if it holds, they attend) and an upper bound (they attend only if it holds)."""

    lower: Condition | None = None
    upper: Condition | None = None


PLAIN = Bounds(lower=ALWAYS)
"""What `attends` alone comes to."""


def bounds(saying: Saying, reading: Reading) -> Bounds:
    """The bounds on the speaker's own attendance."""
    match saying:
        case Attends():  # the most frequent first
            return _attends(saying.link, saying.condition)
        case Declines(link, condition):
            return _declines(link, condition)
        case Might(link, condition):
            return _might(link, condition, reading)
        case Sends(_, None):
            return Bounds(upper=NEVER)
        case Sends(_, condition):
            return Bounds(upper=negation(condition))
        case WaitsFor():
            return Bounds()
        case _:
            assert_never(saying)


def _attends(link: Link | None, condition: Condition | None) -> Bounds:
    if link is None:  # the most frequent first
        return PLAIN
    if link is IF:
        return tuple_of(Bounds, (condition, None))
    if link is ONLY_IF:
        return tuple_of(Bounds, (None, condition))
    if link is Link.UNLESS:
        return Bounds(lower=negation(condition))
    return Bounds(lower=condition, upper=condition)


def _declines(link: Link | None, condition: Condition | None) -> Bounds:
    match link:
        case None:
            return Bounds(upper=NEVER)
        case Link.UNLESS:
            return Bounds(upper=condition)
        case _:
            return Bounds(upper=negation(condition))


def _might(link: Link | None, condition: Condition | None, reading: Reading) -> Bounds:
    """Only `only if` binds to the letter; `if` and `unless` are heard as if they did."""
    match link:
        case Link.ONLY_IF:
            return Bounds(upper=condition)
        case Link.IF if reading is Reading.CONVERSATIONAL:
            return Bounds(upper=condition)
        case Link.UNLESS if reading is Reading.CONVERSATIONAL:
            return Bounds(upper=negation(condition))
        case _:
            return Bounds()


def delegate_bound(saying: Sends, sender: Condition) -> Condition:
    """The lower bound on a delegate's attendance: the sender is away, and the condition holds."""
    away = Not(sender)
    return away if saying.condition is None else saying.condition & away
