"""What a calendar shows of a case: its moments and texts as a calendar can have them."""

from datetime import UTC, date, datetime, time

from attendance.formats.ics.values import in_a_line, in_lines
from attendance.model.draft import instant, utc, zone

Moment = date | datetime | None


def shown_times(start: Moment, end: Moment, within: str) -> tuple[Moment, Moment]:
    """Start and end as a calendar has them: both days or both times, of seconds, in the case's zone or in UTC.

    An end without a start is not shown, and neither is one that is not after it.
    """
    if start is None:
        return None, None
    if end is None:
        return _shown(start, within), None
    if isinstance(start, datetime) != isinstance(end, datetime):
        start, end = (m if isinstance(m, datetime) else datetime.combine(m, time()) for m in (start, end))
    there = zone(within) or UTC
    begins, ends = _shown(start, within), _shown(end, within)
    assert begins is not None
    assert ends is not None
    return begins, ends if utc(instant(begins, there)) < utc(instant(ends, there)) else None


def _shown(moment: date | datetime, within: str) -> date | datetime:
    if not isinstance(moment, datetime):
        return moment
    moment = moment.replace(microsecond=0)
    if moment.tzinfo is not None:
        return utc(moment)
    return moment.replace(tzinfo=UTC) if within == "UTC" else moment


def alike(first: Moment, second: Moment, within: str) -> bool:
    """Whether two moments of calendars are the same: two days, or two times of one instant."""
    if first is None or second is None or isinstance(first, datetime) != isinstance(second, datetime):
        return first is second
    there = zone(within) or UTC
    return utc(instant(first, there)) == utc(instant(second, there))


def shown_title(name: str | None, own: str) -> str:
    """The SUMMARY of a gathering, or the text of a place."""
    return in_lines(name or "") or in_lines(own)


def shown_name(name: str | None, own: str) -> str:
    """The CN of somebody."""
    return in_a_line(name or "") or in_a_line(own)
