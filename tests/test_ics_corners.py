"""Calendars with one thing wrong, or one thing seldom: what each becomes, or what is said of it, and where."""

import pytest

import attendance as at
from attendance.formats.document import MOST_BYTES, MOST_FAULTS
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


KEPT = """
participants: {anna: {}, ben: {}}
gatherings: {m: {invited: [anna], place: ' Ankara '}, n: {}}
statements:
  - {who: anna, says: declines, said: 2025-05-10}
  - {who: anna, says: attends, said: 2025-05-12}
  - {who: anna, says: waits for ben at n}
  - {who: ben, at: n, by: anna, says: declines}
  - {who: ben, at: n, says: sends anna if anna}
"""


def kept() -> tuple[str, str]:
    """A calendar of ours, its lines not folded, and the UID of its first event."""
    text = at.to_ics(at.loads(KEPT)).replace("\r\n ", "")
    return text, text.partition("\r\nUID:")[2].partition("\r\n")[0]


@pytest.mark.parametrize(("day", "verdict"), [(11, "attends"), (13, "absent")])
def test_whom_somebody_sends_is_invited_also_by_an_answer_that_is_not_their_newest(day: int, verdict: str) -> None:
    text, uid = kept()
    sends = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@attendance.invalid":mailto:anna@attendance.invalid'
    case, notes = read(text, reply(sends, uid=uid, stamp=f"202505{day}T080000Z"))
    assert ("anna sends ben", ("anna", "ben"), []) == (said(case)[-1], case.gatherings[0].invited, notes)
    assert verdict == at.resolve(case)["anna"]


def test_an_id_that_is_taken_is_not_given_again() -> None:
    text, uid = kept()
    assert '"id": "anna.3"' in text
    answer = reply("ATTENDEE;PARTSTAT=TENTATIVE:mailto:anna@attendance.invalid", uid=uid)
    case, _ = read(text.replace('"id": "anna.3"', '"id": "anna.4"'), answer)
    assert ["anna.1", "anna.2", "anna.4", "anna.5"] == [s.id for s in case.statements if s.who == "anna"]


def test_a_place_that_was_changed_is_taken_and_told() -> None:
    text, _ = kept()
    assert (" Ankara ", []) == (read(text)[0].gatherings[0].place, read(text)[1])
    case, (note,) = read(text.replace("LOCATION:Ankara", "LOCATION:Istanbul"))
    assert "Istanbul" == case.gatherings[0].place
    assert note.endswith("LOCATION was changed: it is taken as it is here")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            '"said": "2025-05-12"',
            '"said": "soon"',
            "expected a date like 2025-05-14 or a time like 2025-05-14T10:00, not 'soon'",
        ),
        ("sends anna if anna", "sends", "expected the name of a delegate, but the text ends here"),
    ],
)
def test_a_statement_of_ours_that_is_none_is_told_once(old: str, new: str, wanted: str) -> None:
    text, _ = kept()
    (problem,) = refused(text.replace(old, new, 1))
    assert wanted in problem


def test_members_that_are_no_names_are_told_where_a_group_is_added_to() -> None:
    child = calendar(event('ATTENDEE;CUTYPE=GROUP;MEMBER="mailto:g@attendance.invalid":mailto:h@example.org', ANNA))
    assert ("anna", "h") == read(written(), child)[0].groups[0].members
    for wrong, told, column in (('["anna"]', "['anna']", 56), ('{"a": 1}', "{'a': 1}", 56)):
        text = written().replace('"members": ["anna"]', f'"members": [{wrong}]')
        assert [f"1.ics:9:{column}: expected a name, not {told}"] == refused(text, child)


def test_a_participant_of_one_event_is_no_group_in_the_next() -> None:
    within = 'ATTENDEE;CUTYPE=GROUP;MEMBER="mailto:anna@example.org":mailto:g@example.org'
    text = calendar(event(ANNA), event(within, head=("UID:2@example.org", "DTSTAMP:20250510T080000Z")))
    assert ["1.ics:13:1: mailto:anna@example.org is a participant, and no group"] == refused(text)


def test_whoever_sends_very_many_is_told_where_that_is_said() -> None:
    many = ",".join(f'"mailto:delegate-number-{n}@example.org"' for n in range(1_200))
    (problem,) = refused(INVITATION, reply(f"ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO={many}:mailto:anna@example.org"))
    assert problem.startswith("2.ics:8:1: the text has 25294 characters; at most 20000 are read")


def test_what_is_too_long_for_a_calendar_is_refused() -> None:
    many = [{"id": f"somebody-of-the-delegation-{n}"} for n in range(10_000)]
    with pytest.raises(at.InputError, match=r"^a text of 3[0-9]{2},[0-9]{3} characters is too long for a calendar: \{"):
        at.to_ics(at.Case(participants=many, groups=[{"id": "g", "members": [who["id"] for who in many]}]))


def test_a_name_is_taken_for_an_id_where_the_address_has_but_a_number() -> None:
    """An id of many signs that an address writes as numbers makes a long one, so a number is made of it instead."""
    case = at.Case(participants=[{"id": "\u4f1a" * 50, "name": "Anna"}, {"id": "\u8bae" * 50}])
    text = at.to_ics(case).replace("\r\n ", "")
    assert case == read(text)[0]
    others = [line for line in text.split("\r\n") if not line.startswith("X-ATTENDANCE-")]
    assert ["anna", "\u8bae" * 50] == [who.id for who in read("\r\n".join(others))[0].participants]


def test_lines_of_blanks_are_passed_over() -> None:
    assert read(INVITATION) == read("  \r\n\t \r\n" + INVITATION)


def test_a_text_that_is_too_long_is_refused() -> None:
    (problem,) = refused(INVITATION + " " * MOST_BYTES)
    assert f"1.ics:1:1: the document is longer than {MOST_BYTES:,} bytes: split it" == problem


def test_no_more_is_told_than_can_be_read() -> None:
    twice = "".join(f";P{n}=a;P{n}=b" for n in range(MOST_FAULTS + 5))
    assert MOST_FAULTS == len(refused(calendar(event(f"ATTENDEE{twice}:mailto:anna@example.org"))))
