"""A case in the making: its values, each with its path, before they are known to fit together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from attendance.errors import Problem
from attendance.model.expectation import Expectation
from attendance.model.language import locate
from attendance.model.participants import Fact, Gathering, Group, Participant
from attendance.model.roster import Roster
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement

Path = tuple[str | int, ...]
_OF_THE_MACHINE = frozenset(("localtime", "posixrules"))  # these are another zone on another machine
_ZONE = re.compile(r"[A-Z][\w+-]{0,49}(/[\w+-]{1,50}){0,3}", re.I | re.A)


@dataclass(frozen=True)
class Draft:
    """The values of a case before they are known to fit together, each with its path.

    `broken` names things that were declared but could not be read: nobody calls them unknown.
    """

    gatherings: Sequence[tuple[Path, Gathering]]
    participants: Sequence[tuple[Path, Participant]] = ()
    groups: Sequence[tuple[Path, Group]] = ()
    facts: Sequence[tuple[Path, Fact]] = ()
    rules: Sequence[tuple[Path, Rule]] = ()
    statements: Sequence[tuple[Path, Statement]] = ()
    scenarios: Sequence[tuple[Path, Scenario]] = ()
    expect: Sequence[tuple[Path, Expectation]] = ()
    timezone: str = "UTC"
    broken: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def roster(self) -> Roster:
        """Who is who in it."""
        return Roster(
            [g for _, g in self.gatherings],
            [p for _, p in self.participants],
            [g for _, g in self.groups],
            [f for _, f in self.facts],
        )


def zone(name: str) -> tzinfo | None:
    """The time zone of that name, or None if there is none."""
    if not _ZONE.fullmatch(name) or name in _OF_THE_MACHINE:  # zoneinfo looks for files and packages of any name
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def instant(moment: date | datetime, within: tzinfo) -> datetime:
    """The moment as an aware time: a date is its first instant, a time without a zone is local."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), within)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=within)


def utc(moment: datetime) -> datetime:
    """The aware time in UTC: only there do times of one zone compare rightly around a change of its clocks."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in the first or last hours of the calendar
        return moment.replace(tzinfo=UTC)


def clock(moment: datetime, zone: tzinfo) -> datetime:
    """The aware time by the clocks of a zone."""
    try:
        return moment.astimezone(zone)
    except OverflowError:  # in the first or last hours of the calendar
        return moment


def problem(
    message: str,
    path: Path,
    said: object = None,
    word: str | None = None,
    hint: str | None = None,
    about_key: bool = False,
) -> Problem:
    """A problem at a path; `said` is the condition or saying that it stands in, `word` the name in it."""
    if said is None or word is None:
        return Problem(message, path, hint=hint, word=word, about_key=about_key)
    text = str(said)
    start, end = locate(text, word)
    return Problem(message, path, text, start, end, hint, word)
