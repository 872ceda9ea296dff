"""Calendars of others: what people and programs answer becomes a case, and what does not is told with its line."""

import json
import sys
import warnings
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner

import attendance as at
from attendance.faces.cli import cli
from attendance.formats.ics.reading import read_calendars

HEAD = ("UID:1@example.org", "DTSTAMP:20250510T080000Z", "SUMMARY:Talks")


def event(*lines: str, head: tuple[str, ...] = HEAD) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *head, *lines, "END:VEVENT", ""))


def calendar(*events: str, method: str | None = "REQUEST", lines: tuple[str, ...] = ()) -> str:
    told = ("BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else []), *lines)
    return "\r\n".join((*told, "")) + "".join(events) + "END:VCALENDAR\r\n"


def reply(*lines: str, sequence: int = 0, stamp: str = "20250511T080000Z", uid: str = "1@example.org") -> str:
    return calendar(event(*lines, head=(f"UID:{uid}", f"DTSTAMP:{stamp}", f"SEQUENCE:{sequence}")), method="REPLY")


def read(*texts: str) -> tuple[at.Case, list[str]]:
    """The case, and what is told beside it."""
    found = read_calendars((f"{n}.ics", text) for n, text in enumerate(texts, 1))
    return found.case, [str(note) for note in found.notes]


def refused(*texts: str) -> list[str]:
    with pytest.raises(at.CaseError) as caught:
        read(*texts)
    return [str(problem) for problem in caught.value.problems]


def said(case: at.Case) -> list[str]:
    return [s.text for s in case.statements]


ANNA, BEN = "ATTENDEE;CN=Anna:mailto:anna@example.org", "ATTENDEE;CN=Ben:mailto:ben@example.org"
INVITATION = calendar(event(ANNA, BEN))

# --- as programs write them -------------------------------------------------------------------------

WEB = """BEGIN:VCALENDAR
PRODID:-//Web calendar//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20250515T100000
DTEND;TZID=Europe/Berlin:20250515T113000
DTSTAMP:20250510T080000Z
ORGANIZER;CN=Olga Org:mailto:olga@example.org
UID:4kq0@calendar.example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE
 ;CN=Olga Org;X-NUM-GUESTS=0:mailto:olga@example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
 TRUE;CN=anna@example.org;X-NUM-GUESTS=0:mailto:anna@example.org
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
 TRUE;CN="Ben B, jr.":mailto:Ben@example.org
ATTENDEE;CUTYPE=ROOM;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Hall 1:mailto:hall1@example.org
ATTENDEE;ROLE=NON-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Fyi:mailto:fyi@example.org
ATTENDEE;CUTYPE=GROUP;CN=The Choir:mailto:choir@example.org
ATTENDEE;CN=Cleo;ROLE=CHAIR;MEMBER="mailto:choir@example.org":mailto:cleo@example.org
DESCRIPTION:Agenda follows\\n
LOCATION:Room 5\\, second floor
SEQUENCE:1
STATUS:CONFIRMED
SUMMARY:Planning meeting
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT10M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
OFFICE = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:An office suite
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=DECLINED;CN="Ben B, jr.":MAILTO:ben@example.org
COMMENT;LANGUAGE=de-DE:Leider krank\\, bis bald
UID:4kq0@calendar.example.org
SUMMARY;LANGUAGE=de-DE:Abgelehnt: Planning meeting
DTSTART;TZID=W. Europe Standard Time:20250515T100000
DTEND;TZID=W. Europe Standard Time:20250515T113000
DTSTAMP:20250511T090000Z
SEQUENCE:1
END:VEVENT
END:VCALENDAR
"""
TELEPHONE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:REPLY
PRODID:-//A telephone//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN="Anna A";CUTYPE=INDIVIDUAL;EMAIL="anna@example.org";PARTSTAT=D
 ELEGATED;DELEGATED-TO="mailto:dora@example.org":mailto:anna@example.org
UID:4kq0@calendar.example.org
DTSTAMP:20250511T100000Z
SEQUENCE:1
END:VEVENT
END:VCALENDAR
BEGIN:VCALENDAR
METHOD:REPLY
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN=Dora;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:anna@example.org":mailto:dora@example.org
UID:4kq0@calendar.example.org
DTSTAMP:20250511T110000Z
SEQUENCE:1
END:VEVENT
END:VCALENDAR
"""

PLANNING = """timezone: Europe/Berlin
gatherings:
  planning-meeting:
    name: Planning meeting
    start: 2025-05-15T10:00:00
    end: 2025-05-15T11:30:00
    place: Room 5, second floor
    invited:
    - olga-org
    - anna
    - ben-b-jr
    - cleo
    - dora
participants:
  olga-org:
    name: Olga Org
    address: mailto:olga@example.org
  anna:
    name: Anna A
    address: mailto:anna@example.org
  ben-b-jr:
    name: Ben B, jr.
    address: mailto:Ben@example.org
    tags:
    - optional
  cleo:
    name: Cleo
    address: mailto:cleo@example.org
    of:
    - the-choir
    tags:
    - chair
  dora:
    name: Dora
    address: mailto:dora@example.org
groups:
  the-choir:
    name: The Choir
statements:
- who: olga-org
  says: attends
  said: 2025-05-10T08:00:00+00:00
  source: invitation
- who: ben-b-jr
  says: declines
  said: 2025-05-11T09:00:00+00:00
  source: reply
  note: Leider krank, bis bald
- who: anna
  says: sends dora
  said: 2025-05-11T10:00:00+00:00
  source: reply
- who: dora
  says: attends
  said: 2025-05-11T11:00:00+00:00
  source: reply
"""


def test_an_invitation_and_its_replies_make_a_case():
    case, notes = read(WEB, OFFICE, TELEPHONE)
    assert PLANNING == at.dumps(case)
    assert [
        "1.ics:25:1: a case has no place for ORGANIZER, DESCRIPTION: left out",
        "1.ics:33:1: mailto:hall1@example.org is a room, and nobody who attends: left out",
        "1.ics:34:1: mailto:fyi@example.org is told of it as a NON-PARTICIPANT: left out",
    ] == notes
    resolution = at.resolve(case)
    assert {
        "olga-org": "attends",
        "anna": "absent",
        "ben-b-jr": "absent",
        "cleo": "undetermined",
        "dora": "attends",
    } == {a.participant: str(v) for a, v in resolution.verdicts.items()}


def test_what_was_read_can_be_written_and_read_again():
    case, _ = read(WEB, OFFICE, TELEPHONE)
    text = at.to_ics(case)
    assert case == at.from_ics(text)
    assert ":mailto:anna@example.org" in text.replace("\r\n ", "")
    assert "mailto:Ben@example.org" in text.replace("\r\n ", "")
    assert {"CHAIR", "OPT-PARTICIPANT", "REQ-PARTICIPANT", "NON-PARTICIPANT"} == {
        part.removeprefix("ROLE=")
        for line in text.replace("\r\n ", "").split("\r\n")
        for part in line.partition(":")[0].split(";")
        if part.startswith("ROLE=")
    }


def test_order_of_files_makes_no_difference_to_what_was_said():
    def told(*texts: str) -> set[tuple[str, str]]:
        return {(s.text, str(s.said)) for s in read(*texts)[0].statements}

    assert told(WEB, OFFICE, TELEPHONE) == told(TELEPHONE, OFFICE, WEB)


# --- answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "statements"),
    [
        ("PARTSTAT=ACCEPTED", ["anna attends"]),
        ("PARTSTAT=accepted", ["anna attends"]),
        ("PARTSTAT=DECLINED", ["anna declines"]),
        ("PARTSTAT=TENTATIVE", ["anna might attend"]),
        ("PARTSTAT=NEEDS-ACTION", []),
        ("RSVP=TRUE", []),
        ('PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@example.org"', ["anna sends ben"]),
        (
            'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@example.org","mailto:c.d@example.org"',
            ["anna sends ben, c-d"],
        ),
    ],
)
def test_partstat_is_what_they_say(answer, statements):
    case, notes = read(INVITATION, reply(f"ATTENDEE;{answer}:mailto:anna@example.org"))
    assert statements == said(case)
    assert not notes


def test_a_delegation_that_is_half_told_is_taken_for_what_is_certain():
    case, notes = read(INVITATION, reply("ATTENDEE;PARTSTAT=DELEGATED:mailto:anna@example.org"))
    assert ["anna declines"] == said(case)
    assert ["2.ics:8:1: mailto:anna@example.org is DELEGATED, and not said to whom: taken as declined"] == notes
    half = 'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-TO="mailto:ben@example.org":mailto:anna@example.org'
    case, notes = read(INVITATION, reply(half))
    assert ["anna attends"] == said(case)
    assert ["2.ics:8:1: mailto:anna@example.org has DELEGATED-TO, and is ACCEPTED: taken as that alone"] == notes
    half = 'ATTENDEE;DELEGATED-FROM="mailto:ben@example.org":mailto:anna@example.org'
    _, notes = read(calendar(event(half, BEN)))
    assert [
        "1.ics:8:1: mailto:anna@example.org has DELEGATED-FROM mailto:ben@example.org, who is not said to send them"
    ] == notes


def answered(*replies: tuple[int, str, str]) -> tuple[str, list[str]]:
    """The verdict on Anna after replies, each with its SEQUENCE, its hour and its PARTSTAT."""
    texts = [
        reply(f"ATTENDEE;PARTSTAT={partstat}:mailto:anna@example.org", sequence=sequence, stamp=f"20250511T{hour}0000Z")
        for sequence, hour, partstat in replies
    ]
    case, notes = read(INVITATION, *texts)
    return str(at.resolve(case)["anna"]), notes


@pytest.mark.parametrize(
    ("replies", "verdict"),
    [
        ([(0, "08", "ACCEPTED"), (0, "09", "DECLINED")], "absent"),
        ([(0, "09", "DECLINED"), (0, "08", "ACCEPTED")], "absent"),
        ([(0, "08", "ACCEPTED"), (1, "09", "DECLINED")], "absent"),
        ([(1, "08", "ACCEPTED"), (0, "09", "DECLINED")], "attends"),
        ([(0, "09", "DECLINED"), (2, "08", "ACCEPTED"), (1, "10", "DECLINED")], "attends"),
        ([(0, "08", "DECLINED"), (0, "08", "DECLINED")], "absent"),
    ],
)
def test_sequence_and_then_dtstamp_decide_which_reply_stands(replies, verdict):
    found, notes = answered(*replies)
    assert verdict == found
    late = [r for r in replies if any(other[0] > r[0] and other[1] <= r[1] for other in replies)]
    assert len(late) == len(notes)
    assert all("this reply is to version" in note for note in notes)


def test_of_two_replies_of_one_moment_the_one_to_the_later_version_stands():
    found, notes = answered((0, "08", "DECLINED"), (1, "08", "ACCEPTED"))
    assert "attends" == found
    assert ["2.ics:4:1: this reply is to version 0, and one to version 1 stands: left out"] == notes


def test_the_newer_version_of_an_event_stands():
    moved = calendar(event(ANNA, "SEQUENCE:1", "LOCATION:Elsewhere"))
    for texts in ((INVITATION, moved), (moved, INVITATION)):
        case, notes = read(*texts)
        assert "Elsewhere" == case.gatherings[0].place
        assert ("anna",) == case.gatherings[0].invited
        assert [
            f"{1 + texts.index(INVITATION)}.ics:4:1: a newer version of this event is there: this one is left out"
        ] == notes


def test_whoever_replies_uninvited_is_told_of_and_counted():
    case, notes = read(INVITATION, reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@example.org"))
    assert ("anna", "ben", "zoe") == case.gatherings[0].invited
    assert ["2.ics:8:1: mailto:zoe@example.org replies, and was not invited to talks"] == notes


def test_who_spoke_for_somebody_is_kept():
    case, _ = read(
        INVITATION, reply('ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY="mailto:office@example.org":mailto:anna@example.org')
    )
    assert "sent by mailto:office@example.org" == case.statements[0].note


# --- when and where ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (("DTSTART;VALUE=DATE:20250515",), "2025-05-15", None),
        (("DTSTART;VALUE=DATE:20250515", "DTEND;VALUE=DATE:20250517"), "2025-05-15", "2025-05-17"),
        (("DTSTART:20250515T070000Z",), "2025-05-15T07:00:00+00:00", None),
        (("DTSTART:20250515T070000",), "2025-05-15T07:00:00", None),
        (("DTSTART;TZID=Asia/Tokyo:20250515T070000", "DURATION:PT1H30M"), "2025-05-15T07:00:00", "2025-05-15T08:30:00"),
        (("DTSTART;TZID=Tokyo Standard Time:20250515T070000",), "2025-05-15T07:00:00", None),
        (("DTSTART;TZID=/example.org/Asia/Tokyo:20250515T070000",), "2025-05-15T07:00:00", None),
        (
            ("DTSTART;TZID=Asia/Tokyo:20250515T070000", "DTEND;TZID=Europe/Istanbul:20250515T100000"),
            "2025-05-15T07:00:00",
            "2025-05-15T10:00:00+03:00",
        ),
    ],
)
def test_moments_keep_their_zone(lines, start, end):
    case, _ = read(calendar(event(*lines)))
    held = case.gatherings[0]
    assert [start, end] == [m and m.isoformat() for m in (held.start, held.end)]
    assert ("Asia/Tokyo" if "Tokyo" in lines[0] else "UTC") == case.timezone


def test_a_cancelled_event_is_not_held_and_says_so():
    cancel = calendar(event("STATUS:CANCELLED", "SEQUENCE:1"), method="CANCEL")
    case, notes = read(INVITATION, cancel, reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org"))
    assert ["2.ics:8:1: talks is cancelled: it is not held"] == notes
    resolution = at.resolve(case)
    assert ("not held", "attends") == (str(resolution.gatherings["talks"].held), str(resolution["anna"]))


def test_several_events_and_what_is_none():
    second = event(BEN, head=("UID:2", "DTSTAMP:20250510T080000Z", "SUMMARY:Talks"))
    case, notes = read(calendar(event(ANNA), second, "BEGIN:VTODO\r\nSUMMARY:Shop\r\nEND:VTODO\r\n", method=None))
    assert ["talks", "talks-2"] == [g.id for g in case.gatherings]
    assert ["1.ics:15:1: VTODO is no event: it is left out"] == notes


@pytest.mark.parametrize(
    ("name", "address", "own"),
    [
        ("Anna Ivanova", "a@example.org", "anna-ivanova"),
        ("Zoë Müller-Lüdenscheidt", "z@example.org", "zoë-müller-lüdenscheidt"),
        ("会議", "k@example.org", "会議"),
        ("not", "n@example.org", "not-2"),
        ("Talks", "t@example.org", "talks-2"),
        ("1", "first.last@example.org", "first-last"),
        ("!!", "urn:uuid:1-2-3", "uuid-1-2-3"),
    ],
)
def test_ids_are_readable(name, address, own):
    address = address if ":" in address else f"mailto:{address}"
    case, _ = read(calendar(event(f"ATTENDEE;CN={name}:{address}")))
    assert (own, address) == (case.participants[0].id, case.participants[0].address)


# --- edited in a calendar program -------------------------------------------------------------------

OURS = at.Case(
    title="Dinner",
    gatherings=[at.Gathering(id="dinner", name="Dinner", start="2025-05-15T19:00", place="Anna's")],
    participants=[at.Participant(id="anna", name="Anna"), "ben", "cleo"],
    statements=[
        "anna attends only if ben",
        at.Statement(who="ben", says="declines", said="2025-05-01"),
        "cleo attends if ben",
    ],
)


def edited(*changes: tuple[str, str]) -> tuple[at.Case, list[str]]:
    text = at.to_ics(OURS).replace("\r\n ", "")
    for old, new in changes:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    return read(text)


def test_a_partstat_that_was_changed_is_their_newest_word():
    case, notes = edited(("PARTSTAT=DECLINED:mailto:ben@", "PARTSTAT=ACCEPTED:mailto:ben@"))
    new = case.statements[-1]
    assert ("ben attends", "calendar", ("ben.1",)) == (new.text, new.source, new.supersedes)
    assert ["attends"] * 3 == [str(at.resolve(case)[who]) for who in ("anna", "ben", "cleo")]
    assert OURS.statements == case.statements[:-1]
    assert not notes


def test_a_later_reply_to_what_was_written_stands():
    uid = next(line for line in at.to_ics(OURS).split("\r\n") if line.startswith("UID:")).removeprefix("UID:")
    for who, ended in (("anna", ("anna.1",)), ("ben", ())):
        told = reply(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}@attendance.invalid", uid=uid)
        case, notes = read(at.to_ics(OURS), told)
        assert (f"{who} attends", ended) == (case.statements[-1].text, case.statements[-1].supersedes)
        assert "attends" == at.resolve(case)[who]
        assert not notes


def test_what_was_changed_of_an_event_is_taken():
    case, notes = edited(
        ("SUMMARY:Dinner", "SUMMARY:Supper"),
        ("LOCATION:Anna's", "LOCATION:Ben's"),
        ("DTSTART:20250515T190000Z", "DTSTART:20250515T200000Z"),
        ("CN=Anna;", "CN=Anna Maria;"),
    )
    assert ("Supper", "Ben's", "2025-05-15T20:00:00+00:00") == (
        case.gatherings[0].name,
        case.gatherings[0].place,
        case.gatherings[0].start.isoformat(),
    )
    assert "Anna Maria" == case.participants[0].name
    assert 2 == len(notes)
    assert OURS.statements == case.statements


def test_whoever_is_asked_too_is_invited_and_whoever_is_not_any_more_is_told_of():
    case, notes = edited(("ATTENDEE;CN=ben;", "ATTENDEE;CN=Zoe:mailto:zoe@example.org\r\nX-OLD;CN=ben;"))
    assert ["1.ics:12:1: ben is no ATTENDEE of dinner any more: what was said stands"] == notes
    assert "zoe" in case.gatherings[0].invited
    assert OURS.statements == case.statements


def test_a_partstat_that_was_put_back_is_told_of():
    case, notes = edited(("PARTSTAT=DECLINED:mailto:ben@", "PARTSTAT=NEEDS-ACTION:mailto:ben@"))
    assert OURS.statements == case.statements
    assert 1 == len(notes)
    assert "put back to NEEDS-ACTION: what was said stands" in notes[0]


# --- refused ----------------------------------------------------------------------------------------

OF_ONE_ATTENDEE = "which speaks for its one attendee alone: remove it"
BERLIN = "DTSTART;TZID=Europe/Berlin:20250515T100000"
DELEGATING = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{}@example.org":mailto:{}@example.org'
REFUSED = {
    "nothing": ("", "1:1: there is no calendar here: it begins with BEGIN:VCALENDAR"),
    "no calendar": ("hello", "1:1: there is no calendar here: it begins with BEGIN:VCALENDAR"),
    "blanks first": (" BEGIN:VCALENDAR", "1:1: a line starts with the name of a property, as in SUMMARY:Talks"),
    "a control character": (
        calendar(event("LOCATION:a\0b")),
        "8:11: the control character U+0000 is not allowed: remove it",
    ),
    "a hidden direction": (
        calendar(event("LOCATION:a\u202eb")),
        "8:11: the character U+202E changes the direction of writing, unseen: remove it",
    ),
    "an end too many": ("END:VCALENDAR\n", "1:1: END:VCALENDAR ends what was never begun: remove it"),
    "an end too few": (
        "BEGIN:VCALENDAR\nVERSION:2.0\n",
        "1:1: VCALENDAR is begun here and never ended: add END:VCALENDAR",
    ),
    "crossed": (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        "3:1: END:VCALENDAR stands where VEVENT of line 2 is open: end that first",
    ),
    "outside": ("BEGIN:VEVENT\nEND:VEVENT\n", "1:1: 'VEVENT' stands outside of a calendar: begin with BEGIN:VCALENDAR"),
    "no value": (
        calendar(event("DTSTART")),
        "8:8: after 'DTSTART' comes a parameter, as in ;CN=Anna, or ':' and a value",
    ),
    "an empty value": (
        calendar(event("DTSTART:")),
        "8:9: DTSTART has a date like 20250515 or a time like 20250515T100000Z, not ''",
    ),
    "no such day": (calendar(event("DTSTART:20250230")), "8:9: DTSTART: there is no such date or time as 20250230"),
    "no such year": (
        calendar(event("DTSTART:00000101T000000Z")),
        "8:9: DTSTART: there is no such date or time as 00000101T000000Z",
    ),
    "a path for a zone": (
        calendar(event("DTSTART;TZID=../../etc/passwd:20250515T100000")),
        "8:1: unknown time zone '../../etc/passwd': use a name like Europe/Istanbul, or a time in UTC like 20250515T070000Z",
    ),
    "an unknown zone": (
        calendar(lines=("X-WR-TIMEZONE:Mars/Base",)),
        "4:1: unknown time zone 'Mars/Base': use a name like Europe/Istanbul",
    ),
    "too long": (
        calendar(event("DTSTART:99991231T100000Z", "DURATION:P99999D")),
        "9:10: DURATION: there is no such time as P99999D after the start",
    ),
    "no length": (
        calendar(event("DTSTART:20250515", "DURATION:soon")),
        "9:10: DURATION has a length from 0 up like PT1H30M, not 'soon'",
    ),
    "two ends": (
        calendar(event("DTSTART:20250515", "DTEND:20250516", "DURATION:P1D")),
        "10:1: DURATION stands beside DTEND: remove one of them",
    ),
    "an end first": (
        calendar(event("DTSTART:20250516", "DTEND:20250515")),
        "9:1: talks ends before it starts",
    ),
    "twice": (
        calendar(event(ANNA, "ATTENDEE;CN=Other:MAILTO:Anna@example.org")),
        "9:1: MAILTO:Anna@example.org is an ATTENDEE twice, first in line 8: remove one of them",
    ),
    "a parameter twice": (
        calendar(event("ATTENDEE;CN=A;CN=B:mailto:a@b.c")),
        "8:15: the parameter 'CN' is given twice: remove one of them",
    ),
    "an open quote": (
        calendar(event('ATTENDEE;CN="A:mailto:a@b.c')),
        "8:13: the quote that opens here is never closed: close it with another one",
    ),
    "a circle": (
        calendar(event(DELEGATING.format("b", "a"), DELEGATING.format("c", "b"), DELEGATING.format("a", "c"))),
        "8:1: mailto:a@example.org is sent in their own place: the delegations go in a circle",
    ),
    "in their own place": (
        calendar(event(DELEGATING.format("a", "a"))),
        "8:1: mailto:a@example.org is sent in their own place: the delegations go in a circle",
    ),
    "a word of ours in a reply": (
        reply(ANNA, 'X-ATTENDANCE-STATEMENT:{"who": "ben"\\, "says": "attends"}'),
        f"9:1: X-ATTENDANCE-STATEMENT stands in a REPLY, {OF_ONE_ATTENDEE}",
    ),
    "a word of ours in a cancellation": (
        calendar(event("STATUS:CANCELLED"), method="CANCEL", lines=("X-ATTENDANCE-VERSION:1",)),
        f"4:1: X-ATTENDANCE-VERSION stands in a CANCEL, {OF_ONE_ATTENDEE}",
    ),
    "a word of ours without its version": (
        calendar(event('X-ATTENDANCE-GATHERING:{"id": "g"}')),
        "8:1: X-ATTENDANCE-GATHERING stands in a calendar without X-ATTENDANCE-VERSION: remove it",
    ),
    "no place among the gatherings": (
        calendar(
            event('X-ATTENDANCE-GATHERING;X-ORDER=0:{"id": "g"}'),
            event('X-ATTENDANCE-GATHERING:{"id": "h"}', head=("UID:2", *HEAD[1:])),
            lines=("X-ATTENDANCE-VERSION:1",),
        ),
        "15:1: X-ATTENDANCE-GATHERING has no X-ORDER that says its place among the gatherings",
    ),
    "a time that does not say whether it is one": (
        calendar(event("DTSTART;VALUE=DATE:20250515T100000")),
        "8:1: DTSTART has VALUE=DATE, which 20250515T100000 is not",
    ),
    "61 seconds": (
        calendar(event("DTSTART:20250515T100061")),
        "8:9: DTSTART: there is no such date or time as 20250515T100061",
    ),
    "no zone": (
        calendar(event("DTSTART;TZID=:20250515T100000")),
        "8:1: TZID is empty: name a time zone, like Europe/Istanbul, or leave it out",
    ),
    "two answers": (
        calendar(event("ATTENDEE;PARTSTAT=ACCEPTED,DECLINED:mailto:a@b.c")),
        "8:1: PARTSTAT has one value, and here 2",
    ),
    "a moment that is not in UTC": (
        calendar(event(head=("UID:1", "DTSTAMP;TZID=Asia/Tokyo:20250510T080000"))),
        "6:25: DTSTAMP is a time in UTC like 20250510T080000Z, not '20250510T080000'",
    ),
    "the first hour of all": (
        calendar(event("DTSTART;TZID=Asia/Tokyo:00010101T000000"), lines=("X-WR-TIMEZONE:UTC",)),
        "9:25: DTSTART: there is no such time as 00010101T000000 in UTC",
    ),
    "hours of a day": (
        calendar(event("DTSTART;VALUE=DATE:20250515", "DURATION:PT1H")),
        "9:10: DURATION has hours, minutes or seconds, and DTSTART is a day: say days or weeks",
    ),
    "a length below 0": (
        calendar(event(BERLIN, "DURATION:-PT1H")),
        "9:10: DURATION has a length from 0 up like PT1H30M, not '-PT1H'",
    ),
    "a zone that ends in a known name": (
        calendar(event("DTSTART;TZID=My/Europe/Berlin:20250515T100000")),
        "8:1: unknown time zone 'My/Europe/Berlin': use a name like Europe/Istanbul, or a time in UTC like "
        "20250515T070000Z",
    ),
    "a zone with other clocks": (
        calendar(
            event(BERLIN),
            lines=(
                *("BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
                *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"),
            ),
        ),
        "16:1: the VTIMEZONE Europe/Berlin of this file has other clocks then than the time zone database: "
        "write the time in UTC, like 20250515T070000Z",
    ),
    "too late a version": (
        calendar(event("SEQUENCE:2147483648")),
        "8:10: SEQUENCE is a whole number from 0 up, not '2147483648'",
    ),
    "recurring": (
        calendar(event("RRULE:FREQ=DAILY")),
        "8:1: RRULE: an event that recurs is not read: make each time an event of its own",
    ),
    "one time of many": (
        calendar(event("RECURRENCE-ID:20250515")),
        "8:1: RECURRENCE-ID: an event that recurs is not read: make each time an event of its own",
    ),
    "no id": (calendar(event(head=())), "4:1: the event has no UID, by which replies find it"),
    "a counter": (
        calendar(event(), method="COUNTER"),
        "3:1: a calendar with METHOD 'COUNTER' is not read: it has REQUEST, REPLY, CANCEL, PUBLISH or none; leave this one out",
    ),
    "partly cancelled": (
        calendar(event(ANNA), method="CANCEL"),
        "4:1: this CANCEL takes the invitation from some alone (it has no STATUS:CANCELLED), which is not read: leave it out, and take them from the invitation",
    ),
    "a sequence": (calendar(event("SEQUENCE:-1")), "8:10: SEQUENCE is a whole number from 0 up, not '-1'"),
    "an answer": (
        calendar(event("ATTENDEE;PARTSTAT=MAYBE:mailto:a@b.c")),
        "8:1: PARTSTAT is ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION or DELEGATED, not 'MAYBE'",
    ),
    "no address": (
        calendar(event("ATTENDEE;CN=A:")),
        "8:15: ATTENDEE has an address like mailto:anna@example.org, not ''",
    ),
    "an address without quotes": (
        calendar(event("ATTENDEE;DELEGATED-TO=mailto:b@c.d:mailto:a@b.c")),
        '8:1: DELEGATED-TO has addresses in quotes like "mailto:anna@example.org"',
    ),
    "an address with blanks": (
        calendar(event("ATTENDEE:mailto:a b")),
        "8:10: ATTENDEE has an address like mailto:anna@example.org, not 'mailto:a b'",
    ),
    "two who reply": (reply(ANNA, BEN), "9:1: a reply has one ATTENDEE, who replies, and this is a second one"),
    "nobody who replies": (reply(), "4:1: a reply has one ATTENDEE, who replies, and this has none"),
    "undated": (
        calendar(event(ANNA, head=("UID:1",)), method="REPLY"),
        "4:1: the reply has no DTSTAMP, which says when it was given",
    ),
    "two alike": (
        calendar(event(ANNA), event(BEN)),
        "10:1: this event is there twice, first in line 4, and neither is newer: remove one of them",
    ),
    "another version": (
        calendar(lines=("X-ATTENDANCE-VERSION:2",)),
        "4:1: this calendar is written in version 2, and version 1 is read: use a newer version of attendance",
    ),
    "a property of ours that is none": (
        calendar(lines=("X-ATTENDANCE-VERSION:1", "X-ATTENDANCE-FACTS:{}")),
        "5:1: X-ATTENDANCE-FACTS is not known here: known are X-ATTENDANCE-PARTICIPANT, X-ATTENDANCE-GROUP, "
        "X-ATTENDANCE-FACT, X-ATTENDANCE-SCENARIO, X-ATTENDANCE-RULE, X-ATTENDANCE-EXPECT, X-ATTENDANCE-TITLE",
    ),
    "no JSON": (
        calendar(lines=("X-ATTENDANCE-VERSION:1", "X-ATTENDANCE-FACT;VALUE=TEXT:{rain}")),
        "5:31: X-ATTENDANCE-FACT: a key in double quotes is missing here",
    ),
    "a name that is unknown, after a fold and an escape": (
        calendar(
            lines=(
                "X-ATTENDANCE-VERSION:1",
                'X-ATTENDANCE-RULE:{"note": "a\\, b"\\, "ru',
                ' le": "always or',
                '  rian"}',
            )
        ),
        "7:3: unknown name 'rian'\n    always or rian\n              ^^^^\n    known are: meeting",
    ),
    "a key that is unknown": (
        calendar(lines=("X-ATTENDANCE-VERSION:1", 'X-ATTENDANCE-FACT:{"id": "rain"\\,', '  "valu": true}')),
        "6:3: unknown key 'valu'\n    did you mean value?",
    ),
}


@pytest.mark.parametrize("text_and_problem", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(text_and_problem):
    text, problem = text_and_problem
    assert [f"1.ics:{problem}"] == refused(text)


def test_all_mistakes_come_at_once_each_with_its_file():
    second = calendar(event("DTSTART:x", "SEQUENCE:y"))
    assert [
        "1.ics:8:1: RRULE: an event that recurs is not read: make each time an event of its own",
        "2.ics:8:9: DTSTART has a date like 20250515 or a time like 20250515T100000Z, not 'x'",
        "2.ics:9:10: SEQUENCE is a whole number from 0 up, not 'y'",
    ] == refused(calendar(event("RRULE:FREQ=DAILY")), second)


def test_two_cases_at_a_time_are_refused():
    assert ["2.ics:8:1: a second case is here, the first is in line 1 of 1.ics: read one at a time"] == refused(
        at.to_ics(OURS), at.to_ics(OURS)
    )


BIG = {
    "a fold of a million lines": calendar(event("DESCRIPTION:x" + "\r\n x" * 1_000_000)),
    "an enormous parameter": calendar(event(f"ATTENDEE;CN={'x' * 5_000_000}:mailto:a@b.c")),
    "very many values": calendar(event(f"ATTENDEE;MEMBER={','.join(['x'] * 100_000)}:mailto:a@b.c")),
    "very many quotes": calendar(event("ATTENDEE;CN=" + '"' * 900_000)),
    "very many components": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 200_000,
    "very many lines": calendar(event(*["X-A:1"] * 600_000)),
    "very many mistakes": calendar(event(*["!"] * 400_000)),
    "nested brackets": calendar(lines=("X-ATTENDANCE-VERSION:1", "X-ATTENDANCE-FACT:" + "[" * 900_000)),
    "carets": calendar(event(f"ATTENDEE;PARTSTAT={'^' * 900_000}:mailto:a@b.c")),
    "escapes": calendar(lines=("X-ATTENDANCE-VERSION:1", "X-ATTENDANCE-FACT:" + "\\" * 900_000)),
    "a number": calendar(event(f"SEQUENCE:{'9' * 900_000}")),
    "zones": calendar(event(f"DTSTART;TZID={'../' * 300_000}:20250515T100000")),
    "slashes": calendar(event(f"DTSTART;TZID={'/' * 900_000}:20250515T100000")),
    "durations": calendar(event("DTSTART:20250515", f"DURATION:P{'1' * 900_000}D")),
}


@pytest.mark.parametrize("text", BIG.values(), ids=BIG)
def test_what_is_too_big_is_refused_soon(text):
    begun = process_time()
    problems = refused(text)
    assert 60 > process_time() - begun  # a fraction of a second; here only that it does not run away
    assert all(len(problem) < 400 for problem in problems)
    assert 100 >= len(problems)


def test_very_many_mistakes_in_one_line_each_have_their_place():
    answers = "\\,".join(f'"s{number}": {{"a": 1}}' for number in range(10_000))
    begun = process_time()
    problems = refused(calendar(lines=("X-ATTENDANCE-VERSION:1", f"X-ATTENDANCE-EXPECT:{{{answers}}}")))
    assert 60 > process_time() - begun
    assert 10_000 == len(set(problems))
    assert problems[1].startswith(f"1.ics:5:{len('X-ATTENDANCE-EXPECT:{') + answers.index('1}', 20) + 1}: ")


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path):
    file = tmp_path / "x.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nNAME:\xff\r\n")
    with pytest.raises(at.CaseError, match=r"x\.ics:2:6: the byte 0xFF is no UTF-8"):
        at.load(file)


# --- in Python and on the command line --------------------------------------------------------------


def test_load_reads_calendars_by_their_suffix_and_warns(tmp_path):
    file = tmp_path / "planning.ics"
    file.write_text(WEB, newline="")
    with pytest.warns(at.CalendarWarning) as told:
        case = at.load(file)
    assert 3 == len(told)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert case == at.from_ics(file) == at.from_ics(str(file)) == at.from_ics(WEB)


@pytest.mark.parametrize("wrong", [1, None, b"BEGIN:VCALENDAR\n"])
def test_what_is_neither_path_nor_text_is_refused(wrong):
    with pytest.raises(at.InputError, match="expected the path of a calendar or its text"):
        at.from_ics(wrong)


def run(*arguments: str, **settings) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, arguments, **settings)
    if isinstance(done.exception, at.AttendanceError):
        return 2, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def test_the_command_reads_and_writes(tmp_path: Path):
    for name, text in (("web", WEB), ("office", OFFICE), ("telephone", TELEPHONE)):
        (tmp_path / f"{name}.ics").write_text(text, newline="")
    files = [str(tmp_path / f"{name}.ics") for name in ("web", "office", "telephone")]
    status, out, err = run("ics", "in", *files)
    assert (0, PLANNING, 3) == (status, out, err.count("\n"))
    assert at.loads(PLANNING) == at.loads(run("ics", "in", *files, "--json")[1], format="json")
    case, written = str(tmp_path / "case.yaml"), str(tmp_path / "out.ics")
    assert (0, "") == run("ics", "in", *files, "-o", case)[:2]
    assert (0, "", "") == run("ics", "out", case, "-o", written)
    assert at.load(case) == at.load(written)
    assert 0 == run("check", written)[0]
    told = json.loads(run("resolve", written, "--json")[1])
    assert "absent" == told["verdicts"]["planning-meeting"]["anna"]
    assert "PARTSTAT=DECLINED" in run("ics", "out", case, "--assume", "cleo=no")[1].replace("\r\n ", "")
    assert "METHOD:PUBLISH" in run("ics", "out", case, "--method", "publish")[1]
    assert 2 == run("ics", "out", case, "--method", "reply")[0]


def test_the_command_reads_standard_input():
    status, out, _ = run("ics", "in", "-", input=INVITATION)
    assert 0 == status
    assert ["anna", "ben"] == [p.id for p in at.loads(out).participants]


def test_the_command_refuses_with_status_2_and_says_nothing_else(tmp_path: Path):
    (tmp_path / "bad.ics").write_text(calendar(event("DTSTART:x")))
    status, out, err = run("ics", "in", str(tmp_path / "bad.ics"))
    assert (2, "") == (status, out)
    assert "bad.ics:8:9" in err
    assert (
        "a calendar is a file with the suffix .ics" in run("ics", "out", "seeds/istanbul-2025.yaml", "-o", "x.txt")[2]
    )
    assert 2 == run("ics", "in", "x.ics", "-o", "y.yaml", "--json")[0]
    assert 2 == run("ics", "in")[0]


# --- groups, and events that share people -----------------------------------------------------------


def test_groups_have_groups_and_members_from_every_event():
    inner = (
        'ATTENDEE;CUTYPE=GROUP;CN=Altos;PARTSTAT=ACCEPTED;MEMBER="mailto:choir@example.org":mailto:altos@example.org'
    )
    member = 'ATTENDEE;CN=Anna;ROLE=CHAIR;MEMBER="mailto:{}@example.org":mailto:anna@example.org'
    second = event(member.format("board"), head=("UID:2", "DTSTAMP:20250510T080000Z", "SUMMARY:Dinner"))
    case, notes = read(calendar(event(inner, member.format("altos"), BEN), second))
    assert ["1.ics:8:1: altos is a group, and ACCEPTED says nothing of its members"] == notes
    assert (("altos", "board"), ("chair",)) == (case.participants[0].of, case.participants[0].tags)
    assert {"choir": ("anna",), "altos": ("anna",), "board": ("anna",), "chair": ("anna",)} == dict(case.roster.members)
    assert not case.statements


def test_a_reply_to_an_older_version_is_told_of():
    moved = calendar(event(ANNA, "SEQUENCE:2"))
    case, notes = read(moved, reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org", sequence=1))
    assert ["anna attends"] == said(case)
    assert ["2.ics:4:1: this reply is to version 1 of talks, which is now 2"] == notes


def test_an_address_cannot_smuggle_a_name_in():
    text = calendar(event("ATTENDEE:mailto:a%0Ab@attendance.invalid"))
    assert {"a name cannot contain the character U+000A"} == {problem.split(": ")[1] for problem in refused(text)}


def test_without_its_own_properties_a_calendar_still_tells_who_comes():
    case = at.load("seeds/istanbul-2025.yaml")
    text = at.to_ics(case).replace("\r\n ", "")
    bare, notes = read("".join(line for line in text.splitlines(keepends=True) if not line.startswith("X-ATTENDANCE")))
    first, second = at.resolve(case), at.resolve(bare)
    assert [str(v) for v in first.verdicts.values()] == [str(v) for v in second.verdicts.values()]
    assert [p.id for p in case.participants] == [p.id for p in bare.participants]
    assert 2 == len(notes)  # of each event, that its comments are left out


def test_most_calendars_are_read_without_icalendar(monkeypatch):
    for name in ("icalendar", "icalendar.timezone.windows_to_olson"):
        monkeypatch.setitem(sys.modules, name, None)
    assert 4 == len(read(WEB)[0].participants)
    with pytest.raises(at.QuestionError, match=r"calendars need icalendar: pip install 'attendance\[ics\]'"):
        read(OFFICE)


# --- what an answer is, and what it is not ----------------------------------------------------------


def answer(partstat: str, who: str = "anna", hour: int = 8, more: str = "") -> str:
    return reply(f"ATTENDEE;PARTSTAT={partstat}{more}:mailto:{who}@example.org", stamp=f"20250511T{hour:02}0000Z")


def sends(who: str, delegate: str, hour: int) -> str:
    return answer("DELEGATED", who, hour, f';DELEGATED-TO="mailto:{delegate}@example.org"')


def uid_of(text: str) -> str:
    return next(line for line in text.split("\r\n") if line.startswith("UID:")).removeprefix("UID:")


def test_events_in_another_order_are_the_same_case():
    case = at.Case(
        gatherings=["a", "b", "c"],
        participants=["x"],
        statements=["x attends", "x at b declines", "x at c might attend"],
        rules=["x"],
    )
    head, *events = at.to_ics(case).split("BEGIN:VEVENT")
    events[-1] = events[-1].removesuffix("END:VCALENDAR\r\n")
    for order in ((2, 1, 0), (1, 0, 2), (2, 0, 1)):
        text = "BEGIN:VEVENT".join((head, *(events[n] for n in order))) + "END:VCALENDAR\r\n"
        assert case == read(text)[0]
    without = "BEGIN:VEVENT".join((head, *events[1:])) + "END:VCALENDAR\r\n"
    assert [
        "1.ics:1:1: the event of the main gathering (X-ORDER=0) is not here: what names no gathering is said of it"
    ] == (refused(without))


def test_our_calendar_decides_zone_and_main_gathering_wherever_it_is():
    case = at.Case(timezone="Europe/Istanbul", gatherings=["a"], participants=["x"], statements=["x attends"])
    other = calendar(event("DTSTART:20250515T100000"), lines=("X-WR-TIMEZONE:Asia/Tokyo",))
    for texts in ((other, at.to_ics(case)), (at.to_ics(case), other)):
        found, _ = read(*texts)
        assert ("Europe/Istanbul", ["a", "talks"]) == (found.timezone, [g.id for g in found.gatherings])
        assert "2025-05-15T10:00:00+09:00" == found.gatherings[1].start.isoformat()
        assert case.statements == found.statements


def test_rooms_and_those_who_are_told_of_it_stay_so_when_they_answer():
    room, fyi = "ATTENDEE;CUTYPE=ROOM:mailto:room@example.org", "ATTENDEE;ROLE=NON-PARTICIPANT:mailto:fyi@example.org"
    texts = calendar(event(ANNA, room, fyi)), answer("ACCEPTED", "room"), answer("ACCEPTED", "fyi")
    case, notes = read(*texts, sends("anna", "room", 8))
    assert (["anna declines"], ["anna"]) == (said(case), [p.id for p in case.participants])
    assert [
        "2.ics:8:1: mailto:room@example.org is a room, and nobody who attends: left out",
        "3.ics:8:1: mailto:fyi@example.org is told of it as a NON-PARTICIPANT: left out",
        "4.ics:8:1: mailto:room@example.org is a room, and nobody who attends: nobody is sent by that",
        "4.ics:8:1: mailto:anna@example.org is DELEGATED, and not said to whom: taken as declined",
    ] == notes[2:]


def test_a_newer_reply_that_answers_nothing_takes_the_answer_back():
    case, notes = read(INVITATION, answer("ACCEPTED"), answer("NEEDS-ACTION", hour=9))
    assert [] == said(case)
    assert ["2.ics:4:1: a newer reply with NEEDS-ACTION takes this one back: left out"] == notes
    assert ["anna attends"] == said(read(INVITATION, answer("ACCEPTED", hour=9), answer("NEEDS-ACTION"))[0])
    recorded = calendar(event(ANNA.replace(";", ";PARTSTAT=ACCEPTED;"), BEN))
    case, notes = read(recorded, answer("NEEDS-ACTION", hour=9))
    assert ([], ["1.ics:8:1: anna takes this answer back later: left out"]) == (said(case), notes)
    bare = reply("ATTENDEE:mailto:ben@attendance.invalid", uid=uid_of(at.to_ics(OURS)))
    case, notes = read(at.to_ics(OURS), bare)
    assert OURS == case
    assert ["2.ics:8:1: PARTSTAT of ben is NEEDS-ACTION: what the case says of them stands"] == notes


def test_an_edited_answer_is_newer_than_what_was_said_in_the_same_second():
    earlier = at.Statement(who="x", says="declines", said="2025-05-01T10:00:00.5Z")
    text = at.to_ics(at.Case(participants=["x"], statements=[earlier])).replace("\r\n ", "")
    case, _ = read(text.replace("PARTSTAT=DECLINED", "PARTSTAT=ACCEPTED"))
    assert "attends" == at.resolve(case)["x"]
    assert case.statements[1].said > case.statements[0].said


def test_two_replies_of_one_moment_that_differ_are_refused():
    same = "of two replies of mailto:anna@example.org with the same SEQUENCE and DTSTAMP this one is"
    assert [
        f"2.ics:4:1: {same} ACCEPTED: keep one of them",
        f"3.ics:4:1: {same} DECLINED: keep one of them",
    ] == refused(INVITATION, answer("ACCEPTED"), answer("DECLINED"))
    assert ["anna attends"] == said(read(INVITATION, answer("ACCEPTED"), answer("ACCEPTED"))[0])


def test_a_circle_of_delegations_counts_only_where_all_of_it_stands():
    circle = sends("anna", "ben", 8), sends("ben", "anna", 9)
    assert 1 == len(refused(INVITATION, *circle))
    assert "anna attends" in said(read(INVITATION, *circle, answer("ACCEPTED", hour=10))[0])
    ours = at.to_ics(at.Case(participants=["x", "y"], statements=["x sends y"]))
    told = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@attendance.invalid":mailto:y@attendance.invalid'
    back = reply(told, uid=uid_of(ours))
    assert ["2.ics:8:1: mailto:y@attendance.invalid is sent in their own place: the delegations go in a circle"] == (
        refused(ours, back)
    )
    comes = reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@attendance.invalid", uid=uid_of(ours))
    assert ["x sends y", "x attends", "y sends x"] == said(read(ours, comes, back)[0])


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("20250330T010000", "PT2H", "2025-03-30T04:00:00"),
        ("20250330T010000", "P1D", "2025-03-31T01:00:00"),
        ("20250329T010000", "P1DT2H", "2025-03-30T04:00:00"),
        ("20251026T010000", "PT2H", "2025-10-26T01:00:00+00:00"),
        ("20251026T010000", "PT3H", "2025-10-26T03:00:00"),
        ("20250515T010000", "+P1W", "2025-05-22T01:00:00"),
    ],
)
def test_hours_are_exact_when_the_clocks_change(start, length, end):
    case, _ = read(calendar(event(f"DTSTART;TZID=Europe/Berlin:{start}", f"DURATION:{length}")))
    assert end == case.gatherings[0].end.isoformat()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo"])
def test_the_zones_that_are_written_agree_with_the_database(zone):
    for year in (1, 1969, 1970, 2025, 2036, 2037, 2038, 2099, 2100, 9998):
        for month in (1, 4, 7, 10):
            start = f"{year:04}-{month:02}-15T10:00"
            case = at.Case(timezone=zone, gatherings=[at.Gathering(id="g", start=start)])
            assert case == at.from_ics(at.to_ics(case))


def test_of_two_new_names_the_first_is_taken_and_that_is_told():
    case = at.Case(gatherings=["a", "b"], participants=[at.Participant(id="x", name="Xa")], statements=["x attends"])
    case = at.Case(
        **{**{k: getattr(case, k) for k in type(case).model_fields}, "statements": ["x attends", "x at b attends"]}
    )
    text = at.to_ics(case).replace("\r\n ", "")
    first, second = text.replace("CN=Xa", "CN=Xb", 1), text.replace("CN=Xa", "CN=Xb", 1).replace("CN=Xa", "CN=Xc", 1)
    found, notes = read(first)
    assert ("Xb", ["x is called Xb here, and not Xa: taken as it is here"]) == (
        found.participants[0].name,
        [note.split(": ", 1)[1] for note in notes],
    )
    found, notes = read(second)
    assert "Xb" == found.participants[0].name
    assert "x is called Xc here, and not Xb: the name that came first is kept" == notes[1].split(": ", 1)[1]


def test_what_is_told_has_an_end():
    _, notes = read(calendar(event(*[f"ATTENDEE;CUTYPE=ROOM:mailto:r{n}@b.c" for n in range(300)])))
    assert (101, "1.ics:108:1: and 200 more are not told") == (len(notes), notes[-1])


def test_a_long_id_leaves_room_for_the_number_of_a_statement():
    case, _ = read(calendar(event(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{'y' * 200}@attendance.invalid")))
    assert 200 == len(case.statements[0].id)
    assert case == at.from_ics(at.to_ics(case))


def test_no_text_at_all_is_told_of():
    with pytest.raises(at.InputError, match="this is empty"):
        at.from_ics("")
    assert at.from_ics(INVITATION) == at.from_ics(INVITATION.replace("\r\n", "\r"))
