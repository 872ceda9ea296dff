"""Which statements are in force, and the position that they make."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

import attendance as at
from attendance.model.participants import Attendance
from attendance.model.positions import Position, in_force, positions, said, waits
from attendance.model.sayings import Inclination, Reading
from attendance.model.scenario import Scenario

OPEN, IN, OUT = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED


def case(*statements: Any, zone: str = "Europe/Istanbul", **more: Any) -> at.Case:
    """A case of x, y and z at a meeting and a dinner, with these statements: mappings, or texts with a date."""
    given = {"gatherings": ["meeting", "dinner"], "participants": ["x", "y", "z"], "timezone": zone, **more}
    return at.Case(statements=[_statement(s) for s in statements], **given)


def _statement(given: Any) -> Any:
    if not isinstance(given, str) or "@" not in given:
        return given
    text, moment = given.split(" @ ")
    spoken = at.Statement.model_validate(text)
    return {"who": spoken.who, "at": spoken.at, "says": spoken.says, "said": moment}


def ids(made: at.Case, **scenario: Any) -> list[str]:
    return [str(s.id) for s in in_force(made, Scenario(**scenario))]


def position(
    made: at.Case, who: str = "x", where: str = "meeting", reading: Reading = Reading.CONVERSATIONAL
) -> Position:
    return positions(made, in_force(made, Scenario()), reading)[Attendance(who, where)]


# --- newer words ------------------------------------------------------------------------------------


def test_the_newest_moment_supersedes_the_older_ones() -> None:
    made = case("x attends @ 2025-05-11", "x declines @ 2025-05-13", "x attends if y @ 2025-05-12")
    assert ["x.2"] == ids(made)


def test_statements_of_one_moment_stand_together() -> None:
    made = case("x attends @ 2025-05-11", "x declines @ 2025-05-13", "x attends if y @ 2025-05-13")
    assert ["x.2", "x.3"] == ids(made)


def test_a_date_is_the_first_instant_of_its_day_in_the_zone_of_the_case() -> None:
    made = case(
        "x attends @ 2025-05-13",
        "x declines @ 2025-05-13T00:00",
        "x attends if y @ 2025-05-12T21:00Z",
        "x attends if z @ 2025-05-13T00:00+03:00",
        "x attends unless z @ 2025-05-12T23:59:59.999999",
    )
    assert ["x.1", "x.2", "x.3", "x.4"] == ids(made)


def test_undated_statements_stand_beside_all() -> None:
    made = case("x attends", "x declines @ 2025-05-11", "x attends if y", "x attends if z @ 2025-05-12")
    assert ["x.1", "x.3", "x.4"] == ids(made)


def test_each_speaker_supersedes_their_own_word_only() -> None:
    made = case(
        {"who": "x", "says": "attends", "said": "2025-05-11"},
        {"who": "x", "says": "declines", "said": "2025-05-12", "by": "press office"},
        {"who": "x", "says": "attends if y", "said": "2025-05-13", "by": "x"},
        {"who": "x", "says": "attends if z", "said": "2025-05-14", "by": "press office"},
    )
    assert ["x.3", "x.4"] == ids(made)


def test_a_newer_word_is_about_one_attendance() -> None:
    made = case("x attends @ 2025-05-11", "x at dinner declines @ 2025-05-12", "y declines @ 2025-05-13")
    assert ["x.1", "x.2", "y.1"] == ids(made)
    made = case("x attends @ 2025-05-11", "x at meeting declines @ 2025-05-12")
    assert ["x.2"] == ids(made)


def test_delegates_do_not_supersede() -> None:
    made = case("y declines @ 2025-05-11", "x sends y @ 2025-05-12")
    assert ["y.1", "x.1"] == ids(made)
    made = case("x sends y @ 2025-05-11", "y declines @ 2025-05-12", "x attends @ 2025-05-13")
    assert ["y.1", "x.2"] == ids(made)


# --- also -------------------------------------------------------------------------------------------


def chain(*also: bool) -> at.Case:
    return case(
        *(
            {"who": "x", "says": "attends if y", "said": f"2025-05-{day:02}", "also": word}
            for day, word in enumerate(also, 11)
        )
    )


@pytest.mark.parametrize(
    ("also", "standing"),
    [
        ((False, False, False), ["x.3"]),
        ((False, False, True), ["x.2", "x.3"]),
        ((False, True, True), ["x.1", "x.2", "x.3"]),
        ((True, True, True), ["x.1", "x.2", "x.3"]),
        ((False, True, False), ["x.3"]),
        ((True, False, True), ["x.2", "x.3"]),
        ((False, True, False, True), ["x.3", "x.4"]),
    ],
)
def test_also_lets_the_next_older_moment_stand(also: tuple[bool, ...], standing: list[str]) -> None:
    assert standing == ids(chain(*also))


def test_all_of_a_moment_must_say_also() -> None:
    older = {"who": "x", "says": "attends", "said": "2025-05-11"}
    newer = [{"who": "x", "says": f"attends if {w}", "said": "2025-05-12", "also": w == "y"} for w in "yz"]
    assert ["x.2", "x.3"] == ids(case(older, *newer))
    newer[1]["also"] = True
    assert ["x.1", "x.2", "x.3"] == ids(case(older, *newer))


# --- waits for --------------------------------------------------------------------------------------


def test_waits_for_supersedes_only_its_own_kind() -> None:
    made = case(
        "x attends only if y @ 2025-05-11",
        "x waits for y @ 2025-05-12",
        "x waits for z @ 2025-05-13",
        "x at dinner waits for z @ 2025-05-11",
    )
    assert ["x.1", "x.3", "x.4"] == ids(made)
    made = case("x waits for y @ 2025-05-11", "x attends @ 2025-05-12")
    assert ["x.1", "x.2"] == ids(made)
    found = waits(made, in_force(made, Scenario()))
    assert [(Attendance("x", "meeting"), "x.1")] == [(attendance, s.id) for attendance, s in found]
    assert [Attendance("x", "meeting")] == list(positions(made, in_force(made, Scenario()), Reading.LITERAL))


# --- supersedes -------------------------------------------------------------------------------------


def test_ids_end_others_whoever_said_them() -> None:
    made = case(
        {"id": "one", "who": "x", "says": "attends"},
        {"id": "two", "who": "y", "says": "attends", "supersedes": ["one", "x.2"]},
        "x declines",
    )
    assert ["two"] == ids(made)


def test_what_was_ended_stays_ended() -> None:
    made = case(
        {"id": "one", "who": "x", "says": "attends"},
        {"id": "two", "who": "y", "says": "attends", "supersedes": ["one"]},
        {"id": "three", "who": "z", "says": "attends", "supersedes": ["two"]},
    )
    assert ["three"] == ids(made)
    assert ["one", "three"] == ids(made, withdraw=["two"])
    assert ["two"] == ids(made, withdraw=["three"])


def test_what_a_superseded_word_superseded_stays_so() -> None:
    made = case(
        "x attends @ 2025-05-11",
        "x declines @ 2025-05-12",
        {"who": "y", "says": "attends", "supersedes": ["x.2"]},
    )
    assert ["y.1"] == ids(made)
    made = case(
        {"id": "one", "who": "x", "says": "attends"},
        {"id": "two", "who": "x", "says": "declines", "said": "2025-05-12", "supersedes": ["one"]},
        {"id": "three", "who": "x", "says": "attends if y", "said": "2025-05-13"},
    )
    assert ["three"] == ids(made)


def test_a_hidden_word_ends_nothing() -> None:
    made = case(
        {"id": "one", "who": "x", "says": "attends", "said": "2025-05-11", "source": "radio"},
        {"id": "two", "who": "y", "says": "attends", "said": "2025-05-13", "source": "paper", "supersedes": ["one"]},
    )
    assert ["two"] == ids(made)
    assert ["one"] == ids(made, as_of="2025-05-12")
    assert ["one"] == ids(made, believe=["radio"])
    assert ["one"] == ids(made, disbelieve=["paper"])


# --- as of ------------------------------------------------------------------------------------------

DAYS = case(
    "x attends",
    "x attends @ 2025-05-13",
    "x attends if y @ 2025-05-13T23:59:59.999999",
    "x attends if z @ 2025-05-14",
    "y attends @ 2025-05-13T21:00Z",
    "z attends @ 2025-05-14T00:00:00.000001",
)


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        ("2025-05-12", ["x.1"]),
        ("2025-05-13", ["x.1", "x.3"]),
        ("2025-05-14", ["x.1", "x.4", "y.1", "z.1"]),
        ("2025-05-13T00:00", ["x.1", "x.2"]),
        ("2025-05-12T23:59:59.999999", ["x.1"]),
        ("2025-05-12T21:00Z", ["x.1", "x.2"]),
        ("2025-05-13T23:59:59", ["x.1", "x.2"]),
        ("2025-05-14T00:00", ["x.1", "x.4", "y.1"]),
        ("2025-05-14T00:00-01:00", ["x.1", "x.4", "y.1", "z.1"]),
        ("0001-01-01", ["x.1"]),
        ("9999-12-31", ["x.1", "x.4", "y.1", "z.1"]),
        (date(2025, 5, 13), ["x.1", "x.3"]),
        (datetime(2025, 5, 13), ["x.1", "x.2"]),
        (datetime(2025, 5, 13, 21, tzinfo=UTC), ["x.1", "x.4", "y.1"]),
    ],
    ids=str,
)
def test_a_date_includes_its_day_and_a_time_is_that_instant(as_of: Any, standing: list[str]) -> None:
    assert standing == ids(DAYS, as_of=as_of)


def test_moments_at_the_ends_of_the_calendar() -> None:
    for zone in ("Europe/Istanbul", "America/Los_Angeles", "UTC"):
        made = case(
            "x attends @ 0001-01-01", "x declines @ 9999-12-31T23:59", "y attends @ 9999-12-31T23:59+12:00", zone=zone
        )
        assert ["x.2", "y.1"] == ids(made)
        assert ["x.1"] == ids(made, as_of="0001-01-01")
        assert ["x.2", "y.1"] == ids(made, as_of="9999-12-31")


def test_the_hour_that_comes_twice() -> None:
    # In Berlin, half past two comes twice on 26 October 2025: at 00:30 and at 01:30 UTC.
    first, second = "2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00"
    made = case(f"x attends @ {second}", f"x declines @ {first}", zone="Europe/Berlin")
    assert ["x.1"] == ids(made)
    assert ["x.2"] == ids(made, as_of="2025-10-26T00:59Z")
    made = case("x attends @ 2025-10-26T02:30", f"x declines @ {first}", zone="Europe/Berlin")
    assert ["x.1", "x.2"] == ids(made)
    made = case("x attends @ 2025-10-26T02:45", f"x declines @ {second}", zone="Europe/Berlin")
    assert ["x.2"] == ids(made)


def test_the_hour_that_is_left_out() -> None:
    # In Berlin, half past two does not come on 30 March 2025: it counts as an hour and a half after one.
    made = case("x attends @ 2025-03-30T02:30", "x declines @ 2025-03-30T03:15", zone="Europe/Berlin")
    assert ["x.1"] == ids(made)
    made = case("x attends @ 2025-03-30T02:30", "x declines @ 2025-03-30T01:30Z", zone="Europe/Berlin")
    assert ["x.1", "x.2"] == ids(made)


def test_a_day_whose_last_hour_comes_twice_is_included_whole() -> None:
    # In Sao Paulo clocks went back at the end of 16 February 2019, to 23:00 of the same day.
    made = case("x attends @ 2019-02-17T02:30Z", zone="America/Sao_Paulo")
    assert ["x.1"] == ids(made, as_of="2019-02-16")
    assert [] == ids(made, as_of="2019-02-15")
    made = case("x attends @ 2019-02-17", zone="America/Sao_Paulo")
    assert [] == ids(made, as_of="2019-02-16")


# --- sources ----------------------------------------------------------------------------------------

SOURCED = case(
    {"who": "x", "says": "attends", "source": "radio"},
    {"who": "x", "says": "declines", "source": "paper"},
    {"who": "x", "says": "attends if y"},
    {"who": "x", "says": "attends if z", "source": ""},
)


@pytest.mark.parametrize(
    ("parts", "standing"),
    [
        ({}, ["x.1", "x.2", "x.3", "x.4"]),
        ({"believe": ["radio"]}, ["x.1", "x.3"]),
        ({"believe": "radio"}, ["x.1", "x.3"]),
        ({"believe": ["radio", "paper"]}, ["x.1", "x.2", "x.3"]),
        ({"believe": []}, ["x.3"]),
        ({"believe": None}, ["x.1", "x.2", "x.3", "x.4"]),
        ({"believe": [""]}, ["x.3", "x.4"]),
        ({"disbelieve": ["radio"]}, ["x.2", "x.3", "x.4"]),
        ({"disbelieve": []}, ["x.1", "x.2", "x.3", "x.4"]),
        ({"believe": ["radio"], "disbelieve": ["radio"]}, ["x.3"]),
    ],
    ids=str,
)
def test_whom_to_believe(parts: dict[str, Any], standing: list[str]) -> None:
    assert standing == ids(SOURCED, **parts)


def test_the_call_wins_over_the_scenario() -> None:
    made = case(
        *({"who": "x", "says": "attends", "source": s} for s in ("radio", "paper", "web")),
        scenarios={"s": {"believe": ["radio", "web"], "disbelieve": ["paper"], "as_of": "2025-05-01"}},
    )

    def parts(**given: Any) -> Scenario:
        return made.scenario("s", Scenario(**given))

    assert ("radio", "web") == parts().believe
    assert ("radio", "web", "paper") == parts(believe="paper").believe
    assert () == parts(believe="paper").disbelieve
    assert ("web",) == parts(disbelieve="radio").believe
    assert ("paper", "radio") == parts(disbelieve="radio").disbelieve
    assert date(2025, 5, 2) == parts(as_of="2025-05-02").as_of
    assert date(2025, 5, 1) == parts(withdraw="x.1").as_of
    assert parts() == made.scenario("s")


# --- withdraw and add -------------------------------------------------------------------------------


def test_what_is_withdrawn_was_never_said() -> None:
    made = case("x attends @ 2025-05-11", "x declines @ 2025-05-12")
    assert ["x.1"] == ids(made, withdraw="x.2")
    assert [] == ids(made, withdraw=["x.1", "x.2"])


def test_what_is_added_takes_part() -> None:
    made = case("x attends @ 2025-05-11", "y attends")
    assert ["y.1", "x.2"] == ids(made, add=[{"who": "x", "says": "declines", "said": "2025-05-12"}])
    assert ["x.1", "y.1"] == ids(made, add=[{"who": "x", "says": "declines", "said": "2025-05-10"}])
    assert ["x.1", "y.1", "x.2", "x.3"] == ids(made, add=["x declines", "x attends if y"])
    assert ["x.1", "x.2"] == ids(made, add=[{"who": "x", "says": "declines", "supersedes": "y.1"}])
    assert ["x.1", "y.1", "new"] == ids(made, add=[{"id": "new", "who": "x", "says": "declines"}])


def test_ids_of_what_is_added_count_on() -> None:
    made = case("x attends", "x declines", scenarios={"s": {"add": ["x attends if y", "y attends"]}})
    assert ["x.3", "y.1"] == ids(made, add=["x attends if y", "y attends"])[2:]
    assert ["x.3", "y.1"] == ids(made, withdraw=["x.1", "x.2"], add=["x attends if y", "y attends"])
    both = made.scenario("s", Scenario(add=["x attends if z"]))
    assert ["x.3", "y.1", "x.4"] == [s.id for s in said(made, both)][2:]


def test_what_is_added_is_not_hidden() -> None:
    made = case("x attends @ 2025-05-11")
    assert ["x.2"] == ids(made, as_of="2025-05-12", add=[{"who": "x", "says": "declines", "said": "2025-05-20"}])
    added = {"who": "x", "says": "declines", "source": "new"}
    assert ["x.1", "x.2"] == ids(made, disbelieve="new", add=[added])


# --- bounds and inclination -------------------------------------------------------------------------


def bounds_of(found: Position) -> tuple[list[str], list[str]]:
    lower = [str(p.lower) for p in found.contributions if p.lower is not None]
    return lower, [str(p.upper) for p in found.contributions if p.upper is not None]


def test_all_statements_in_force_make_one_position() -> None:
    made = case("x attends if y", "x attends only if z", "x declines if y at dinner", "z sends x")
    found = position(made)
    assert (["y", "not z"], ["z", "not y at dinner"]) == bounds_of(found)
    assert ["x.1", "x.2", "x.3", "z.1"] == [p.statement.id for p in found.contributions]
    assert (["y"], ["z", "not y at dinner"]) != bounds_of(position(made, "z"))


INCLINED: dict[str, tuple[list[Any], Inclination]] = {
    "upper bounds only": (["x attends only if y", "x declines if z"], IN),
    "lower bounds only": (["x attends if y", "x attends unless z"], OUT),
    "both": (["x attends if y", "x attends only if z"], OPEN),
    "neither": (["x might attend"], OPEN),
    "a might": (["x attends only if y", "x might attend"], OPEN),
    "a might with a bound": (["x attends only if y", "x might attend only if z"], OPEN),
    "an explicit one": ([{"who": "x", "says": "attends only if y", "inclination": "disinclined"}], OUT),
    "an explicit one beside a might": (
        ["x might attend", {"who": "x", "says": "attends only if y", "inclination": "inclined"}],
        IN,
    ),
    "an explicit one on a might": ([{"who": "x", "says": "might attend if y", "inclination": "inclined"}], IN),
    "the newest explicit one": (
        [
            {"who": "x", "says": "attends if y", "said": "2025-05-12", "inclination": "inclined", "also": True},
            {"who": "x", "says": "attends if z", "said": "2025-05-11", "inclination": "open"},
        ],
        IN,
    ),
    "the newest that has one": (
        [
            {"who": "x", "says": "attends if y", "said": "2025-05-11", "inclination": "inclined"},
            {"who": "x", "says": "attends if z", "said": "2025-05-12", "also": True},
        ],
        IN,
    ),
    "the last of a moment": (
        [
            {"who": "x", "says": "attends if y", "said": "2025-05-12", "inclination": "inclined"},
            {"who": "x", "says": "attends if z", "said": "2025-05-12", "inclination": "open"},
        ],
        OPEN,
    ),
    "a superseded one counts no more": (
        [
            {"who": "x", "says": "attends only if y", "said": "2025-05-11", "inclination": "open"},
            {"who": "x", "says": "attends only if z", "said": "2025-05-12"},
        ],
        IN,
    ),
    "a delegate": (["y sends x"], OUT),
    "a delegate with a bound of their own": (["y sends x", "x attends only if z"], OPEN),
    "a wait counts for nothing": (["x waits for y", "x attends only if y"], IN),
}


@pytest.mark.parametrize(("statements", "inclination"), INCLINED.values(), ids=INCLINED)
def test_the_inclination(statements: list[Any], inclination: Inclination) -> None:
    made = case(*statements)
    assert inclination is position(made).inclination
    assert OPEN is position(made, reading=Reading.LITERAL).inclination


def test_of_whom_nobody_speaks_there_is_no_position() -> None:
    made = case("x attends only if y")
    assert [Attendance("x", "meeting")] == list(positions(made, in_force(made, Scenario()), Reading.CONVERSATIONAL))


def test_a_scenario_never_changes_who_is_counted() -> None:
    made = case(
        "x attends @ 2025-05-11", "y at dinner attends if z @ 2025-05-12", scenarios={"s": {"given": ["x at dinner"]}}
    )
    assert {"meeting": ("x",), "dinner": ("x", "y", "z")} == made.counted
    asked = at.resolve(made, as_of="2025-05-10", withdraw=["x.1", "y.1"])
    assert [("x", "meeting"), ("x", "dinner"), ("y", "dinner"), ("z", "dinner")] == list(asked.verdicts)


def test_offsets_are_read_as_they_are_given() -> None:
    minute = timezone(timedelta(minutes=1))
    made = case(
        {"who": "x", "says": "attends", "said": datetime(2025, 5, 11, 0, 1, tzinfo=minute)},
        {"who": "x", "says": "declines", "said": datetime(2025, 5, 11, tzinfo=UTC)},
    )
    assert ["x.1", "x.2"] == ids(made)
