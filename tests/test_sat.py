"""The engine sat and its formula against the definitions of network.py, and within its limits."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance import network as definition
from attendance.engines import sat as engine
from attendance.engines.deadline import Deadline
from attendance.engines.formula import formula
from attendance.engines.sorting import comparators
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, Survey, outcomes, survey
from tests.networks import LIGHT, VAST, crowds, networks
from tests.test_clingo import pigeons, speakers

if "CI" not in os.environ:
    pytest.importorskip("pysat")

thorough = settings(
    max_examples=int(os.environ.get("ATTENDANCE_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
drawn = st.one_of(
    networks(founded=False),
    networks(people=6, facts=1, founded=False),
    networks(people=3, facts=1, statements=4, weights=VAST, founded=False),
    crowds(founded=False),
    crowds(people=6, bounds=16, founded=False),
    speakers(),
)


@given(drawn)
@thorough
def test_outcomes_are_those_defined_each_once(network: Network) -> None:
    found = outcomes(network)
    assert sorted(engine.outcomes(network)) == found
    assert engine.solvable(network) == bool(found)
    assert engine.count(network) == len(found)


@given(drawn, st.sampled_from(["fewest", "most"]))
@thorough
def test_order_by_how_many_attend(network: Network, order: Literal["fewest", "most"]) -> None:
    found = list(engine.outcomes(network, order=order))
    turnouts = [sum(state[: network.attendances]) for state in found]
    assert turnouts == sorted(turnouts, reverse=order == "most")
    assert sorted(found) == outcomes(network)


@given(drawn, st.data())
@thorough
def test_survey(network: Network, data: st.DataObject) -> None:
    nodes = network.atoms + len(network.gates)
    literals = data.draw(st.lists(st.integers(-nodes, nodes - 1), max_size=8))
    crowds = data.draw(st.lists(st.lists(st.integers(0, network.attendances - 1)), max_size=2))
    assert engine.survey(network, literals, crowds) == survey(network, literals, crowds)
    expected = survey(network, range(network.atoms))
    assert engine.possible(network) == (None if expected is None else expected.possible)


@given(drawn)
@thorough
def test_answers_are_the_same_every_time(network: Network) -> None:
    for order in (None, "fewest"):
        assert list(engine.outcomes(network, order=order)) == list(engine.outcomes(network, order=order))


@given(drawn)
@thorough
def test_repairs_of_what_has_an_outcome(network: Network) -> None:
    if outcomes(network):
        assert engine.repairs(network) == ([frozenset()], True)
    else:
        with pytest.raises(EngineUnsuitable, match="it sets no statements aside"):
            engine.repairs(network)


@pytest.mark.parametrize("weights", [(1,) * 9, (1,) * 12, LIGHT * 2, (5, 5, 5, 3, 3, 3, 2, 2, 2, 1)])
@pytest.mark.parametrize("quotas", [1, 20])
def test_long_sums_are_true_just_where_they_reach(weights: tuple[int, ...], quotas: int) -> None:
    """Of one quota, and of so many that the sum is sorted."""
    people, of_all = len(weights), sum(weights)
    literals = tuple(x if x % 3 else ~x for x in range(people))
    asked = sorted({of_all // 2, *(quota % (of_all + 2) for quota in range(quotas - 1))})
    gates = tuple(Gate(0, quota, 0 if quota % 5 == 1 else None) for quota in asked)
    network = Network((Stance(),) * people, 0, (Sum(literals, weights),), gates, (None,) * people)
    draw = Random(1)
    for _ in range(20):
        state = tuple(draw.random() < 0.5 for _ in range(people))
        of = definition.values(network, state)
        seen = replace(network, fixed=state)
        nodes = range(people, people + len(gates))
        assert engine.survey(seen, nodes) == Survey(tuple((of[n], not of[n]) for n in nodes))


@pytest.mark.parametrize("wires", range(20))
def test_comparators_sort(wires: int) -> None:
    draw = Random(wires)
    for _ in range(50):
        values = [draw.random() < 0.5 for _ in range(wires)]
        found = values.copy()
        for i, j in comparators(wires):
            found[i], found[j] = max(found[i], found[j]), min(found[i], found[j])
        assert sorted(values, reverse=True) == found


def test_who_hangs_on_one_condition_alone_is_that_condition() -> None:
    stance = Stance((Part("s", lower=~3),), Inclination.DISINCLINED)
    network = Network((stance, Stance(), Stance()), 0, (Sum((1, 2), (1, 1)),), (Gate(0, 1),), (None,) * 3)
    assert 3 == formula(network).size


# --- limits ---


def housed(count: int) -> Network:
    """The pigeons that have a hole attend; how many can takes long to prove."""
    crowded = pigeons(count)
    first = crowded.attendances
    bounds = [Part(f"s{p}", upper=first + count + p) for p in range(count)]
    return replace(
        crowded,
        stances=(*crowded.stances, *(Stance((bound,), Inclination.INCLINED) for bound in bounds)),
        fixed=(None,) * (first + count),
        given=tuple(q - count for q in crowded.given[count:]),
    )


ASKED: dict[str, Callable[[Network, Deadline], object]] = {
    "solvable": lambda network, deadline: engine.solvable(network, deadline=deadline),
    "outcomes": lambda network, deadline: list(engine.outcomes(network, deadline=deadline)),
    "in order": lambda network, deadline: list(engine.outcomes(network, order="most", deadline=deadline)),
    "possible": engine.possible,
    "survey": lambda network, deadline: engine.survey(network, [0], [[0, 1]], deadline=deadline),
    "repairs": lambda network, deadline: engine.repairs(network, deadline=deadline),
}


@pytest.mark.parametrize("asked", ASKED)
def test_time_limit_is_kept(asked: str) -> None:
    start = time.monotonic()
    with pytest.raises(ResolutionTimeout, match=r"0\.3 s"):
        ASKED[asked](pigeons(14), Deadline.after(0.3))
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("asked", ASKED)
def test_time_limit_already_passed(asked: str) -> None:
    with pytest.raises(ResolutionTimeout):
        ASKED[asked](pigeons(3), Deadline.after(0))


@pytest.mark.parametrize("asked", ASKED)
def test_a_search_may_be_given_up(asked: str) -> None:
    with pytest.raises(ResolutionTimeout, match="given up"):
        ASKED[asked](pigeons(14), Deadline().tiring(3000))


def test_verdicts_are_not_lost_when_turnouts_take_too_long() -> None:
    network, count = housed(14), 14
    first = network.attendances - count
    with pytest.raises(ResolutionTimeout) as caught:
        engine.survey(network, [0, ~first], [range(first, first + count)], deadline=Deadline.after(1))
    assert caught.value.known == Survey(((True, True), (True, True)))


def test_the_first_of_very_many_outcomes_come_at_once() -> None:
    network = Network((Stance(),) * 60, fixed=(None,) * 60)
    start = time.monotonic()
    for order in (None, "fewest", "most"):
        assert 5 == len(set(islice(engine.outcomes(network, order=order), 5)))
    assert time.monotonic() - start < 30


def test_a_chain_of_a_hundred_thousand_gates() -> None:
    """Each denies the one before: x0 attends if and only if x1 is away."""
    length, people = 99_999, 2
    sums = [Sum((1,), (1,)), *(Sum((~node,), (1,)) for node in range(people, people + length - 1))]
    network = Network(
        stances=(Stance((Part("s", upper=~(people + length - 1)),), Inclination.INCLINED), Stance()),
        sums=tuple(sums),
        gates=tuple(Gate(number, 1) for number in range(length)),
        fixed=(None, None),
    )
    assert sorted(engine.outcomes(network)) == [(False, True), (True, False)]


@given(networks(founded=True))
@thorough
def test_founded_outcomes_are_refused(network: Network) -> None:
    for ask in (engine.solvable, engine.possible, engine.count, engine.repairs):
        with pytest.raises(EngineUnsuitable, match="circles would hold themselves"):
            ask(network)


def test_nothing_is_set_aside() -> None:
    with pytest.raises(EngineUnsuitable, match="it sets no statements aside"):
        engine.survey(Network(), [], set_aside=1)
    with pytest.raises(EngineUnsuitable, match="it sets no statements aside"):
        at.resolve(at.case("ann attends\nann declines"), engine="sat")


@pytest.mark.parametrize("weights", [[2**60 + 2**x for x in range(40)], [1] * 100_000])
def test_sums_beyond_what_can_be_written_are_refused(weights: list[int]) -> None:
    people = len(weights)
    network = Network(
        stances=(Stance(),) * people,
        sums=(Sum(tuple(range(people)), tuple(weights)),),
        gates=(Gate(0, sum(weights) // 2),),
        fixed=(None,) * people,
        given=(people,),
    )
    with pytest.raises(EngineUnsuitable, match=f"a sum of {people} takes too many clauses"):
        engine.solvable(network)


def test_it_is_loaded_only_when_it_is_asked() -> None:
    code = """
import sys
import attendance.engines.sat as sat
from attendance.network import Network
assert "pysat" not in sys.modules
sys.modules["pysat"] = None
try:
    sat.solvable(Network())
except Exception as error:
    print(type(error).__name__, error)
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "EngineMissing" in done.stdout
    assert "pip install 'attendance[sat]'" in done.stdout


def test_a_solver_that_is_still_there_when_python_ends_is_no_trouble() -> None:
    code = """
import sys
import attendance as at
kept = at.outcomes(at.case("ann attends unless bob\\nbob attends unless ann"), engine="sat")
sys.kept = kept, next(iter(kept))
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert ("", "") == (done.stdout, done.stderr)


def test_a_case() -> None:
    case = at.case("ann attends unless bob\nbob attends unless ann\ncem attends if at least 1 of (ann, bob)")
    assert at.resolve(case) == at.resolve(case, engine="sat")
    assert 2 == at.count(case, engine="sat")


def test_a_sum_that_takes_too_many_clauses_is_given_up_while_they_are_counted() -> None:
    people = 3_000
    of = Sum(tuple(range(people)), tuple(10 * (i % 7) + i % 10 + 1 for i in range(people)))
    stances = (Stance((Part("s", lower=people),), Inclination.DISINCLINED), *(Stance() for _ in range(people - 1)))
    network = Network(stances, 0, (of,), (Gate(0, 50_000),), (None,) * people)
    checks: list[None] = []
    with pytest.raises(EngineUnsuitable, match="too many clauses"):
        formula(network, check=lambda: checks.append(None))
    assert 1 < len(checks) < people
