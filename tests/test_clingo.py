"""The clingo engine against the definitions of network.py, and within its limits."""

import os
from itertools import combinations
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.engines import clingo as engine
from attendance.network import (
    Gate,
    Network,
    Stance,
    State,
    Sum,
    outcomes,
    repairs,
    summarise,
    survey,
)
from tests.networks import VAST, crowds, networks

thorough = settings(
    max_examples=int(os.environ.get("ATTENDANCE_EXAMPLES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
small = st.one_of(
    networks(people=4, facts=1, statements=4),
    networks(people=4, facts=1, statements=4, founded=True),
    networks(people=3, facts=1, statements=4, weights=VAST),
    crowds(),
)
drawn = st.one_of(small, networks(), networks(people=6, facts=1, founded=True))


def set_aside(network: Network, count: int) -> list[State]:
    """By definition the states that are outcomes once so many statements and rules are set aside."""
    found = {s for ids in combinations(network.removable, count) for s in outcomes(network.without(ids))}
    return sorted(found)


@given(drawn)
@thorough
def test_outcomes_are_those_defined_each_once(network: Network) -> None:
    assert sorted(engine.outcomes(network)) == outcomes(network)


@given(drawn)
@thorough
def test_solvable_where_there_is_an_outcome(network: Network) -> None:
    assert engine.solvable(network) == bool(outcomes(network))


@given(small, st.integers(0, 3))
@thorough
def test_outcomes_with_so_many_set_aside(network: Network, count: int) -> None:
    assert sorted(engine.outcomes(network, set_aside=count)) == set_aside(network, count)


@given(small, st.sampled_from(["fewest", "most"]), st.integers(0, 2))
@thorough
def test_order_by_how_many_attend(network: Network, order: Literal["fewest", "most"], count: int) -> None:
    found = list(engine.outcomes(network, set_aside=count, order=order))
    turnouts = [sum(state[: network.attendances]) for state in found]
    assert turnouts == sorted(turnouts, reverse=order == "most")
    assert sorted(found) == set_aside(network, count)


@given(small, st.data())
@thorough
def test_survey(network: Network, data: st.DataObject) -> None:
    count = data.draw(st.sampled_from([0, 0, 1, 2]))
    nodes = network.atoms + len(network.gates)
    literals = data.draw(st.lists(st.integers(-nodes, nodes - 1), max_size=8))
    people = st.lists(st.integers(0, network.attendances - 1), unique=True)
    crowds = data.draw(st.lists(people, max_size=2))
    expected = summarise(network, set_aside(network, count), literals, crowds)
    assert count or expected == survey(network, literals, crowds)
    assert engine.survey(network, literals, crowds, set_aside=count) == expected


@given(small)
@thorough
def test_repairs(network: Network) -> None:
    found = sorted(repairs(network), key=sorted)
    assert engine.repairs(network) == (found, True)
    if len(found) > 1:
        fewer, complete = engine.repairs(network, limit=len(found) - 1)
        assert not complete
        assert len(fewer) == len(found) - 1
        assert set(fewer) < set(found)
        assert fewer == sorted(fewer, key=sorted)


@given(drawn)
@thorough
def test_answers_are_the_same_every_time(network: Network) -> None:
    assert list(engine.outcomes(network)) == list(engine.outcomes(network))
    assert list(engine.outcomes(network, order="most")) == list(engine.outcomes(network, order="most"))


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=8), st.lists(st.booleans()), st.integers(-1, 1), st.data())
@thorough
def test_sums_of_any_size(weights: list[int], reached: list[bool], off: int, data: st.DataObject) -> None:
    """A gate that compares large numbers is true where it should be, to the last unit."""
    quota = sum(w for w, r in zip(weights, reached, strict=False) if r) + off
    literals = tuple(data.draw(st.sampled_from([x, ~x])) for x in range(len(weights)))
    network = Network(
        stances=(Stance(),) * len(weights),
        sums=(Sum(literals, tuple(weights)),),
        gates=(Gate(0, quota, data.draw(st.sampled_from([None, 0]))),),
        fixed=(None,) * len(weights),
        given=(len(weights),),
        founded=data.draw(st.booleans()),
    )
    assert sorted(engine.outcomes(network)) == outcomes(network)
