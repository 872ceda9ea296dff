"""A name is the same name however it is spelled: bare, in quotes, at a gathering, as answers print it."""

from collections.abc import Callable
from typing import Any

import pytest

import attendance as at

CASE = at.loads("""
gatherings: {talks: {}, dinner: {}}
participants: [a, b c, all]
facts: {rain: unknown}
groups: {two words: [a, b c]}
statements:
  - a attends
  - '"b c" might attend'
  - '"b c" at dinner attends if rain'
  - '"all" at dinner might attend'
""")
GOAL = "at least 2 of everyone"
SPELLED = {
    "b c": ("b c", '"b c"', ("b c", "talks"), "b c at talks", '"b c" at talks', '"b c"  at  "talks"'),
    '"b c" at dinner': (("b c", "dinner"), "b c at dinner", '"b c" at dinner', '"b c" AT dinner'),
    '"all" at dinner': ("all", '"all"', ("all", "dinner"), "all at dinner", '"all" at dinner'),
}
ASKED: dict[str, Callable[[Any], object]] = {
    "resolve[]": lambda key: at.resolve(CASE)[key],
    "outcome[]": lambda key: next(at.outcomes(CASE))[key],
    "marginals[]": lambda key: at.marginals(CASE)[key],
    "row[]": lambda key: at.sweep(CASE, over=["rain"])[0][key],
    "counts": lambda key: at.sweep(CASE, over=["rain"]).counts(key),
    "rule": lambda key: str(at.sweep(CASE, over=["rain"]).rule(key)),
    "why": lambda key: at.why(CASE, key).text(),
    "over": lambda key: at.sweep(CASE, over=[key]).over,
    "columns": lambda key: [row.verdicts for row in at.sweep(CASE, columns={key: [True, False]})],
    "requirements": lambda key: at.requirements(CASE, GOAL, over=["rain", key], costs={key: 2}).to_dict(),
    "forbid": lambda key: at.requirements(CASE, GOAL, forbid=[key]).to_dict(),
    "probability": lambda key: at.probability(CASE, GOAL, probabilities={key: "1/3", "rain": "1/2"}),
    "invitations": lambda key: at.invitations(CASE, must=[key], costs={key: 3}).to_dict(),
    "why_not": lambda key: at.invitations(CASE).why_not(key),
    "cascade": lambda key: at.cascade(CASE, start=[key]).to_dict(),
    "pivots[]": lambda key: at.pivots(CASE, GOAL, over=["b c", "b c at dinner", "all"])[key],
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", SPELLED)
def test_every_question_takes_every_spelling(asked: str, name: str) -> None:
    def answer(key: object) -> object:
        try:
            return ASKED[asked](key)
        except at.QuestionError as error:
            return type(error)

    expected = answer(SPELLED[name][0])
    assert at.UnknownName is not expected
    assert [expected] * len(SPELLED[name]) == [answer(key) for key in SPELLED[name]]


@pytest.mark.parametrize("name", SPELLED)
def test_every_spelling_can_be_assumed_and_expected(name: str) -> None:
    keys = [key for key in SPELLED[name] if isinstance(key, str)]
    expected = at.resolve(CASE, assume={keys[0]: True}).verdicts
    for key in keys:
        assert expected == at.resolve(CASE, assume={key: True}).verdicts
        scenario = f"scenarios: {{s: {{assume: {{{quoted(key)}: no}}}}}}\nexpect: {{s: {{{quoted(key)}: absent}}}}\n"
        told = at.loads(at.dumps(CASE) + scenario)
        assert at.check(told)
        assert told == at.loads(at.dumps(told)) == at.from_ics(at.to_ics(told))
    both = "".join(f"    {quoted(key)}: absent\n" for key in keys)
    with pytest.raises(at.CaseError) as caught:
        at.loads(at.dumps(CASE) + f"expect:\n  '':\n{both}")
    assert [p.message for p in caught.value.problems] == ["this answer is expected twice"] * (len(keys) - 1)


def quoted(key: str) -> str:
    """The key as YAML has it between quotes."""
    return "'" + key.replace("'", "''") + "'"


def test_facts_gatherings_and_groups_can_be_quoted_too() -> None:
    assert at.sweep(CASE, over=["rain"]).over == at.sweep(CASE, over=['"rain"']).over
    assert at.check(at.loads(at.dumps(CASE) + "expect: {'': {'\"talks\"': held}}\n"))
    for key in ("two words", '"two words"', "two words at talks", '"two words" at "talks"'):
        assert ("a", "b c") == at.sweep(CASE, over=[key]).over
    for key in ("two words at dinner", '"two words" at dinner'):
        assert ('"b c" at dinner',) == at.sweep(CASE, over=[key]).over


def test_a_name_with_at_in_it_is_split_where_both_parts_are_known() -> None:
    case = at.loads("""
participants: [people at home, x]
gatherings: {party: {}, night at sea: {}}
statements: ['"people at home" at "night at sea" attends', '"people at home" declines']
""")
    found = at.resolve(case)
    assert (found["people at home at night at sea"], found["people at home at party"]) == ("attends", "absent")
    assert (
        "absent" == at.resolve(case, assume={"people at home at night at sea": False})["people at home", "night at sea"]
    )
    for key in ("people at home at sea", "at", " at ", "x at home at party", "y" * 500 + " at party"):
        with pytest.raises(at.CaseError):
            at.resolve(case, assume={key: False})


def test_two_costs_of_one_are_refused_by_whoever_asks() -> None:
    for costs in ({"a": 1, "a at talks": 2}, {"two words": 1, "a": 2}, {"b c": 1, '"b c"': 2}):
        for asked in (lambda c: at.requirements(CASE, GOAL, costs=c), lambda c: at.invitations(CASE, costs=c)):
            with pytest.raises(at.QuestionError, match=r"the cost of (a|b c) is given twice, and differs"):
                asked(costs)
    assert at.requirements(CASE, '"b c" at dinner', costs={"a": 1, "a at talks": 1}).possible


def test_who_is_invited_twice_is_invited_once() -> None:
    case = at.Case(participants=["a", "b"], gatherings=[{"id": "m", "invited": ["b", "a", "b"]}])
    assert ("b", "a") == case.gatherings[0].invited
    assert case == at.from_ics(at.to_ics(case))


def test_a_gathering_whose_name_begins_with_at() -> None:
    case = at.loads("""
        gatherings: {m: {}, at home: {}}
        participants: [x]
        groups: {g h: [x]}
        statements: [x at "at home" attends]
        """)
    for spelled in ("x at at home", 'x at "at home"', '"x" at "at home"'):
        assert at.Verdict.ATTENDS is at.resolve(case)[spelled]
        assert at.Verdict.ABSENT is at.resolve(case, assume={spelled: False})[spelled]
    assert ('x at "at home"',) == at.sweep(case, over=["g h at at home"]).over


@pytest.mark.parametrize(
    ("people", "gatherings", "said"),
    [
        ("a, a at x", "dinner, x at dinner", "'a at x' at 'dinner' is called like 'a' at 'x at dinner'"),
        ("a, a at", "home, at home", "'a at' at 'home' is called like 'a' at 'at home'"),
        ("a, a at b at c", "d, c at d, b at c at d", "'a at b at c' at 'd' is called like 'a' at 'b at c at d'"),
        ("a, a at b at c", "m, c", None),
        ("a at, b", "home, at home", None),
        ("a, b at x", "dinner, x at dinner", None),
        ("a at x", "dinner, x at dinner", None),
        ("a, a at x", "dinner, y at dinner", None),
    ],
)
def test_two_attendances_are_not_called_alike(people: str, gatherings: str, said: str | None) -> None:
    made = {"participants": people.split(", "), "gatherings": [at.Gathering(id=g) for g in gatherings.split(", ")]}
    if said is None:
        case = at.Case(**made)
        assert set(made["participants"]) == set(case.roster.participants)
        return
    with pytest.raises(at.CaseError) as caught:
        at.Case(**made)
    assert [said] == [problem.message for problem in caught.value.problems]


def test_a_group_is_not_called_at_a_gathering_like_somebody_elsewhere() -> None:
    with pytest.raises(at.CaseError, match="'a at x' at 'dinner' is called like 'a' at 'x at dinner'"):
        at.loads("{participants: [a], groups: {a at x: [a]}, gatherings: {dinner: {}, x at dinner: {}}}")
    assert at.loads("{participants: [a], facts: {a at x: }, gatherings: {dinner: {}, x at dinner: {}}}").facts


def test_a_fact_in_quotes() -> None:
    case = at.Case(participants=["a"], facts=["a fact"], statements=['a attends if "a fact"'])
    for spelled in ("a fact", '"a fact"'):
        assert at.sweep(case, over=["a fact"])[1][spelled]
        assert {False, True} == {outcome[spelled] for outcome in at.outcomes(case)}
        assert at.pivots(case, "a", over=[spelled])[spelled].veto
        assert at.sensitivity(case, "a", probabilities={spelled: "1/2"})[spelled] == (1, 1)
    for unknown in ('"a fcat"', "a fcat", '"a'):
        with pytest.raises(at.UnknownName):
            next(at.outcomes(case))[unknown]
        with pytest.raises(at.UnknownName, match="there is no slope of"):
            at.sensitivity(case, "a", probabilities={"a fact": "1/2"})[unknown]
