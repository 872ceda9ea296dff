"""Calendars of this library: what goes out comes back, whatever is in it, and other readers see what they should."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from tests.cases import Draw, asked, one_in, pick
from tests.sizes import examples_of

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 500)
ROOT = Path(__file__).parent.parent
TEXTS = (
    "Talks",
    "",
    " ",
    "Talks, and dinner; at 7:00",
    'the "old" house',
    "one\r\nBEGIN:VEVENT\r\nUID:forged",
    "one\nATTENDEE:mailto:forged@example.org",
    "one\u2028END:VCALENDAR\u2029X-FORGED:1",
    "back\\slash\\n \\, and ^n ^' ^^",
    "\ttabbed\t",
    "https://example.org/a?b=c;d,e",
    "Ünïcödé 会議 \U0001f389",
    "\ufeffmarked",
    "x" * 300,
)
NAMES = ('Anna "the chair"', "会議", "a;b:c,d", "Who\u2028forged", "it's ^n", "50% of all", "a@b.c")
MOMENTS = (
    date(2025, 5, 15),
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(2025, 5, 15, 10, 0),
    datetime(2025, 3, 30, 3, 30),
    datetime(2025, 10, 26, 3, 30, 15, 250_000),
    datetime(2025, 5, 15, 10, 0, tzinfo=UTC),
    datetime(2025, 5, 15, 10, 0, tzinfo=timezone(timedelta(hours=3, minutes=30))),
)
ADDRESSES = ("anna@example.org", "mailto:Ben@Example.org", "urn:uuid:1", "mailto:ann@attendance.invalid")


def shown(case: at.Case) -> str:
    return at.dumps(case, format="json")


def outcome_of(case: at.Case, keywords: dict[str, Any]) -> str | None:
    """The calendar that a question makes; None where nothing can meet it."""
    try:
        return at.to_ics(case, **keywords)
    except at.ImpossibleScenario:
        return None


@st.composite
def dressed(draw: Draw) -> at.Case:
    """A case with texts of every kind, moments, addresses, probabilities and expected answers."""
    case = draw(asked()).case

    def text() -> str | None:
        return pick(draw, TEXTS) if one_in(draw, 3) else None

    def value(kind: Any, **changes: Any) -> Any:
        return kind.model_copy(update={key: new for key, new in changes.items() if new is not None})

    moments = sorted(
        (pick(draw, MOMENTS) for _ in range(2)), key=lambda m: (m.year, m.month, m.day, isinstance(m, datetime))
    )
    chance = Fraction(pick(draw, ("1/3", "1/2", "0", "1")))
    named = {
        "participants": [
            value(p, name=text(), address=at.Participant(id="x", address=pick(draw, ADDRESSES)).address)
            if one_in(draw, 2)
            else value(p, name=text(), probability=chance if one_in(draw, 3) else None)
            for p in case.participants
        ],
        "gatherings": [
            value(g, name=text(), place=text(), start=moments[0] if one_in(draw, 2) else None) for g in case.gatherings
        ],
        "groups": [value(g, name=text()) for g in case.groups],
        "facts": [value(f, name=text(), probability=chance if one_in(draw, 3) else None) for f in case.facts],
        "statements": [
            value(s, source=text(), url=text(), note=text(), probability=chance if one_in(draw, 4) else None)
            for s in case.statements
        ],
        "scenarios": [value(s, name=text(), note=text()) for s in case.scenarios],
        "rules": [value(r, note=text()) for r in case.rules],
    }
    if case.counted[case.gatherings[0].id]:
        who = next(iter(case.counted[case.gatherings[0].id]))
        named["expect"] = {"": {who: "undetermined (open)"}}
    kept = {key: getattr(case, key) for key in type(case).model_fields}
    try:
        found = at.Case(**{**kept, **named, "title": text() or "", "timezone": pick(draw, ("UTC", "Europe/Istanbul"))})
        ends = value(found.gatherings[0], end=moments[1])
        return at.Case(**{**{k: getattr(found, k) for k in kept}, "gatherings": [ends, *found.gatherings[1:]]})
    except at.CaseError:  # an end before its start, a source that a scenario names and nobody has
        return at.Case(**{**kept, "title": text() or ""})


@examples_of(max(EXAMPLES, 500))  # so many come back every day
@given(asked())
def test_a_case_comes_back_as_it_was(question):
    text = outcome_of(question.case, question.keywords)
    if text is not None:
        again = at.from_ics(text)
        assert question.case == again
        assert shown(question.case) == shown(again)


@examples_of(EXAMPLES)
@given(dressed())
def test_a_case_with_every_kind_of_text_comes_back_as_it_was(case):
    text = outcome_of(case, {})
    if text is not None:
        again = at.from_ics(text)
        assert case == again
        assert shown(case) == shown(again)
        assert text == at.to_ics(again)


# --- what others read -------------------------------------------------------------------------------

PARTSTATS = {
    "attends": {"ACCEPTED"},
    "absent": {"DECLINED", "DELEGATED"},
    "undetermined": {"TENTATIVE", "NEEDS-ACTION"},
}


def attendees(event: icalendar.Event) -> list[icalendar.vCalAddress]:
    found = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]


@examples_of(max(EXAMPLES // 5, 1))
@given(dressed())
def test_another_reader_sees_every_verdict_and_no_property_that_was_not_written(case):
    text = outcome_of(case, {})
    if text is None:
        return
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    found = at.resolve(case)
    assert [g.id for g in case.gatherings] == [own(e, "GATHERING")["id"] for e in calendar.walk("VEVENT")]
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        gathering = own(event, "GATHERING")["id"]
        people = [a for a in attendees(event) if a.params["CUTYPE"] == "INDIVIDUAL"]
        verdicts = {a.participant: v for a, v in found.verdicts.items() if a.gathering == gathering}
        assert len(verdicts) == len(people)
        for person, (who, verdict) in zip(people, verdicts.items(), strict=True):
            assert person.params["PARTSTAT"] in PARTSTATS[verdict]
            declared = case.roster.participants[who]
            name = " ".join((declared.name or "").replace("\ufeff", "").split() or who.split())
            assert name.replace("\\", "") == person.params["CN"].replace("\\", "")  # which that reader drops
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(text)}
    assert {name for name in names if not name.startswith("X-ATTENDANCE-")} <= KNOWN


KNOWN = frozenset(
    "BEGIN END VERSION PRODID METHOD NAME X-WR-CALNAME X-WR-TIMEZONE TZID COMMENT TZOFFSETFROM TZOFFSETTO TZNAME "
    "DTSTART RDATE UID DTSTAMP SEQUENCE ORGANIZER SUMMARY DTEND LOCATION ATTENDEE".split()
)


def unfolded(text: str) -> list[str]:
    """The content lines, by whatever anybody takes for the end of a line."""
    return text.replace("\r\n ", "").splitlines()


def own(event: icalendar.Event, kind: str) -> Any:
    return json.loads(str(event[f"X-ATTENDANCE-{kind}"]))


HOSTILE = """
import attendance as at
bad = "x\\r\\nATTENDEE:mailto:forged@example.org\\u2028END:VEVENT\\nBEGIN:VEVENT\\u2028UID:2\\u2029END:VCALENDAR\\t\\";:,\\\\n^n"
name = 'a";:,\\\\n^n b ATTENDEE:mailto:forged'
case = at.Case(
    title=bad,
    gatherings=[at.Gathering(id="g" + name, name=bad, place=bad)],
    participants=[at.Participant(id="p" + name, name=bad, of="o" + name, weights={"w" + name: 1})],
    groups=[at.Group(id="o" + name, name=bad)],
    facts=[at.Fact(id="f" + name, name=bad)],
    rules=[at.Rule(id="r" + name, rule=at.fact("f" + name), note=bad)],
    statements=[
        at.Statement(id="s" + name, who="p" + name, says="attends", by=bad, source=bad, url=bad, note=bad, said="2025-05-01")
    ],
    scenarios=[at.Scenario(id="c" + name, name=bad, note=bad, disbelieve=[bad])],
)
for method in ("request", "publish"):
    print(at.to_ics(case, method=method), end="")
print(at.to_ics(at.Case(participants=["x"], statements=["x attends"])), end="")
"""


@pytest.mark.parametrize("flags", [[], ["-O"], ["-OO"]])
def test_nothing_forges_a_line(flags):
    done = subprocess.run(
        [sys.executable, *flags, "-c", HOSTILE],
        capture_output=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    assert "forged" in text
    lines = unfolded(text)
    assert 3 == sum(line == "BEGIN:VEVENT" for line in lines) == sum(line == "END:VCALENDAR" for line in lines)
    assert {line.partition(":")[0].partition(";")[0] for line in lines} <= KNOWN | {
        f"X-ATTENDANCE-{kind}"
        for kind in "VERSION TITLE PARTICIPANT GROUP FACT RULE SCENARIO GATHERING STATEMENT VERDICT".split()
    }
    assert not any("forged" in line for line in lines if line.startswith("ATTENDEE:"))
    assert not re.search("[^\r]\n|\r[^\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x85\u2028\u2029]", text)


def test_every_line_of_a_calendar_is_short_and_ends_as_it_should():
    text = at.to_ics(at.load(ROOT / "seeds/kyoto-1997.yaml"))
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_same_case_makes_the_same_calendar_in_every_run():
    code = "import attendance as at; print(at.to_ics(at.load('seeds/istanbul-2025.yaml')))"
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            timeout=60,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert 1 == len(made)


# --- verdicts and delegations -----------------------------------------------------------------------


def partstats(text: str) -> dict[str, str]:
    """Whoever is asked, by address, with what they answer."""
    calendar = icalendar.Calendar.from_ical(text)
    return {
        str(a).removeprefix("mailto:").removesuffix("@attendance.invalid"): a.params["PARTSTAT"]
        for event in calendar.walk("VEVENT")
        for a in attendees(event)
        if a.params["CUTYPE"] == "INDIVIDUAL"
    }


VERDICTS = """
    anna attends
    ben declines
    cleo might attend
    dora waits for anna
    emil sends fritz, gina
    hans sends ida if ben
"""


def test_a_verdict_is_told_as_partstat():
    case = at.case(VERDICTS)
    assert partstats(at.to_ics(case)) == {
        "anna": "ACCEPTED",
        "ben": "DECLINED",
        "cleo": "TENTATIVE",
        "dora": "NEEDS-ACTION",
        "emil": "DELEGATED",
        "fritz": "ACCEPTED",
        "gina": "ACCEPTED",
        "hans": "ACCEPTED",
        "ida": "DECLINED",
    }
    assert "DELEGATED" == partstats(at.to_ics(case, assume={"ben": True}))["hans"]
    assert "DECLINED" == partstats(at.to_ics(case, withdraw=["emil.1"], assume={"emil": False}))["emil"]


def test_a_delegation_is_told_on_both_sides():
    event = icalendar.Calendar.from_ical(at.to_ics(at.case(VERDICTS))).walk("VEVENT")[0]
    told = {str(a): a.params for a in attendees(event)}
    emil, gina = told["mailto:emil@attendance.invalid"], told["mailto:gina@attendance.invalid"]
    assert ["mailto:fritz@attendance.invalid", "mailto:gina@attendance.invalid"] == emil["DELEGATED-TO"]
    assert "mailto:emil@attendance.invalid" == gina["DELEGATED-FROM"]
    assert "DELEGATED-TO" not in told["mailto:hans@attendance.invalid"]


@examples_of(EXAMPLES)
@given(dressed())
def test_a_calendar_to_publish_has_events_with_time_and_place_alone(case):
    calendar = icalendar.Calendar.from_ical(at.to_ics(case, method="publish"))
    assert {"VERSION", "PRODID", "METHOD", "X-WR-TIMEZONE"} == set(calendar)
    events = calendar.walk("VEVENT")
    assert len(case.gatherings) == len(events)
    for event in events:
        assert set(event) <= set("UID DTSTAMP SEQUENCE ORGANIZER SUMMARY DTSTART DTEND LOCATION".split())


def test_a_published_calendar_makes_gatherings_and_nothing_else():
    case = at.load(ROOT / "seeds/istanbul-2025.yaml")
    text = at.to_ics(case, method="publish")
    assert not re.search("ATTENDEE|COMMENT|X-ATTENDANCE", text)
    read = at.from_ics(text)
    assert [(g.name, g.start, g.place) for g in case.gatherings] == [
        (g.name, g.start, g.place) for g in read.gatherings
    ]
    assert not any((read.participants, read.groups, read.statements, read.rules, read.scenarios, read.title))


@examples_of(EXAMPLES)
@given(st.text(st.sampled_from("\\\\\\\nNn;,:\"^'tTa "), max_size=12), st.sampled_from("abcdefghijklmnopqrstuvwxyzN"))
def test_every_text_with_backslashes_comes_back(text, letter):
    text = f"C:\\{letter.upper()}\\{letter}{text}"
    case = at.Case(
        title=text,
        gatherings=[at.Gathering(id="g", name=text, place=text)],
        participants=[at.Participant(id="p", name=text)],
        statements=[at.Statement(who="p", says="attends", source=text, note=text)],
    )
    written = at.to_ics(case)
    assert case == at.from_ics(written)
    event = icalendar.Calendar.from_ical(written).walk("VEVENT")[0]
    assert own(event, "STATEMENT")["note"] == text
    published = at.from_ics(at.to_ics(case, method="publish"))
    shown = re.sub("\n+", "\n", text).strip()
    assert shown == published.gatherings[0].name == published.gatherings[0].place


def test_ids_that_make_one_address_or_a_long_one_come_back():
    long = "会" * 200
    case = at.Case(
        participants=["russia", at.Participant(id=long, of=["Russia"]), at.Participant(id="Straße", of=["STRASSE"])],
        statements=["russia attends"],
    )
    text = at.to_ics(case)
    assert case == at.from_ics(text)
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert 5 == len({str(a).casefold() for a in attendees(event)})
    assert all(len(a) < 400 for a in attendees(event))


def test_a_carriage_return_alone_is_refused_when_it_is_written():
    case = at.Case(participants=["p"], statements=[at.Statement(who="p", says="attends", note="a\rb")])
    with pytest.raises(at.InputError, match="carriage return"):
        at.to_ics(case)
    told = at.Case(gatherings=[at.Gathering(id="g", name="a\rEND:VEVENT\rb")])
    assert at.to_ics(told, method="publish").count("\nEND:VEVENT\r\n") == 1
    assert "\r" not in at.to_ics(told, method="publish").replace("\r\n", "")


def test_very_many_groups_of_somebody_come_back():
    case = at.Case(participants=[at.Participant(id="p", of=[f"g{n}" for n in range(1_001)])], statements=["p attends"])
    assert case == at.from_ics(at.to_ics(case))


def test_the_moment_of_a_calendar_is_that_of_the_newest_statement():
    assert "DTSTAMP:20250514T210000Z" in at.to_ics(at.load(ROOT / "seeds/istanbul-2025.yaml"))
    assert "DTSTAMP:19700101T000000Z" in at.to_ics(at.case("anna attends"))


def test_a_method_that_is_none_is_refused():
    with pytest.raises(at.QuestionError, match="the method is request or publish, not 'cancel'"):
        at.to_ics(at.case("anna attends"), method="cancel")


def test_without_icalendar_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(at.QuestionError, match=r"calendars need icalendar: pip install 'attendance\[ics\]'"):
        at.to_ics(at.case("anna attends"))
