"""The cascade: synchronous rounds, read off the network's own definitions of values and bounds."""

import itertools
import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.model.sayings import Inclination
from attendance.network import Network, State, holds, values
from attendance.questions.cascade import Cascade, Round, _Crowd, cascade
from tests.cases import Asked, asked
from tests.networks import crowds, networks
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 200)
examples = shares(EXAMPLES)


# --- the definition ---------------------------------------------------------------------------------


def following(network: Network, state: State) -> State:
    """The state after one round: everybody reads the same state, and all move at once."""
    of = values(network, state)

    def wanted(x: int) -> bool:
        stance = network.stances[x]
        lower = any(holds(literal, of) for literal in stance.lowers)
        upper = all(holds(literal, of) for literal in stance.uppers)
        match stance.inclination:
            case Inclination.INCLINED:
                return upper
            case Inclination.DISINCLINED:
                return lower
            case Inclination.OPEN:
                return lower or (state[x] and upper)

    people = [state[x] if network.fixed[x] is not None else wanted(x) for x in range(network.attendances)]
    return (*people, *state[network.attendances :])


def gone_through(network: Network, start: State) -> tuple[list[State], int | None]:
    """Every state until nobody moves, or until one recurs: then the number of that one too."""
    states = [start]
    while True:
        after = following(network, states[-1])
        if after == states[-1]:
            return states, None
        states.append(after)
        if after in states[:-1]:
            return states, states.index(after)


def starting(network: Network, there: set[int]) -> State:
    return tuple(a in there if v is None else v for a, v in enumerate(network.fixed))


# --- against the definition -------------------------------------------------------------------------


@examples(1)
@given(st.one_of(networks(), crowds(), crowds(people=5, bounds=9)), st.data())
def test_a_crowd_moves_as_the_definition_says(network: Network, data: st.DataObject) -> None:
    there = data.draw(st.sets(st.integers(0, network.atoms - 1)))
    states, recurs = gone_through(network, starting(network, there))
    crowd = _Crowd(network, states[0])
    for before, after in itertools.pairwise(states):
        moved = [x for x in range(network.attendances) if before[x] != after[x]]
        assert moved == crowd.movers()
        crowd.move(moved)
        assert values(network, after) == crowd.values
        assert {x for x in range(network.attendances) if after[x]} == crowd.there
    if recurs is None:
        assert [] == crowd.movers()


@examples(1)
@given(asked(), st.data())
def test_whole_cases(put: Asked, data: st.DataObject) -> None:
    compiled = compile_case(put.case, put.scenario)
    network = compiled.network
    free = [a for a, v in enumerate(network.fixed) if v is not False]
    there = data.draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    names = [n if isinstance(n, str) else tuple(n) for n in map(compiled.name, there)]
    states, recurs = gone_through(network, starting(network, set(there)))
    found = cascade(put.case, start=names, **put.keywords)
    named = [(dict(zip(compiled.attendances, s, strict=False)), s) for s in states]
    assert recurs == found.recurs
    assert len(states) - 1 == len(found) == len(found.rounds)
    for number, (before, after) in enumerate(itertools.pairwise(named), 1):
        round_ = found.rounds[number - 1]
        assert number == round_.number
        assert tuple(a for a in compiled.attendances if after[0][a] and not before[0][a]) == round_.joined
        assert tuple(a for a in compiled.attendances if before[0][a] and not after[0][a]) == round_.left
        assert sum(v for a, v in after[0].items() if a.gathering == put.case.roster.main) == round_.attending
    told = [dict(o.attendances) for o in ((found.settled,) if recurs is None else found.cycle) if o is not None]
    assert [of for of, _ in (named[-1:] if recurs is None else named[recurs:-1])] == told
    facts = dict(zip(compiled.facts, states[0][network.attendances :], strict=True))
    assert facts == dict(found.start.facts)
    assert (found.settled is None) == (recurs is not None) == bool(found.cycle) == (found.attending is None)
    assert found == pickle.loads(pickle.dumps(found))
    assert found.to_dict() == json.loads(json.dumps(found.to_dict()))


# --- known answers ----------------------------------------------------------------------------------


def thresholds(of: list[int]) -> at.Case:
    return at.Case(
        participants=[f"p{i}" for i in range(len(of))],
        statements=[f"p{i} attends if at least {k} of others" for i, k in enumerate(of)],
    )


def test_a_riot_of_a_hundred() -> None:
    found = cascade(thresholds(list(range(100))))
    assert 100 == len(found) == len(found.attending or ())
    assert [*range(1, 101)] == [r.attending for r in found]
    assert [(at.Attendance("p7", "meeting"),)] == [r.joined for r in found if r.number == 8]
    assert {()} == {r.left for r in found}
    assert () == found.cycle


def test_one_threshold_changed_and_nobody_follows() -> None:
    found = cascade(thresholds([0, 2, *range(2, 100)]))
    assert frozenset({"p0"}) == found.attending
    assert (1, None) == (len(found), found.recurs)


def test_a_start_can_be_all_that_is_missing() -> None:
    case = thresholds([0, 2, *range(2, 100)])
    assert frozenset({"p0"}) == cascade(case, start=["p5"]).attending  # p5 sees nobody, and leaves with the rest
    assert 100 == len(cascade(case, assume={"p5": True}).attending or ())


def test_an_odd_circle_is_shown() -> None:
    case = at.case("a attends only if b\nb declines if a")
    found = cascade(case)
    assert found.settled is None
    assert found.attending is None
    assert [["b"], ["a", "b"], ["a"], []] == [sorted(state.attending) for state in (*found.cycle[1:], found.cycle[0])]
    assert 0 == found.recurs
    assert "it never settles, but goes in a circle:\n- nobody\n- b\n- a, b\n- a" in str(found)
    assert at.count(case) == 0


def test_a_settled_state_in_words() -> None:
    found = cascade(at.case("a attends\nb attends if a\nc attends only if not b", facts=["f"]))
    assert (
        str(found)
        == """\
start: nobody; not f
1. a, c joined (2 there)
2. b joined (3 there)
3. c left (2 there)
settled: a, b; not f"""
    )
    assert Round(3, (), (at.Attendance("c", "meeting"),), 2) == found.rounds[-1]


def test_rules_and_observations_are_not_applied() -> None:
    case = at.case("a attends\nb attends if a", rules=["at most 1 of everyone"])
    assert frozenset("ab") == cascade(case, given=["not a"]).attending


def test_assumptions_stand_and_facts_are_false_unless_named() -> None:
    case = at.case("a attends if f\nb attends if g\nc attends if a", facts={"f": None, "g": True})
    assert frozenset("b") == cascade(case).attending
    assert frozenset("abc") == cascade(case, start=["f"]).attending
    assert frozenset("bc") == cascade(case, assume={"c": True}).attending
    assert () == cascade(case, assume={"c": True, "b": False}, start=["c"]).rounds


def test_the_open_stay_once_they_are_there() -> None:
    case = at.case("a might attend only if b\nb attends")
    assert frozenset("b") == cascade(case).attending
    assert frozenset("ab") == cascade(case, start=["a", "b"]).attending
    assert frozenset("b") == cascade(case, start=["a"]).attending  # b is not there yet when a looks around
    assert frozenset("b") == cascade(case, start="b").attending


def test_another_gathering() -> None:
    case = at.loads(
        """
        gatherings: {talks: , dinner: }
        participants: {ann: , bob: }
        statements: [ann at dinner attends if bob at talks, bob attends]
        """
    )
    found = cascade(case)
    assert "2. ann at dinner joined (1 there)" in str(found)
    assert frozenset({"bob"}) == found.attending
    assert found.settled is not None
    assert frozenset({"ann"}) == found.settled.attending_at("dinner")
    assert 1 == len(cascade(case, start=[at.Attendance("bob", "talks")]))


def test_nothing_moves() -> None:
    found = cascade(at.case("a declines"))
    assert found
    assert ([], frozenset()) == (list(found), found.attending)


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        (["b"], at.QuestionError, "b at meeting is assumed or known to be absent"),
        (["g"], at.QuestionError, "g is assumed or known to be false"),
        (["annn"], at.UnknownName, "unknown name 'annn'\n    did you mean ann?"),
        (7, at.QuestionError, "expected the names of who is there at the start, not 7"),
    ],
)
def test_wrong_starts_are_refused(start: object, error: type[Exception], message: str) -> None:
    case = at.case("ann attends\nb attends", facts={"g": False})
    with pytest.raises(error, match=message.replace("?", r"\?")):
        cascade(case, start=start, assume={"b": False})  # type: ignore[arg-type]


def test_no_engine_is_needed_and_none_is_taken() -> None:
    with pytest.raises(at.QuestionError, match="unknown part of a scenario: engine"):
        cascade(at.case("a attends"), engine="clingo")  # type: ignore[call-arg]
    with pytest.raises(at.QuestionError, match="expected a case"):
        cascade("a attends")  # type: ignore[arg-type]


def test_a_thousand_people_and_a_thousand_rounds() -> None:
    found = cascade(thresholds(list(range(1000))), time_limit=60)
    assert (1000, 1000) == (len(found), len(found.attending or ()))


def ring(lengths: list[int]) -> at.Case:
    """Odd circles beside each other: the whole comes again after the least common multiple of their turns."""
    lines = []
    for n, length in enumerate(lengths):
        lines.append(f"r{n}x0 attends only if not r{n}x{length - 1}")
        lines += [f"r{n}x{i} attends if r{n}x{i - 1}" for i in range(1, length)]
    return at.case("\n".join(lines))


def test_a_long_circle_is_gone_round() -> None:
    found = cascade(ring([5, 7, 9]))
    assert (0, 2 * 5 * 7 * 9) == (found.recurs, len(found.cycle))
    assert len(found) == len(found.cycle)


def test_the_time_limit_is_kept() -> None:
    with pytest.raises(at.ResolutionTimeout):
        cascade(ring([5, 7, 9, 11, 13, 17, 19, 23]), time_limit=0.3)


def test_too_many_rounds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.questions.cascade.MOST", 100)
    with pytest.raises(at.QuestionError, match="they still move after 100 rounds"):
        cascade(ring([5, 7, 9]))


def test_it_is_a_value() -> None:
    case = at.case("a attends\nb attends if a")
    found = cascade(case)
    assert found == cascade(case)
    assert hash(found) == hash(cascade(case))
    assert isinstance(found, Cascade)
    with pytest.raises(AttributeError):
        found.rounds = ()  # type: ignore[misc]
    expected = {
        "case": "",
        "scenario": "",
        "start": {"attending": {"meeting": []}, "facts": {}},
        "rounds": [
            {"number": 1, "joined": ["a at meeting"], "left": [], "attending": 1},
            {"number": 2, "joined": ["b at meeting"], "left": [], "attending": 2},
        ],
        "settled": {"attending": {"meeting": ["a", "b"]}, "facts": {}},
        "cycle": [],
    }
    assert expected == found.to_dict()
