"""Whom to invite: every engine against the definition by trying all, worked answers, and what is refused.

Set ATTENDANCE_EXAMPLES to try another number of random networks and cases.
"""

import os
import pickle
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import combinations, compress
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance import network as definition
from attendance.compiler import compile_case
from attendance.engines import inviting
from attendance.engines.guests import Demand
from attendance.engines.headcount import by_number
from attendance.engines.inviting import Inviting
from attendance.model.sayings import Inclination
from attendance.network import (
    Gate,
    Network,
    Part,
    Stance,
    State,
    Sum,
    holds,
    invitations,
    is_eager,
    is_stable,
    is_willing,
    moved,
    states,
    values,
)
from attendance.questions.asking import ask
from tests.cases import Asked, asked
from tests.networks import VAST, crowds, networks

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 120)
examples = partial(settings, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck))
NOTIONS = ("none", "addition", "replacement")
notions = st.sampled_from(NOTIONS)


def rank(weights: Sequence[int], who: State) -> tuple[int, int, State]:
    """What is best: the greatest weight, then the most, then the first of the case."""
    return sum(w for w, there in zip(weights, who, strict=True) if there), sum(who), who


def best(network: Network, stability: Any, places: Sequence[int], weights: Sequence[int]) -> State | None:
    return max(invitations(network, stability, places), key=lambda who: rank(weights, who), default=None)


# --- the definition -------------------------------------------------------------------------------


def parties(limits: Sequence[tuple[int, int]], choosing: bool = False) -> Network:
    """People each of whom wants between so many and so many of everyone, speaking with a gate of their own."""
    people = len(limits)
    gates, stances = [], []
    for x, (low, high) in enumerate(limits):
        gates += [Gate(0, low, x), Gate(0, high + 1, x)]
        parts = (Part(f"a{x}", None, people + 2 * x), Part(f"b{x}", None, ~(people + 2 * x + 1)))
        stances.append(Stance(parts, Inclination.OPEN if choosing else Inclination.INCLINED))
    return Network(tuple(stances), 0, (Sum(tuple(range(people)), (1,) * people),), tuple(gates), (None,) * people)


def test_who_is_willing_and_who_is_eager() -> None:
    network = parties([(1, 1), (2, 2)])
    alone, both = values(network, (True, False)), values(network, (True, True))
    assert [is_willing(network, 0, alone), is_willing(network, 0, both)] == [True, False]
    assert [is_eager(network, 1, both), is_willing(network, 1, both)] == [True, True]
    choosing = parties([(1, 1), (2, 2)], choosing=True)
    assert not is_eager(choosing, 1, values(choosing, (True, True)))


def test_the_pair_has_none_by_addition() -> None:
    network = parties([(1, 1), (2, 2)])
    assert invitations(network, "none", (0, 0)) == [(False, False), (True, False)]
    assert invitations(network, "addition", (0, 0)) == []
    assert invitations(network, "replacement", (0, 0)) == [(False, False), (True, False)]
    assert not is_stable(network, (False, False), "addition", (0, 0))


def test_a_place_at_another_gathering_is_no_place() -> None:
    network = parties([(1, 1), (1, 1)])
    assert (True, False) not in invitations(network, "replacement", (0, 0))
    assert (True, False) in invitations(network, "replacement", (0, 1))


# --- engines against it ---------------------------------------------------------------------------


def check(network: Network, data: st.DataObject, stability: Any, *engines: str) -> None:
    places = tuple(data.draw(st.sampled_from((0, 0, 1))) for _ in range(network.attendances))
    weights = (1,) * network.attendances
    if data.draw(st.booleans()):
        weights = tuple(data.draw(st.integers(-2, 3)) for _ in weights)
    expected = best(network, stability, places, weights)
    for engine in engines:
        assert Inviting(network, stability, places, weights, engine).best() == expected, engine


@pytest.mark.parametrize("stability", NOTIONS)
@examples(max_examples=EXAMPLES)
@given(networks(), st.data())
def test_mixed_networks(stability: str, network: Network, data: st.DataObject) -> None:
    check(network, data, stability, "auto", "clingo", "enumeration")


@pytest.mark.parametrize("stability", NOTIONS)
@examples(max_examples=max(1, EXAMPLES // 2))
@given(networks(people=8, facts=1, gates=8, statements=9, rules=1), st.data())
def test_more_people(stability: str, network: Network, data: st.DataObject) -> None:
    check(network, data, stability, "auto", "clingo")


@pytest.mark.parametrize("stability", NOTIONS)
@examples(max_examples=max(1, EXAMPLES // 2))
@given(crowds(people=6, bounds=12), st.data())
def test_crowds(stability: str, network: Network, data: st.DataObject) -> None:
    check(network, data, stability, "auto", "clingo")


@examples(max_examples=max(1, EXAMPLES // 3))
@given(networks(people=4, facts=4, gates=6, statements=6, weights=VAST), notions, st.data())
def test_vast_weights_and_many_facts(network: Network, stability: str, data: st.DataObject) -> None:
    check(network, data, stability, "auto", "clingo")


@st.composite
def numbered(draw: st.DrawFn) -> Network:
    """Networks in which all that anybody asks is how many come."""
    people = draw(st.integers(2, 7))
    limit = st.tuples(st.integers(0, people + 1), st.integers(0, people + 1))
    network = parties([draw(limit) for _ in range(people)], choosing=draw(st.booleans()))
    given_: list[int] = []
    if draw(st.booleans()):
        node = draw(st.integers(people, people + len(network.gates) - 1))
        given_.append(draw(st.sampled_from((node, ~node))))
    if draw(st.booleans()):
        given_.append(draw(st.integers(-people, people - 1)))
    fixed = tuple(draw(st.sampled_from((None, None, None, None, True, False))) for _ in range(people))
    return network.observing(given_).varied(fixed=fixed)


@pytest.mark.parametrize("stability", NOTIONS)
@examples(max_examples=EXAMPLES)
@given(numbered(), st.data())
def test_numbers_of_people(stability: str, network: Network, data: st.DataObject) -> None:
    check(network, data, stability, "auto", "clingo")


def test_where_numbers_are_all_nothing_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "_searched", lambda *_: pytest.fail("searched"))
    limits = [(1 + (7 * i) % 40, 1 + (7 * i) % 40 + (11 * i) % 30) for i in range(60)]
    for stability in NOTIONS:
        found = Inviting(parties(limits), stability, (0,) * 60, (1,) * 60).best()  # type: ignore[arg-type]
        assert found is None or is_stable(parties(limits), found, stability, (0,) * 60)  # type: ignore[arg-type]


def test_another_network_is_not_counted() -> None:
    friends = Network((Stance((Part("s", None, 1),)), Stance()), 0, (), (), (None, None))
    assert list(by_number(friends, (1, 1), inviting.NO)) == []


@pytest.mark.parametrize(
    ("gates", "counts"),
    [
        ((Gate(0, 2),), True),
        ((Gate(1, -1),), True),  # at most one
        ((Gate(1, -5),), True),  # whoever comes
        ((Gate(1, 1),), True),  # never
        ((Gate(0, 2, 0),), False),  # themselves counted
        ((Gate(0, 2), Gate(1, -2), Gate(2, 2)), True),  # both
        ((Gate(0, 2), Gate(1, -2), Gate(3, 2)), False),  # a weight among gates
    ],
)
def test_only_bounds_over_the_number_of_people_are_counted(gates: tuple[Gate, ...], counts: bool) -> None:
    size = 3
    sums = (Sum((0, 1, 2), (1, 1, 1)), Sum((0, 1, 2), (-1, -1, -1)), Sum((3, 4), (1, 1)), Sum((3, 4), (2, 1)))
    bound = Stance((Part("s", None, size + len(gates) - 1),), Inclination.INCLINED)
    network = Network((bound, bound, Stance()), 0, sums, gates, (None,) * size)
    found = list(by_number(network, (3, 2, 1), inviting.NO))
    assert counts is bool(found)
    if counts:
        allowed = invitations(network, "none", (0,) * size)
        rank = [(sum(compress((3, 2, 1), state)), sum(state), state) for state in allowed]
        assert found == [max(rank)[2]]


# --- why there is none ----------------------------------------------------------------------------


def meets(network: Network, stability: str, places: Sequence[int], demand: Demand, state: State) -> bool:
    """Whether a state meets one demand, by the definitions."""

    def holding(of: Sequence[bool]) -> bool:
        any_ = demand.any is None or any(holds(q, of) for q in demand.any)
        return any_ and all(holds(q, of) for q in demand.every)

    x = demand.who
    if demand.kind != "regret":
        return (x is not None and not state[x]) or holding(values(network, state))
    assert x is not None
    guests = [y for y in range(network.attendances) if state[y] and network.fixed[y] is None and places[x] == places[y]]
    turned = [(x,)] if stability == "addition" else [(x, y) for y in guests]
    return state[x] or not any(holding(values(network, moved(state, *t))) for t in turned)


def admits(network: Network, stability: str, places: Sequence[int], kept: Sequence[Demand]) -> bool:
    good: dict[State, bool] = {}
    for state in states(network):
        who = state[: network.attendances]
        good[who] = good.get(who, True) and all(meets(network, stability, places, d, state) for d in kept)
    return any(good.values())


@pytest.mark.parametrize("engine", ["auto", "clingo", "enumeration"])
@examples(max_examples=max(1, EXAMPLES // 2))
@given(networks(people=5, facts=1, statements=6, rules=2), notions, st.data())
def test_reasons_are_minimal(engine: str, network: Network, stability: Any, data: st.DataObject) -> None:
    places = tuple(data.draw(st.sampled_from((0, 0, 1))) for _ in range(network.attendances))
    asked_for = ()
    if data.draw(st.booleans()):
        asked_for = (Demand("given", (), None, (data.draw(st.integers(0, network.attendances - 1)),)),)
    looking = Inviting(network, stability, places, (1,) * network.attendances, engine)
    found = looking.unmet(asked_for)
    assert (found is None) == admits(network, stability, places, [*looking.demands, *asked_for])
    if found is not None:
        assert not admits(network, stability, places, [*found, *asked_for])
        assert all(
            admits(network, stability, places, [*found[:i], *found[i + 1 :], *asked_for]) for i in range(len(found))
        )


# --- cases ----------------------------------------------------------------------------------------


@examples(max_examples=EXAMPLES)
@given(asked(), notions, st.data())
def test_cases_as_the_network_defines(asked: Asked, stability: Any, data: st.DataObject) -> None:
    try:
        compiled = compile_case(asked.case, asked.case.scenario(asked.scenario, None))
    except at.AttendanceError:
        assume(False)
    network = compiled.network
    assume(sum(v is None for v in network.fixed) <= 9)
    gatherings = [g.id for g in asked.case.gatherings]
    places = [gatherings.index(a.gathering) for a in compiled.attendances]
    expected = best(network, stability, places, (1,) * network.attendances)
    found = at.invitations(asked.case, scenario=asked.scenario, stability=stability)
    attending = None if expected is None else [a for a, t in zip(compiled.attendances, expected, strict=True) if t]
    assert found.found == (expected is not None)
    assert list(found.attendances) == (attending or [])
    assert (found.reason is None) == found.found
    about = data.draw(st.sampled_from(compiled.attendances or (None,)))
    if about is not None:
        listed = [who for who in invitations(network, stability, places) if who[compiled.index[about]]]
        excluded = found.why_not(about)
        assert (excluded.best is not None) == bool(listed)
        if listed:
            assert excluded.best.size == max(map(sum, listed))
            assert about in excluded.best.attendances


FRIENDS = """
    ann attends only if ben
    ben prefers 2..3
    cem attends
    dai attends if ann
    eve attends unless cem
"""


@pytest.mark.parametrize("stability", NOTIONS)
def test_wishes_against_trying_all(stability: Any) -> None:
    case = at.case(FRIENDS)
    network = ask(case, None, {}).compiled.network
    names = [p.id for p in case.participants]
    good = [
        {n for n, there in zip(names, who, strict=True) if there} for who in invitations(network, stability, (0,) * 5)
    ]
    for must, forbid in [*combinations(names, 2)]:
        for capacity in (None, 1, 2, 3):
            fit = [g for g in good if must in g and forbid not in g and (capacity is None or len(g) <= capacity)]
            found = at.invitations(case, stability=stability, must=must, forbid=[forbid], capacity=capacity)
            assert found.found == bool(fit)
            assert found.size == max(map(len, fit), default=0)


# --- worked answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "clingo", "enumeration"])
def test_the_pair_of_lee_and_shoham(engine: str) -> None:
    pair = at.case("p1 prefers 1\np2 prefers 2")
    none = at.invitations(pair, stability="addition", engine=engine)
    assert not none
    assert none.invited is None
    assert len(none.reasons) == 4
    assert at.invitations(pair, engine=engine).invited == ("p1",)
    assert at.invitations(pair, stability="replacement", engine=engine).invited == ("p1",)


def test_two_of_three() -> None:
    text = "\n".join(f"p{i} attends only if at least {k} of everyone" for i, k in enumerate((2, 2, 100)))
    found = at.invitations(at.case(text))
    assert found.invited == ("p0", "p1")
    assert found.why_not("p2").reasons == ("“p2 attends only if at least 100 of everyone” (p2.1)",)


def test_who_says_if_is_not_invited_alone() -> None:
    case = at.case("ann attends if ben\nben declines")
    assert at.invitations(case).invited == ()
    assert at.invitations(case, reading="literal").invited == ("ann",)


def test_who_has_the_choice_regrets_nothing() -> None:
    case = at.case("ann prefers 1\nben might attend")
    assert at.invitations(case, stability="addition", must="ann").invited == ("ann",)
    assert not at.invitations(case, stability="addition", must="ann", add=["ben attends"], withdraw=["ben.1"])


def test_unknown_facts_are_met_whatever_they_are() -> None:
    case = at.case("ann attends only if rain\nben attends only if not rain\ncem attends", facts=["rain"])
    assert at.invitations(case).invited == ("cem",)
    assert at.invitations(case, assume={"rain": True}).invited == ("ann", "cem")
    either = at.case("ann attends only if rain or not rain\nben declines if rain", facts=["rain"])
    assert at.invitations(either).invited == ("ann",)
    assert not at.invitations(either, stability="addition")  # in fine weather Ben regrets it


def test_the_assumed_are_not_asked() -> None:
    case = at.case("ann declines\nben attends\ncem attends only if ann")
    found = at.invitations(case, assume={"ann": True, "ben": False}, stability="addition")
    assert found.invited == ("ann", "cem")
    assert str(found.why_not("ben")) == "ben is assumed to stay away."
    assert at.invitations(case, forbid="ben", stability="addition").reasons == (
        "that ben, who would come too, is not left out (ben.1)",
        "that ben must not be invited",
    )


WEIGHED = """
participants:
  ann: {weights: {seats: 0.1}}
  ben: {weights: {seats: 0.2}}
  cem: {weights: {seats: 1}}
  dai:
groups: {pair: {members: [ann, ben]}}
gatherings: {talks: {held_if: seats of everyone at least 0.3}, dinner: {invited: [ann, dai]}}
statements:
  - ann prefers ..2
  - ben prefers ..2
  - cem prefers ..1
  - dai attends only if talks is held
  - dai at dinner attends only if ann
rules: [not all of pair]
"""


def test_weights_costs_and_gatherings() -> None:
    case = at.loads(WEIGHED)
    most = at.invitations(case)
    heavy = at.invitations(case, weight="seats", forbid="cem")
    cheap = at.invitations(case, goal="talks is held", costs={"cem": "1/3", "pair": 0.25})
    assert (most.invited, most.value) == (("ann", "ann at dinner", "dai at dinner"), 3)
    assert heavy.invited == ("ben", "ann at dinner", "dai at dinner")
    assert (heavy.value, heavy.measure, heavy.to_dict()["value"]) == (Decimal("0.3"), "seats", "0.3")
    assert (cheap.invited, cheap.value, cheap.to_dict()["value"]) == (("cem",), Fraction(1, 3), "1/3")


def test_a_rule_and_the_goal_must_hold() -> None:
    case = at.case("ann attends\nben attends\ncem attends", rules=["at most 2 of everyone"])
    assert at.invitations(case).invited == ("ann", "ben")
    assert at.invitations(case, goal="cem").invited == ("ann", "cem")
    assert at.invitations(case, given=["not ann"]).invited == ("ben", "cem")
    assert at.invitations(case, must=["ann", "ben", "cem"]).reasons == (
        "the rule “at most 2 of everyone” (rule.1)",
        "that ann must be invited",
        "that ben must be invited",
        "that cem must be invited",
    )


def test_thousands_where_all_pulls_one_way() -> None:
    text = "\n".join(f"p{i} attends only if at least {i // 2} of everyone" for i in range(2000))
    for stability in NOTIONS:
        assert at.invitations(at.case(text), stability=stability).size == 2000  # type: ignore[arg-type]


# --- the answer -----------------------------------------------------------------------------------


def test_the_answer_is_a_value() -> None:
    case = at.case(FRIENDS)
    found = at.invitations(case)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert hash(again) == hash(found)
    assert again.why_not("eve") == found.why_not("eve")
    assert list(found) == list(found.invited)
    assert len(found) == found.size == found.value
    assert "ann" in found
    assert at.Attendance("ann", "meeting") in found
    assert "nobody" not in found
    assert found.to_dict()["invited"] == list(found.invited)
    assert found.why_not("ann").to_dict()["invited"] is True
    with pytest.raises(AttributeError):
        found.size = 3  # type: ignore[misc]


def test_in_words() -> None:
    case = at.case(FRIENDS)
    assert str(at.invitations(case, capacity=0)) == "nobody"
    assert str(at.invitations(at.case("ann declines"), must="ann")) == (
        "There is no invitation: “ann declines” (ann.1) and that ann must be invited cannot all be met."
    )


@pytest.mark.parametrize(
    ("asking", "said"),
    [
        ({"stability": "adition"}, "did you mean addition?"),
        ({"must": "an"}, "did you mean ann or rain?"),
        ({"forbid": ["bne"]}, "did you mean ben?"),
        ({"must": "ann", "forbid": "ann"}, "ann: must be invited, and is forbidden"),
        ({"must": "rain"}, "rain is a fact: only people are invited"),
        ({"must": 3}, "`must` is names, not 3"),
        ({"must": "ann", "assume": {"ann": False}}, "ann is assumed to be away"),
        ({"forbid": "ann", "assume": {"ann": True}}, "ann is assumed to be there"),
        ({"capacity": -1}, "`capacity` is a whole number from 0 up, not -1"),
        ({"fewest": True}, "`fewest` is a whole number from 0 up"),
        ({"costs": {"ann": 1, ("ann", "meeting"): 2}}, "the cost of ann is given twice, and differs"),
        ({"costs": {"ann": 1j}}, "expected a number, not 1j"),
        ({"fewest": 3, "capacity": 2}, "at least 3 cannot be invited where there is room for 2"),
        ({"weight": "seat"}, "did you mean seats?"),
        ({"weight": 3}, "`weight` is the name of a weight"),
        ({"weight": "seats", "costs": {}}, "give `weight` or `costs`, not both"),
        ({"costs": {"ann": -1}}, "the cost of 'ann': expected a number from 0 up"),
        ({"costs": {"rain": 1}}, "rain is a fact"),
        ({"costs": [1]}, "costs are numbers by name"),
        ({"goal": "an"}, "did you mean ann or rain?"),
        ({"scenario": "none"}, "unknown scenario"),
        ({"assumes": {}}, "unknown part of a scenario: assumes"),
        ({"time_limit": 0}, "a time limit is a number of seconds above 0"),
    ],
)
def test_what_is_refused(asking: dict[str, Any], said: str) -> None:
    case = at.loads("""
participants: {ann: {weights: {seats: 2}}, ben: }
facts: {rain: }
statements: [ann attends only if ben]
""")
    with pytest.raises(at.QuestionError) as error:
        at.invitations(case, **asking)
    assert said in str(error.value)


def test_engines_that_do_not_invite() -> None:
    case = at.case(FRIENDS)
    with pytest.raises(at.EngineUnsuitable, match="only auto, clingo, enumeration find invitations"):
        at.invitations(case, engine="tables")
    with pytest.raises(at.EngineMissing, match="did you mean clingo"):
        at.invitations(case, engine="clngo")
    with pytest.raises(at.EngineUnsuitable, match="20 attendances and facts are free"):
        at.invitations(at.Case(participants=[f"p{i}" for i in range(20)]), engine="enumeration")
    with pytest.raises(at.UnknownName, match="unknown participant 'an'"):
        at.invitations(case).why_not("an")
    with pytest.raises(at.QuestionError, match="expected a case"):
        at.invitations("ann attends")  # type: ignore[arg-type]


def test_a_case_of_nobody() -> None:
    for stability in NOTIONS:
        assert at.invitations(at.Case(), stability=stability).invited == ()  # type: ignore[arg-type]
    assert at.invitations(at.Case(), fewest=1).reasons == ("that at least 1 must be invited",)


def test_what_cannot_be_added_up_is_refused() -> None:
    case = at.case("ann attends only if not ben\nben prefers ..3\ncem attends only if ann or ben")
    with pytest.raises(at.EngineUnsuitable, match="too large, or too fine"):
        at.invitations(case, costs={"ann": 10**12, "ben": "0.000001"}, engine="clingo")


def test_a_time_limit_is_kept() -> None:
    with pytest.raises(at.ResolutionTimeout):
        at.invitations(at.case(FRIENDS), time_limit=1e-9)


def test_what_is_proved_stands_without_its_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise at.ResolutionTimeout("too late")

    monkeypatch.setattr("attendance.questions.invitations.reasons", late)
    found = at.invitations(at.case("ann declines"), must="ann")
    assert (found.found, found.reasons) == (False, ())
    assert str(found) == "There is no invitation; there was no time to find out why."


def test_a_condition_that_folds_to_somebody_is_not_taken_for_them():
    """Whether she is there or not, the inner gate is true: what is left of it reads her, and no more."""
    sums = (Sum((), ()), Sum((~0, 2), (1, 1)), Sum((3,), (1,)))
    gates = (Gate(0, 0), Gate(1, 1), Gate(2, 1))
    network = Network((Stance((Part("s", lower=~4),), Inclination.DISINCLINED),), 1, sums, gates, (None, None))
    assert [(False,)] == definition.invitations(network, "addition", (0,))
    found = Inviting(network, "addition", (0,), (1,), "auto").best()
    assert found == (False,)
