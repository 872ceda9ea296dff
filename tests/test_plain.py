"""Cases that are made of statements alone, one a line: whom they name, and where their mistakes are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import attendance as at

LINES = """ann attends if bob
cem waits for dai, eve at meeting
fay sends gus # x
# y

 hal attends # 'z'
"i # j" attends\t\r
kim attends if f
lea attends if at least 2 of g
"""


def test_whoever_is_named_is_a_participant() -> None:
    case = at.case(LINES, title="T", facts="f", groups={"g": ["mia", "nan"]}, rules="oto")
    people = ["ann", "bob", "cem", "dai", "eve", "fay", "gus", "hal", "i # j", "kim", "lea", "oto", "mia", "nan"]
    assert people == [p.id for p in case.participants]
    said = ["attends if bob", "waits for dai, eve at meeting", "sends gus", *["attends"] * 2]
    assert [*said, "attends if f", "attends if at least 2 of g"] == [str(s.says) for s in case.statements]
    assert "T: 14 participants, 7 statements" == str(case)
    assert "a case: 1 participants, 1 statements" == str(at.case("ann attends"))


@pytest.mark.parametrize(
    ("more", "people"),
    [
        ({"rules": iter(["cem", "ann or dai"])}, ["ann", "cem", "dai"]),
        ({"rules": at.attends("cem")}, ["ann", "cem"]),
        ({"rules": [at.Rule(rule="cem")]}, ["ann", "cem"]),
        ({"groups": {"g": {"members": ["bob"]}, "h": "cem"}}, ["ann", "bob", "cem"]),
        ({"facts": iter(["f", "h"]), "rules": ["f"]}, ["ann"]),
        ({"facts": {"f": True}, "rules": ["f"]}, ["ann"]),
    ],
)
def test_whoever_is_named_elsewhere_is_one_too(more: Mapping[str, Any], people: list[str]) -> None:
    assert people == [p.id for p in at.case("ann attends", **more).participants]


MISTAKES = """ann at there attends
ann atends
 bob at there attends # c
  cem attends if x of bob at least 2
   f attends
 @"""
TOLD = """<text>:1:8: unknown gathering 'there'
    ann at there attends
           ^^^^^
    known are: meeting
<text>:2:5: expected what is said: attends, declines, might attend, prefers, sends or waits for, but found 'atends'
    ann atends
        ^^^^^^
    did you mean attends or sends?
<text>:3:9: unknown gathering 'there'
     bob at there attends # c
            ^^^^^
    known are: meeting
<text>:4:18: no participant has a weight 'x'
      cem attends if x of bob at least 2
                     ^
    give it to participants with 'weights:'
<text>:5:4: 'f' is a fact, not a participant
       f attends
       ^
<text>:6:2: '@' is not a part of the language
     @
     ^
    put a name with other characters in quotes: "..."
rules.0.rule: expected a number, as in 'at least 3 of everyone', but found 'of'
    at least of
             ^^"""


def test_all_mistakes_are_told_in_the_order_of_their_lines() -> None:
    with pytest.raises(at.CaseError) as caught:
        at.case(MISTAKES, facts=["f"])
    told, rule = TOLD.split("\nrules", 1)
    assert told == str(caught.value)
    first = caught.value.problems[0]
    assert (("statements", 0, "at"), 7, 12, 8) == (first.path, first.start, first.end, first.column)
    assert () == caught.value.problems[1].path
    with pytest.raises(at.CaseError) as caught:
        at.case(MISTAKES.split("\n")[1], rules=["at least of"])
    assert f"rules{rule}" == str(caught.value).split("\n", 4)[4]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rules": 5}, "rules: expected a list, not 5"),
        ({"groups": 5}, "groups: expected a list, not 5"),
        ({"facts": 5}, "facts: expected a list, not 5"),
        ({"facts": "f", "groups": {"g": ["f"]}}, "groups.g.members: 'f' is a fact, not a participant or group"),
    ],
)
def test_what_is_wrong_elsewhere_is_told(more: Mapping[str, Any], told: str) -> None:
    with pytest.raises(at.CaseError) as caught:
        at.case("ann attends", **more)
    assert told == str(caught.value)


def test_only_text_is_cut_into_lines() -> None:
    with pytest.raises(at.InputError, match="expected statements, one a line, not 5"):
        at.case(5)  # type: ignore[arg-type]


def test_the_last_day_of_all_has_an_end_in_its_zone() -> None:
    case = at.Case(participants=["ann"], timezone="Europe/Istanbul", scenarios=[{"id": "s", "as_of": date.max}])
    assert case.until(date.max).isoformat() == "9999-12-31T23:59:59.999999+03:00"
    assert case.until(date(2025, 5, 1)).isoformat() == "2025-05-01T20:59:59.999999+00:00"


def test_an_unknown_scenario_is_told_with_its_name() -> None:
    case = at.Case(participants=["ann"], scenarios=[{"id": "s"}])
    with pytest.raises(at.UnknownName, match="unknown scenario 't'\n    the scenarios are: s") as caught:
        case.scenario("t")
    assert ("t", "the scenarios are: s") == (caught.value.name, caught.value.hint)
