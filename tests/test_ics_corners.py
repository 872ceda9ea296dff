"""Calendars with one thing wrong, or one thing seldom: what each becomes, or what is said of it, and where."""

import pytest

import attendance as at
from tests.test_ics_reading import ANNA, INVITATION, calendar, event, read, refused, reply, said

OURS = """
participants: {anna: {name: Anna}, ben: {}}
groups: {g: {members: [anna]}}
gatherings: {m: {name: Talks, start: 2025-05-15T10:00:00}, n: {}}
statements:
  - {who: anna, says: attends, said: 9999-12-31T23:59:59.999999}
  - {who: ben, says: sends anna, at: n}
"""
X = "X-ATTENDANCE-"
VERDICT = X + 'VERDICT;VALUE=TEXT:{"who": "anna"\\, "partstat": "ACCEPTED"}'
GROUP = X + 'GROUP;VALUE=TEXT:{"id": "g"\\, "members": ["anna"]}'


def written() -> str:
    """A calendar of ours, its lines not folded."""
    return at.to_ics(at.loads(OURS)).replace("\r\n ", "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (calendar(event("SUMMARY:b")), "8:1: SUMMARY is given twice, first in line 7: remove one of them"),
        ("SUMMARY:Talks\r\n" + INVITATION, "1:1: SUMMARY stands outside of a calendar: begin with BEGIN:VCALENDAR"),
        (
            "BEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "2:1: a calendar begins here in another one: add END:VCALENDAR before it",
        ),
        (event(ANNA), "1:1: 'VEVENT' stands outside of a calendar: begin with BEGIN:VCALENDAR"),
        (INVITATION.replace("Anna", "An\x07na"), "8:15: the control character U+0007 is not allowed: remove it"),
        (
            calendar(event(*(f"ATTENDEE:mailto:a{n}@example.org" for n in range(100_001)))),
            "100008:1: an event has at most 100,000 attendees: split it",
        ),
        (
            calendar(event(f"ATTENDEE;MEMBER={',' * 100_000}:mailto:b@example.org")),
            "8:10: a parameter has at most 100,000 values",
        ),
        (
            calendar(event(ANNA, 'ATTENDEE;MEMBER="mailto:anna@example.org":mailto:b@example.org')),
            "9:1: mailto:anna@example.org is a participant, and no group",
        ),
        (
            calendar(event(ANNA, 'ATTENDEE;CUTYPE=GROUP;MEMBER="mailto:anna@example.org":mailto:g@example.org')),
            "8:1: mailto:anna@example.org is a group, and nobody who attends",
        ),
        (
            calendar(
                event(
                    "ATTENDEE;CUTYPE=GROUP:mailto:g@example.org",
                    'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:g@example.org":mailto:b@example.org',
                )
            ),
            "9:1: mailto:g@example.org is nobody who attends, and cannot be sent",
        ),
    ],
)
def test_what_is_no_calendar_is_told(text: str, wanted: str) -> None:
    assert [f"1.ics:{wanted}"] == refused(text)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (GROUP, X + "GROUP;VALUE=TEXT:[]", "9:31: X-ATTENDANCE-GROUP has keys and values in braces"),
        (VERDICT, X + "VERDICT;VALUE=TEXT:[]", "19:33: X-ATTENDANCE-VERDICT has keys and values in braces"),
        (VERDICT, X + "VERDICT;VALUE=TEXT:{}", "19:1: X-ATTENDANCE-VERDICT has a who and a partstat"),
        (
            VERDICT,
            X + "FOO;VALUE=TEXT:{}",
            "19:1: X-ATTENDANCE-FOO is not known here: known are "
            "X-ATTENDANCE-GATHERING, X-ATTENDANCE-STATEMENT, X-ATTENDANCE-VERDICT",
        ),
        ('{"id": "n"}', "{}", "35:45: X-ATTENDANCE-GATHERING has no id"),
        ('X-ORDER=1:{"id": "n"}', 'X-ORDER=1:{"id": "m"}', "35:52: the id 'm' is given twice"),
        ('X-ORDER=1:{"id": "n"}', 'X-ORDER=0:{"id": "n"}', "35:1: the X-ORDER 0 is given twice"),
        (
            'X-ORDER=1:{"id": "n"}',
            'X-OTHER=1:{"id": "n"}',
            "35:1: X-ATTENDANCE-GATHERING has no X-ORDER that says its place among the gatherings",
        ),
        (
            'X-ORDER=0:{"id": "m"',
            'X-ORDER=7:{"id": "m"',
            "1:1: the event of the main gathering (X-ORDER=0) is not here: what names no gathering is said of it",
        ),
        ('"at": "n"', '"at": "m"', "36:45: this statement is of m, and stands in the event of n: put it there"),
        (
            '"start": "2025-05-15T10:00:00"',
            '"start": "soon"',
            "20:67: expected a date like 2025-05-14 or a time like 2025-05-14T10:00, not 'soon'",
        ),
    ],
)
def test_what_was_changed_in_our_own_words_is_told(old: str, new: str, wanted: str) -> None:
    assert old in written()
    assert [f"1.ics:{wanted}"] == refused(written().replace(old, new, 1))


def test_an_event_of_ours_that_is_there_twice_is_told() -> None:
    first, second = [line for line in written().split("\r\n") if line.startswith("UID:")]
    assert [
        f"1.ics:24:1: the UID {first[4:]!r} is given twice",
        "1.ics:24:1: this event is there twice, first in line 10, and neither is newer: remove one of them",
    ] == refused(written().replace(second, first))


def test_a_title_and_rules_are_read() -> None:
    more = f'NAME:Spring\r\n{X}TITLE;VALUE=TEXT:"Spring"\r\n{X}RULE;VALUE=TEXT:"not (anna and ben)"\r\n'
    case, notes = read(written().replace(GROUP, more + GROUP))
    assert ("Spring", ["not (anna and ben)"], []) == (case.title, [str(rule.rule) for rule in case.rules], notes)


def test_an_answer_at_the_end_of_all_dates_ends_what_was_said_then() -> None:
    """No later moment is to be had."""
    case, notes = read(written().replace("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", 1))
    assert ["anna attends", "ben at n sends anna", "anna declines"] == said(case)
    assert [] == notes
    assert "absent" == at.resolve(case)["anna"]


ZONED = event("DTSTART;TZID=Europe/Berlin:20250515T100000", ANNA)


def observance(name: str, start: str, before: str, after: str, *more: str) -> tuple[str, ...]:
    told = (f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}")
    return (f"BEGIN:{name}", *told, *more, f"END:{name}")


def zone(*lines: str) -> str:
    return calendar(ZONED, lines=("BEGIN:VTIMEZONE", "TZID:Europe/Berlin", *lines, "END:VTIMEZONE"))


@pytest.mark.parametrize(
    "lines",
    [
        observance("DAYLIGHT", "20250330T020000", "+0100", "+0200"),
        observance("DAYLIGHT", "20260330T020000", "+0100", "+0300"),  # begins later
        (
            *observance("STANDARD", "20240330T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"),
            *observance("DAYLIGHT", "20240330", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=5SU;BYMONTH=2"),
        ),
    ],
)
def test_the_clocks_of_a_calendar_may_be_those_of_the_time_zone(lines: tuple[str, ...]) -> None:
    case, notes = read(zone(*lines))
    assert [] == notes
    assert (2025, 5, 15, 10) == case.gatherings[0].start.timetuple()[:4]


@pytest.mark.parametrize("after", ["+0300", "-023015"])
def test_other_clocks_are_refused(after: str) -> None:
    assert [
        "1.ics:16:1: the VTIMEZONE Europe/Berlin of this file has other clocks then than the time zone database: "
        "write the time in UTC, like 20250515T070000Z"
    ] == refused(zone(*observance("DAYLIGHT", "20250330T020000", "+0100", after)))


@pytest.mark.parametrize(
    "lines",
    [
        ("BEGIN:STANDARD", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:STANDARD"),
        observance("STANDARD", "20250330T020000", "x", "+0200"),
        observance("STANDARD", "20250330T020000", "+0100", "+0200", "RRULE:FREQ=MONTHLY"),
        observance("STANDARD", "20240330T020000", "+0100", "+0200", f"RDATE:{','.join(['20240401T000000'] * 1_001)}"),
        observance("STANDARD", "20240330T020000", "+0100", "+0200", f"RDATE:{','.join(['20240401T000000'] * 600)}") * 2,
    ],
)
def test_clocks_that_are_not_read_are_told_of(lines: tuple[str, ...]) -> None:
    line = 11 + len(lines)
    assert [
        f"1.ics:{line}:1: the VTIMEZONE Europe/Berlin is not compared with the time zone database, which is taken"
    ] == read(zone(*lines))[1]


def test_a_group_within_a_group_and_what_a_group_answers() -> None:
    inner = 'ATTENDEE;CUTYPE=GROUP;MEMBER="mailto:h@example.org":mailto:g@example.org'
    answering = "ATTENDEE;CUTYPE=GROUP;PARTSTAT=ACCEPTED:mailto:i@example.org"
    case, notes = read(calendar(event(inner, answering, 'ATTENDEE;MEMBER="mailto:g@example.org":mailto:b@example.org')))
    assert {"g": (), "h": ("g",), "i": ()} == {group.id: group.members for group in case.groups}
    assert ("g",) == case.participants[0].of
    assert ["1.ics:9:1: i is a group, and ACCEPTED says nothing of its members"] == notes


def test_nobody_is_sent_by_half_a_delegation() -> None:
    case, notes = read(
        calendar(
            event(
                "ATTENDEE;CUTYPE=ROOM:mailto:r@example.org",
                'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:r@example.org":mailto:b@example.org',
                'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-TO="mailto:new@example.org":mailto:c@example.org',
                'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:new@example.org":mailto:d@example.org',
            )
        )
    )
    assert ["b declines", "c attends", "d sends new"] == said(case)
    assert [
        "1.ics:8:1: mailto:r@example.org is a room, and nobody who attends: left out",
        "1.ics:9:1: mailto:r@example.org is a room, and nobody who attends: nobody is sent by that",
        "1.ics:9:1: mailto:b@example.org is DELEGATED, and not said to whom: taken as declined",
        "1.ics:10:1: mailto:c@example.org has DELEGATED-TO, and is ACCEPTED: taken as that alone",
    ] == notes


def test_what_a_calendar_records_is_taken_back_by_what_is_newer() -> None:
    sent = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@example.org":mailto:anna@example.org'
    recorded = calendar(event(sent, 'ATTENDEE;DELEGATED-FROM="mailto:anna@example.org":mailto:ben@example.org'))
    assert ["anna sends ben"] == said(read(recorded)[0])
    for stamp, left in (("20250509T080000Z", ["anna sends ben"]), ("20250512T080000Z", [])):
        back = reply("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.org", stamp=stamp)
        assert left == said(read(recorded, back)[0])


def test_an_older_answer_that_was_taken_back_is_left_out() -> None:
    first = reply('ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@example.org":mailto:anna@example.org')
    back = reply("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.org", stamp="20250512T080000Z")
    case, notes = read(INVITATION, first, back)
    assert [] == said(case)
    assert ["2.ics:4:1: a newer reply with NEEDS-ACTION takes this one back: left out"] == notes


def test_a_length_of_hours_counts_them_where_the_clocks_change() -> None:
    case, _ = read(calendar(event("DTSTART:20250515T100000Z", "DURATION:P1DT1H", ANNA)))
    assert "2025-05-16T11:00:00+00:00" == case.gatherings[0].end.isoformat()
