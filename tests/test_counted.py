"""Who is counted at which gathering: whoever is invited, or named there in whatever way."""

from typing import Any

import pytest

import attendance as at

PEOPLE = ["zoe", "bob", "ann", "cem"]
TALKS, DINNER = {"id": "talks"}, {"id": "dinner"}


def counted(**keys: Any) -> dict[str, str]:
    """The people at each gathering, as words."""
    case = at.Case(**{"participants": PEOPLE, "gatherings": [TALKS, DINNER], **keys})
    listed = {gathering: " ".join(people) for gathering, people in case.counted.items()}
    verdicts = at.resolve(case).verdicts
    assert listed == {g: " ".join(a.participant for a in verdicts if a.gathering == g) for g in listed}
    return listed


WAYS: dict[str, dict[str, Any]] = {
    "who speaks": {"statements": ["ann at dinner attends"]},
    "who is sent": {"statements": ["bob at dinner sends ann"]},
    "who is waited for": {"statements": ["bob at dinner waits for ann"]},
    "who is waited for elsewhere": {"statements": ["bob waits for ann at dinner, cem"]},
    "who is named in a condition": {"statements": ["bob at dinner attends if ann"]},
    "who is named in a condition elsewhere": {"statements": ["bob attends if ann at dinner"]},
    "who is named in a rule": {"rules": [{"rule": "not ann", "at": "dinner"}]},
    "who is named in a rule elsewhere": {"rules": ["not ann at dinner"]},
    "who is named in held if": {"gatherings": [TALKS, {"id": "dinner", "held_if": "ann or not ann"}]},
    "who is named in held if elsewhere": {"gatherings": [{"id": "talks", "held_if": "not ann at dinner"}, DINNER]},
    "who is assumed": {"scenarios": [{"id": "s", "assume": {"ann at dinner": True}}]},
    "who is given": {"scenarios": [{"id": "s", "given": ["ann at dinner"]}]},
    "who is added": {"scenarios": [{"id": "s", "add": ["ann at dinner attends"]}]},
    "who is named in what is added": {"scenarios": [{"id": "s", "add": ["bob at dinner attends if ann"]}]},
    "who is invited": {"gatherings": [TALKS, {"id": "dinner", "invited": ["ann"]}]},
}


@pytest.mark.parametrize("keys", WAYS.values(), ids=WAYS)
def test_whoever_is_named_there_is_counted_there(keys: dict[str, Any]) -> None:
    found = counted(**keys)
    also = {"bob"} & set(found["dinner"].split())
    assert {"ann"} | also == set(found["dinner"].split())


def test_the_order_is_that_of_the_participants() -> None:
    said = ["ann at dinner attends", "zoe at dinner attends", "bob attends"]
    assert {"talks": "bob cem", "dinner": "zoe ann"} == counted(statements=said)


def test_whoever_is_named_nowhere_is_counted_at_the_first_gathering() -> None:
    assert {"talks": "zoe bob ann cem", "dinner": ""} == counted()
    assert {"talks": "zoe bob ann cem", "dinner": ""} == counted(rules=["ann", "at least 1 of everyone"])
    first = [{"id": "talks", "invited": ["bob"]}, DINNER]
    assert {"talks": "bob", "dinner": ""} == counted(gatherings=first)
    assert {"talks": "bob"} == counted(gatherings=first[:1])
    assert {"talks": "zoe bob ann cem"} == counted(gatherings=[TALKS])


def test_who_is_named_where_others_are_invited_is_not_counted() -> None:
    invited = [TALKS, {"id": "dinner", "invited": ["bob"]}]
    found = {"talks": "zoe ann cem", "dinner": "bob"}
    assert found == counted(gatherings=invited, rules=["not ann at dinner"])
    assert {**found, "talks": "zoe bob ann cem"} == counted(
        gatherings=invited, statements=["bob attends if ann at dinner"]
    )


def test_who_is_assumed_without_a_place_is_where_they_are_counted() -> None:
    assumed = [{"id": "s", "assume": {"ann": True, "f": True}}]
    plain = {"scenarios": assumed, "facts": ["f"]}
    assert {"talks": "zoe bob ann cem", "dinner": ""} == counted(**plain)
    assert {"talks": "zoe bob cem", "dinner": "ann"} == counted(**plain, statements=["ann at dinner attends"])
    both = ["ann at dinner attends", "ann attends"]
    assert {"talks": "zoe bob ann cem", "dinner": "ann"} == counted(**plain, statements=both)


def test_the_order_in_which_scenarios_assume_moves_nobody() -> None:
    """One of a million random cases: whoever was assumed alone first stood at the main gathering too."""
    alone, there = {"id": "a", "assume": {"ann": True}}, {"id": "b", "assume": {"ann at dinner": False}}
    for scenarios in ([alone, there], [there, alone]):
        assert {"talks": "zoe bob cem", "dinner": "ann"} == counted(scenarios=scenarios)
    case = at.Case(participants=PEOPLE, gatherings=[TALKS, DINNER], scenarios=[alone])
    assert {at.Attendance("ann", "dinner")} == {
        a for a in at.resolve(case, assume={"ann at dinner": False}).verdicts if a.participant == "ann"
    }


def test_groups_facts_and_gatherings_are_nobody() -> None:
    found = counted(
        groups={"g": ["ann"]},
        facts=["f"],
        rules=["f or any of g or talks is held or g at dinner is represented", "at least 0 of (g at dinner)"],
    )
    assert {"talks": "zoe bob ann cem", "dinner": ""} == found


def test_whom_a_name_means() -> None:
    case = at.Case(
        participants=PEOPLE,
        gatherings=[TALKS, DINNER, {"id": "tea"}],
        statements=["ann at dinner attends", "bob at dinner attends", "bob at tea attends", "zoe attends"],
        facts=["f"],
    )
    assert at.resolve(case, assume={"ann": False}).verdicts[at.Attendance("ann", "dinner")] == at.Verdict.ABSENT
    with pytest.raises(at.CaseError, match="'bob' is counted at several gatherings\n    say 'bob at dinner'"):
        at.resolve(case, assume={"bob": False})
    with pytest.raises(at.CaseError, match="'f' is a fact, and facts are at no gathering"):
        at.resolve(case, assume={"f at dinner": False})


def test_conditions_on_who_is_not_counted_are_warned_of_once() -> None:
    people = [f"p{i}" for i in range(8)]
    case = at.Case(
        participants=people,
        gatherings=[TALKS, {"id": "dinner", "invited": ["p0", "p1"]}],
        groups={"five": people[:7], "six": people},
        statements=[
            "p0 attends if p2 at dinner",
            "p1 attends if at least 1 of (p3 at dinner, p0)",
            "p2 attends if five at dinner is represented",
            "p3 attends if any of six at dinner",
            "p4 attends if all of everyone at dinner",
            "p5 attends if not p2 at dinner",
        ],
    )
    resolution = at.resolve(case)
    assert (
        "p2 is not counted at dinner: a condition on that is false",
        "p3 is not counted at dinner: a condition on that is false",
        "of five, p2, p3, p4, p5, p6 not counted at dinner: a condition on that is false",
        "of six, p2, p3, p4, p5, 2 more not counted at dinner: a condition on that is false",
    ) == resolution.warnings
    assert [at.Verdict.ABSENT, at.Verdict.ATTENDS] == [resolution["p0"], resolution["p5"]]


def test_what_holds_of_the_whole_holds_where_it_stands() -> None:
    case = at.Case(
        participants=["ann", "bob", "cem"],
        gatherings=[TALKS, {"id": "dinner", "held_if": "at least 2 of everyone"}, {"id": "tea"}],
        groups={"g": ["ann", "bob"]},
        statements=[
            "ann at dinner attends",
            "bob at dinner attends",
            "cem at tea attends if dinner is held",
            "ann at tea attends if g at dinner is represented",
            "ann attends if dinner and not tea",
            "bob attends if tea is held and all of g at dinner and not g at tea is represented",
            "cem attends if at most 1 of (everyone at tea) and at least 2 of (g at dinner, cem at tea)",
        ],
    )
    assert {
        "talks": [],
        "dinner": ["ann", "bob"],
        "tea": ["ann", "cem"],
    } == next(iter(at.outcomes(case))).to_dict()["attending"]
    assert ["not held", "held", "held"] == [str(g.held) for g in at.resolve(case).gatherings.values()]
