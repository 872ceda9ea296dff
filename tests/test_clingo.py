"""The clingo engine against the definitions of network.py, and within its limits."""

import os
import subprocess
import sys
import threading
import time
from _thread import interrupt_main
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, islice
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.engines import clingo as engine
from attendance.engines.deadline import Deadline
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.model.scenario import Scenario
from attendance.network import (
    Gate,
    Network,
    Part,
    Stance,
    State,
    Sum,
    Survey,
    is_outcome,
    outcomes,
    repairs,
    summarise,
    survey,
)
from tests.networks import VAST, crowds, networks

thorough = settings(
    max_examples=int(os.environ.get("ATTENDANCE_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def speakers(draw: st.DrawFn, people: int = 7) -> Network:
    """Networks in which everybody says one thing about some others, and some say the same."""
    sums, gates, stances = [], list[Gate](), []
    for x in range(people):
        others = draw(st.lists(st.integers(0, people - 1), min_size=1, max_size=5, unique=True))
        if not gates or draw(st.integers(0, 4)):
            sums.append(Sum(tuple(draw(st.sampled_from((a, ~a))) for a in others), (1,) * len(others)))
            gates.append(Gate(len(sums) - 1, draw(st.integers(1, len(others)))))
        condition = draw(st.sampled_from((1, -1))) * draw(st.integers(people + 1, people + len(gates)))
        bound = condition - 1 if condition > 0 else condition
        lower, upper, inclination = draw(
            st.sampled_from(
                (
                    (bound, None, Inclination.DISINCLINED),
                    (None, bound, Inclination.INCLINED),
                    (None, bound, Inclination.OPEN),
                )
            )
        )
        stances.append(Stance((Part(f"s{x}", lower, upper),), inclination))
    return Network(tuple(stances), 0, tuple(sums), tuple(gates), (None,) * people)


small = st.one_of(
    networks(people=4, facts=1, statements=4),
    networks(people=4, facts=1, statements=4, founded=True),
    networks(people=3, facts=1, statements=4, weights=VAST),
    crowds(),
)
drawn = st.one_of(small, speakers(), networks(), networks(people=6, facts=1, founded=True))


def set_aside(network: Network, count: int) -> list[State]:
    """By definition the states that are outcomes once so many statements and rules are set aside."""
    found = {s for ids in combinations(network.removable, count) for s in outcomes(network.without(ids))}
    return sorted(found)


@given(drawn)
@thorough
def test_outcomes_are_those_defined_each_once(network: Network) -> None:
    assert sorted(engine.outcomes(network)) == outcomes(network)


@given(crowds(people=5, bounds=16))
@thorough
def test_many_quotas_of_one_sum(network: Network) -> None:
    """Enough of them that the sum is sorted once instead of being compared with each."""
    assert sorted(engine.outcomes(network)) == outcomes(network)
    nodes = range(network.atoms + len(network.gates))
    assert engine.survey(network, nodes) == survey(network, nodes)


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


def pigeons(count: int) -> Network:
    """So many and one hole less, each in some hole and no two in one: impossible, and long to see."""
    holes = count - 1
    sums = [Sum(tuple(range(p * holes, (p + 1) * holes)), (1,) * holes) for p in range(count)]
    sums += [Sum(tuple(range(h, count * holes, holes)), (1,) * count) for h in range(holes)]
    gates = [Gate(number, 1 if number < count else 2) for number in range(len(sums))]
    given = [n if n - count * holes < count else ~n for n in range(count * holes, count * holes + len(gates))]
    stances = (Stance(),) * (count * holes)
    return Network(stances, 0, tuple(sums), tuple(gates), (None,) * len(stances), (), tuple(given))


ASKED: dict[str, Callable[[Network, Deadline], object]] = {
    "solvable": lambda network, deadline: engine.solvable(network, deadline=deadline),
    "outcomes": lambda network, deadline: list(engine.outcomes(network, deadline=deadline)),
    "in order": lambda network, deadline: list(engine.outcomes(network, order="most", deadline=deadline)),
    "survey": lambda network, deadline: engine.survey(network, [0], [[0, 1]], deadline=deadline),
    "repairs": lambda network, deadline: engine.repairs(network, deadline=deadline),
}


@pytest.mark.parametrize("asked", ASKED)
def test_time_limit_is_kept(asked: str) -> None:
    start, idle = time.monotonic(), threads()
    with pytest.raises(ResolutionTimeout, match=r"0\.3 s"):
        ASKED[asked](pigeons(14), Deadline.after(0.3))
    assert time.monotonic() - start < 30
    assert threads() <= idle


@pytest.mark.parametrize("asked", ASKED)
def test_time_limit_already_passed(asked: str) -> None:
    with pytest.raises(ResolutionTimeout):
        ASKED[asked](free(3), Deadline.after(0))


def test_time_limit_while_one_outcome_after_another_is_read() -> None:
    found = engine.outcomes(free(60), deadline=Deadline.after(0.2))
    with pytest.raises(ResolutionTimeout):
        for _ in found:
            pass


def test_verdicts_are_not_lost_when_turnouts_take_too_long() -> None:
    count, crowded = 14, pigeons(14)
    first = crowded.attendances
    bounds = [Part(f"s{p}", upper=first + count + p) for p in range(count)]
    housed = replace(  # a pigeon attends if it has a hole; how many can takes long to prove
        crowded,
        stances=(*crowded.stances, *(Stance((bound,), Inclination.INCLINED) for bound in bounds)),
        fixed=(None,) * (first + count),
        given=tuple(q - count for q in crowded.given[count:]),
    )
    with pytest.raises(ResolutionTimeout) as caught:
        engine.survey(housed, [0, ~first], [range(first, first + count)], deadline=Deadline.after(1))
    assert caught.value.known == Survey(((True, True), (True, True)))


def test_an_interrupt_gets_through_and_leaves_nothing_running() -> None:
    timer, idle = threading.Timer(0.3, interrupt_main), threads()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.solvable(pigeons(14))
    timer.join()
    assert threads() <= idle


def free(people: int) -> Network:
    return Network((Stance(),) * people, fixed=(None,) * people)


def test_the_first_of_very_many_outcomes_come_at_once() -> None:
    start = time.monotonic()
    for order in (None, "fewest", "most"):
        found = list(islice(engine.outcomes(free(60), order=order), 5))
        assert len(set(found)) == 5
    assert time.monotonic() - start < 30


def test_an_outcome_half_read_does_not_spoil_the_exit() -> None:
    code = """
from attendance.engines import clingo
import sys
assert "clingo" not in sys.modules
from attendance.network import Network, Stance
found = clingo.outcomes(Network((Stance(),) * 60, fixed=(None,) * 60))
next(found)
sys.modules["sys"].kept = found
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def threads() -> int:
    """How many are at work in this process, the solver's own among them."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


@pytest.mark.parametrize("founded", [False, True])
@pytest.mark.parametrize("width", [1, 2])
def test_a_chain_of_a_hundred_thousand_gates(founded: bool, width: int) -> None:
    """Each denies the one before: x0 attends if and only if x1 is away."""
    length, people = 99_999, 2
    sums = [Sum((1,), (1,))]
    sums += [Sum((~node, 1 if node % 2 else ~1)[:width], (1,) * width) for node in range(people, people + length - 1)]
    network = Network(
        stances=(Stance((Part("s", upper=~(people + length - 1)),), Inclination.INCLINED), Stance()),
        sums=tuple(sums),
        gates=tuple(Gate(number, 1) for number in range(length)),
        fixed=(None, None),
        founded=founded,
    )
    assert sorted(engine.outcomes(network)) == [(False, True), (True, False)]


def test_sums_beyond_what_can_be_written_are_refused() -> None:
    people = 10_000
    weights = tuple(2**60 + x for x in range(people))
    network = Network(
        stances=(Stance(),) * people,
        sums=(Sum(tuple(range(people)), weights),),
        gates=(Gate(0, sum(weights) // 2),),
        fixed=(None,) * people,
        given=(people,),
    )
    with pytest.raises(EngineUnsuitable) as caught:
        engine.solvable(network)
    assert caught.value.engine == "clingo"
    assert "10000 weights" in caught.value.reason


WIDE = """
participants: {p22: , p0: , p4: , p28: , p5: , p8: , p9: , p19: , p3: , p23: , p1: , p6: , p21: , p25: , p27: , p12: ,
  p2: , p11: , p26: , p7: , p18: , p10: , p17: , p15: , p20: , p24: , p16: , p13: , p14: }
facts: {deal: no}
statements:
  - p0 attends unless p4 or not p28
  - p23 attends
  - p1 attends only if at most 15 of others
  - p6 attends unless at least 1 of others
  - p21 attends if and only if not p9 and p28
  - p12 attends only if at most 1 of others
  - p2 might attend if at most 1 of others
  - p11 attends unless at least 1 of everyone
  - p26 attends only if at least 18 of everyone
  - p23 attends if and only if at least 15 of others
  - p18 attends if at least 18 of everyone
  - p10 attends only if at least 1 of (not p8, p18)
  - p20 attends unless at most 16 of others
  - p27 attends if at least 18 of everyone
  - p24 might attend if at most 1 of others
  - p14 attends if at least 17 of others
"""


def test_no_outcome_is_lost_where_wide_counts_must_be_founded() -> None:
    case = at.loads(WIDE)
    network = compile_case(case, Scenario(founded=True)).network
    listed = list(islice(engine.outcomes(network), 5))
    assert listed
    assert all(is_outcome(network, state) for state in listed)
    resolution = at.resolve(case, founded=True, engine="clingo")
    assert (True, "attends") == (resolution.consistent, resolution["p23"])
