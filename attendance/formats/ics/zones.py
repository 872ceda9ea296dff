"""Time zones that a calendar describes itself (VTIMEZONE), to be held against the time zone database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from attendance.formats.ics.components import Component
from attendance.formats.ics.content import Findings

_OFFSET = re.compile(r"([+-])(\d\d)([0-5]\d)([0-5]\d)?", re.ASCII)
_DAY = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_STARTS = 1_000
"""Of a time zone: one with more is not compared."""
_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Observance:
    """One offset from UTC, and when its clocks begin: at times on the wall until then."""

    starts: tuple[datetime, ...]
    before: timedelta
    after: timedelta
    rule: tuple[int, int, int] | None = None  # month, number of the week, day of the week
    until: datetime | None = None

    def onsets(self, at: datetime) -> Iterator[datetime]:
        """When it begins, of which the last one before that time is one."""
        yield from self.starts
        if self.rule is None:
            return
        last = min(at.year, self.until.year) if self.until is not None else at.year
        for year in (last - 1, last):
            day = _day(year, *self.rule) if year >= 1 else None
            if day is None:
                continue
            found = datetime.combine(day, self.starts[0].time())
            if found > self.starts[0] and (self.until is None or found - self.before <= self.until):
                yield found


Described = tuple[Observance, ...] | None
"""What a calendar says of a time zone; None if it says so in words that are not read."""


def described(calendar: Component, findings: Findings) -> dict[str, Described]:
    """The time zones that a calendar describes, by name."""
    found: dict[str, Described] = {}
    for component in calendar.inner:
        named = component.one("TZID", findings) if component.name == "VTIMEZONE" else None
        if named is not None:
            try:
                found[named.text] = tuple(map(_observance, component.inner))
                if sum(len(observance.starts) for observance in found[named.text] or ()) > MOST_STARTS:
                    found[named.text] = None
            except (ValueError, OverflowError):
                found[named.text] = None
    return found


def offset(zone: tuple[Observance, ...], at: datetime) -> timedelta | None:
    """How far from UTC a description has the clocks at that time on the wall; None where it does not say."""
    begun = [(onset, n) for n, observance in enumerate(zone) for onset in observance.onsets(at) if onset <= at]
    if not begun:
        return None
    onset, number = max(begun)
    endless = len(zone) == 1 or any(o.rule is not None and o.until is None for o in zone)
    return zone[number].after if endless or at - onset < _YEAR else None


def agrees(zone: tuple[Observance, ...], at: datetime, there: tzinfo) -> bool:
    """Whether a description and the database have the same clocks at that time, as far as both say."""
    found = offset(zone, at)
    return found is None or found in {at.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1)}


def _observance(component: Component) -> Observance:
    """What STANDARD or DAYLIGHT says. Raises ValueError for what is not read."""
    values = {line.name: line.value.strip() for line in component.lines}
    begun = [line for line in component.lines if line.name in ("DTSTART", "RDATE")]
    begun.sort(key=lambda line: line.name)
    if sum(line.value.count(",") + 1 for line in begun) > MOST_STARTS:
        raise ValueError
    starts = [_wall(text) for line in begun for text in line.value.split(",")]
    if not begun or begun[0].name != "DTSTART":
        raise ValueError
    before, after = _offset(values.get("TZOFFSETFROM", "")), _offset(values.get("TZOFFSETTO", ""))
    if "RRULE" not in values:
        return Observance(tuple(starts), before, after)
    parts = dict(part.split("=", 1) for part in values["RRULE"].upper().split(";"))
    until = parts.pop("UNTIL", None)
    day, month = _DAY.fullmatch(parts.pop("BYDAY", "")), int(parts.pop("BYMONTH", "0"))
    parts.pop("WKST", None)
    if parts.pop("INTERVAL", "1") != "1" or parts != {"FREQ": "YEARLY"} or day is None or not 1 <= month <= 12:
        raise ValueError
    rule = (month, int(day[1]), _DAYS.index(day[2]))
    return Observance(tuple(starts), before, after, rule, None if until is None else _wall(until))


def _wall(text: str) -> datetime:
    text = text.strip().upper().removesuffix("Z")
    return datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -length if found[1] == "-" else length


def _day(year: int, month: int, week: int, weekday: int) -> date | None:
    """The second Sunday, or the last one (-1), of a month."""
    if week > 0:
        first = date(year, month, 1)
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
    else:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        found = last - timedelta(days=(last.weekday() - weekday) % 7 - 7 * (week + 1))
    return found if found.month == month else None
