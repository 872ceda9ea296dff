"""Statements of every kind, and the bounds that each makes in either reading."""

import copy
import datetime as datetime_module
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import attendance as at
from attendance.model.conditions import Condition
from attendance.model.participants import Attendance
from attendance.model.positions import in_force, positions
from attendance.model.sayings import Bounds, Inclination, Link, Reading, Sends, WaitsFor, bounds, delegate_bound
from attendance.model.scenario import Scenario

LETTER, HEARD = Reading.LITERAL, Reading.CONVERSATIONAL
OPEN, IN, OUT = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED


def condition(text: str | None) -> Condition | None:
    return None if text is None else at.condition(text)


# --- bounds: each row of the table, as L and U to the letter, L and U as heard, and the inclination heard ----

BOUNDS: dict[str, tuple[str | None, str | None, str | None, str | None, Inclination]] = {
    "attends": ("always", None, "always", None, OUT),
    "declines": (None, "never", None, "never", IN),
    "attends if c": ("c", None, "c", None, OUT),
    "attends only if c": (None, "c", None, "c", IN),
    "attends if and only if c": ("c", "c", "c", "c", OPEN),
    "attends unless c": ("not c", None, "not c", None, OUT),
    "declines if c": (None, "not c", None, "not c", IN),
    "declines unless c": (None, "c", None, "c", IN),
    "might attend": (None, None, None, None, OPEN),
    "might attend only if c": (None, "c", None, "c", OPEN),
    "might attend if c": (None, None, None, "c", OPEN),
    "might attend unless c": (None, None, None, "not c", OPEN),
    "sends y": (None, "never", None, "never", IN),
    "sends y if c": (None, "not c", None, "not c", IN),
    "waits for c": (None, None, None, None, OPEN),
}


@pytest.mark.parametrize("says", BOUNDS)
def test_bounds_to_the_letter(says: str) -> None:
    lower, upper, *_ = BOUNDS[says]
    assert Bounds(condition(lower), condition(upper)) == bounds(at.saying(says), LETTER)


@pytest.mark.parametrize("says", BOUNDS)
def test_bounds_as_heard(says: str) -> None:
    _, _, lower, upper, _ = BOUNDS[says]
    assert Bounds(condition(lower), condition(upper)) == bounds(at.saying(says), HEARD)


@pytest.mark.parametrize("says", BOUNDS)
@pytest.mark.parametrize("reading", Reading)
def test_the_inclination_that_each_makes_alone(says: str, reading: Reading) -> None:
    made = at.case(f"x {says}", groups={"extra": ["c", "y"]})
    found = positions(made, in_force(made, Scenario()), reading)
    position = found.get(Attendance("x", "meeting"))
    heard = BOUNDS[says][4]
    if says.startswith("waits"):
        assert position is None
    else:
        assert position is not None
        assert (heard if reading is HEARD else OPEN) == position.inclination


def test_a_negated_condition_is_not_negated_twice() -> None:
    assert Bounds(at.condition("c")) == bounds(at.saying("attends unless not c"), HEARD)
    assert Bounds(None, at.condition("never")) == bounds(at.saying("declines if always"), HEARD)


# --- sends ------------------------------------------------------------------------------------------


def test_delegates_come_if_the_sender_does_not() -> None:
    x = at.attends("x")
    assert at.condition("not x") == delegate_bound(Sends(("y",)), x)
    assert at.condition("c and not x") == delegate_bound(Sends(("y",), at.condition("c")), x)
    assert at.condition("(b or c) and not x") == delegate_bound(Sends(("y",), at.condition("b or c")), x)


@pytest.mark.parametrize("says", ["sends y, z", "sends y, z if c"])
def test_sends_is_one_statement_about_several(says: str) -> None:
    made = at.case(f"x {says}", groups={"extra": ["c"]})
    found = positions(made, in_force(made, Scenario()), HEARD)
    bound = at.condition("c and not x" if "if" in says else "not x")
    for delegate in ("y", "z"):
        position = found[Attendance(delegate, "meeting")]
        assert [("x.1", bound, None)] == [(p.statement.id, p.lower, p.upper) for p in position.contributions]
        assert OUT is position.inclination
    sender = found[Attendance("x", "meeting")]
    assert [("x.1", None)] == [(p.statement.id, p.lower) for p in sender.contributions]
    assert IN is sender.inclination


def test_what_sends_does() -> None:
    made = at.case("x sends y")
    assert {"x": "absent", "y": "attends"} == {a.participant: v for a, v in at.resolve(made).verdicts.items()}
    assert "absent" == at.resolve(made, assume={"x": True})["y"]
    made = at.case("x sends y if c", facts=["c"])
    assert ("absent", "attends") == (
        at.resolve(made, assume={"c": True})["x"],
        at.resolve(made, assume={"c": True})["y"],
    )
    assert ("attends", "absent") == (
        at.resolve(made, assume={"c": False})["x"],
        at.resolve(made, assume={"c": False})["y"],
    )


def test_a_delegate_may_say_something_too() -> None:
    made = at.case("x sends y\ny declines")
    found = positions(made, in_force(made, Scenario()), HEARD)[Attendance("y", "meeting")]
    assert ["y.1", "x.1"] == [p.statement.id for p in sorted(found.contributions, key=lambda p: p.lower is not None)]
    assert OPEN is found.inclination
    assert not at.resolve(made).consistent


# --- statements as values ---------------------------------------------------------------------------


def test_the_short_form() -> None:
    short = at.Statement.model_validate("zelensky at ankara attends only if putin")
    assert at.Statement(who="zelensky", at="ankara", says="attends only if putin") == short
    assert "zelensky at ankara attends only if putin" == short.text
    assert (
        '"a b" at "not" waits for "c d" at e'
        == at.Statement(who="a b", at="not", says=WaitsFor((at.attends("c d", "e"),))).text
    )
    assert at.Rule(rule=at.condition("a and b")) == at.Rule.model_validate("a and b")
    assert at.Rule(rule="a and b") == at.Rule.model_validate(at.condition("a and b"))


def test_the_speaker_is_the_participant_unless_said() -> None:
    assert "a" == at.Statement(who="a", says="attends").speaker
    assert "a's press office" == at.Statement(who="a", says="attends", by="a's press office").speaker


def test_ids_count_the_statements_of_each() -> None:
    made = at.Case(
        participants=["a", "b"],
        statements=["a attends", "b attends", {"id": "x", "who": "a", "says": "declines"}, "a declines", "b declines"],
        rules=["a", {"id": "y", "rule": "b"}, "a or b"],
    )
    assert ["a.1", "b.1", "x", "a.3", "b.2"] == [s.id for s in made.statements]
    assert ["rule.1", "y", "rule.3"] == [r.id for r in made.rules]


def test_they_are_frozen_hashable_and_picklable() -> None:
    statement = at.Statement(who="a", says="attends if b", said="2025-05-14", supersedes=["x"], probability="1/3")
    with pytest.raises(ValueError, match="frozen"):
        statement.who = "b"
    for again in (pickle.loads(pickle.dumps(statement)), copy.copy(statement), copy.deepcopy(statement)):
        assert statement == again
        assert hash(statement) == hash(again)


def test_how_it_is_given_does_not_matter() -> None:
    assert at.Statement(
        who="a",
        says=at.saying("attends if b"),
        said=date(2025, 5, 14),
        also=True,
        supersedes=["x"],
        inclination=Inclination.OPEN,
        probability=Fraction(9, 10),
    ) == at.Statement(
        who="a",
        says="attends if b",
        said=" 2025-05-14 ",
        also=" Yes ",
        supersedes="x",
        inclination=" Open ",
        probability="0.9",
    )
    assert at.Statement(who="a", says="attends", probability=Decimal("0.1")).probability == Fraction(1, 10)
    assert at.Statement(who="a", says="attends", probability=0.1).probability == Fraction(1, 10)
    assert at.Statement(who="a", says="attends", probability=" 1 / 3 ").probability == Fraction(1, 3)


def test_sets_are_put_in_order() -> None:
    assert ("x", "y", "z") == at.Statement(who="a", says="attends", supersedes={"z", "x", "y"}).supersedes
    assert ("x", "y", "z") == at.Scenario(believe={"z", "x", "y"}).believe
    assert ["x", "y", "z"] == [p.id for p in at.Case(participants={"z", "x", "y"}).participants]


MOMENTS: dict[str, tuple[Any, date | datetime]] = {
    "a date": ("2025-05-14", date(2025, 5, 14)),
    "a time": ("2025-05-14T10:00", datetime(2025, 5, 14, 10)),
    "a time after a space": ("2025-05-14 10:00", datetime(2025, 5, 14, 10)),
    "seconds": ("2025-05-14T10:00:01", datetime(2025, 5, 14, 10, 0, 1)),
    "a tenth": ("2025-05-14T10:00:01.5", datetime(2025, 5, 14, 10, 0, 1, 500_000)),
    "microseconds": ("2025-05-14T10:00:01.000001", datetime(2025, 5, 14, 10, 0, 1, 1)),
    "utc": ("2025-05-14T10:00Z", datetime(2025, 5, 14, 10, tzinfo=UTC)),
    "small letters": ("2025-05-14t10:00z", datetime(2025, 5, 14, 10, tzinfo=UTC)),
    "an offset": ("2025-05-14T10:00+03:00", datetime(2025, 5, 14, 10, tzinfo=timezone(timedelta(hours=3)))),
    "an odd offset": ("2025-05-14T10:00-00:30", datetime(2025, 5, 14, 10, tzinfo=timezone(-timedelta(minutes=30)))),
    "a leap day": ("2024-02-29", date(2024, 2, 29)),
    "the first day": ("0001-01-01", date(1, 1, 1)),
    "midnight stays a time": (datetime(2025, 5, 14), datetime(2025, 5, 14)),
    "a named zone": (
        datetime(2025, 5, 14, 10, tzinfo=ZoneInfo("Europe/Istanbul")),
        datetime(2025, 5, 14, 10, tzinfo=timezone(timedelta(hours=3))),
    ),
    "the second of two": (
        datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2025, 10, 26, 2, 30, tzinfo=timezone(timedelta(hours=1))),
    ),
    "before there were zones": (
        datetime(1800, 1, 1, tzinfo=ZoneInfo("Europe/Istanbul")),
        datetime(1799, 12, 31, 22, 4, 8, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize(("given", "moment"), MOMENTS.values(), ids=MOMENTS)
def test_moments(given: Any, moment: date | datetime) -> None:
    said = at.Statement(who="a", says="attends", said=given).said
    assert moment == said
    assert type(moment) is type(said)
    if isinstance(moment, datetime) and isinstance(said, datetime):
        assert moment.utcoffset() == said.utcoffset()
        assert 0 == said.fold
    assert said == at.Statement(who="a", says="attends", said=said.isoformat()).said


def test_links_are_words() -> None:
    assert ["if", "only if", "if and only if", "unless"] == list(Link)
    assert ["conversational", "literal"] == list(Reading)
    assert ["inclined", "disinclined", "open"] == list(Inclination)


def test_a_numbered_statement_tells_what_was_given() -> None:
    case = at.Case(participants=["ann"], statements=["ann attends"])
    assert {"who": "ann", "at": None, "says": "attends", "id": "ann.1"} == case.statements[0].model_dump(
        exclude_unset=True
    )


# --- shown to people --------------------------------------------------------------------------------


def test_a_statement_is_shown_in_its_own_words() -> None:
    said = at.Statement(
        who="ann", at="late dinner", says="attends only if ben and cleo", said="2025-05-10", source="radio"
    )
    assert 'ann at "late dinner" attends only if ben and cleo' == str(said)
    assert at.Statement.model_validate(str(said)) == at.Statement(who="ann", at="late dinner", says=str(said.says))


def test_a_scenario_is_shown_in_words() -> None:
    assert "" == str(Scenario())
    supposed = Scenario(assume={"ann": True, "rain": False}, given=["ben or cleo"], add=["ben declines"])
    assert "assumed: ann = yes, rain = no; given: “ben or cleo”; added: “ben declines”" == str(supposed)
    heard = Scenario(withdraw=["z"], believe=["radio"], as_of="2025-05-13T10:00", reading="literal", founded=True)
    words = "without: z; believed only: radio; as of 13 May 2025 10:00; to the letter; "
    assert f"{words}nobody comes on a circle of promises alone" == str(heard)
    assert "not believed: paper" == str(Scenario(disbelieve=["paper"], founded=False, reading="conversational"))


def test_the_repr_of_a_value_is_what_one_writes_to_have_it() -> None:
    said = at.Statement(who="ann", says="attends if ben", said="2025-05-10", inclination="open")
    assert "Statement(who='ann', says='attends if ben', said=datetime.date(2025, 5, 10), inclination='open')" == repr(
        said
    )
    supposed = Scenario(assume={"ann": True}, given=["ben"], add=[said], reading="literal")
    names = {"Scenario": Scenario, "Statement": at.Statement, "condition": at.condition, "datetime": datetime_module}
    assert supposed == eval(repr(supposed), names)
    assert "Case(participants=(Participant(id='ann'),))" == repr(at.Case(participants=[{"id": "ann"}]))
